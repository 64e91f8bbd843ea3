import { describe, expect, test } from 'vitest';
import { createEventList, type EventListKind } from './event-list-kinds.js';
import type { EventHandle, FutureEventList } from './future-event-list.js';
import { HeapEventList } from './heap-event-list.js';
import { IndexedHeapEventList } from './indexed-heap-event-list.js';
import { LadderEventList } from './ladder-event-list.js';
import { randomStreams } from './random-streams.js';
import { tickMs } from './simulation.js';

type Draw = () => number;

const exponential = (draw: Draw, meanMs: number) => -Math.log(1 - draw()) * meanMs;
const twoDaysMs = 2 * 86_400_000;

/** How far away the events are that are pushed. */
const delays: Readonly<Record<string, (draw: Draw) => number>> = {
  'of one time scale': (draw) => exponential(draw, 5),
  'of one tick or none': (draw) => (draw() < 0.5 ? 0 : tickMs),
  'in whole milliseconds, hundreds at an instant': (draw) => Math.floor(draw() * 5),
  'in bursts: all at the next full second': (draw) => (draw() < 0.02 ? 1000 * Math.ceil(draw() * 3) : 0),
  'of services and retries': (draw) => (draw() < 0.9 ? exponential(draw, 5) : 60_000 + draw() * 840_000),
  'of services and timers two days away': (draw) => (draw() < 0.7 ? exponential(draw, 10) : twoDaysMs),
  'of twelve magnitudes': (draw) => 10 ** (draw() * 12 - 3),
  'shorter and shorter': (draw) => 2 ** -Math.floor(draw() * 10) * 1000,
  'the furthest there are': (draw) => (draw() < 0.5 ? draw() : 2 ** 42 * draw()),
};

const onTick = (ms: number) => Math.round(ms / tickMs) * tickMs;

/**
 * Pushes, pops and cancels at random, here and in the reference, and compares all that can be seen. The number of
 * pending events rises to `mostPending` and falls again, over and over.
 */
function compare(list: FutureEventList, name: string, mostPending: number, steps: number): void {
  const draw = randomStreams('differential', mostPending)(name);
  const reference = new HeapEventList();
  const handles: EventHandle[] = [];
  const referenceHandles: EventHandle[] = [];
  let nowMs = 0;
  const pop = (lastMs: number): void => {
    const was = list.popUntil(lastMs);
    if (was !== reference.popUntil(lastMs)) throw new Error(`${name}: one has an event, the other has none`);
    if (!was) return;
    const { poppedMs, poppedKind, poppedSubject } = list;
    const same =
      poppedMs === reference.poppedMs &&
      poppedKind === reference.poppedKind &&
      poppedSubject === reference.poppedSubject;
    if (!same || poppedMs < nowMs)
      throw new Error(`${name}: event ${poppedSubject} at ${poppedMs} is out of order`);
    nowMs = poppedMs;
  };
  for (let step = 0; step < steps; step++) {
    const isRising = Math.floor(step / mostPending / 2) % 2 === 0;
    const what = draw();
    if (what < (isRising ? 0.62 : 0.35) && list.size < mostPending) {
      const atMs = onTick(nowMs + delays[name]!(draw));
      const priority = draw() < 0.9 ? 0 : Math.floor(draw() * 1023) - 511;
      const subject = handles.length;
      const kind = subject % 65_535;
      handles.push(list.push(atMs, priority, kind, subject));
      referenceHandles.push(reference.push(atMs, priority, kind, subject));
    } else if (what > 0.85 && handles.length > 0) {
      // Most of the late handles are of pending events, most of the early ones are stale.
      const late = Math.max(0, handles.length - 2 * mostPending);
      const index = Math.floor(
        draw() < 0.8 ? late + draw() * (handles.length - late) : draw() * handles.length,
      );
      if (list.cancel(handles[index]!) !== reference.cancel(referenceHandles[index]!)) {
        throw new Error(`${name}: event ${index} is pending in one list only`);
      }
    } else if (what > 0.82) {
      // The run ends before the next event, and pushes may go before what has been looked at.
      const lastMs = list.peekMs();
      if (lastMs !== reference.peekMs()) throw new Error(`${name}: ${lastMs} is not the earliest`);
      if (lastMs < Number.POSITIVE_INFINITY) pop(nowMs + onTick((lastMs - nowMs) * draw()));
    } else {
      pop(Number.POSITIVE_INFINITY);
    }
    if (list.size !== reference.size) throw new Error(`${name}: ${list.size} pending, not ${reference.size}`);
  }
  while (reference.size > 0) pop(Number.POSITIVE_INFINITY);
  expect(list.size).toBe(0);
}

describe.each<EventListKind>(['ladder', 'indexed-heap'])('%s against heap-js', (kind) => {
  describe.each(Object.keys(delays))('delays %s', (name) => {
    test.each([5, 60, 600, 20_000])('up to %d events pending', (mostPending) => {
      compare(createEventList(kind), name, mostPending, Math.max(10_000, Math.min(60_000, 12 * mostPending)));
    });
  });
});

/**
 * What an operation takes, counted and not timed. A heap of 200,000 has nine levels. The ladder takes about as much
 * whatever the times are like; the most, for twelve magnitudes, as every magnitude is cut in turn.
 */
const counted = {
  ladder: { create: () => new LadderEventList(), mostWork: 25 },
  'indexed-heap': { create: () => new IndexedHeapEventList(), mostWork: 15 },
} as const;

describe.each(Object.entries(counted))('the work of %s', (_, { create, mostWork }) => {
  /** Work for an operation; each of `run` operations is a push and a pop or a cancellation. */
  const workOf = (list: { readonly work: number }, operations: number, run: () => void): number => {
    const before = list.work;
    run();
    return (list.work - before) / operations;
  };

  test.each([100, 1_000, 100_000])('guard timers that nearly always are cancelled, %d of them', (guards) => {
    const list = create();
    const draw = randomStreams('work', guards)('services');
    const guard: EventHandle[] = [];
    const begin = (nowMs: number, subject: number): void => {
      guard[subject] = list.push(nowMs + twoDaysMs, 0, 1, subject);
      list.push(onTick(nowMs + exponential(draw, 5)), 0, 0, subject);
    };
    for (let i = 0; i < guards; i++) begin(0, i);
    const operations = 300_000;
    const work = workOf(list, operations, () => {
      for (let i = 0; i < operations; i++) {
        list.popUntil(Number.POSITIVE_INFINITY);
        list.cancel(guard[list.poppedSubject]!);
        begin(list.poppedMs, list.poppedSubject);
      }
    });
    expect(list.size).toBe(2 * guards);
    expect(work).toBeLessThan(mostWork);
  });

  test.each(Object.entries(delays))('20,000 events pending, delays %s', (name, delay) => {
    const list = create();
    const draw = randomStreams('work', 0)(name);
    const priority = () => (draw() < 0.5 ? 0 : Math.floor(draw() * 1023) - 511);
    for (let i = 0; i < 20_000; i++) list.push(onTick(delay(draw)), priority(), 0, i);
    const operations = 100_000;
    const work = workOf(list, operations, () => {
      for (let i = 0; i < operations; i++) {
        list.popUntil(Number.POSITIVE_INFINITY);
        // The time stands still in some, and runs away in others.
        const nowMs = Math.min(list.poppedMs, 2 ** 42);
        list.push(onTick(nowMs + delay(draw)), priority(), 0, i);
      }
    });
    expect(work).toBeLessThan(mostWork);
  });

  test('a hundred thousand events at one instant, pushed and cancelled in any order of priority', () => {
    const list = create();
    const draw = randomStreams('work', 0)('burst');
    const handles: EventHandle[] = [];
    const operations = 100_000;
    const work = workOf(list, operations, () => {
      for (let i = 0; i < operations; i++) {
        handles.push(list.push(7, Math.floor(draw() * 1023) - 511, 0, i));
        if (i % 3 === 2) list.popUntil(7);
        if (i % 4 === 3) list.cancel(handles[Math.floor(draw() * handles.length)]!);
      }
      while (list.popUntil(7));
    });
    expect(work).toBeLessThan(mostWork);
  });
});
