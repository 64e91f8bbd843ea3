import { describe, expect, test } from 'vitest';
import { busyRun } from '../../tests/measure/busy-run.js';
import { runFacts, ScriptedRun } from '../../tests/measure/scripted-run.js';
import { metricMeanings } from './metric-meanings.js';
import { metricReader, metricScale } from './metric-reader.js';
import type { ReplicationResult, RunSummary, Verdict } from './results.js';
import { summarize } from './summarize.js';
import type { ThresholdDefinition } from './thresholds.js';

function limit(
  metric: string | readonly string[],
  limit: ThresholdDefinition['limit'],
  value: number,
): ThresholdDefinition {
  const metricPath = typeof metric === 'string' ? metric.split('.') : metric;
  return { metric: metricPath.join('.'), metricPath, limit, value, text: `${limit} ${value}` };
}

function judged(
  replications: readonly ReplicationResult[],
  threshold: ThresholdDefinition,
  more: Partial<Parameters<typeof runFacts>[0]> = {},
): RunSummary['thresholds'][number] {
  return summarize(replications, runFacts({ thresholds: [threshold], ...more })).thresholds[0]!;
}

/** A replication with one delivery of each latency, and pending mail of each age at its end, 100 s. */
function run(
  latenciesMs: readonly number[],
  agesMs: readonly number[] = [],
  replication = 1,
): ReplicationResult {
  const script = new ScriptedRun({ replication });
  latenciesMs.forEach((_, n) => {
    script.submit(0, n, [n]);
  });
  agesMs.forEach((ageMs, n) => {
    script.submit(100_000 - ageMs, 1_000 + n, [n]);
  });
  latenciesMs.forEach((latencyMs, n) => {
    script.end(latencyMs, 'delivered', n, n);
  });
  return script.close(100_000);
}

const ten = Array.from({ length: 10 }, () => 1_000);

describe('with one replication the value decides', () => {
  test.each<[ThresholdDefinition['limit'], number, Verdict]>([
    ['below', 10, 'fail'],
    ['below', 11, 'pass'],
    ['at-most', 10, 'pass'],
    ['at-most', 9, 'fail'],
    ['above', 10, 'fail'],
    ['above', 9, 'pass'],
    ['at-least', 10, 'pass'],
    ['at-least', 11, 'fail'],
    ['equals', 10, 'pass'],
    ['equals', 9, 'fail'],
  ])('10 delivered, %s %d: %s', (kind, value, verdict) => {
    expect(judged([run(ten)], limit('recipients.delivered', kind, value))).toEqual({
      metric: 'recipients.delivered',
      limit: `${kind} ${value}`,
      value: 10,
      verdict,
    });
  });
});

describe('with more replications the interval of their mean decides', () => {
  // Delivered recipients 8, 10, 12: mean 10, half width 4.3026527 * sqrt(4 / 3) = 4.968; their total 30 ± 14.905.
  const replications = [8, 10, 12].map((count, index) => run(ten.concat(ten).slice(0, count), [], index + 1));
  test.each<[ThresholdDefinition['limit'], number, Verdict]>([
    ['below', 45, 'pass'],
    ['below', 44.9, 'undecided'],
    ['below', 15.1, 'undecided'],
    ['below', 15, 'fail'],
    ['at-most', 45, 'pass'],
    ['at-most', 15, 'fail'],
    ['above', 15, 'pass'],
    ['above', 15.1, 'undecided'],
    ['above', 45, 'fail'],
    ['at-least', 15, 'pass'],
    ['at-least', 45, 'fail'],
    // A sum that happens to be right, of replications that are not alike.
    ['equals', 30, 'undecided'],
    ['equals', 10, 'fail'],
    ['equals', 29, 'fail'],
  ])('a count is a total: 30 delivered, %s %d: %s', (kind, value, verdict) => {
    const result = judged(replications, limit('recipients.delivered', kind, value));
    expect([result.value, result.verdict]).toEqual([30, verdict]);
    // What each replication adds, all the same.
    const { intervals } = summarize(
      replications,
      runFacts({ thresholds: [limit('recipients.delivered', kind, value)] }),
    );
    expect(intervals['recipients.delivered']!.mean).toBe(10);
  });

  // Means of 1 s, 2 s and 3 s: mean 2 s, half width 4.3026527 * sqrt(1 / 3) s = 2.484 s.
  test.each<[ThresholdDefinition['limit'], number, Verdict]>([
    ['below', 4_490, 'pass'],
    ['below', 4_480, 'undecided'],
    ['above', 4_490, 'fail'],
    ['equals', 2_000, 'fail'],
  ])('what is no total is judged by its mean: %s %d ms: %s', (kind, value, verdict) => {
    const means = [1_000, 2_000, 3_000].map((ms, index) => run([ms], [], index + 1));
    expect(judged(means, limit('deliveryLatency.meanMs', kind, value)).verdict).toBe(verdict);
  });

  test('the number of replications is compared itself', () => {
    expect(judged(replications, limit('replications', 'equals', 3))).toMatchObject({
      value: 3,
      verdict: 'pass',
    });
    expect(judged(replications, limit('replications', 'below', 3)).verdict).toBe('fail');
  });

  test('of a total that only some replications have, all of it counts', () => {
    const lossy = new ScriptedRun({ replication: 3 });
    lossy.submit(0, 1, [1, 2, 3]);
    for (const recipient of [1, 2, 3]) lossy.end(1_000, 'lost', 1, recipient);
    const three = [run(ten, [], 1), run(ten, [], 2), lossy.close(100_000)];
    expect(judged(three, limit('recipients.lost', 'equals', 0))).toMatchObject({ value: 3, verdict: 'fail' });
  });

  test('replications that agree have an interval without width', () => {
    const same = [run(ten, [], 1), run(ten, [], 2)];
    expect(judged(same, limit('recipients.delivered', 'equals', 20)).verdict).toBe('pass');
    expect(judged(same, limit('recipients.lost', 'equals', 0)).verdict).toBe('pass');
    expect(judged(same, limit('recipients.delivered', 'below', 20)).verdict).toBe('fail');
    expect(judged(same, limit('deliveryLatency.p50Ms', 'equals', 1_000)).verdict).toBe('pass');
  });
});

describe('no samples is a failure', () => {
  test.each(['p95Ms', 'meanMs', 'maxMs'])('of deliveryLatency.%s without deliveries', (figure) => {
    const result = judged([run([])], limit(`deliveryLatency.${figure}`, 'below', 90_000));
    expect([result.value, result.verdict]).toEqual([0, 'fail']);
  });

  test('of a stage, too; the number of deliveries is 0 and known', () => {
    expect(judged([run([])], limit('deliveryLatency.byStage.accept', 'below', 1)).verdict).toBe('fail');
    expect(judged([run([])], limit('deliveryLatency.count', 'equals', 0)).verdict).toBe('pass');
    expect(judged([run([])], limit('deliveryLatency.oldestPendingMs', 'equals', 0)).verdict).toBe('pass');
  });

  test('a replication without deliveries does not count as one of 0 ms', () => {
    const thresholds = [limit('deliveryLatency.meanMs', 'below', 2_000)];
    const replications = [run([1_000], [], 1), run([3_000], [], 2), run([], [], 3)];
    const { intervals } = summarize(replications, runFacts({ thresholds }));
    expect(intervals['deliveryLatency.meanMs']!.mean).toBe(2_000);
  });

  test('of a queue that does not exist', () => {
    expect(judged([run(ten)], limit('queues.7.maxLength', 'below', 5)).verdict).toBe('fail');
  });
});

describe('pending mail that could break a latency limit is a failure', () => {
  const hundred = Array.from({ length: 100 }, () => 1_000);

  test('a quantile: when its rank falls among the pending', () => {
    const p95 = limit('deliveryLatency.p95Ms', 'below', 90_000);
    expect(judged([run(hundred, [500, 500, 500, 500, 500])], p95).verdict).toBe('pass');
    // 6 of 106 are more than 5 %, whatever becomes of them.
    expect(judged([run(hundred, [500, 500, 500, 500, 500, 500])], p95).verdict).toBe('fail');
    expect(
      judged([run(hundred, [500, 500, 500, 500, 500, 500])], limit('deliveryLatency.p50Ms', 'below', 90_000))
        .verdict,
    ).toBe('pass');
  });

  test.each(['maxMs', 'meanMs', 'byStage.deliveryQueue'])(
    '%s: by any that is pending, however young: it may take for ever',
    (figure) => {
      for (const kind of ['below', 'at-most'] as const) {
        const limited = limit(`deliveryLatency.${figure}`, kind, 5_000);
        expect(judged([run(hundred)], limited).verdict).toBe('pass');
        expect(judged([run(hundred, [1])], limited).verdict).toBe('fail');
      }
      const exact = limit(`deliveryLatency.${figure}`, 'equals', 1_000);
      expect(judged([run(hundred)], exact).verdict).toBe('pass');
      expect(judged([run(hundred, [1])], exact).verdict).toBe('fail');
    },
  );

  test('only measured mail counts: none of before the warm-up, no notifications', () => {
    const script = new ScriptedRun({ warmUpMs: 50_000 });
    script.submit(0, 1, [1]);
    script.submit(60_000, 2, [2]);
    script.submit(61_000, 3, [3], 'ndr');
    script.end(61_000, 'delivered', 2, 2);
    const max = limit('deliveryLatency.maxMs', 'below', 5_000);
    expect(judged([script.close(100_000)], max).verdict).toBe('pass');
  });

  test('the age of the oldest is known, and compared itself', () => {
    const oldest = limit('deliveryLatency.oldestPendingMs', 'below', 5_000);
    expect(judged([run(hundred, [4_000])], oldest).verdict).toBe('pass');
    expect(judged([run(hundred, [5_000])], oldest).verdict).toBe('fail');
  });

  test('a limit from below cannot be broken by it', () => {
    expect(judged([run(hundred, [52_000])], limit('deliveryLatency.maxMs', 'at-least', 1_000)).verdict).toBe(
      'pass',
    );
  });

  test('in one of several replications is enough', () => {
    const max = limit('deliveryLatency.maxMs', 'below', 5_000);
    expect(judged([run(hundred, [], 1), run(hundred, [6_000], 2)], max).verdict).toBe('fail');
  });
});

test('an incomplete run decides nothing, and says why', () => {
  const lost = limit('recipients.lost', 'equals', 0);
  expect(judged([run(ten)], lost, { incomplete: true })).toMatchObject({
    verdict: 'undecided',
    reason: 'incomplete',
  });
  const latency = limit('deliveryLatency.p95Ms', 'below', 1_000);
  expect(judged([run([])], latency, { incomplete: true })).toMatchObject({
    verdict: 'undecided',
    reason: 'no-samples',
  });
});

describe('what is the largest of all replications is broken by one of them', () => {
  // Maxima 1, 1, 1, 1 and 2 s: mean 1.2 s, half width 2.776 * sqrt(0.2 / 5) s = 0.555 s: at most 1.755 s.
  const maxima = [1_000, 1_000, 1_000, 1_000, 2_000].map((ms, index) => run([ms], [], index + 1));

  test.each<[ThresholdDefinition['limit'], number, Verdict, string | undefined]>([
    ['below', 1_800, 'fail', 'largest'],
    ['below', 2_000, 'fail', 'largest'],
    ['at-most', 1_999, 'fail', 'largest'],
    ['at-most', 2_000, 'pass', undefined],
    ['at-least', 500, 'pass', undefined],
    ['at-least', 1_500, 'undecided', 'interval'],
    ['at-least', 1_900, 'fail', 'interval'],
  ])('maxMs 2 s, interval up to 1.755 s, %s %d ms: %s', (kind, value, verdict, reason) => {
    const result = judged(maxima, limit('deliveryLatency.maxMs', kind, value));
    expect([result.value, result.verdict, result.reason]).toEqual([2_000, verdict, reason]);
  });

  test('a limit that none has broken is undecided while the interval reaches over it', () => {
    const spread = [1_000, 2_000].map((ms, index) => run([ms], [], index + 1));
    expect(judged(spread, limit('deliveryLatency.maxMs', 'below', 2_500))).toMatchObject({
      verdict: 'undecided',
      reason: 'interval',
    });
  });

  test('these metrics are that: pooled, they have the larger figure of two replications', () => {
    const small = busyRun(1);
    const large: ReplicationResult = {
      ...busyRun(2),
      servers: small.servers.map((each) => ({
        ...each,
        queueDatabaseMaxBytes: each.queueDatabaseMaxBytes + 700,
      })),
    };
    const figures = (list: readonly ReplicationResult[]) => summarize(list, runFacts());
    const [both, a, b] = [figures([small, large]), figures([small]), figures([large])];
    const largest = metricMeanings
      .map(({ metric }) => metric.replace(/\.<queue>|\/<queue>/, '').replace(/<[^>]*>/, '0'))
      .map((metric) => metric.split('.'))
      .filter((path) => metricScale(path) === 'largest');
    expect(largest.map((path) => path.join('.'))).toEqual([
      'deliveryLatency.maxMs',
      'deliveryLatency.oldestPendingMs',
      'throughput.peakDeliveredPerSecond',
      'queues.0.maxLength',
      'queues.0.maxAgeMs',
      'servers.0.queueDatabaseMaxBytes',
    ]);
    for (const path of largest) {
      const read = metricReader(path, both);
      expect(read(both)).toBe(Math.max(read(a)!, read(b)!));
    }
  });

  test('what metrics say of themselves agrees', () => {
    for (const { metric, covers } of metricMeanings) {
      if (covers.includes('the largest of all replications')) {
        expect(metricScale(metric.split('.'))).toBe('largest');
      }
    }
  });
});

test('no pass stands beside a value that breaks the limit', () => {
  // 300 deliveries of 3 s in one replication, one of 1 s in each of nine: the mean of all is near 3 s, that of the
  // replications' means 1.2 s, with a half width of 2.262 * sqrt(0.4 / 10) s = 0.452 s.
  const slow = Array.from({ length: 300 }, () => 3_000);
  const lists = [slow, ...Array.from({ length: 9 }, () => [1_000])];
  const ten = lists.map((list, index) => run(list, [], index + 1));
  const judgedMean = judged(ten, limit('deliveryLatency.meanMs', 'below', 2_000));
  expect(judgedMean.value).toBeGreaterThan(2_900);
  expect(judgedMean).toMatchObject({ verdict: 'undecided', reason: 'pooled' });
  expect(judged(ten, limit('deliveryLatency.meanMs', 'below', 3_000)).verdict).toBe('pass');
});

describe('a verdict has its reason where the value does not say it', () => {
  test('nothing to take the value from; mail still pending; the value alone', () => {
    const p95 = limit('deliveryLatency.p95Ms', 'below', 30_000);
    expect(judged([run([])], p95)).toMatchObject({ value: 0, verdict: 'fail', reason: 'no-samples' });
    const max = limit('deliveryLatency.maxMs', 'below', 5_000);
    expect(judged([run(ten, [1])], max)).toMatchObject({ value: 1_000, verdict: 'fail', reason: 'pending' });
    expect(judged([run([6_000])], max)).not.toHaveProperty('reason');
    expect(judged([run([6_000], [1])], max)).not.toHaveProperty('reason');
    expect(judged([run(ten)], max)).not.toHaveProperty('reason');
  });

  test('the interval; a total that hits by chance', () => {
    const counts = [8, 10, 12].map((count, index) => run(ten.concat(ten).slice(0, count), [], index + 1));
    const of = (kind: ThresholdDefinition['limit'], value: number) =>
      judged(counts, limit('recipients.delivered', kind, value)).reason;
    expect([of('below', 31), of('below', 10), of('below', 90)]).toEqual(['interval', 'interval', undefined]);
    expect([of('equals', 30), of('equals', 29)]).toEqual(['unequal', undefined]);
  });
});
