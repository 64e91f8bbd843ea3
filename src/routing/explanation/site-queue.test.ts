import { expect, test } from 'vitest';
import { Dice } from '../../../tests/oracle/dice.js';
import { SiteQueue } from './site-queue.js';

/** Takes everything out, as `[site, key]`. */
function emptied(queue: SiteQueue): [number, number][] {
  const taken: [number, number][] = [];
  for (let site = queue.take(); site !== -1; site = queue.take()) taken.push([site, queue.key]);
  return taken;
}

test('the nearest comes out first, of equally near ones the lowest site', () => {
  const queue = new SiteQueue();
  for (const [site, key] of [
    [5, 20],
    [3, 20],
    [9, 10],
    [4, 20],
    [3, 5],
  ] as const)
    queue.put(site, key);
  expect(emptied(queue)).toEqual([
    ...[[3, 5] as const, [9, 10] as const],
    ...[[3, 20] as const, [4, 20] as const, [5, 20] as const],
  ]);
  expect(queue.take()).toBe(-1);
});

test('whatever is put in and taken out in whatever order, what comes out is the first of what is there', () => {
  const dice = new Dice('explanations', 'site queue');
  const queue = new SiteQueue();
  const there: [number, number][] = [];
  const takeOne = () => {
    there.sort(([a, nearA], [b, nearB]) => nearA - nearB || a - b);
    const [site, key] = there.shift()!;
    expect([queue.take(), queue.key]).toEqual([site, key]);
  };
  for (let step = 0; step < 600; step++) {
    if (there.length > 0 && dice.chance(0.4)) takeOne();
    else {
      const entry: [number, number] = [dice.below(40), dice.below(30)];
      there.push(entry);
      queue.put(...entry);
    }
  }
  expect(there.length).toBeGreaterThan(30);
  while (there.length > 0) takeOne();
  expect(queue.take()).toBe(-1);
});

test('nothing is left of a search that is over', () => {
  const queue = new SiteQueue();
  queue.put(1, 10);
  queue.clear();
  expect(queue.take()).toBe(-1);
  queue.put(2, 20);
  expect(emptied(queue)).toEqual([[2, 20]]);
});
