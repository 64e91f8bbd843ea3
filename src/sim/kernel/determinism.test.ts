import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { exponential } from './distributions.js';
import type { EventHandle, FutureEventList } from './future-event-list.js';
import { counterStream, randomStreams } from './random-streams.js';
import { Simulation } from './simulation.js';
import { Station } from './station.js';

/** The plain future event list: an array that is sorted when looked at. Handles are numbered through. */
class SortedEventList implements FutureEventList {
  poppedMs = 0;
  poppedKind = 0;
  poppedSubject = 0;
  #events: { atMs: number; priority: number; kind: number; subject: number; handle: EventHandle }[] = [];
  #pushed = 0;

  get size(): number {
    return this.#events.length;
  }

  push(atMs: number, priority: number, kind: number, subject: number): EventHandle {
    const handle = this.#pushed++;
    this.#events.push({ atMs, priority, kind, subject, handle });
    return handle;
  }

  peekMs(): number {
    this.#events.sort((a, b) => a.atMs - b.atMs || a.priority - b.priority || a.handle - b.handle);
    return this.#events[0]?.atMs ?? Number.POSITIVE_INFINITY;
  }

  popUntil(lastMs: number): boolean {
    if (this.peekMs() > lastMs) return false;
    const event = this.#events.shift();
    if (event === undefined) return false;
    this.poppedMs = event.atMs;
    this.poppedKind = event.kind;
    this.poppedSubject = event.subject;
    return true;
  }

  cancel(handle: EventHandle): boolean {
    const index = this.#events.findIndex((event) => event.handle === handle);
    if (index >= 0) this.#events.splice(index, 1);
    return index >= 0;
  }
}

/** Two stations in a row with impatient customers and breakdowns: a hash over every event of a run. */
function fingerprint(seed: string, replication: number, events?: FutureEventList): string {
  const hash = createHash('sha256');
  const simulation: Simulation = new Simulation({
    onEvent: (atMs, kind, subject) => hash.update(`${atMs} ${kind} ${subject}\n`),
    ...(events === undefined ? {} : { events }),
  });
  const arrivals = randomStreams(seed, replication)('arrivals');
  const draw = counterStream(seed, replication, 'service');
  const between = exponential(10);
  const service = exponential(16);
  const guards: EventHandle[] = [];
  const second = new Station(simulation, {
    servers: 2,
    serviceTimeMs: (customer) => service.sample(draw(customer, 1)),
    completed: (customer) => simulation.cancel(guards[customer]!),
  });
  const first = new Station(simulation, {
    servers: 2,
    serviceTimeMs: (customer) => service.sample(draw(customer, 0)),
    completed: (customer) => second.arrive(customer),
  });
  const impatient = simulation.addKind(() => {});
  let count = 0;
  const arrive = simulation.addKind(() => {
    guards.push(simulation.schedule(200, impatient, count));
    first.arrive(count++);
    simulation.schedule(between.sample(arrivals()), arrive, 0);
  });
  const breakdown = simulation.addKind((repaired) => {
    if (repaired === 1) first.start();
    else first.stop();
    simulation.schedule(100, breakdown, 1 - repaired, 1);
  });
  simulation.schedule(0, arrive, 0);
  simulation.schedule(50, breakdown, 0);
  simulation.runUntil(20_000);
  return hash.digest('hex');
}

test('the same seed gives the same events, another seed or replication gives others', () => {
  const one = fingerprint('42', 0);
  expect(fingerprint('42', 0)).toBe(one);
  expect(new Set([one, fingerprint('43', 0), fingerprint('42', 1)]).size).toBe(3);
});

test('a run does not depend on the kind of event list', () => {
  expect(fingerprint('42', 0, new SortedEventList())).toBe(fingerprint('42', 0));
});
