import { findMetricMeaning } from './metric-meanings.js';

export type MetricDirection = 'lower' | 'higher';

/**
 * Which way a metric is better, by its path in `metricMeanings`. Metrics that are not here only tell that two designs
 * differ: how much mail was offered, parts of a whole, work done to protect mail, use of what is there to be used.
 */
export const metricDirections: Readonly<Record<string, MetricDirection>> = {
  ...lower('recipients', 'returned', 'expired', 'lost', 'pending', 'duplicates'),
  ...lower('redirects', 'total'),
  ...lower('retries', 'connections', 'messages'),
  ...lower('fallbacks', 'total'),
  ...lower('backoffs', 'total'),
  delayNotices: 'lower',
  ...lower('protection', 'unshadowed', 'refused'),
  ...lower('backPressure', 'rejected', 'tarpitMs', 'highMs'),
  ...lower('deliveryLatency', 'meanMs', 'p50Ms', 'p90Ms', 'p95Ms', 'p99Ms', 'maxMs', 'oldestPendingMs'),
  'throughput.deliveredPerSecond': 'higher',
  ...lower('queues.<server>/<queue>', 'meanLength', 'maxLength', 'maxAgeMs', 'retryMs'),
};

function lower(head: string, ...names: readonly string[]): Readonly<Record<string, MetricDirection>> {
  return Object.fromEntries(names.map((name) => [`${head}.${name}`, 'lower' as const]));
}

/** Which way the metric of a path is better; null where more of it is neither better nor worse. */
export function directionOf(path: string): MetricDirection | null {
  const metric = findMetricMeaning(path)?.metric;
  return metric !== undefined && Object.hasOwn(metricDirections, metric) ? metricDirections[metric]! : null;
}
