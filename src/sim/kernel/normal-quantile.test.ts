import { expect, test } from 'vitest';
import { normalQuantile } from './normal-quantile.js';

/**
 * Printed values: the usual critical values of the normal distribution, to nine and more decimals, and the three
 * test values of algorithm AS 241, one for each of its regions.
 */
const printed: [u: number, quantile: number][] = [
  [0.5, 0],
  [0.75, 0.674489750196082],
  [0.9, 1.2815515655446],
  [0.95, 1.64485362695147],
  [0.975, 1.95996398454005],
  [0.99, 2.32634787404084],
  [0.995, 2.5758293035489],
  [0.999, 3.09023230616781],
  [0.9999, 3.71901648545571],
  [0.25, -0.6744897501960817],
  [0.001, -3.090232306167814],
  [1e-20, -9.2623400897984],
];

test.each(printed)('the quantile at %d is %d', (u, quantile) => {
  expect(Math.abs(normalQuantile(u) - quantile)).toBeLessThan(1e-9);
});

test('the quantiles are symmetric, increasing across the seams of the three regions, and unbounded', () => {
  let last = Number.NEGATIVE_INFINITY;
  for (let i = 1; i < 4096; i++) {
    const quantile = normalQuantile(i / 4096);
    expect(quantile).toBeGreaterThan(last);
    expect(quantile).toBeCloseTo(-normalQuantile(1 - i / 4096), 12);
    last = quantile;
  }
  // The seam of the far tail lies where ln u = -25.
  const seam = Math.exp(-25);
  expect(normalQuantile(seam * (1 + 1e-9))).toBeGreaterThan(normalQuantile(seam * (1 - 1e-9)));
  expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
  expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY);
  expect(normalQuantile(1.5)).toBeNaN();
  expect(normalQuantile(Number.NaN)).toBeNaN();
});
