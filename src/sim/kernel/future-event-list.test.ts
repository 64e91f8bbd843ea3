import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createEventList, eventListKinds } from './event-list-kinds.js';
import { type EventHandle, noEvent } from './future-event-list.js';

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

describe.each(eventListKinds)('%s', (listKind) => {
  test('any row of pushes, pops and cancels gives what a sorted list gives', () => {
    fc.assert(
      fc.property(operations, (steps) => {
        const list = createEventList(listKind);
        const oracle = new SortedList();
        const handles: EventHandle[] = [noEvent];
        const given = new Set(handles);
        let nowMs = 0;
        let count = 0;
        for (const [what, number, priority] of steps) {
          if (what === 'push') {
            const atMs = nowMs + number;
            const kind = count % 7;
            const handle = list.push(atMs, priority, kind, count);
            expect(given.has(handle)).toBe(false);
            oracle.push({ atMs, priority, kind, subject: count, handle });
            handles.push(handle);
            given.add(handle);
            count += 1;
          } else if (what === 'pop') {
            const earliest = oracle.earliest();
            // Now and then without looking first, as any caller may; and now and then not that far.
            if (number > 0) expect(list.peekMs()).toBe(earliest?.atMs ?? Number.POSITIVE_INFINITY);
            const lastMs = number === 2 ? nowMs + 3 : Number.POSITIVE_INFINITY;
            const isDue = earliest !== undefined && earliest.atMs <= lastMs;
            expect(list.popUntil(lastMs)).toBe(isDue);
            if (!isDue) continue;
            nowMs = earliest.atMs;
            const { atMs, kind, subject } = oracle.pop()!;
            expect([list.poppedMs, list.poppedKind, list.poppedSubject]).toEqual([atMs, kind, subject]);
          } else {
            const handle = handles[number % handles.length]!;
            expect(list.cancel(handle)).toBe(oracle.cancel(handle));
          }
          expect(list.size).toBe(oracle.size);
        }
        for (let expected = oracle.pop(); expected !== undefined; expected = oracle.pop()) {
          expect(list.popUntil(Number.POSITIVE_INFINITY)).toBe(true);
          expect(list.poppedSubject).toBe(expected.subject);
        }
        expect(list.popUntil(Number.POSITIVE_INFINITY)).toBe(false);
        expect(list.peekMs()).toBe(Number.POSITIVE_INFINITY);
      }),
      { numRuns: 100 },
    );
  });

  test('a thousand events of one instant come out by priority and in the order of pushing', () => {
    const list = createEventList(listKind);
    for (let i = 0; i < 1000; i++) list.push(5, i % 2 === 0 ? 511 : -511, 0, i);
    const subjects: number[] = [];
    while (list.popUntil(5)) subjects.push(list.poppedSubject);
    const odd = Array.from({ length: 500 }, (_, i) => 2 * i + 1);
    const even = Array.from({ length: 500 }, (_, i) => 2 * i);
    expect(subjects).toEqual([...odd, ...even]);
  });

  test('an event pushed for the latest instant of all goes before those there by its priority', () => {
    const list = createEventList(listKind);
    for (let i = 0; i < 100; i++) list.push(i, 0, 0, i);
    list.popUntil(0);
    list.push(99, -1, 0, 100);
    const subjects: number[] = [];
    while (list.popUntil(99)) subjects.push(list.poppedSubject);
    expect(subjects.slice(-3)).toEqual([98, 100, 99]);
  });

  test('handles are never given twice, though a slot is used more often than it has generations', () => {
    const list = createEventList(listKind);
    const early = Array.from({ length: 10 }, (_, i) => list.push(i, 0, 0, i));
    while (list.popUntil(10)) expect(list.cancel(early[list.poppedSubject]!)).toBe(false);
    const given = new Set(early);
    for (let i = 0; i < 200_000; i++) {
      const handle = list.push(i, 0, 0, i);
      given.add(handle);
      if (i % 2 === 0) list.popUntil(i);
      else list.cancel(handle);
    }
    expect(given.size).toBe(200_010);
    list.push(200_000, 0, 0, 0);
    expect([...given].filter((handle) => list.cancel(handle))).toEqual([]);
    expect(list.size).toBe(1);
  });

  test('what is no handle of the list cancels nothing', () => {
    const list = createEventList(listKind);
    list.push(1, 0, 0, 0);
    expect([noEvent, 2 ** 40].map((handle) => list.cancel(handle))).toEqual([false, false]);
    expect(list.size).toBe(1);
  });
});
