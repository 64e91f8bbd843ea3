import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Distribution,
  deterministic,
  discrete,
  exponential,
  lognormalByCv,
  lognormalByQuantile,
  logUniformClasses,
  uniform,
} from './distributions.js';
import { InvariantError } from './invariant.js';

/** WL-07: sizes in KB; the table does not bound its first class from below, 1 KB goes on with its halving. */
const measuredSizes = logUniformClasses(
  [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096],
  [0.2353, 0.4917, 0.676, 0.7958, 0.8536, 0.9047, 0.933, 0.9574, 0.9724, 0.9849, 0.9996, 1],
);

const largestU = 1 - 2 ** -53;

const all: [string, Distribution][] = [
  ['exponential', exponential(7)],
  ['exponential of mean 0', exponential(0)],
  ['deterministic', deterministic(7)],
  ['lognormalByCv', lognormalByCv(7, 2)],
  ['lognormalByCv without spread', lognormalByCv(7, 0)],
  ['lognormalByQuantile', lognormalByQuantile(4, 30)],
  ['uniform', uniform(3, 9)],
  ['discrete', discrete([0, 3, 0, 5, 2, 0])],
  ['logUniformClasses', measuredSizes],
];

describe.each(all)('%s', (_, distribution) => {
  test('samples are finite and at least 0, at the ends of [0, 1) too', () => {
    for (const u of [0, Number.MIN_VALUE, 1e-300, 2 ** -53, 0.5, largestU]) {
      const sample = distribution.sample(u);
      expect(Number.isFinite(sample) && sample >= 0 && !Object.is(sample, -0)).toBe(true);
    }
  });

  test('a larger uniform number never gives a smaller sample', () => {
    const u = fc.double({ min: 0, max: largestU, noNaN: true });
    fc.assert(
      fc.property(u, u, (a, b) => {
        // Neighbouring doubles may differ by the rounding of the last digits, and no more.
        const [low, high] = [distribution.sample(Math.min(a, b)), distribution.sample(Math.max(a, b))];
        expect(high).toBeGreaterThanOrEqual(low * (1 - 1e-14));
      }),
    );
  });

  test('the mean is that of the samples', () => {
    // The integral over u by the midpoint rule; what lies above the last point is small for these tails.
    const points = 2_000_000;
    let sum = 0;
    for (let i = 0; i < points; i++) sum += distribution.sample((i + 0.5) / points);
    expect(Math.abs(sum / points - distribution.mean)).toBeLessThanOrEqual(1e-3 * distribution.mean);
  });
});

test('the quantiles of an exponential distribution are -mean ln(1 - u)', () => {
  expect(exponential(10).sample(0.5)).toBeCloseTo(10 * Math.LN2, 12);
  expect(exponential(10).sample(0.99)).toBeCloseTo(10 * Math.log(100), 12);
});

test('a log-normal distribution has the coefficient of variation asked for', () => {
  const distribution = lognormalByCv(20, 0.5);
  const points = 1_000_000;
  let squares = 0;
  for (let i = 0; i < points; i++) squares += (distribution.sample((i + 0.5) / points) - 20) ** 2;
  expect(Math.sqrt(squares / points) / 20).toBeCloseTo(0.5, 4);
});

test('a log-normal distribution has the quantiles asked for', () => {
  const distribution = lognormalByQuantile(4, 200);
  expect(distribution.sample(0.5)).toBeCloseTo(4, 12);
  expect(distribution.sample(0.95)).toBeCloseTo(200, 9);
});

test('discrete draws an index in proportion to its weight, and one of weight 0 never', () => {
  const distribution = discrete([0, 3, 0, 5, 2, 0]);
  const counts = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < 1000; i++) counts[distribution.sample((i + 0.5) / 1000)]! += 1;
  expect(counts).toEqual([0, 300, 0, 500, 200, 0]);
  expect(distribution.sample(0)).toBe(1);
  expect(distribution.sample(largestU)).toBe(4);
  expect(distribution.mean).toBeCloseTo(0.3 * 1 + 0.5 * 3 + 0.2 * 4, 12);
});

test('log-uniform classes pass through their bounds, and through the geometric middle between them', () => {
  const distribution = logUniformClasses([1, 4, 100], [0.25, 1]);
  expect(distribution.sample(0)).toBe(1);
  expect(distribution.sample(0.125)).toBeCloseTo(2, 12);
  expect(distribution.sample(0.25)).toBeCloseTo(4, 12);
  expect(distribution.sample(0.625)).toBeCloseTo(20, 12);
});

test('WL-08: the measured sizes have median 4.1 KB, 90 % 60 KB, 95 % 208 KB, 99 % 1.3 MB, mean 52 KB', () => {
  expect(measuredSizes.sample(0.5)).toBeCloseTo(4.1, 1);
  expect(Math.round(measuredSizes.sample(0.9))).toBe(60);
  expect(Math.abs(measuredSizes.sample(0.95) - 208)).toBeLessThan(1);
  expect(measuredSizes.sample(0.99) / 1000).toBeCloseTo(1.3, 1);
  expect(Math.round(measuredSizes.mean)).toBe(52);
});

test.each<[string, () => Distribution]>([
  ['a negative mean', () => exponential(-1)],
  ['a mean that is no number', () => exponential(Number.NaN)],
  ['an infinite value', () => deterministic(Number.POSITIVE_INFINITY)],
  ['bounds the wrong way round', () => uniform(2, 1)],
  ['a negative spread', () => lognormalByCv(1, -1)],
  ['a 95th percentile below the median', () => lognormalByQuantile(2, 1)],
  ['samples past the range of numbers', () => lognormalByQuantile(1, 1e100)],
  ['no weights', () => discrete([])],
  ['only weights of 0', () => discrete([0, 0])],
  ['a negative weight', () => discrete([1, -1])],
  ['shares that do not end at 1', () => logUniformClasses([1, 2], [0.9])],
  ['shares that decrease', () => logUniformClasses([1, 2, 3, 4], [0.5, 0.4, 1])],
  ['a bound too few', () => logUniformClasses([1], [1])],
  ['a bound of 0', () => logUniformClasses([0, 1], [1])],
])('%s: refused', (_, make) => {
  expect(make).toThrow(InvariantError);
});
