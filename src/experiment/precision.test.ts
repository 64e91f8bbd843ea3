import { describe, expect, it, test } from 'vitest';
import { ScriptedRun } from '../../tests/measure/scripted-run.js';
import type { ReplicationResult } from '../measure/index.js';
import { isPreciseEnough, type PrecisionScenario, watchPrecision } from './precision.js';

/** A replication with one delivery that took so long, and so many messages lost. */
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

const threshold = (metric: string) => ({
  metric,
  metricPath: metric.split('.'),
  limit: 'below' as const,
  value: 1,
  text: 'below 1',
});
const scenario = (...metrics: string[]): PrecisionScenario => ({
  warmUpMs: 0,
  durationMs: 60_000,
  thresholds: metrics.map(threshold),
});

// 990 and 1,010 ms in turn: mean 1,000, variance of ten 1,000 / 9 = 111.1, standard error 3.333 ms, and with
// t(0.975, 9) = 2.2621572 a half width of 7.5405 ms: 0.754 % of the mean.
const ten = Array.from({ length: 10 }, (_, index) => replication(index + 1, index % 2 === 0 ? 990 : 1_010));

describe('a run is precise enough', () => {
  it('when the half width of the interval is at most so many percent of its mean', () => {
    const [only] = (() => {
      const watch = watchPrecision(scenario('deliveryLatency.meanMs'));
      for (const each of ten) watch.add(each);
      return watch.precisions();
    })();
    expect(only!.metric).toBe('deliveryLatency.meanMs');
    expect(only!.relativeHalfWidth).toBeCloseTo(0.0075405, 6);
    expect(isPreciseEnough(ten, scenario('deliveryLatency.meanMs'), 0.755)).toBe(true);
    expect(isPreciseEnough(ten, scenario('deliveryLatency.meanMs'), 0.754)).toBe(false);
  });

  it('never on fewer than ten replications, however alike', () => {
    const alike = Array.from({ length: 10 }, (_, index) => replication(index + 1, 1_000));
    expect(isPreciseEnough(alike.slice(0, 9), scenario('deliveryLatency.meanMs'), 50)).toBe(false);
    expect(isPreciseEnough(alike, scenario('deliveryLatency.meanMs'), 0.001)).toBe(true);
  });

  it('only when each threshold is', () => {
    // Lost: 1 in one replication of ten: mean 0.1, half width 0.226, more than twice the mean.
    const lossy = [...ten.slice(0, 9), replication(10, 1_010, 1)];
    expect(isPreciseEnough(lossy, scenario('deliveryLatency.meanMs'), 1)).toBe(true);
    expect(isPreciseEnough(lossy, scenario('deliveryLatency.meanMs', 'recipients.lost'), 1)).toBe(false);
    expect(isPreciseEnough(ten, scenario('deliveryLatency.meanMs', 'recipients.lost'), 1)).toBe(true);
  });

  it('by the metrics that always have an interval, where there are no thresholds', () => {
    const watch = watchPrecision(scenario());
    for (const each of ten) watch.add(each);
    expect(watch.precisions().map(({ metric }) => metric)).toEqual([
      'deliveryLatency.meanMs',
      'deliveryLatency.p50Ms',
      'deliveryLatency.p95Ms',
      'deliveryLatency.p99Ms',
      'throughput.deliveredPerSecond',
    ]);
    expect(watch.isPrecise(1)).toBe(true);
    expect(watch.isPrecise(0.1)).toBe(false);
  });

  it('never by a metric without samples', () => {
    const empty = Array.from({ length: 12 }, (_, index) =>
      new ScriptedRun({ replication: index + 1 }).close(60_000),
    );
    expect(isPreciseEnough(empty, scenario('deliveryLatency.p95Ms'), 50)).toBe(false);
  });
});

test('asked after each replication, the watch says the same as the question asked anew', () => {
  const watch = watchPrecision(scenario());
  expect(watch.isPrecise(50)).toBe(false);
  ten.forEach((each, index) => {
    watch.add(each);
    expect(watch.isPrecise(2)).toBe(isPreciseEnough(ten.slice(0, index + 1), scenario(), 2));
  });
  expect(watch.isPrecise(2)).toBe(true);
});

test('an indexed queue without any queues has no samples', () => {
  expect(watchPrecision(scenario('queues.0.maxLength')).precisions()).toEqual([
    { metric: 'queues.0.maxLength', relativeHalfWidth: Number.POSITIVE_INFINITY },
  ]);
  expect(isPreciseEnough(ten, scenario('queues.0.maxLength'), 50)).toBe(false);
});
