import { expect, test } from 'vitest';
import { smallScenario } from '../../tests/measure/small-scenario.js';
import type { ReplicationResult } from '../measure/index.js';
import { decodeScenario, FileError, type Scenario, ScenarioError } from '../scenario/index.js';
import { compileScenario } from './compile-scenario.js';
import { checkThresholds, type ExperimentOptions, runExperiment } from './run-experiment.js';

function scenarioOf(changes: Readonly<Record<string, unknown>> = {}): Scenario {
  const readFile = () => {
    throw new FileError('no files here');
  };
  return decodeScenario(smallScenario(changes), 'small.json', { readFile }).scenario;
}

async function run(changes: Readonly<Record<string, unknown>>, options: Partial<ExperimentOptions> = {}) {
  const scenario = scenarioOf(changes);
  return runExperiment(scenario, compileScenario(scenario), {
    version: '1.2.3',
    recordMessages: false,
    sink: () => {},
    ...options,
  });
}

test('a replication is the same whatever others run beside it', async () => {
  const two = (await run({ replications: 2 })).replications;
  const three = (await run({ replications: 3 })).replications;
  expect(three.slice(0, 2)).toEqual(two);
  expect(two.map(({ replication }) => replication)).toEqual([1, 2]);
  const facts = ({ deliveryLatency }: ReplicationResult) => deliveryLatency.latencyMs;
  expect(facts(two[0]!)).not.toEqual(facts(two[1]!));
});

test('counts of the summary are sums over the replications', async () => {
  const { summary, replications, outcome, events } = await run({ replications: 3 });
  expect(outcome).toBe('complete');
  expect(events).toBeGreaterThan(3_000);
  for (const key of ['submitted', 'generated', 'delivered', 'returned', 'pending'] as const) {
    expect(summary.recipients[key]).toBe(replications.reduce((sum, each) => sum + each.recipients[key], 0));
  }
  expect(summary.retries.connections).toBe(
    replications.reduce((sum, each) => sum + each.retries.connections, 0),
  );
  expect(summary.scenario).toEqual({ name: 'small', sha256: scenarioOf({ replications: 3 }).sha256 });
});

test('mail before the warm-up is counted, and not measured', async () => {
  const whole = (await run({})).summary;
  const { summary } = await run({ warmUp: '5 min' });
  expect(summary.recipients).toEqual(whole.recipients);
  // Half of the ten minutes' mail, more or less.
  expect(summary.deliveryLatency.count).toBeLessThan(0.6 * whole.deliveryLatency.count);
  expect(summary.deliveryLatency.count).toBeGreaterThan(0.4 * whole.deliveryLatency.count);
  expect(summary.throughput.submittedPerSecond).toBeCloseTo(whole.throughput.submittedPerSecond, 0);
});

test('who watches progress can stop a run: the rest of the replications is not begun', async () => {
  const seen: number[] = [];
  const { summary, replications, outcome } = await run(
    { replications: 5 },
    {
      onProgress: async ({ replication, nowMs }) => {
        seen.push(replication);
        return replication === 2 && nowMs >= 120_000 ? 'stop' : 'continue';
      },
    },
  );
  expect(outcome).toBe('stopped');
  expect(summary.incomplete).toBe(true);
  expect(replications.map(({ endMs }) => endMs).at(-1)).toBe(120_000);
  expect(Math.max(...seen)).toBe(2);
});

test('thresholds that name what the organization does not have are refused, all at once', async () => {
  const thresholds = [
    { metric: 'servers.A9.utilization', below: 1 },
    { metric: 'recipients.lost', equals: 0 },
    { metric: 'links.AC.bytes', below: 1 },
    { metric: 'fallbacks.byReason.back-off', equals: 0 },
    { metric: 'backoffs.bySite.C', equals: 0 },
    { metric: 'ndrs.byCode."5.11"', equals: 0 },
    { metric: 'ndrs.byCode."5.1.1"', equals: 0 },
  ];
  await expect(run({ thresholds })).rejects.toThrow(ScenarioError);
  const problems = () => checkThresholds(scenarioOf({ thresholds }), 'file.yaml');
  expect(problems).toThrow('file.yaml:1:1 thresholds.0.metric: no server "A9" in "servers.A9.utilization"');
  expect(problems).toThrow('thresholds.2.metric: no site link "AC"');
  expect(problems).toThrow('thresholds.3.metric: no reason "back-off"');
  expect(problems).toThrow('thresholds.4.metric: no site "C"');
  expect(problems).toThrow(
    'no status code "5.11" in "ndrs.byCode.\\"5.11\\"" (expected n.n.n in double quotes, as ndrs.byCode."5.1.1")',
  );
  expect(problems).not.toThrow('thresholds.6');
  expect(() => checkThresholds(scenarioOf({ thresholds: thresholds.slice(1, 2) }))).not.toThrow();
});

test('times between two ticks of the clock end a run, its warm-up and its samples all the same', async () => {
  const sampled = new Set<unknown>();
  const { outcome, replications } = await run(
    { sampleEvery: '100.3 ms', warmUp: '1000.3 ms' },
    { untilMs: 2_000.000_4, sink: (table, cells) => table === 'timeline' && sampled.add(cells[1]) },
  );
  expect(outcome).toBe('complete');
  expect(replications[0]!.endMs).toBe(2_000);
  expect(sampled.size).toBe(20);
});
