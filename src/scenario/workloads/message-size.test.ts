import { expect, test } from 'vitest';
import { largestMessageBytes, sizeDistribution } from './message-size.js';

const lognormal = (medianBytes: number, p95Bytes: number) =>
  sizeDistribution({ kind: 'lognormal', medianBytes, p95Bytes });

test('WL-08: no size is drawn above the largest, none below a byte', () => {
  const wide = lognormal(1, largestMessageBytes);
  expect(wide.sample(1 - Number.EPSILON)).toBe(largestMessageBytes);
  expect(wide.sample(0.96)).toBe(largestMessageBytes);
  expect(wide.sample(0.95)).toBeCloseTo(largestMessageBytes, -1);
  expect(wide.sample(0.5)).toBeCloseTo(1, 9);
  expect(wide.sample(0.1)).toBe(1);
  expect(wide.sample(0)).toBe(1);
});

test('WL-08: through median and 95 % of the measured sizes, mean 70 KB', () => {
  // Uncut exp(mu + sigma² / 2): 4 in 10,000 of it lies above 2 GB.
  const sigma = Math.log(208 / 4.1) / 1.6448536269514722;
  expect(
    lognormal(4.1 * 1_024, 208 * 1_024).mean / (4.1 * 1_024 * Math.exp((sigma * sigma) / 2)),
  ).toBeCloseTo(1, 3);
});

test('WL-08: the mean is that of the sizes as they are drawn', () => {
  const wide = lognormal(1, largestMessageBytes);
  const parts = 200_000;
  let sum = 0;
  for (let part = 0; part < parts; part++) sum += wide.sample((part + 0.5) / parts);
  expect(wide.mean / (sum / parts)).toBeCloseTo(1, 3);
  expect(lognormal(5_000, 5_000).mean).toBeCloseTo(5_000, 6);
});
