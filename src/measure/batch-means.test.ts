import { expect, test } from 'vitest';
import { batchMeans, type LatencySample, latencyBatches } from './batch-means.js';

test('the interval is that of Student over the batch means', () => {
  // 9 and 11 in turn: mean 10, squares 20, variance 20 / 19, and with t(0.975, 19) = 2.0930241 a half width of 0.4802.
  const found = batchMeans(Array.from({ length: 20 }, (_, index) => 9 + 2 * (index % 2)))!;
  expect(found).toMatchObject({ mean: 10, batches: 20, trusted: true });
  expect(found.halfWidth).toBeCloseTo(2.0930241 * Math.sqrt(20 / 19 / 20), 5);
  // Each step is 2: 19 * 4 / (2 * 20) = 1.9.
  expect(found.lag1).toBeCloseTo(1 - 1.9, 12);
});

test('batches that hang together are not trusted, and no number of them below twenty is an answer', () => {
  const rising = Array.from({ length: 20 }, (_, index) => index);
  // Squares 20 (400 - 1) / 12 = 665, steps 19: 1 - 19 / 1330, above 1.645 sqrt(18 / 399) = 0.3494.
  expect(batchMeans(rising)).toMatchObject({ trusted: false });
  expect(batchMeans(rising)!.lag1).toBeCloseTo(1 - 19 / 1_330, 12);
  expect(batchMeans(rising.slice(1))).toBeNull();
  expect(batchMeans(Array.from({ length: 20 }, () => 5))).toMatchObject({ halfWidth: 0, trusted: true });
});

test('a run is cut into twenty batches of whole intervals, without warm-up and drain', () => {
  // 45 intervals of a second, one recipient in the first of them, two in the second …
  const samples: LatencySample[] = Array.from({ length: 45 }, (_, index) => ({
    timeMs: (index + 1) * 1_000,
    delivered: index + 1,
    meanMs: (index + 1) * 100,
  }));
  // From 2 s to 43 s: intervals 3 to 43, of which the first is too much for batches of two: 4 and 5, 6 and 7, …
  const batches = latencyBatches(samples, 2_000, 43_000);
  expect(batches).toHaveLength(20);
  expect(batches[0]).toEqual({ meanMs: (4 * 400 + 5 * 500) / 9, deliveredPerSecond: 4.5 });
  expect(batches[19]).toEqual({ meanMs: (42 * 4_200 + 43 * 4_300) / 85, deliveredPerSecond: 42.5 });
  expect(latencyBatches(samples, 30_000, 43_000)).toEqual([]);
});

test('a batch without deliveries has no mean', () => {
  const samples = Array.from({ length: 20 }, (_, index) => ({
    timeMs: (index + 1) * 1_000,
    delivered: index === 3 ? 0 : 1,
    meanMs: index === 3 ? 0 : 7,
  }));
  const batches = latencyBatches(samples, 0, 20_000);
  expect(batches[3]).toEqual({ meanMs: undefined, deliveredPerSecond: 0 });
  expect(batches[4]).toEqual({ meanMs: 7, deliveredPerSecond: 1 });
});
