import { describe, expect, it, test } from 'vitest';
import { queueScenario } from '../../bench/statistics/queue-scenario.js';
import { smallScenario } from '../../tests/measure/small-scenario.js';
import { decodeScenario, FileError } from '../scenario/index.js';
import { compileScenario } from './compile-scenario.js';
import { runReplication } from './run-replication.js';
import {
  findWarmUp,
  type PilotSeries,
  runPilot,
  warmUpFrom,
  warmUpPilots,
  warmUpSearchEndMs,
} from './warm-up.js';

function small(changes: Readonly<Record<string, unknown>> = {}) {
  const readFile = () => {
    throw new FileError('no files here');
  };
  return decodeScenario(smallScenario({ warmUp: 'auto', ...changes }), 'small.json', { readFile }).scenario;
}

describe('where the search for a warm-up ends', () => {
  it('when new mail ends, or the run, or the first fault begins that is not there from the start', () => {
    expect(warmUpSearchEndMs(small({ faults: [] }))).toBe(600_000);
    expect(warmUpSearchEndMs(small({ faults: [] }), 60_000)).toBe(60_000);
    expect(warmUpSearchEndMs(small())).toBe(180_000);
    const outage = { kind: 'site-link-outage', link: 'AB', for: '2 min' };
    expect(warmUpSearchEndMs(small({ faults: [{ ...outage, at: '+0 s' }] }))).toBe(600_000);
    const random = { kind: 'random-failures', of: { kind: 'site-link-outage', link: 'AB' }, at: '+1 min' };
    const times = { meanTimeBetween: '1 h', meanTimeToRepair: '1 min' };
    expect(warmUpSearchEndMs(small({ faults: [{ ...random, ...times }] }))).toBe(600_000);
  });
});

describe('the warm-up that pilots show', () => {
  /** A step from 0 to 100 ms a delivery; nothing is delivered in the first `silent` of 500 intervals. */
  const pilot = (step: number, silent = 0): PilotSeries => {
    const delivered = Array.from({ length: 500 }, (_, index) => (index < silent ? 0 : 2));
    return {
      delivered,
      latencyMs: delivered.map((count, index) => count * ((index < step ? 0 : 100) + (index % 3))),
    };
  };

  it('is a place in time: intervals without deliveries count as time', () => {
    expect(warmUpFrom([pilot(100)], 1_000_000)).toEqual({
      method: 'MSER-5',
      pilots: 1,
      warmUpMs: 200_000,
      found: true,
    });
    expect(warmUpFrom([pilot(150, 50)], 1_000_000).warmUpMs).toBe(300_000);
  });

  it('is that of all pilots together', () => {
    expect(warmUpFrom([pilot(50), pilot(100)], 1_000_000).warmUpMs).toBe(200_000);
  });

  it('is half of the time looked at where no steady state is found', () => {
    expect(warmUpFrom([pilot(400)], 1_000_000)).toMatchObject({ warmUpMs: 500_000, found: false });
    expect(warmUpFrom([{ delivered: [], latencyMs: [] }], 1_000_000)).toMatchObject({ found: false });
  });
});

test('the series of a pilot is that of its deliveries, to the last of the time looked at', async () => {
  const scenario = small({ faults: [] });
  const tables = compileScenario(scenario);
  const series = (await runPilot(scenario, tables, 2, 300_000))!;
  expect(series.delivered.length).toBeGreaterThanOrEqual(500);
  const { result } = await runReplication({ ...scenario, warmUpMs: 0 }, tables, 2, {
    sink: () => {},
    recordMessages: false,
    untilMs: 300_000,
  });
  const { count, sum } = result.deliveryLatency.latencyMs;
  expect(series.delivered.reduce((all, each) => all + each, 0)).toBe(count);
  // Means are printed in microseconds.
  expect(series.latencyMs.reduce((all, each) => all + each, 0)).toBeCloseTo(sum, -1);
});

test('a queue at 80 % load that starts empty: the warm-up is found, the same each time', async () => {
  const scenario = queueScenario({
    load: 0.8,
    length: 5_000,
    seed: '1',
    replications: 1,
    warmUp: 'auto',
  });
  const tables = compileScenario(scenario);
  const found = (await findWarmUp(scenario, tables))!;
  expect(found.foundWarmUp).toMatchObject({ pilots: warmUpPilots, found: true });
  // 1 / (1 - sqrt 0.8)^2 = 90 service times is its relaxation time.
  expect(found.warmUpMs).toBeLessThanOrEqual(1_000_000);
  expect(await findWarmUp(scenario, tables)).toEqual(found);
  expect(await findWarmUp({ ...scenario, replications: 7 }, tables)).toEqual({ ...found, replications: 7 });
});

test('an overloaded queue has no steady state', async () => {
  const scenario = queueScenario({ load: 1.3, length: 1_000, seed: '1', replications: 1, warmUp: 'auto' });
  const found = await findWarmUp(scenario, compileScenario(scenario));
  expect(found!.foundWarmUp).toMatchObject({ found: false, warmUpMs: 500_000 });
});

test('a warm-up that is given is not looked for, and who watches can stop the search', async () => {
  const given = small({ warmUp: '1 min' });
  expect(await findWarmUp(given, compileScenario(given))).toEqual(given);
  const scenario = small();
  const tables = compileScenario(scenario);
  expect(await findWarmUp(scenario, tables, { onProgress: () => 'stop' })).toBeNull();
  await expect(
    runReplication(scenario, tables, 1, { sink: () => {}, recordMessages: false }),
  ).rejects.toThrow('findWarmUp');
});
