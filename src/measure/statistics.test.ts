import { expect, test } from 'vitest';
import { confidenceInterval, studentTQuantile } from './statistics.js';

test.each([
  // Printed tables (39 degrees: the density integrated with Simpson's rule) and closed forms: one degree is the Cauchy distribution, tan(π (p - 1/2)); two, (2p - 1) / sqrt(2 p (1 - p)).
  [0.975, 1, 12.7062047],
  [0.975, 2, 4.3026527],
  [0.975, 3, 3.1824463],
  [0.975, 4, 2.7764451],
  [0.975, 9, 2.2621572],
  [0.975, 29, 2.0452296],
  [0.975, 120, 1.9799304],
  [0.995, 5, 4.032143],
  [0.95, 10, 1.8124611],
  [0.9, 7, 1.4149239],
  [0.9995, 39, 3.5581201],
])(
  'the quantile %d of t with %d degrees of freedom is that of printed tables to 1e-6',
  (p, degrees, printed) => {
    expect(Math.abs(studentTQuantile(p, degrees) - printed)).toBeLessThan(1e-6);
  },
);

test('quantiles agree with the closed forms of one and two degrees of freedom far into the tail', () => {
  for (const p of [0.51, 0.75, 0.99, 0.9999, 0.9999999]) {
    const cauchy = Math.tan(Math.PI * (p - 0.5));
    const two = (2 * p - 1) / Math.sqrt(2 * p * (1 - p));
    expect(studentTQuantile(p, 1) / cauchy).toBeCloseTo(1, 7);
    expect(studentTQuantile(p, 2) / two).toBeCloseTo(1, 7);
  }
});

test('many degrees of freedom are the normal distribution, and the distribution is symmetric', () => {
  expect(studentTQuantile(0.975, 1e7)).toBeCloseTo(1.959964, 5);
  expect(studentTQuantile(0.1, 6)).toBe(-studentTQuantile(0.9, 6));
  expect(studentTQuantile(0.5, 6)).toBe(0);
  expect(() => studentTQuantile(1, 6)).toThrow(RangeError);
});

test('an interval is the mean and t times the standard error', () => {
  // Mean 4, squared deviations 4 + 0 + 4 = 8, variance 4, standard error sqrt(4 / 3).
  const interval = confidenceInterval([2, 4, 6])!;
  expect(interval.mean).toBe(4);
  expect(interval.halfWidth).toBeCloseTo(4.3026527 * Math.sqrt(4 / 3), 6);
  expect(interval.confidence).toBe(0.95);
});

test('one sample has no interval; equal samples have one without width', () => {
  expect(confidenceInterval([5])).toBeNull();
  expect(confidenceInterval([0.1, 0.1, 0.1])).toEqual({ mean: 0.1, halfWidth: 0, confidence: 0.95 });
});
