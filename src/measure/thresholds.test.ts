import { describe, expect, test } from 'vitest';
import { runFacts, ScriptedRun } from '../../tests/measure/scripted-run.js';
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
  // Delivered recipients 8, 10, 12: mean 10, half width 4.3026527 * sqrt(4 / 3) = 4.968.
  const replications = [8, 10, 12].map((count, index) => run(ten.concat(ten).slice(0, count), [], index + 1));
  test.each<[ThresholdDefinition['limit'], number, Verdict]>([
    ['below', 15, 'pass'],
    ['below', 14.9, 'undecided'],
    ['below', 5.1, 'undecided'],
    ['below', 5, 'fail'],
    ['at-most', 15, 'pass'],
    ['at-most', 5, 'fail'],
    ['above', 5, 'pass'],
    ['above', 5.1, 'undecided'],
    ['above', 15, 'fail'],
    ['at-least', 5, 'pass'],
    ['at-least', 15, 'fail'],
    // Equal in the mean is not equal.
    ['equals', 10, 'fail'],
  ])('%s %d: %s', (kind, value, verdict) => {
    const result = judged(replications, limit('recipients.delivered', kind, value));
    // Pooled over replications: a count is a total.
    expect([result.value, result.verdict]).toEqual([30, verdict]);
  });

  test('replications that agree have an interval without width', () => {
    const same = [run(ten, [], 1), run(ten, [], 2)];
    expect(judged(same, limit('recipients.delivered', 'equals', 10)).verdict).toBe('pass');
    expect(judged(same, limit('recipients.lost', 'equals', 0)).verdict).toBe('pass');
    expect(judged(same, limit('recipients.delivered', 'below', 10)).verdict).toBe('fail');
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

  test('the maximum: when something pending is older than the limit', () => {
    const max = limit('deliveryLatency.maxMs', 'below', 5_000);
    expect(judged([run(hundred, [4_000])], max).verdict).toBe('pass');
    expect(judged([run(hundred, [5_000])], max).verdict).toBe('fail');
  });

  test('the mean: when pending mail, counted as slow as the slowest, would lift it over the limit', () => {
    const mean = limit('deliveryLatency.meanMs', 'below', 1_500);
    // (100 * 1,000 + 50,000) / 101 = 1,485; (100 * 1,000 + 52,000) / 101 = 1,505.
    expect(judged([run(hundred, [50_000])], mean).verdict).toBe('pass');
    expect(judged([run(hundred, [52_000])], mean).verdict).toBe('fail');
    const stage = limit('deliveryLatency.byStage.deliveryQueue', 'below', 1_500);
    expect(judged([run(hundred, [52_000])], stage).verdict).toBe('fail');
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

test('an incomplete run decides nothing', () => {
  const undecided = judged([run(ten)], limit('recipients.lost', 'equals', 0), { incomplete: true });
  expect(undecided.verdict).toBe('undecided');
});
