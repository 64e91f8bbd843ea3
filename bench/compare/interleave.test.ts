import { expect, test } from 'vitest';
import { WrongAnswerError } from '../measure.js';
import type { Suite } from '../suite.js';
import { type Extent, interleave } from './interleave.js';
import { estimateSlowDown } from './slow-down.js';

const extent: Extent = { warmUpMs: 20, sliceMs: 2, totalMs: 100, fewestPairs: 8 };
const collectNothing = () => {};

/** A suite that sums up so many roots in a run, and notes whose turn it was. */
function rooting(roots: number, turns: string[] = [], name = ''): Suite {
  return {
    workload: 'roots',
    unit: 'ops/s',
    setup: () => {
      let sum = 0;
      return {
        operations: roots,
        run: () => {
          turns.push(name);
          sum = 0;
          for (let n = 1; n <= roots; n++) sum += Math.sqrt(n);
        },
        check: () => (sum > roots ? undefined : `the sum is ${sum}`),
      };
    },
  };
}

test('twice the work takes twice the time, whatever the order', async () => {
  const rounds = [];
  for (const first of ['base', 'head'] as const) {
    const sides = { base: rooting(200_000), head: rooting(400_000) };
    const { pairs, operations } = await interleave(sides, first, first, extent, collectNothing);
    expect(operations).toEqual([200_000, 400_000]);
    expect(pairs.length).toBeGreaterThanOrEqual(8);
    rounds.push(pairs);
  }
  const { ratio } = estimateSlowDown(rounds);
  expect(ratio).toBeGreaterThan(1.6);
  expect(ratio).toBeLessThan(2.4);
});

test('the sides take turns, in an order that the seed draws, and each begins at times', async () => {
  const order = async (seed: string) => {
    const turns: string[] = [];
    const sides = { base: rooting(1_000, turns, 'b'), head: rooting(1_000, turns, 'h') };
    // A slice is one run, so that turns can be read off.
    const single = { warmUpMs: 0, sliceMs: 0, totalMs: 0, fewestPairs: 30 };
    await interleave(sides, 'base', seed, single, collectNothing);
    return turns.slice(-60).join('');
  };
  const turns = await order('1');
  const pairs = turns.match(/../g)!;
  expect(pairs).toHaveLength(30);
  expect(new Set(pairs)).toEqual(new Set(['bh', 'hb']));
  expect(await order('1')).toBe(turns);
  expect(await order('2')).not.toBe(turns);
});

test('sizes are compared as they are', async () => {
  const weighing = (bytes: number): Suite => ({
    workload: 'w',
    unit: 'bytes',
    setup: () => ({ weigh: () => bytes, check: () => undefined }),
  });
  const sides = { base: weighing(100), head: weighing(150) };
  const { pairs } = await interleave(sides, 'head', '', { ...extent, totalMs: 0 }, collectNothing);
  expect(pairs).toEqual(Array.from({ length: 8 }, () => [100, 150]));
});

test('a wrong answer of either is an error that says whose', async () => {
  const wrong: Suite = {
    workload: 'w',
    unit: 'ms',
    setup: () => ({ operations: 1, run: () => {}, check: () => '2 and 2 is 5' }),
  };
  await expect(
    interleave({ base: rooting(1_000), head: wrong }, 'base', '', extent, collectNothing),
  ).rejects.toThrow(new WrongAnswerError('head: 2 and 2 is 5'));
});
