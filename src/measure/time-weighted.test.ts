import { expect, test } from 'vitest';
import { TimeWeighted } from './time-weighted.js';

test('the integral is the sum of values times how long they lasted', () => {
  const values = new TimeWeighted(0);
  values.set(3, 10, 2);
  values.set(3, 15, 5);
  values.set(3, 17, 0);
  // 2 for 5 ms, 5 for 2 ms, 0 for 3 ms.
  expect(values.integral(3, 20)).toBe(20);
  expect(values.wholeIntegral(3, 20)).toBe(20);
  expect(values.max(3)).toBe(5);
});

test('a value that lasts to the end counts up to it', () => {
  const values = new TimeWeighted(0);
  values.set(0, 10, 4);
  expect(values.integral(0, 25)).toBe(60);
});

test('what comes before the measured time counts in the whole, not in the integral', () => {
  const values = new TimeWeighted(100);
  values.set(0, 40, 3);
  values.set(0, 60, 2);
  values.set(0, 150, 1);
  // 3 from 40 to 60 and 2 from 60 to 100 is before; 2 from 100 to 150 and 1 from 150 to 200 count.
  expect(values.integral(0, 200)).toBe(150);
  expect(values.wholeIntegral(0, 200)).toBe(290);
});

test('an id that was never set is 0', () => {
  const values = new TimeWeighted(0);
  expect([values.value(7), values.max(7), values.integral(7, 10), values.wholeIntegral(7, 10)]).toEqual([
    0, 0, 0, 0,
  ]);
});
