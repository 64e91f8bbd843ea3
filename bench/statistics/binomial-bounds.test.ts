import { expect, test } from 'vitest';
import { binomialBounds } from './binomial-bounds.js';

test('20 of 20 are what 99 % allows, 15 are fewer than 90 % allows', () => {
  // At 90 %: at most 15 of 20 with 4.3 %, at most 16 with 13.3 %. At 99 %: all 20 with 81.8 %.
  expect(binomialBounds(20, 0.9, 0.99)).toEqual({ least: 16, most: 20 });
});

test('of more trials, all of them are more than 99 % allows', () => {
  // 0.99 ^ 298 = 5.003 %, 0.99 ^ 299 = 4.95 %.
  expect(binomialBounds(298, 0.9, 0.99).most).toBe(298);
  expect(binomialBounds(299, 0.9, 0.99).most).toBe(298);
});

test('a share of 0 or of 1 has no spread', () => {
  expect(binomialBounds(10, 1, 1)).toEqual({ least: 10, most: 10 });
  expect(binomialBounds(10, 0, 0)).toEqual({ least: 0, most: 0 });
  // At most 5 % false alarms: one in four has 17 %, two have 1.4 %.
  expect(binomialBounds(4, 0, 0.05)).toEqual({ least: 0, most: 1 });
});
