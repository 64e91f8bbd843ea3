import { expect, test } from 'vitest';
import { randomStreams } from '../sim/kernel/index.js';
import { Histogram, quantileError } from './histogram.js';

/** Times on the kernel's grid of 1/1024 ms, spread over nine orders of magnitude. */
function times(count: number, name: string): number[] {
  const draw = randomStreams('histogram', 0)(name);
  return Array.from({ length: count }, () => Math.round(10 ** (draw() * 9 - 1) * 1_024) / 1_024);
}

function recorded(values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

/** The definition: the smallest value that at least the share q of all do not exceed. */
function exactQuantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(q * sorted.length - 1e-9)) - 1]!;
}

test('quantiles are off by at most the stated error, over nine orders of magnitude', () => {
  const values = times(20_000, 'values');
  const histogram = recorded(values);
  expect(quantileError).toBeLessThan(0.002);
  for (const q of [0.001, 0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 0.9999]) {
    const exact = exactQuantile(values, q);
    expect(Math.abs(histogram.quantile(q) - exact)).toBeLessThanOrEqual(exact * quantileError);
  }
  expect(histogram.quantile(1)).toBe(Math.max(...values));
});

test('every value falls into the bucket whose middle is within the error of it', () => {
  // Edges of octaves and of buckets, and their neighbours on the grid of times.
  for (const base of [2 ** -10, 2 ** -9, 0.5, 1, 3, 1_024, 86_400_000, 2 ** 40]) {
    for (const value of [base, base + 2 ** -10, base * (1 + 1 / 256)]) {
      // Far smaller and larger values around it, so that neither bound hides the bucket's middle.
      const middle = recorded([0, value, value * 1_000]).quantile(0.5);
      expect(Math.abs(middle - value)).toBeLessThanOrEqual(value * quantileError);
    }
  }
});

test('count, sum and maximum are exact, and 0 is a value', () => {
  const histogram = recorded([0, 0, 1.5, 2.25]);
  expect(histogram.toData()).toMatchObject({ count: 4, sum: 3.75, min: 0, max: 2.25 });
  expect(histogram.quantile(0.5)).toBe(0);
  expect(histogram.quantile(0.99)).toBe(2.25);
});

test('without values everything is 0', () => {
  expect(new Histogram().toData()).toEqual({ count: 0, sum: 0, min: 0, max: 0, buckets: [] });
  expect(new Histogram().quantile(0.5)).toBe(0);
});

test('a merge is what one histogram of all values would be, through JSON too', () => {
  const [a, b] = [times(3_000, 'a'), times(5_000, 'b')];
  const parts = [recorded(a), recorded(b), new Histogram()].map((each) =>
    JSON.parse(JSON.stringify(each.toData())),
  );
  expect(Histogram.of(parts).toData()).toEqual(recorded([...a, ...b]).toData());
  expect(Histogram.of([...parts].reverse()).toData()).toEqual(recorded([...b, ...a]).toData());
});

test('values that have not come yet push a quantile up, beyond all that are there', () => {
  const histogram = recorded([1, 2, 3, 4]);
  expect(histogram.quantile(0.5)).toBeCloseTo(2, 2);
  // 4 of 8 are the recorded ones: the median is the largest of them; the next rank is not known.
  expect(histogram.quantile(0.5, 4)).toBe(4);
  expect(histogram.quantile(0.51, 4)).toBe(Number.POSITIVE_INFINITY);
  expect(histogram.quantile(0.5, 5)).toBe(Number.POSITIVE_INFINITY);
});

test('a value larger than any expected is still counted', () => {
  const histogram = recorded([1, 2 ** 70]);
  expect(histogram.quantile(1)).toBe(2 ** 70);
  expect(Histogram.of([histogram.toData()]).toData()).toEqual(histogram.toData());
});
