import { describe, expect, it, test } from 'vitest';
import { ScriptedRun } from '../../tests/measure/scripted-run.js';
import type { LatencySample, ReplicationResult } from '../measure/index.js';
import { type ComparedResult, compareResults } from './compare.js';

/** A replication with one delivery that took so long, and so many recipients lost. */
function replication(number: number, latencyMs: number, lost = 0): ReplicationResult {
  const run = new ScriptedRun({ replication: number });
  run.submit(0, 1, [1]);
  run.end(latencyMs, 'delivered', 1, 1);
  for (let message = 2; message < 2 + lost; message++) {
    run.submit(0, message, [message]);
    run.end(10, 'lost', message, message);
  }
  return run.close(60_000);
}

function result(
  replications: readonly ReplicationResult[],
  more: Partial<ComparedResult> = {},
): ComparedResult {
  return {
    version: '1.2.3',
    scenario: { name: 'scripted', sha256: 'abc' },
    seed: '42',
    warmUpMs: 0,
    durationMs: 60_000,
    thresholdMetrics: [],
    replications,
    latency: [],
    ...more,
  };
}

const latencies = (list: readonly number[]) => result(list.map((ms, index) => replication(index + 1, ms)));
const mean = 'deliveryLatency.meanMs';
const find = (comparison: ReturnType<typeof compareResults>, metric: string) =>
  [...comparison.metrics, ...comparison.figures].find((each) => each.metric === metric);

describe('a metric that has a direction', () => {
  const a = latencies([1_000, 2_000, 3_000]);

  it('is compared pair by pair: what varies in both alike is not in the interval', () => {
    // Differences 190, 200, 210: variance 100, standard error 5.7735 ms. Latencies that vary: mean, p50, p90, p95, p99
    // and maximum of one delivery each, six with a direction, so t of 1 - 0.05 / 12 with two degrees of freedom:
    // p = 0.9958333, (2p - 1) / sqrt(2 p (1 - p)) = 10.8859.
    const b = latencies([1_190, 2_200, 3_210]);
    const found = find(compareResults(a, b), mean)!;
    expect(found).toMatchObject({ a: 2_000, b: 2_200, difference: 200, verdict: 'worse' });
    expect(found.halfWidth).toBeCloseTo(10.8859 * 5.7735, 1);
    expect(find(compareResults(b, a), mean)).toMatchObject({ difference: -200, verdict: 'better' });
  });

  it('is the same when the interval lies within the tolerance, unclear when it reaches over its edge', () => {
    const six = [1_000, 2_000, 3_000, 1_000, 2_000, 3_000];
    const [ofSix, later] = [latencies(six), latencies(six.map((ms) => ms + 10))];
    expect(find(compareResults(ofSix, later), mean)).toMatchObject({
      difference: 10,
      halfWidth: 0,
      verdict: 'same',
    });
    expect(find(compareResults(ofSix, later, 0.004), mean)!.verdict).toBe('worse');
    // 40 ms of 2,000 is 2 %: the interval of 30 ± 10.8859 * 5.7735 is on both sides of it.
    expect(find(compareResults(a, latencies([1_020, 2_030, 3_040])), mean)!.verdict).toBe('unclear');
  });

  it('counts what is lost a replication, where the other side has lost nothing', () => {
    const numbers = [1, 2, 3, 4, 5, 6];
    const none = result(numbers.map((number) => replication(number, number * 1_000)));
    const b = result(numbers.map((number) => replication(number, number * 1_000, 2)));
    expect(find(compareResults(none, b), 'recipients.lost')).toEqual({
      metric: 'recipients.lost',
      a: 0,
      b: 2,
      difference: 2,
      halfWidth: 0,
      verdict: 'worse',
    });
  });

  it('is left out where a side has nothing to take it from', () => {
    const empty = result([1, 2, 3].map((number) => new ScriptedRun({ replication: number }).close(60_000)));
    expect(find(compareResults(a, empty), mean)).toBeUndefined();
    expect(find(compareResults(empty, a), 'throughput.submittedPerSecond')!.halfWidth).toBeNull();
  });

  it.each([2, 3, 4, 5])('of %d pairs, differences that are all the same are no certainty', (pairs) => {
    const list = Array.from({ length: pairs }, (_, index) => 1_000 * (index + 1));
    const [before, after] = [latencies(list), latencies(list.map((ms) => ms + 500))];
    const comparison = compareResults(before, after);
    expect(find(comparison, mean)).toMatchObject({ difference: 500, halfWidth: null, verdict: 'unclear' });
    const lossy = result(list.map((ms, index) => replication(index + 1, ms, 1)));
    expect(find(compareResults(before, lossy), 'recipients.lost')).toMatchObject({
      halfWidth: null,
      verdict: 'unclear',
    });
    // What is the same in all of them is the same, as far as seen.
    expect(find(comparison, 'recipients.lost')).toMatchObject({ halfWidth: 0, verdict: 'same' });
  });

  it('equal but for rounding is equal', () => {
    // 0.1 of a millisecond has no exact binary form: the differences are not the same to the last digit.
    const a = latencies([1_000, 2_000]);
    const b = latencies([1_000 + 0.1, 2_000 + 0.1]);
    const found = find(compareResults(a, b, 0), mean)!;
    expect(found.difference).not.toBe(0);
    expect(found).toMatchObject({ halfWidth: null, verdict: 'unclear' });
  });
});

test('a metric without a direction is different or the same, and no verdict on a design', () => {
  const six = (ms: number) => latencies([ms, ms, ms, ms, ms, ms]);
  const comparison = compareResults(six(1_000), six(1_500));
  expect(find(comparison, 'deliveryLatency.byStage.deliveryQueue')).toEqual({
    metric: 'deliveryLatency.byStage.deliveryQueue',
    a: 1_000,
    b: 1_500,
    difference: 500,
    halfWidth: 0,
    verdict: 'different',
  });
  expect(find(comparison, 'servers.B1.utilization')!.verdict).toBe('same');
  expect(comparison.metrics.map(({ metric }) => metric)).not.toContain('recipients.submitted');
  expect(comparison.figures.map(({ metric }) => metric)).not.toContain('warmUpMs');
});

test('a result against itself is the same in every metric', () => {
  const a = latencies([1_000, 2_000, 3_000]);
  const { metrics, figures, pairing } = compareResults(a, a);
  expect(new Set([...metrics, ...figures].map(({ verdict }) => verdict))).toEqual(new Set(['same']));
  expect(metrics.length).toBeGreaterThan(15);
  expect(pairing).toBeNull();
});

test('the metrics of thresholds are compared, too, and first', () => {
  const a = latencies([1_000, 2_000]);
  const b = { ...a, thresholdMetrics: ['servers.B1.messagesPerSecond', 'replications', mean] };
  const { metrics, figures } = compareResults(a, b);
  expect(metrics[0]!.metric).toBe(mean);
  expect(figures[0]!.metric).toBe('servers.B1.messagesPerSecond');
  expect(metrics.filter(({ metric }) => metric === mean)).toHaveLength(1);
});

test('replications that one side has alone are left out, and told', () => {
  const a = latencies([1_000, 2_000, 3_000]);
  const b = result([2, 3, 4, 5].map((number) => replication(number, number * 1_000)));
  const comparison = compareResults(a, b);
  expect(comparison).toMatchObject({ pairs: 2, leftOut: { a: [1], b: [4, 5] } });
  expect(find(comparison, mean)).toMatchObject({ a: 2_500, b: 2_500, verdict: 'same' });
  const nothing = compareResults(a, result([]));
  expect(nothing).toMatchObject({ pairs: 0, metrics: [], figures: [], intervals: null });
  expect(nothing.warnings).toContain('no replication is on both sides: there is nothing to compare');
});

test('what makes a comparison doubtful is said', () => {
  const a = latencies([1_000, 2_000]);
  const other: Partial<ComparedResult> = {
    scenario: { name: 'other', sha256: 'def' },
    seed: '7',
    version: '2',
    warmUpMs: 1_000,
    durationMs: 90_000,
    warmUpFound: false,
  };
  const { warnings } = compareResults(a, { ...a, ...other });
  const starts = ['the scenarios differ', 'the seeds', 'the versions', 'the durations', 'the warm-ups'];
  for (const start of starts) expect(warnings.some((each) => each.startsWith(start))).toBe(true);
  expect(warnings).toContain('no steady state was found in b: it is too short');
  expect(warnings.at(-1)).toMatch(/^2 replications on both sides/);
  const twenty = latencies(Array.from({ length: 20 }, (_, index) => 1_000 + index));
  expect(compareResults(twenty, twenty).warnings).toEqual([]);
});

describe('one replication on each side', () => {
  /** 200 intervals of a second; the latency of each by its number. */
  const samples = (meanMs: (interval: number) => number): LatencySample[] =>
    Array.from({ length: 200 }, (_, interval) => ({
      timeMs: (interval + 1) * 1_000,
      delivered: 10,
      meanMs: meanMs(interval),
    }));
  // Noise without memory: neighbours are independent, and both sides have the same.
  const noise = (interval: number) => ((interval * 7_919) % 101) - 50;
  const single = (meanMs: (interval: number) => number) =>
    result([replication(1, 1_000)], { latency: samples(meanMs), durationMs: 200_000 });

  it('has intervals of mean latency and throughput from batch means, paired by time', () => {
    const comparison = compareResults(
      single((each) => 1_000 + noise(each)),
      single((each) => 1_100 + noise(each) + ((each * 31) % 7)),
    );
    expect(comparison.intervals).toBe('batch-means');
    expect(find(comparison, mean)!.difference).toBeCloseTo(103, 0);
    expect(find(comparison, mean)!.halfWidth).toBeLessThan(3);
    expect(find(comparison, mean)!.verdict).toBe('worse');
    expect(find(comparison, 'throughput.deliveredPerSecond')).toMatchObject({
      a: 10,
      b: 10,
      verdict: 'same',
    });
    // What batches do not tell has no interval.
    expect(find(comparison, 'deliveryLatency.p95Ms')!.halfWidth).toBeNull();
  });

  it('has none where the batches are not independent: the run is too short', () => {
    const drifting = compareResults(
      single((each) => 1_000 + noise(each)),
      single((each) => 1_000 + noise(each) + each),
    );
    expect(find(drifting, mean)).toMatchObject({ halfWidth: null, verdict: 'unclear' });
  });

  it('has none without latency.csv: equal is the same, anything else unclear', () => {
    const comparison = compareResults(latencies([1_000]), latencies([2_000]));
    expect(comparison.intervals).toBeNull();
    expect(find(comparison, mean)).toMatchObject({ halfWidth: null, verdict: 'unclear' });
    expect(find(comparison, 'recipients.lost')!.verdict).toBe('same');
  });
});
