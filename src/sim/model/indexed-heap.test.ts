import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HeapColumns, IndexedHeap } from './indexed-heap.js';

/** An entry as one would write it down; a sorted array of them is a heap without its tricks. */
interface ClearEntry {
  readonly entry: number;
  readonly order: number;
  key: number;
}

const entries = 80;
/** Few keys, so that many are equal. */
const key = fc.nat({ max: 12 });
const heap = fc.nat({ max: 1 });
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ heap, push: fc.nat(), key, order: fc.nat({ max: 1_000 }) }) },
  { weight: 3, arbitrary: fc.record({ heap, update: fc.nat(), key }) },
  { weight: 2, arbitrary: fc.record({ heap, remove: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ heap, takeFirst: fc.constant(true) }) },
);

const isFirst = (a: ClearEntry, b: ClearEntry) => a.key - b.key || a.order - b.order;

function expectSame(tuned: IndexedHeap, clear: readonly ClearEntry[]): void {
  expect(tuned.first).toBe(clear[0]?.entry);
  expect(tuned.size).toBe(clear.length);
  expect([...tuned.entries].sort((a, b) => a - b)).toEqual(
    clear.map(({ entry }) => entry).sort((a, b) => a - b),
  );
}

test('two heaps with the same columns give what sorted arrays give, of equal keys the smaller order first', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 150 }), (steps) => {
      const columns = new HeapColumns();
      const tuned = [new IndexedHeap(columns), new IndexedHeap(columns)] as const;
      const clear: readonly [ClearEntry[], ClearEntry[]] = [[], []];
      const free = Array.from({ length: entries }, (_, entry) => entry);
      const take = (which: number, at: number) => {
        const [gone] = clear[which]!.splice(at, 1);
        tuned[which]!.remove(gone!.entry);
        free.push(gone!.entry);
      };
      for (const [n, each] of steps.entries()) {
        const which = each.heap;
        const written = clear[which]!;
        if ('push' in each) {
          if (free.length === 0) continue;
          const [entry] = free.splice(each.push % free.length, 1);
          const order = each.order * steps.length + n;
          columns.reserve(entry!);
          tuned[which]!.push(entry!, each.key, order);
          written.push({ entry: entry!, key: each.key, order });
        } else if (written.length > 0) {
          if ('update' in each) {
            const changed = written[each.update % written.length]!;
            changed.key = each.key;
            tuned[which]!.update(changed.entry, each.key);
          } else if ('remove' in each) take(which, each.remove % written.length);
          else take(which, 0);
        }
        written.sort(isFirst);
        for (const [other, all] of clear.entries()) expectSame(tuned[other]!, all);
      }
      for (const [which, written] of clear.entries()) {
        while (written.length > 0) {
          take(which, 0);
          expectSame(tuned[which]!, written);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('a cleared heap is empty, and takes entries again', () => {
  const columns = new HeapColumns();
  columns.reserve(5);
  const tuned = new IndexedHeap(columns);
  for (const entry of [4, 2, 5]) tuned.push(entry, 1, entry);
  expect(tuned.first).toBe(2);
  tuned.clear();
  expect([tuned.first, tuned.size]).toEqual([undefined, 0]);
  tuned.push(5, 3, 0);
  tuned.push(2, 3, 1);
  expect([tuned.first, tuned.size]).toEqual([5, 2]);
});
