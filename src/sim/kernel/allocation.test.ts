import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { exponential } from './distributions.js';
import { type EventHandle, noEvent } from './future-event-list.js';
import { counterStream, randomStreams } from './random-streams.js';
import { Simulation } from './simulation.js';
import { Station } from './station.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Heap growth in bytes over what `run` does, garbage not counted. */
function heapGrowth(run: () => void): number {
  collectGarbage();
  const before = process.memoryUsage();
  run();
  collectGarbage();
  const after = process.memoryUsage();
  return after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
}

const megabyte = 2 ** 20;

test('10^6 events of stations with timers in steady state allocate less than 1 MB', () => {
  const simulation = new Simulation();
  const arrivals = randomStreams('allocation', 0)('arrivals');
  const draw = counterStream('allocation', 0, 'service');
  const between = exponential(1);
  const service = exponential(3.2);
  // Each entity has a guard timer, which is cancelled at the end of its service.
  const guards = new Float64Array(4096).fill(noEvent);
  let count = 0;
  const guardRanOut = simulation.addKind((entity) => {
    guards[entity & 4095] = noEvent;
  });
  const station = new Station(simulation, {
    servers: 4,
    serviceTimeMs: (entity) => service.sample(draw(entity, 0)),
    completed: (entity) => {
      const guard: EventHandle = guards[entity & 4095]!;
      simulation.cancel(guard);
    },
  });
  const arrive = simulation.addKind(() => {
    guards[count & 4095] = simulation.schedule(600_000, guardRanOut, count);
    station.arrive(count++);
    simulation.schedule(between.sample(arrivals()), arrive, 0);
  });
  simulation.schedule(0, arrive, 0);
  // The first 200,000 ms let the lines find their size and the code be compiled.
  simulation.runUntil(200_000);
  const before = simulation.eventsExecuted;
  const growth = heapGrowth(() => simulation.runUntil(750_000));
  expect(simulation.eventsExecuted - before).toBeGreaterThan(1_000_000);
  expect(growth).toBeLessThan(megabyte);
});

test('a draw of a counter stream makes no garbage at all', () => {
  const draw = counterStream('allocation', 0, 'service');
  const drawAll = (draws: number): number => {
    let sum = 0;
    for (let i = 0; i < draws; i++) sum += draw(i, 1);
    return sum;
  };
  // No collection in between: 10^6 boxed numbers would be 16 MB, or a collection that leaves less than before.
  // The first rounds run in code that is not compiled yet; what it comes to is the least of them.
  const changes = Array.from({ length: 8 }, () => {
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    drawAll(1_000_000);
    return Math.abs(process.memoryUsage().heapUsed - before);
  });
  expect(Math.min(...changes)).toBeLessThan(megabyte / 16);
});
