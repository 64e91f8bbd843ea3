import { expect, test } from 'vitest';
import { Processors } from './processors.js';

test('one core works off its run queue, first come, first served', () => {
  const processors = new Processors([1]);
  expect(processors.run(0, 5, 0)).toBe(5);
  expect(processors.run(0, 5, 0)).toBe(10);
  // At 8 the second still has 2 to go.
  expect(processors.run(0, 5, 8)).toBe(7);
  // At 20 all is done: the core was idle from 15 on.
  expect(processors.run(0, 5, 20)).toBe(5);
  expect(processors.doneMs(0, 20)).toBe(15);
  expect(processors.doneMs(0, 22)).toBe(17);
  expect(processors.doneMs(0, 100)).toBe(20);
});

test('several cores share one run queue: work goes to the core that is free first', () => {
  const processors = new Processors([2, 1]);
  expect(processors.run(0, 10, 0)).toBe(10);
  expect(processors.run(0, 4, 0)).toBe(4);
  // Behind the shorter one: 4 + 3.
  expect(processors.run(0, 3, 0)).toBe(7);
  expect(processors.run(0, 3, 0)).toBe(10);
  // Both cores free at 10.
  expect(processors.run(0, 1, 9)).toBe(2);
  expect(processors.run(0, 1, 9)).toBe(2);
  expect(processors.run(0, 1, 9)).toBe(3);
  // The other server has nothing to do with it.
  expect(processors.run(1, 1, 9)).toBe(1);
});

test('no work takes no time, however long the run queue', () => {
  const processors = new Processors([1]);
  processors.run(0, 1_000, 0);
  expect(processors.run(0, 0, 0)).toBe(0);
});

test('what a stopped server had not done yet is never done', () => {
  const processors = new Processors([2]);
  processors.run(0, 10, 0);
  processors.run(0, 10, 0);
  processors.run(0, 10, 0);
  processors.stop(0, 4);
  expect(processors.doneMs(0, 4)).toBe(8);
  expect(processors.doneMs(0, 50)).toBe(8);
  expect(processors.run(0, 5, 50)).toBe(5);
  expect(processors.doneMs(0, 60)).toBe(13);
});

test('A-longest-work: what lies beyond forty years is never done, however much is handed in', () => {
  const processors = new Processors([1]);
  const year = 365.25 * 86_400_000;
  const waits = Array.from({ length: 20 }, () => processors.run(0, 15 * year, 5 * year) / year);
  expect(waits.slice(0, 4)).toEqual([15, 30, 35, 35]);
  expect(waits.at(-1)).toBe(35);
  expect(processors.doneMs(0, 10 * year)).toBe(5 * year);
  expect(processors.doneMs(0, 20 * year)).toBe(15 * year);
});
