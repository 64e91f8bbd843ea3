import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shareOf } from '../../tests/random-share.js';
import { BucketQueue } from './bucket-queue.js';

/** Takes an item, from the next bucket where the present one is empty; -1 if all are. */
function taken(queue: BucketQueue): number {
  const item = queue.take();
  return item === -1 && queue.moveOn() ? queue.take() : item;
}

/** All items in the order in which the queue gives them. */
function emptied(queue: BucketQueue): number[] {
  const items: number[] = [];
  for (let item = taken(queue); item !== -1; item = taken(queue)) items.push(item);
  return items;
}

test('items come in the order of their keys where these lie a bucket apart', () => {
  const queue = new BucketQueue(5, 1, 1_000_000);
  const keys = new Map([
    [3, 0],
    [0, 70],
    [4, 2],
    [2, 999_999],
    [1, 33],
  ]);
  queue.start(3);
  for (const [item, key] of keys) if (item !== 3) queue.put(item, key);
  expect(emptied(queue)).toEqual([3, 4, 1, 0, 2]);
  expect([queue.take(), queue.moveOn()]).toEqual([-1, false]);
});

test('an item that gets a smaller key comes earlier, wherever it stood among those of its bucket', () => {
  for (const advanced of [0, 1, 2]) {
    const queue = new BucketQueue(4, 1, 100);
    queue.start(3);
    for (const item of [0, 1, 2]) queue.put(item, 50);
    queue.advance(advanced, 50, 7);
    const items = emptied(queue);
    expect(items.slice(0, 2)).toEqual([3, advanced]);
    expect(items.toSorted()).toEqual([0, 1, 2, 3]);
  }
});

test('a queue that was emptied begins a new search', () => {
  const queue = new BucketQueue(3, 1, 40);
  for (const step of [5, 40, 1]) {
    queue.start(0);
    queue.put(1, 30);
    expect([taken(queue), taken(queue)]).toEqual([0, 1]);
    queue.put(2, 30 + step);
    expect([taken(queue), taken(queue)]).toEqual([2, -1]);
  }
});

/** Numbers from 0 to below 1, in no order to speak of, the same each time. */
function scattered(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

test('in a search whose steps are as long as a bucket or longer what is taken is a smallest one, to within a bucket', () => {
  const run = fc.record({
    seed: fc.integer(),
    items: fc.integer({ min: 1, max: 150 }),
    shortest: fc.constantFrom(1, 3, 1025, 2 ** 20),
    // From all keys in a word of bits to many words of words.
    ratio: fc.constantFrom(1, 20, 300, 5_000, 100_000),
  });
  fc.assert(
    fc.property(run, ({ seed, items, shortest, ratio }) => {
      const uniform = scattered(seed);
      const longest = shortest * ratio;
      const step = () => shortest + Math.floor(uniform() ** 3 * (longest - shortest + 1));
      const queue = new BucketQueue(items, shortest, longest);
      const keys = new Map([[0, 0]]);
      queue.start(0);
      let left = 4 * items;
      for (let item = taken(queue); item !== -1; item = taken(queue)) {
        const key = keys.get(item)!;
        keys.delete(item);
        expect(Math.min(...keys.values(), Number.POSITIVE_INFINITY)).toBeGreaterThan(key - shortest);
        for (let n = 0; n < 3 && left > 0; n++, left--) {
          const other = Math.floor(uniform() * items);
          const next = key + step();
          const present = keys.get(other);
          if (present === undefined) queue.put(other, next);
          else if (next < present) queue.advance(other, present, next);
          if (present === undefined || next < present) keys.set(other, next);
        }
      }
      expect(keys.size).toBe(0);
    }),
    { numRuns: shareOf(120), seed: 20_240_406 },
  );
});
