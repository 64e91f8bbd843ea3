import { expect, test } from 'vitest';
import { leftMs } from './breath.js';

test('what is left at the pace so far, and nothing before there is a pace or when all is done', () => {
  expect(leftMs(0.25, 1_000)).toBe(3_000);
  expect(leftMs(0.5, 1_000)).toBe(1_000);
  expect(leftMs(0.01, 1_000)).toBeNull();
  expect(leftMs(0, 1_000)).toBeNull();
  expect(leftMs(1, 1_000)).toBeNull();
});
