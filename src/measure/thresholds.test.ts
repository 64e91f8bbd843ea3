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

test('an incomplete run decides nothing', () => {
  const undecided = judged([run(ten)], limit('recipients.lost', 'equals', 0), { incomplete: true });
  expect(undecided.verdict).toBe('undecided');
});
