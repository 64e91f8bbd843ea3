import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCapacityValue } from '../../src/experiment/index.js';
import { capacity, type RunProgress, simulate } from '../../src/runner/index.js';
import { smallScenario } from '../measure/small-scenario.js';

let home: string;
let scenario: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'mailflow-progress-'));
  scenario = join(home, 'scenario.json');
  const [workload] = JSON.parse(smallScenario()).workloads;
  // Long enough to be told of more than once.
  const workloads = [{ ...workload, messagesPerSecond: 20 }];
  writeFileSync(scenario, smallScenario({ workloads, duration: '10 min', faults: [] }));
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

/** What a simulation told of itself. */
async function simulated(set: readonly string[], options: object = {}): Promise<readonly RunProgress[]> {
  const told: RunProgress[] = [];
  const out = join(home, 'out');
  await simulate(scenario, { version: '1', out, set, onProgress: (now) => told.push(now), ...options });
  rmSync(out, { recursive: true, force: true });
  return told;
}

const of = (told: readonly RunProgress[], kind: 'pilots' | 'replications') =>
  told.filter(({ stage }) => stage.kind === kind);

test.each([
  ['a single replication', ['workloads.0.messagesPerSecond=40'], 1],
  ['three in this thread', ['replications=3'], 3],
])(
  'while the warm-up is looked for, nothing is said of the time left: %s',
  async (_, set, wanted) => {
    const told = await simulated(['warmUp=auto', ...set]);
    const pilots = of(told, 'pilots');
    expect(pilots.length).toBeGreaterThan(1);
    expect(new Set(pilots.map(({ jobs, leftMs }) => `${jobs} ${leftMs}`))).toEqual(new Set(['5 null']));
    const replications = of(told, 'replications');
    expect(replications.length).toBeGreaterThan(0);
    for (const { jobs, finished } of replications) expect([jobs, finished < jobs]).toEqual([wanted, true]);
    const left = replications.find(({ leftMs }) => leftMs !== null);
    // At the pace of the replications alone: the pilots took longer than all that is left.
    expect(left!.leftMs!).toBeLessThan(3 * left!.wallMs);
  },
  120_000,
);

test('a run of a part of the time is that much', async () => {
  const told = await simulated(['replications=1', 'workloads.0.messagesPerSecond=60'], { untilMs: 400_000 });
  expect(told.length).toBeGreaterThan(0);
  for (const { running } of told) expect(running[0]!.durationMs).toBe(400_000);
}, 60_000);

test('with --precision as many as it takes, at most so many', async () => {
  const told = await simulated([], { precision: { percent: 100, mostReplications: 12 } });
  expect(told.length).toBeGreaterThan(0);
  for (const { stage, leftMs } of told) {
    expect([stage, leftMs]).toEqual([{ kind: 'replications', atMost: 12, before: 0 }, null]);
  }
}, 120_000);

test('capacity tells its steps', async () => {
  const told: RunProgress[] = [];
  await capacity(scenario, {
    version: '1',
    vary: 'workloads.0.messagesPerSecond',
    ends: [readCapacityValue('20')!, readCapacityValue('40')!],
    smallest: false,
    precision: 0.5,
    mostReplications: 2,
    workers: 1,
    onProgress: (now) => told.push(now),
  });
  expect(told.length).toBeGreaterThan(1);
  const values = ['20', '40'];
  for (const { stage, leftMs } of told) {
    const { number, value } = stage.step!;
    expect([stage.atMost, leftMs, value]).toEqual([2, null, values[number - 1]]);
  }
  expect(new Set(told.map(({ stage }) => stage.step!.number))).toEqual(new Set([1, 2]));
}, 120_000);
