import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.js';
import { findMismatch } from './pattern.js';

interface WorkedExample {
  readonly id: string;
  readonly title: string;
  readonly rules: readonly string[];
  /** Relative to this folder. */
  readonly organization: string;
  readonly args: readonly string[];
  readonly expect: unknown;
}

const fileOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));

const examples = JSON.parse(readFileSync(fileOf('cases.json'), 'utf8')) as readonly WorkedExample[];

async function ask(example: WorkedExample): Promise<{ code: number; answer: unknown }> {
  let stdout = '';
  const code = await main(['route', fileOf(example.organization), ...example.args], {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: () => true },
  });
  return { code, answer: JSON.parse(stdout) };
}

describe('the worked examples of the reference (section 24)', () => {
  test('are all there', () => {
    const numbers = new Set(examples.map((each) => Number(each.id.slice(3, 5))));
    expect([...numbers]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17]);
    expect(examples).toHaveLength(62);
  });

  test.each(examples.map((each) => [each.id, each.title, each.rules.join(', '), each] as const))(
    '%s: %s (%s)',
    async (_id, _title, _rules, example) => {
      const { code, answer } = await ask(example);
      expect(findMismatch(example.expect, answer)).toBeNull();
      expect(code).toBe(0);
    },
  );
});

test('WE-08 holds through the built command, in a process of its own', () => {
  const example = examples.find((each) => each.id === 'WE-08a')!;
  const command = fileOf('../../dist/src/cli/main.js');
  const { status, stdout } = spawnSync(
    process.execPath,
    [command, 'route', fileOf(example.organization), ...example.args],
    { encoding: 'utf8' },
  );
  expect(status).toBe(0);
  expect(findMismatch(example.expect, JSON.parse(stdout))).toBeNull();
});

describe('the matcher itself', () => {
  test.each([
    ['a number', { cost: 20 }, { cost: 21 }],
    ['a longer list', { tiers: [] }, { tiers: [1] }],
    ['the order of servers', { servers: ['P1', 'P2'] }, { servers: ['P2', 'P1'] }],
    ['a key that should not be there', { queue: { $absent: true } }, { queue: null }],
    ['null for anything', { text: { $any: true } }, { text: null }],
    ['none of several', { server: { $oneOf: ['P1', 'P2'] } }, { server: 'P3' }],
    ['a queue', { queues: [{ nextHopDomain: 'B' }] }, { queues: [{ nextHopDomain: 'C' }] }],
    [
      'a recipient',
      { recipients: [{ address: 'a@x', outcome: 'ndr' }] },
      { recipients: [{ address: 'a@x' }] },
    ],
  ])('finds a difference in %s', (_what, pattern, actual) => {
    expect(findMismatch(pattern, actual)).toMatch(/expected/);
  });
});
