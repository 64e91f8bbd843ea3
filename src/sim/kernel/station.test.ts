import { expect, test } from 'vitest';
import { lifo, nonPreemptivePriority } from './disciplines.js';
import { InvariantError } from './invariant.js';
import { Simulation } from './simulation.js';
import { Station, type StationOptions } from './station.js';

/** A station with services of 10 ms, and what it does as text: `5 starts 1`. */
function observed(options: Partial<StationOptions> = {}) {
  const log: string[] = [];
  const simulation = new Simulation();
  const station = new Station(simulation, {
    servers: 1,
    serviceTimeMs: () => 10,
    started: (entity) => log.push(`${simulation.nowMs} starts ${entity}`),
    completed: (entity) => log.push(`${simulation.nowMs} ends ${entity}`),
    ...options,
  });
  const arrival = simulation.addKind((entity) => station.arrive(entity));
  const arriveAt = (atMs: number, entity: number) => simulation.scheduleAt(atMs, arrival, entity);
  return { log, simulation, station, arriveAt };
}

function present(station: Station): number[] {
  const entities: number[] = [];
  station.forEach((entity) => {
    entities.push(entity);
  });
  return entities;
}

test('one server serves one after another; the next starts before the end of the last is told', () => {
  const { log, simulation, station, arriveAt } = observed();
  arriveAt(0, 1);
  arriveAt(3, 2);
  arriveAt(4, 3);
  simulation.runUntil(5);
  expect([station.busy, station.waiting]).toEqual([1, 2]);
  expect(present(station)).toEqual([1, 2, 3]);
  simulation.runUntil(100);
  expect(log).toEqual(['0 starts 1', '10 starts 2', '10 ends 1', '20 starts 3', '20 ends 2', '30 ends 3']);
  expect([station.busy, station.waiting]).toEqual([0, 0]);
});

test('as many services run side by side as there are servers', () => {
  const { log, simulation, station, arriveAt } = observed({ servers: 2 });
  for (const entity of [1, 2, 3]) arriveAt(entity, entity);
  simulation.runUntil(4);
  expect([station.servers, station.busy, station.waiting]).toEqual([2, 2, 1]);
  simulation.runUntil(100);
  expect(log).toEqual(['1 starts 1', '2 starts 2', '11 starts 3', '11 ends 1', '12 ends 2', '21 ends 3']);
});

test('an entity that comes back from its end queues up behind those who wait', () => {
  const order: number[] = [];
  const simulation = new Simulation();
  const station: Station = new Station(simulation, {
    servers: 1,
    serviceTimeMs: () => 1,
    completed: (entity) => {
      order.push(entity);
      if (order.length < 5) station.arrive(entity);
    },
  });
  for (const entity of [1, 2]) station.arrive(entity);
  simulation.runUntil(100);
  expect(order).toEqual([1, 2, 1, 2, 1, 2]);
});

test('last come, first served', () => {
  const { log, simulation, arriveAt } = observed({ discipline: lifo });
  for (const entity of [1, 2, 3]) arriveAt(entity, entity);
  simulation.runUntil(100);
  expect(log.filter((line) => line.includes('ends'))).toEqual(['11 ends 1', '21 ends 3', '31 ends 2']);
});

test('the lowest priority number goes first, and interrupts nobody', () => {
  const { log, simulation, station } = observed({ discipline: nonPreemptivePriority(3) });
  station.arrive(1, 2);
  station.arrive(2, 2);
  station.arrive(3, 0);
  station.arrive(4, 1);
  station.arrive(5, 0);
  simulation.runUntil(100);
  expect(log.filter((line) => line.includes('ends')).map((line) => line.at(-1))).toEqual([
    '1',
    '3',
    '5',
    '4',
    '2',
  ]);
});

test('a breakdown puts those in service back to the head of the line, in the order in which they started', () => {
  const { log, simulation, station, arriveAt } = observed({ servers: 3 });
  // The servers free up in another order than they started: 3 is on the server of 1.
  for (const [atMs, entity] of [
    [0, 1],
    [2, 2],
    [4, 3],
    [5, 4],
    [6, 5],
  ] as const)
    arriveAt(atMs, entity);
  simulation.runUntil(11);
  log.length = 0;
  expect(present(station).toSorted()).toEqual([2, 3, 4, 5]);
  station.stop();
  station.stop();
  expect(station.isRunning).toBe(false);
  expect([station.busy, station.waiting]).toEqual([0, 4]);
  expect(present(station)).toEqual([2, 3, 4, 5]);
  expect(simulation.eventsPending).toBe(0);
  arriveAt(20, 6);
  simulation.runUntil(30);
  expect(log).toEqual([]);
  station.start();
  station.start();
  expect(station.isRunning).toBe(true);
  simulation.runUntil(100);
  expect(log).toEqual([
    '30 starts 2',
    '30 starts 3',
    '30 starts 4',
    '40 starts 5',
    '40 ends 2',
    '40 starts 6',
    '40 ends 3',
    '40 ends 4',
    '50 ends 5',
    '50 ends 6',
  ]);
});

test('after a breakdown each goes back to its own priority', () => {
  const { log, simulation, station } = observed({ servers: 2, discipline: nonPreemptivePriority(2) });
  station.arrive(1, 1);
  station.arrive(2, 0);
  station.arrive(3, 1);
  station.arrive(4, 0);
  station.stop();
  expect(present(station)).toEqual([2, 4, 1, 3]);
  log.length = 0;
  station.start();
  simulation.runUntil(15);
  expect(log.slice(0, 2)).toEqual(['0 starts 2', '0 starts 4']);
});

test('the breakdown of a last-come station serves the interrupted next', () => {
  const { simulation, station, arriveAt } = observed({ servers: 2, discipline: lifo });
  for (const entity of [1, 2, 3]) arriveAt(entity, entity);
  simulation.runUntil(5);
  station.stop();
  expect(present(station)).toEqual([1, 2, 3]);
});

test('removeAll takes everybody out unserved, and the station goes on', () => {
  const { log, simulation, station, arriveAt } = observed();
  for (const entity of [1, 2, 3]) arriveAt(entity, entity);
  simulation.runUntil(5);
  const removed: number[] = [];
  station.removeAll((entity) => removed.push(entity));
  expect(removed).toEqual([1, 2, 3]);
  expect([station.busy, station.waiting]).toEqual([0, 0]);
  arriveAt(6, 4);
  simulation.runUntil(100);
  expect(log).toEqual(['1 starts 1', '6 starts 4', '16 ends 4']);
});

test('a breakdown at the start of a service keeps the others from starting', () => {
  const simulation = new Simulation();
  const started: number[] = [];
  const station: Station = new Station(simulation, {
    servers: 3,
    serviceTimeMs: () => 1,
    completed: () => {},
    started: (entity) => {
      started.push(entity);
      if (started.length === 1) station.stop();
    },
  });
  station.stop();
  station.arrive(1);
  station.arrive(2);
  station.start();
  expect(started).toEqual([1]);
  expect(present(station)).toEqual([1, 2]);
  expect([station.busy, station.waiting, station.isRunning]).toEqual([0, 2, false]);
  station.start();
  expect(started).toEqual([1, 1, 2]);
});

test('a change during a visit, an impossible entity and no servers are InvariantErrors', () => {
  const { station, simulation } = observed();
  station.arrive(1);
  const changes = [
    () => station.arrive(2),
    () => station.stop(),
    () => station.start(),
    () => station.removeAll(() => {}),
  ];
  for (const change of changes) expect(() => station.forEach(change)).toThrow(InvariantError);
  expect(() => station.removeAll(() => station.arrive(2))).toThrow(InvariantError);
  expect(() => station.arrive(-1)).toThrow(InvariantError);
  expect(() => station.arrive(0.5)).toThrow(InvariantError);
  expect(() => station.arrive(2 ** 31)).toThrow(InvariantError);
  for (const servers of [0, 1.5, Number.NaN]) {
    const options = { servers, serviceTimeMs: () => 1, completed: () => {} };
    expect(() => new Station(simulation, options)).toThrow(InvariantError);
  }
});
