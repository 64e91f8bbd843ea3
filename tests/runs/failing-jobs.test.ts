import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type SweepOptions, simulate, sweep } from '../../src/runner/index.js';
import { smallScenario } from '../measure/small-scenario.js';
import { bytesOf, shortRun } from './result-bytes.js';

let home: string;
let scenario: string;
let out: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'mailflow-failing-'));
  scenario = join(home, 'scenario.json');
  out = join(home, 'out');
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

const version = '1.2.3';
const sweepFile = (folder: string) => JSON.parse(readFileSync(join(folder, 'sweep.json'), 'utf8'));

test('a worker that runs out of memory fails its own job, and --resume makes the result whole', async () => {
  const [workload] = JSON.parse(smallScenario()).workloads;
  const workloads = [{ ...workload, from: 'u1@contoso.com', to: ['u2@contoso.com'] }];
  writeFileSync(scenario, smallScenario({ ...shortRun, workloads, replications: 2 }));
  const mailboxes = (count: number) => [{ address: 'u{n}@contoso.com', count, database: 'DBA' }];
  const plan = join(home, 'plan.json');
  writeFileSync(
    plan,
    JSON.stringify([
      { 'organization.mailboxes': mailboxes(95_000) },
      { 'organization.mailboxes': mailboxes(10) },
    ]),
  );
  const options: SweepOptions = { version, out, plan };
  const outcome = await sweep(scenario, { ...options, workers: 2, workerMemoryBytes: 32 * 2 ** 20 });
  expect(outcome.failed.map(({ point, replication }) => [point, replication]).sort()).toEqual([
    [1, 1],
    [1, 2],
  ]);
  expect(outcome.failed[0]!.message).toMatch(/memory/);
  expect(outcome).toMatchObject({ folder: `${out}.partial`, stoppedBy: null });
  expect(sweepFile(`${out}.partial`)).toMatchObject({
    incomplete: true,
    points: [{ summary: null }, { summary: { replications: 2 } }],
  });
  const reused: number[] = [];
  const resumed = await sweep(scenario, {
    ...options,
    resume: true,
    onReused: (count) => reused.push(count),
  });
  expect(resumed.failed).toEqual([]);
  expect(reused).toEqual([2]);
  const whole = join(home, 'whole');
  await sweep(scenario, { ...options, out: whole });
  expect(bytesOf(out)).toEqual(bytesOf(whole));
});

test('workers that die before they take a job fail one job each, and the run ends', async () => {
  writeFileSync(scenario, smallScenario({ ...shortRun, replications: 4 }));
  const outcome = await simulate(scenario, { version, out, workers: 2, workerMemoryBytes: 4 * 2 ** 20 });
  expect(outcome.failed.map(({ replication }) => replication).sort()).toEqual([1, 2, 3, 4]);
  expect(outcome.failed[0]!.message).toMatch(/memory/);
  expect(outcome).toMatchObject({ folder: `${out}.partial`, stoppedBy: null });
});

test('workers that die of each job leave none waiting for ever', async () => {
  const mailboxes = [{ address: 'u{n}@contoso.com', count: 95_000, database: 'DBA' }];
  const [workload] = JSON.parse(smallScenario()).workloads;
  const workloads = [{ ...workload, from: 'u1@contoso.com', to: ['u2@contoso.com'] }];
  writeFileSync(scenario, smallScenario({ ...shortRun, workloads, replications: 3 }));
  const outcome = await simulate(scenario, {
    ...{ version, out, workers: 2, workerMemoryBytes: 20 * 2 ** 20 },
    set: [`organization.mailboxes=${JSON.stringify(mailboxes)}`],
  });
  expect(outcome.failed.map(({ replication }) => replication).sort()).toEqual([1, 2, 3]);
});

test('a scenario that changes while it is swept fails the jobs that would read it', async () => {
  writeFileSync(scenario, smallScenario({ ...shortRun, replications: 1 }));
  const outcome = await sweep(scenario, {
    version,
    out,
    vary: ['workloads.0.messagesPerSecond=1,2'],
    onPlanned: () => writeFileSync(scenario, smallScenario({ ...shortRun, seed: 'other' })),
  });
  expect(outcome.failed).toHaveLength(2);
  expect(outcome.failed[0]!.message).toBe(
    `${scenario} or a file that it names has been changed while it was simulated`,
  );
  expect(existsSync(out)).toBe(false);
  expect(sweepFile(`${out}.partial`)).toMatchObject({ incomplete: true });
});
