import { expect, test } from 'vitest';
import { ShadowQueues } from './shadow-queues.js';

test('A-shadow-queue: a pair of primary and holder has one open queue; another database opens another, seen as one (QU-04)', () => {
  const queues = new ShadowQueues(4);
  expect(queues.find(1, 2)).toBeUndefined();
  const first = queues.open(1, 2, 0);
  expect(queues.open(1, 2, 5)).toBe(first);
  expect(queues.find(1, 2)).toBe(first);
  expect(queues.find(2, 1)).toBeUndefined();
  queues.close(1, 2);
  expect(queues.find(1, 2)).toBeUndefined();
  const second = queues.open(1, 2, 9);
  expect(second).not.toBe(first);
  expect(queues.all).toEqual([first, second]);
  expect(queues.shown).toHaveLength(1);
});

test('queues for a primary are closed in the order in which they were opened, whoever holds them', () => {
  const queues = new ShadowQueues(4);
  const [late, early] = [queues.open(0, 3, 0), queues.open(0, 1, 1)];
  queues.close(0, 3);
  const again = queues.open(0, 3, 2);
  const other = queues.open(2, 3, 3);
  expect(queues.closeOf(0)).toEqual([early, again]);
  expect(queues.closeOf(0)).toEqual([]);
  expect(queues.closeOf(1)).toEqual([]);
  expect(queues.find(2, 3)).toBe(other);
  expect(late.number).toBe(0);
});
