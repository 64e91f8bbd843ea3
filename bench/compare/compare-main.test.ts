import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { main } from './compare-main.js';
import type { Comparison } from './comparison.js';
import type { Assignment, SlicesAnswer } from './slices-process.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'compare-'));
  mkdirSync(join(folder, 'dist/bench/suites'), { recursive: true });
  writeFileSync(join(folder, 'dist/bench/suites/index.js'), 'export const suites = {};\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What the processes measure in turn, by bench: the head's time over the base's. */
const ratios: Record<string, readonly number[]> = {
  'a/same': [1.01, 0.99, 1.0, 1.02],
  'a/slower': [1.09, 1.1, 1.11],
  'b/faster': [0.7, 0.71],
  'b/noisy': [0.8, 1.3],
};

/** Runs the program over these measurements. */
async function compare(
  args: readonly string[],
  answerOf?: (assignment: Assignment) => SlicesAnswer,
  listBenches = async (_suitesModule: string): Promise<readonly string[]> => Object.keys(ratios),
) {
  const text = { out: '', err: '' };
  const asked: Assignment[] = [];
  const exitCode = await main(args, {
    out: (chunk) => {
      text.out += chunk;
    },
    err: (chunk) => {
      text.err += chunk;
    },
    listBenches,
    measure: async (assignment) => {
      asked.push(assignment);
      if (answerOf !== undefined) return answerOf(assignment);
      const found = ratios[assignment.bench]!;
      const round = asked.filter(({ bench }) => bench === assignment.bench).length - 1;
      const pair = [10, 10 * found[round % found.length]!] as const;
      return { slices: { pairs: [pair, pair, pair], runsPerSlice: 1, operations: [5, 5] } };
    },
  });
  return { exitCode, asked, ...text };
}

const written = (): Comparison =>
  JSON.parse(readFileSync(join(folder, 'compare.json'), 'utf8')) as Comparison;

test('a slow-down is exit code 5; JSON and Markdown say by how much', async () => {
  const { exitCode, out } = await compare([folder, folder, '--out', folder]);
  expect(exitCode).toBe(5);
  const { cases, ...head } = written();
  expect(head).toMatchObject({
    mailflow: 'bench-compare/1',
    base: folder,
    head: folder,
    tolerancePercent: 5,
  });
  expect(cases.map(({ name, verdict }) => [name, verdict])).toEqual([
    ['a/same', 'same'],
    ['a/slower', 'slower'],
    ['b/faster', 'faster'],
    ['b/noisy', 'unclear'],
  ]);
  expect(cases[1]).toMatchObject({ ratio: 1.1, rounds: 12, pairs: 36 });
  expect(cases[3]).toMatchObject({ rounds: 24, low: 0.8, high: 1.3 });
  expect(readFileSync(join(folder, 'compare.md'), 'utf8')).toBe(out);
  expect(out).toMatch(/\| a\/slower \| slower {2}\| 1\.100 \| +1\.\d{3} – 1\.1\d{2} \|/);
});

test('without a slow-down it is 0, and so it is where nothing is certain', async () => {
  for (const bench of ['a/same', 'b/']) {
    expect((await compare([folder, folder, '--out', folder, '--only', bench])).exitCode).toBe(0);
  }
});

test('a slow-down within the tolerance is none', async () => {
  const { exitCode } = await compare([
    folder,
    folder,
    '--out',
    folder,
    '--only',
    'a/slower',
    '--tolerance',
    '15',
  ]);
  expect(exitCode).toBe(0);
  expect(written().cases).toMatchObject([{ verdict: 'same' }]);
});

test('what is clearly not slower is settled in four processes, the two builds first in turn', async () => {
  const { asked } = await compare([folder, folder, '--out', folder, '--only', 'a/same']);
  expect(asked.map(({ first }) => first)).toEqual(['base', 'head', 'base', 'head']);
  expect(new Set(asked.map(({ seed }) => seed)).size).toBe(4);
  expect(asked[0]!.base).not.toBe(asked[0]!.head);
});

test('a wrong answer is exit code 1, what only one build has is passed over', async () => {
  const { exitCode, err } = await compare([folder, folder, '--out', folder, '--only', 'a/'], ({ bench }) =>
    bench === 'a/same' ? { skipped: 'the base has no such bench' } : { wrong: 'head: the sum is 1' },
  );
  expect(exitCode).toBe(1);
  expect(err).toContain('a/slower … failed: wrong answer, head: the sum is 1');
  expect(written().cases).toEqual([
    { name: 'a/same', verdict: 'skipped', note: 'the base has no such bench' },
    { name: 'a/slower', verdict: 'failed', note: 'wrong answer, head: the sum is 1' },
  ]);
});

test.each([
  ['one build', ['.'], 'two builds'],
  ['three builds', ['.', '.', '.'], 'two builds'],
  ['an unknown option', ['.', '.', '--fast'], '--fast'],
  ['a tolerance that is no number', ['.', '.', '--tolerance', 'much'], '--tolerance'],
  ['an odd number of rounds', ['.', '.', '--rounds', '5'], '--rounds'],
  ['what is neither folder nor commit', ['no-such-build', '.'], '"no-such-build"'],
  ['a folder without a build', ['docs', '.'], '"docs" holds no build'],
])('%s is exit code 2 and says so', async (_, args, named) => {
  const { exitCode, err } = await compare(args.map((arg) => (arg === '.' ? folder : arg)));
  expect(exitCode).toBe(2);
  expect(err.split('\n')[0]).toContain(named);
});

test('a prefix that no bench has is exit code 2', async () => {
  const { exitCode, err } = await compare([folder, folder, '--only', 'nothing']);
  expect(exitCode).toBe(2);
  expect(err).toContain('"nothing"');
});

test('a bench that the head has no more is told as skipped', async () => {
  const { exitCode } = await compare(
    [folder, folder, '--only', 'old/', '--out', folder],
    () => ({ skipped: 'the head has no such bench' }),
    async (suitesModule) => (suitesModule.includes('base') ? ['old/one', 'a/same'] : ['a/same']),
  );
  expect(exitCode).toBe(0);
  expect(written().cases).toEqual([
    { name: 'old/one', verdict: 'skipped', note: 'the head has no such bench' },
  ]);
});

test('a prefix that no bench has is exit code 2, though another one has some', async () => {
  const { exitCode, asked, err } = await compare([
    folder,
    folder,
    '--only',
    'a/',
    '--only',
    'zzz',
    '--out',
    folder,
  ]);
  expect(exitCode).toBe(2);
  expect(asked).toEqual([]);
  expect(err).toContain('no bench\'s name starts with "zzz"');
});
