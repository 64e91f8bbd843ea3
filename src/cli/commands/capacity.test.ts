import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { main } from '../main.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const queue = join(root, 'scenarios/one-queue/scenario.yaml');
const vary = ['--vary', 'workloads.0.messagesPerSecond'] as const;

async function run(...args: readonly string[]) {
  let stdout = '';
  let stderr = '';
  const code = await main(['capacity', ...args], {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
  });
  return { code, stdout, stderr };
}

describe('mailflow capacity', () => {
  test('answers as design section 3 says', async () => {
    const quick = [
      '--replications',
      '1',
      '--precision',
      '10',
      '--set',
      'duration=20 min',
      '--json',
      '--quiet',
    ];
    const { code, stdout, stderr } = await run(queue, ...vary, '--between', '1', '8', ...quick);
    expect([code, stderr]).toEqual([0, '']);
    const answer = JSON.parse(stdout);
    expect(answer).toMatchObject({ mailflow: 'capacity/1', vary: vary[1], wanted: 'largest' });
    expect(answer.steps.slice(0, 2)).toEqual([
      { value: 1, verdict: 'pass', replications: 1 },
      { value: 8, verdict: 'fail', replications: 1 },
    ]);
    expect(answer.value).toBeGreaterThan(3.6);
    expect(answer.value).toBeLessThan(4.2);
    expect(answer.limitedBy.value).toBeGreaterThan(answer.value);
    expect(answer.limitedBy.thresholds[0]).toMatchObject({
      metric: 'deliveryLatency.maxMs',
      verdict: 'fail',
    });
    expect(answer.limitedBy.tier).toMatchObject({ kind: 'queue', name: 'B1' });
  });

  test('exits with 4 where no value will do, and says what it fails by', async () => {
    const { code, stdout } = await run(
      queue,
      ...vary,
      '--between',
      '6',
      '9',
      '--replications',
      '1',
      '--quiet',
    );
    expect(code).toBe(4);
    expect(stdout).toContain('the thresholds hold nowhere in the range');
    expect(stdout).toMatch(/limited by {3}deliveryLatency\.maxMs below 30 s: at 6 it fails, with [\d.]+ min/);
    expect(stdout).toContain(
      'busiest      server B1, queue relay.example: 3 s of work a second for 2 connections',
    );
  });

  test.each([
    [['1'], 'expected two values, got 1'],
    [['2', '1'], 'expected the lower value first'],
    [['1', '2 s'], 'expected two values in the same unit'],
    [['1', 'many'], 'expected numbers, such as 40, or with a unit 2.5 s, got "many"'],
  ])('refuses --between %j', async (between, message) => {
    const { code, stderr } = await run(queue, ...vary, '--between', ...between);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`--between: ${message}`)]);
  });

  test('a path that leads nowhere is invalid input', async () => {
    const { code, stderr } = await run(queue, '--vary', 'workloads.0.mps', '--between', '1', '2');
    expect([code, stderr]).toEqual([3, expect.stringContaining('--vary:1:1 workloads.0.mps: unknown key')]);
  });
});
