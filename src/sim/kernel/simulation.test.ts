import { expect, test } from 'vitest';
import { noEvent } from './future-event-list.js';
import { InvariantError } from './invariant.js';
import { Simulation, tickMs } from './simulation.js';

/** A simulation with one kind whose events are written down as [time, subject]. */
function recording() {
  const log: [number, number][] = [];
  const simulation = new Simulation();
  const kind = simulation.addKind((subject) => log.push([simulation.nowMs, subject]));
  return { simulation, kind, log };
}

test('events run by time, then priority, then in the order of scheduling', () => {
  const { simulation, kind, log } = recording();
  simulation.schedule(5, kind, 1);
  simulation.schedule(5, kind, 2, -1);
  simulation.schedule(2, kind, 3, 511);
  simulation.schedule(5, kind, 4);
  simulation.scheduleAt(5, kind, 5, -1);
  simulation.scheduleAt(2, kind, 6, -511);
  expect(simulation.runUntil(10)).toBe('empty');
  expect(log.map(([, subject]) => subject)).toEqual([6, 3, 2, 5, 1, 4]);
});

test('an event scheduled for now runs after the present one, before anything later', () => {
  const log: string[] = [];
  const simulation = new Simulation();
  const later = simulation.addKind(() => log.push('later'));
  const now = simulation.addKind(() => log.push(`now ${simulation.nowMs}`));
  const first = simulation.addKind(() => {
    simulation.schedule(0, now, 0, -511);
    log.push('first');
  });
  simulation.schedule(1, first, 0);
  simulation.schedule(1 + tickMs, later, 0);
  simulation.runUntil(2);
  expect(log).toEqual(['first', 'now 1', 'later']);
});

test('runUntil runs what is due at its end, and the clock stands there', () => {
  const { simulation, kind, log } = recording();
  simulation.schedule(10, kind, 1);
  simulation.schedule(10 + tickMs, kind, 2);
  expect(simulation.runUntil(10)).toBe('reached');
  expect(log).toEqual([[10, 1]]);
  expect(simulation.nowMs).toBe(10);
  expect(simulation.eventsPending).toBe(1);
  expect(simulation.runUntil(50)).toBe('empty');
  expect(simulation.nowMs).toBe(50);
  expect(simulation.eventsExecuted).toBe(2);
});

test('without an end the clock stands at the last event', () => {
  const { simulation, kind } = recording();
  simulation.schedule(7, kind, 1);
  expect(simulation.runUntil(Number.POSITIVE_INFINITY)).toBe('empty');
  expect(simulation.nowMs).toBe(7);
});

test('times are rounded to the nearest tick, and sums of them are exact', () => {
  const { simulation, kind, log } = recording();
  simulation.schedule(0.4 * tickMs, kind, 1);
  simulation.schedule(0.6 * tickMs, kind, 2);
  simulation.runUntil(0.1);
  expect(log).toEqual([
    [0, 1],
    [tickMs, 2],
  ]);
  expect(simulation.nowMs).toBe(102 * tickMs);

  // A tenth of a millisecond is no double; a thousand of them in a row and at once give one instant.
  const startMs = simulation.nowMs;
  let left = 1000;
  const step = simulation.addKind(() => {
    if (--left > 0) simulation.schedule(0.1, step, 0);
  });
  simulation.schedule(0.1, step, 0);
  simulation.runUntil(Number.POSITIVE_INFINITY);
  expect(simulation.nowMs - startMs).toBe(1000 * 102 * tickMs);
});

test('a cancelled event does not run, moves no clock and counts as no event', () => {
  const { simulation, kind, log } = recording();
  const early = simulation.schedule(1, kind, 1);
  simulation.schedule(2, kind, 2);
  const late = simulation.schedule(9, kind, 3);
  expect(simulation.cancel(early)).toBe(true);
  expect(simulation.cancel(early)).toBe(false);
  expect(simulation.cancel(late)).toBe(true);
  expect(simulation.cancel(noEvent)).toBe(false);
  expect(simulation.eventsPending).toBe(1);
  expect(simulation.runUntil(Number.POSITIVE_INFINITY)).toBe('empty');
  expect(log).toEqual([[2, 2]]);
  expect(simulation.nowMs).toBe(2);
  expect(simulation.eventsExecuted).toBe(1);
});

test('the handle of an event that has run hits no later event', () => {
  const { simulation, kind, log } = recording();
  const ran = simulation.schedule(1, kind, 1);
  simulation.runUntil(1);
  simulation.schedule(1, kind, 2);
  expect(simulation.cancel(ran)).toBe(false);
  simulation.runUntil(2);
  expect(log.map(([, subject]) => subject)).toEqual([1, 2]);
});

test('an event cannot cancel itself while it runs', () => {
  const simulation = new Simulation();
  let handle = noEvent;
  const outcomes: boolean[] = [];
  const kind = simulation.addKind(() => outcomes.push(simulation.cancel(handle)));
  handle = simulation.schedule(1, kind, 0);
  simulation.runUntil(1);
  expect(outcomes).toEqual([false]);
});

test('stop ends the run after the present event, and the next run goes on from there', () => {
  const log: number[] = [];
  const simulation = new Simulation();
  const kind = simulation.addKind((subject) => {
    log.push(subject);
    if (subject === 1) simulation.stop();
  });
  simulation.schedule(1, kind, 1);
  simulation.schedule(1, kind, 2);
  expect(simulation.runUntil(5)).toBe('stopped');
  expect(log).toEqual([1]);
  expect(simulation.nowMs).toBe(1);
  expect(simulation.runUntil(5)).toBe('empty');
  expect(log).toEqual([1, 2]);
});

test('maxEvents stops a run that would go on, and only that', () => {
  const simulation = new Simulation({ maxEvents: 3 });
  const kind = simulation.addKind((subject) => {
    if (subject < 3) simulation.schedule(1, kind, subject + 1);
  });
  simulation.schedule(1, kind, 1);
  expect(simulation.runUntil(100)).toBe('empty');
  simulation.schedule(1, kind, 3);
  expect(simulation.runUntil(200)).toBe('stopped');
  expect(simulation.eventsExecuted).toBe(3);
  expect(simulation.nowMs).toBe(100);
});

test('onEvent is told of every event before it runs', () => {
  const log: unknown[] = [];
  const simulation = new Simulation({ onEvent: (...event) => log.push(event) });
  const first = simulation.addKind(() => log.push('runs'));
  const second = simulation.addKind(() => log.push('runs'));
  simulation.schedule(2, second, 7);
  simulation.schedule(1, first, -8);
  simulation.runUntil(2);
  expect(log).toEqual([[1, first, -8], 'runs', [2, second, 7], 'runs']);
});

test.each([
  ['a negative delay', (s: Simulation) => s.schedule(-0.001, 0, 0)],
  ['NaN', (s: Simulation) => s.schedule(Number.NaN, 0, 0)],
  ['an infinite delay', (s: Simulation) => s.schedule(Number.POSITIVE_INFINITY, 0, 0)],
  ['a time past the exact ones', (s: Simulation) => s.schedule(2 ** 43, 0, 0)],
  ['a time gone by', (s: Simulation) => s.scheduleAt(4, 0, 0)],
  ['a time that is no number', (s: Simulation) => s.scheduleAt(Number.NaN, 0, 0)],
  ['an unknown kind', (s: Simulation) => s.schedule(1, 1, 0)],
  ['a subject of more than 32 bits', (s: Simulation) => s.schedule(1, 0, 2 ** 31)],
  ['a broken priority', (s: Simulation) => s.schedule(1, 0, 0, 0.5)],
  ['a priority out of range', (s: Simulation) => s.schedule(1, 0, 0, 512)],
  ['a run into the past', (s: Simulation) => s.runUntil(4)],
])('%s is an InvariantError', (_, act) => {
  const simulation = new Simulation();
  simulation.addKind(() => {});
  simulation.runUntil(5);
  expect(() => act(simulation)).toThrow(InvariantError);
  expect(simulation.eventsPending).toBe(0);
});

test('an error in a handler ends the run and leaves the simulation usable; a run inside a run is refused', () => {
  const simulation = new Simulation();
  const nested = simulation.addKind(() => simulation.runUntil(9));
  simulation.schedule(1, nested, 0);
  expect(() => simulation.runUntil(5)).toThrow(InvariantError);
  expect(simulation.runUntil(5)).toBe('empty');
});

test('mostEvents pauses a run, which then goes on as if nothing had been', () => {
  const simulation = new Simulation();
  const seen: number[] = [];
  const kind = simulation.addKind((subject) => seen.push(subject));
  for (let subject = 0; subject < 5; subject++) simulation.schedule(subject, kind, subject);
  expect(simulation.runUntil(10, 2)).toBe('paused');
  expect([simulation.nowMs, seen]).toEqual([1, [0, 1]]);
  expect(simulation.runUntil(10, 3)).toBe('empty');
  expect([simulation.nowMs, seen]).toEqual([10, [0, 1, 2, 3, 4]]);
});
