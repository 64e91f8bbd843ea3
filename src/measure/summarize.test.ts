import { expect, test } from 'vitest';
import { busyRun } from '../../tests/measure/busy-run.js';
import { runFacts, ScriptedRun } from '../../tests/measure/scripted-run.js';
import { brokenLaws } from './laws.js';
import { summarize } from './summarize.js';

const one = busyRun(1);
const two = busyRun(2);

test('the summary has every key of design section 8, in its order, and what protection adds', () => {
  const summary = summarize([one], runFacts());
  expect(Object.keys(summary)).toEqual([
    'mailflow',
    'version',
    'scenario',
    'seed',
    'replications',
    'simulatedMs',
    'warmUpMs',
    'fingerprint',
    'messages',
    'recipients',
    'redirects',
    'ndrs',
    'retries',
    'fallbacks',
    'backoffs',
    'delayNotices',
    'resubmissions',
    'backPressure',
    'deliveryLatency',
    'throughput',
    'queues',
    'servers',
    'links',
    'lost',
    'protection',
    'intervals',
    'thresholds',
  ]);
  expect(summary).toMatchObject({
    mailflow: 'run/1',
    version: '1.2.3',
    scenario: { name: 'scripted', sha256: 'abc' },
    seed: '42',
    replications: 1,
    simulatedMs: 120_000,
    backPressure: { rejected: 0, tarpitMs: 0, highMs: 0 },
    intervals: {},
  });
  expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
});

test('two replications together: counts are sums, latencies those of all deliveries', () => {
  const both = summarize([one, two], runFacts());
  const single = [one, two].map((each) => summarize([each], runFacts()));
  for (const key of Object.keys(both.recipients) as (keyof typeof both.recipients)[]) {
    expect(both.recipients[key]).toBe(single[0]!.recipients[key] + single[1]!.recipients[key]);
  }
  expect(both.messages).toEqual({ submitted: 4, categorized: 2, relayed: 2 });
  expect(both.ndrs).toEqual({ total: 4, byCode: { '4.4.7': 2, '5.1.1': 2 } });
  expect(both.fallbacks).toEqual({ total: 2, byReason: { 'other-group-servers': 2 } });
  expect(both.retries).toEqual({ connections: 2, messages: 0 });
  // Latencies 70 s and 80 s in the first, a second more each in the second.
  expect(both.deliveryLatency).toMatchObject({ count: 4, meanMs: 75_500, maxMs: 81_000 });
  expect(both.simulatedMs).toBe(120_000);
});

test('intervals are over replications: mean and half width of their own figures', () => {
  const { intervals } = summarize([one, two], runFacts());
  expect(Object.keys(intervals)).toEqual([
    'deliveryLatency.meanMs',
    'deliveryLatency.p50Ms',
    'deliveryLatency.p95Ms',
    'deliveryLatency.p99Ms',
    'throughput.deliveredPerSecond',
  ]);
  // Means 75 s and 76 s: deviation 0.5 s each, t(0.975, 1) = 12.7062047, standard error 0.5 s.
  const mean = intervals['deliveryLatency.meanMs']!;
  expect(mean.mean).toBe(75_500);
  expect(mean.halfWidth).toBeCloseTo(12.7062047 * 500, 2);
  expect(mean.confidence).toBe(0.95);
});

test('each metric of a threshold has an interval, as it is written', () => {
  const thresholds = [
    {
      metric: 'queues.B1.maxLength',
      metricPath: ['queues', 'B1', 'maxLength'],
      limit: 'below',
      value: 9,
      text: 'below 9',
    },
    {
      metric: 'queues.B1.maxLength',
      metricPath: ['queues', 'B1', 'maxLength'],
      limit: 'above',
      value: 1,
      text: 'above 1',
    },
  ] as const;
  const { intervals } = summarize([one, two], runFacts({ thresholds }));
  expect(intervals['queues.B1.maxLength']).toEqual({ mean: 2, halfWidth: 0, confidence: 0.95 });
  expect(Object.keys(intervals)).toHaveLength(6);
});

test('an incomplete run says so', () => {
  expect(summarize([one], runFacts({ incomplete: true })).incomplete).toBe(true);
  expect(summarize([one], runFacts())).not.toHaveProperty('incomplete');
});

test('simulatedMs is the mean length where replications end at different times', () => {
  const lengths = [60_000, 90_000].map((endMs, index) =>
    new ScriptedRun({ replication: index + 1 }).close(endMs),
  );
  expect(summarize(lengths, runFacts()).simulatedMs).toBe(75_000);
});

test('the fingerprint tells results apart, and only results', () => {
  const print = summarize([one, two], runFacts()).fingerprint;
  expect(print).toMatch(/^[0-9a-f]{64}$/);
  expect(summarize([busyRun(1), busyRun(2)], runFacts({ version: '9' })).fingerprint).toBe(print);
  expect(summarize([two, one], runFacts()).fingerprint).not.toBe(print);
  const read = JSON.parse(JSON.stringify([one, two])) as [typeof one, typeof two];
  expect(summarize(read, runFacts()).fingerprint).toBe(print);
});

test('conservation: recipients that vanish, or come from nowhere, break a law', () => {
  expect(brokenLaws(one)).toEqual([]);
  const leak = { ...one, recipients: { ...one.recipients, pending: 0 } };
  expect(brokenLaws(leak)).toEqual(['7 recipients began, but 6 ended or are pending']);
});

test('stages that do not add up to the latency break a law', () => {
  const run = new ScriptedRun();
  run.submit(0, 1, [1]);
  const stageMs = Float64Array.of(0, 0, 0, 0, 99, 0, 0, 0, 0);
  run.metrics.observer.ended(100, 'delivered', run.facts(1), 1, 0, 1, stageMs, 0, null);
  expect(brokenLaws(run.close(1_000))).toContain('1 ms of deliveries are in no stage, or in two');
});
