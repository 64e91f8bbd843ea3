import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type EventHandle, noEvent } from './future-event-list.js';
import { HeapEventList } from './heap-event-list.js';

interface Expected {
  readonly atMs: number;
  readonly priority: number;
  readonly kind: number;
  readonly subject: number;
  readonly handle: EventHandle;
}

/** The plain future event list: an array, sorted by a stable sort at each look. */
class SortedList {
  #events: Expected[] = [];

  get size(): number {
    return this.#events.length;
  }

  push(event: Expected): void {
    this.#events.push(event);
  }

  earliest(): Expected | undefined {
    this.#events.sort((a, b) => a.atMs - b.atMs || a.priority - b.priority);
    return this.#events[0];
  }

  pop(): Expected | undefined {
    this.earliest();
    return this.#events.shift();
  }

  cancel(handle: EventHandle): boolean {
    const index = this.#events.findIndex((event) => event.handle === handle);
    if (index >= 0) this.#events.splice(index, 1);
    return index >= 0;
  }
}

/** Few times and priorities, so that ties are common. Cancelling chooses among all handles ever given. */
const operations = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.tuple(fc.constant('push' as const), fc.nat(20), fc.integer({ min: -2, max: 2 })),
    },
    { weight: 3, arbitrary: fc.tuple(fc.constant('pop' as const), fc.nat(2), fc.constant(0)) },
    { weight: 4, arbitrary: fc.tuple(fc.constant('cancel' as const), fc.nat(1_000_000), fc.constant(0)) },
  ),
  { maxLength: 400, size: 'max' },
);

test('any row of pushes, pops and cancels gives what a sorted list gives', () => {
  fc.assert(
    fc.property(operations, (steps) => {
      const list = new HeapEventList();
      const oracle = new SortedList();
      const handles: EventHandle[] = [noEvent];
      let nowMs = 0;
      let count = 0;
      for (const [what, number, priority] of steps) {
        if (what === 'push') {
          const atMs = nowMs + number;
          const kind = count % 7;
          const handle = list.push(atMs, priority, kind, count);
          expect(handles).not.toContain(handle);
          oracle.push({ atMs, priority, kind, subject: count, handle });
          handles.push(handle);
          count += 1;
        } else if (what === 'pop') {
          const expected = oracle.pop();
          // Now and then without looking first, as any caller may.
          if (number > 0) expect(list.peekMs()).toBe(expected?.atMs ?? Number.POSITIVE_INFINITY);
          expect(list.pop()).toBe(expected !== undefined);
          if (expected === undefined) continue;
          nowMs = expected.atMs;
          const { atMs, kind, subject } = expected;
          expect([list.poppedMs, list.poppedKind, list.poppedSubject]).toEqual([atMs, kind, subject]);
        } else {
          const handle = handles[number % handles.length]!;
          expect(list.cancel(handle)).toBe(oracle.cancel(handle));
        }
        expect(list.size).toBe(oracle.size);
      }
      for (let expected = oracle.pop(); expected !== undefined; expected = oracle.pop()) {
        expect(list.pop()).toBe(true);
        expect(list.poppedSubject).toBe(expected.subject);
      }
      expect(list.pop()).toBe(false);
      expect(list.peekMs()).toBe(Number.POSITIVE_INFINITY);
    }),
    { numRuns: 300 },
  );
});

test('a thousand events of one instant come out by priority and in the order of pushing', () => {
  const list = new HeapEventList();
  for (let i = 0; i < 1000; i++) list.push(5, i % 2 === 0 ? 511 : -511, 0, i);
  const subjects: number[] = [];
  while (list.pop()) subjects.push(list.poppedSubject);
  const odd = Array.from({ length: 500 }, (_, i) => 2 * i + 1);
  const even = Array.from({ length: 500 }, (_, i) => 2 * i);
  expect(subjects).toEqual([...odd, ...even]);
});

test('handles of a hundred thousand events run before are all stale, though every slot is in use again', () => {
  const list = new HeapEventList();
  const stale: EventHandle[] = [];
  for (let i = 0; i < 100_000; i++) {
    stale.push(list.push(i, 0, 0, i));
    if (i >= 10) list.pop();
  }
  expect(list.size).toBe(10);
  const hits = stale.slice(0, -10).filter((handle) => list.cancel(handle));
  expect(hits).toEqual([]);
  expect(stale.slice(-10).every((handle) => list.cancel(handle))).toBe(true);
  expect(list.size).toBe(0);
});

test('cancelled guard timers do not pile up', () => {
  const list = new HeapEventList();
  // Each event's guard, far away, is cancelled when the event is popped: 200 live entries, a million dead ones.
  const guards: EventHandle[] = [];
  for (let i = 0; i < 100; i++) {
    guards[i] = list.push(1e9 + i, 0, 1, i);
    list.push(i, 0, 0, i);
  }
  const largestHandles: number[] = [];
  for (let round = 0; round < 1_000_000; round++) {
    list.pop();
    const subject = list.poppedSubject;
    list.cancel(guards[subject]!);
    guards[subject] = list.push(1e9 + round, 0, 1, subject);
    list.push(round + 100, 0, 0, subject);
    largestHandles[0] = Math.max(largestHandles[0] ?? 0, guards[subject]! % 2 ** 26);
  }
  expect(list.size).toBe(200);
  // The slot is the handle's lower part: no more than twice the live entries were ever in the heap.
  expect(largestHandles[0]).toBeLessThan(2 * 200 + 2);
});
