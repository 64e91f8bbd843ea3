import { expect, test } from 'vitest';
import { randomStreams } from '../../src/sim/kernel/index.js';
import { estimateSlowDown, judge, median, type Pair } from './slow-down.js';

/**
 * Rounds of pairs as measured: the head takes `factor` times as long, each process has a bias of its own, each slice some
 * noise, and one in ten is disturbed and takes twice as long.
 */
function rounds(seed: string, factor: number, count: number, bias: number): Pair[][] {
  const uniform = randomStreams(seed, 0)('pairs');
  const spread = (width: number) => 1 + width * (2 * uniform() - 1);
  const slice = () => spread(0.05) * (uniform() < 0.1 ? 2 : 1);
  return Array.from({ length: count }, () => {
    const ofProcess = spread(bias);
    return Array.from({ length: 40 }, (): Pair => [slice(), factor * ofProcess * slice()]);
  });
}

test('the same measurements give the same ratio and the same interval around it', () => {
  const measured = rounds('same', 1, 8, 0.03);
  const slowDown = estimateSlowDown(measured);
  expect(estimateSlowDown(measured)).toEqual(slowDown);
  expect(slowDown.low).toBeLessThan(slowDown.ratio);
  expect(slowDown.high).toBeGreaterThan(slowDown.ratio);
});

test('equal pairs leave no doubt', () => {
  expect(estimateSlowDown([[[2, 2.2]], [[4, 4.4]]])).toEqual({ ratio: 1.1, low: 1.1, high: 1.1 });
});

test('a slow-down of 10 % is found in 20 measurements of 20, no slow-down in none of 20', () => {
  const verdicts = (factor: number, count: number) =>
    Array.from({ length: count }, (_, n) =>
      judge(estimateSlowDown(rounds(`${factor} ${n}`, factor, 12, 0.04)), 0.05),
    );
  expect(verdicts(1.1, 20)).toEqual(Array.from({ length: 20 }, () => 'slower'));
  expect(verdicts(1, 20)).not.toContain('slower');
});

test('few processes that differ give a wide interval, however many pairs they have', () => {
  const [one, other] = [1.02, 1.12].map((ratio) => Array.from({ length: 500 }, (): Pair => [1, ratio]));
  const { low, high } = estimateSlowDown([one!, other!]);
  expect([low, high]).toEqual([1.02, 1.12]);
});

test('the verdict needs the whole interval on one side of the tolerance', () => {
  expect(judge({ ratio: 1.1, low: 1.06, high: 1.14 }, 0.05)).toBe('slower');
  expect(judge({ ratio: 1.1, low: 1.04, high: 1.16 }, 0.05)).toBe('unclear');
  expect(judge({ ratio: 1.0, low: 0.96, high: 1.04 }, 0.05)).toBe('same');
  expect(judge({ ratio: 0.9, low: 0.88, high: 0.92 }, 0.05)).toBe('faster');
});

test('the median is the middle, or between the two in the middle', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([10, 1, 2, 9])).toBe(5.5);
});
