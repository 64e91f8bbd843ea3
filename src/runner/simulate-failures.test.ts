import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { smallScenario } from '../../tests/measure/small-scenario.js';
import { compileScenario, findFailures, runExperiment, withFaults } from '../experiment/index.js';
import type { RunProgress } from './job-run.js';
import { loadScenario } from './load-file.js';
import { type SimulateFailuresOptions, simulateFailures } from './simulate-failures.js';

const home = mkdtempSync(join(tmpdir(), 'mailflow-failures-test-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const scenario = join(home, 'scenario.json');
writeFileSync(
  scenario,
  smallScenario({
    duration: '2 min',
    replications: 3,
    faults: [],
    thresholds: [{ metric: 'deliveryLatency.p95Ms', below: '30 s' }],
  }),
);
const opened = loadScenario(scenario).scenario;
const tables = compileScenario(opened);
const found = findFailures(tables);

const simulated = (options: Partial<SimulateFailuresOptions> = {}) =>
  simulateFailures(scenario, found, { version: 'test', most: 3, workers: 1, ...options });

test('the answer is the same bytes with 1, 2 and 4 workers, and tells how far it is', async () => {
  const planned: number[] = [];
  const told: RunProgress[] = [];
  const alone = await simulated({ onPlanned: (...counts) => planned.push(...counts) });
  expect(planned).toEqual([3, 12]);
  expect(alone).toMatchObject({ wanted: 3, simulated: 3, stoppedBy: null, failedRuns: [] });
  for (const workers of [2, 4]) {
    const { answer } = await simulated({ workers, onProgress: (now) => told.push(now) });
    expect(JSON.stringify(answer)).toBe(JSON.stringify(alone.answer));
  }
  expect(told.length).toBeGreaterThan(0);
  expect(told.at(-1)!.jobs).toBe(12);
  expect(told.some(({ leftMs }) => leftMs !== null)).toBe(true);
}, 60_000);

test('what the thresholds say is what they say of the scenario with that failure among its faults', async () => {
  const { answer } = await simulated({ workers: 1 });
  const said = async (faults: typeof opened.faults) => {
    const { summary } = await runExperiment(withFaults(opened, faults), tables, {
      version: 'test',
      sink: () => undefined,
      recordMessages: false,
    });
    return summary.thresholds;
  };
  expect(answer.thresholdsBefore).toEqual(await said([]));
  const [worst] = answer.failures;
  expect(worst!.failed).toEqual([{ kind: 'site-link', name: 'AB' }]);
  expect(worst!.thresholds).toEqual(
    await said([{ kind: 'site-link-outage', beginMs: 0, endMs: opened.durationMs, link: 'AB' }]),
  );
  expect(worst!.thresholds).not.toEqual(answer.thresholdsBefore);
  expect(answer.failures[3]!.thresholds).toBeNull();
}, 60_000);

test('with its warm-up found for each failure, on threads as in this one', async () => {
  const auto = join(home, 'auto.json');
  writeFileSync(auto, smallScenario({ duration: '2 min', warmUp: 'auto', faults: [] }));
  const of = async (workers: number) =>
    (await simulateFailures(auto, found, { version: 'test', most: 1, workers })).answer;
  expect(await of(2)).toEqual(await of(1));
}, 60_000);

test('interrupted, nothing is judged by a part of its replications', async () => {
  const longer = join(home, 'longer.json');
  writeFileSync(
    longer,
    smallScenario({
      duration: '40 min',
      replications: 3,
      faults: [],
      thresholds: [{ metric: 'deliveryLatency.p95Ms', below: '30 s' }],
    }),
  );
  const run = (more: Partial<SimulateFailuresOptions> = {}) =>
    simulateFailures(longer, found, { version: 'test', most: 3, workers: 1, ...more });
  const whole = await run();
  const interrupted = new AbortController();
  const {
    answer,
    simulated: judged,
    stoppedBy,
  } = await run({
    signal: interrupted.signal,
    // Of three each: the scenario as it is is done, and one of the others not to its end.
    onProgress: ({ finished }) => finished > 3 && finished % 3 !== 0 && interrupted.abort(),
  });
  expect([stoppedBy, answer.incomplete]).toEqual(['interrupt', true]);
  expect(judged).toBeLessThan(3);
  expect(answer.thresholdsBefore).toEqual(whole.answer.thresholdsBefore);
  for (const [place, { thresholds }] of answer.failures.entries()) {
    expect(thresholds).toEqual(place < judged ? whole.answer.failures[place]!.thresholds : null);
  }
}, 60_000);
