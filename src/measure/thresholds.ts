import { Histogram } from './histogram.js';
import { isSampled, metricScale } from './metric-reader.js';
import type { DeliveryLatencyPart } from './metrics/delivery-latency.js';
import type { ThresholdResult } from './results.js';
import { confidenceInterval } from './statistics.js';

/** A number of the summary held against a limit. */
export interface ThresholdDefinition {
  /** Dotted path of the number, as written. */
  readonly metric: string;
  readonly metricPath: readonly string[];
  readonly limit: 'below' | 'at-most' | 'above' | 'at-least' | 'equals';
  readonly value: number;
  /** `below 90 s`. */
  readonly text: string;
}

const quantiles: Readonly<Record<string, number>> = { p50Ms: 0.5, p90Ms: 0.9, p95Ms: 0.95, p99Ms: 0.99 };

/** A verdict, and why, where the value does not say it. */
export type Judgement = Pick<ThresholdResult, 'verdict' | 'reason'>;

/**
 * The verdict on a threshold.
 * - No samples: fail.
 * - A limit from above on a latency that mail still pending could break, each counted as endlessly slow: fail. Any
 *   measured mail that is pending breaks one on the mean, on a stage's mean and on the maximum.
 * - One replication: the value decides.
 * - More: the confidence interval of the replications' mean decides, and is undecided when the limit lies in it.
 *   Of a total, whose value is the sum over replications, it is the interval of that sum: n times as far and as wide.
 *   What does not vary by replication, as their number, is compared itself.
 * - A limit from above on the largest of all replications, such as the longest latency, fails when one of them has
 *   broken it: it has happened. The mean of their maxima, which the interval is of, may well be below.
 * - No pass stands beside a value that breaks the limit: a mean or a quantile of all replications together may lie outside
 *   of the interval of theirs, and is undecided then.
 * - `equals` holds only when all replications agree: then the interval has no width. A total that hits the limit by
 *   chance is undecided, one that does not fails.
 *
 * @param value - pooled; undefined when there are no samples
 * @param samples - the value of each replication that has one, when there are two replications or more
 * @param latency - of all replications
 */
export function judgeThreshold(
  threshold: ThresholdDefinition,
  value: number | undefined,
  samples: readonly number[],
  latency: DeliveryLatencyPart,
): Judgement {
  const { limit } = threshold;
  if (value === undefined) return { verdict: 'fail', reason: 'no-samples' };
  const valueHolds = holds(threshold, value);
  if (isSampled(threshold.metricPath) && limit !== 'above' && limit !== 'at-least' && latency.pending > 0) {
    if (!holds(threshold, slowestCase(threshold.metricPath, latency))) {
      return valueHolds ? { verdict: 'fail', reason: 'pending' } : { verdict: 'fail' };
    }
  }
  const scale = metricScale(threshold.metricPath);
  const interval = scale === 'constant' ? null : confidenceInterval(samples);
  // The sum of equal figures is that of the value, to the last digit.
  if (interval === null || (scale === 'total' && interval.halfWidth === 0)) {
    return { verdict: valueHolds ? 'pass' : 'fail' };
  }
  const isFromAbove = limit === 'below' || limit === 'at-most';
  if (scale === 'largest' && isFromAbove && !valueHolds) return { verdict: 'fail', reason: 'largest' };
  if (scale === 'total' && limit === 'equals') {
    return valueHolds ? { verdict: 'undecided', reason: 'unequal' } : { verdict: 'fail' };
  }
  const times = scale === 'total' ? samples.length : 1;
  const low = holds(threshold, times * (interval.mean - interval.halfWidth));
  const high = holds(threshold, times * (interval.mean + interval.halfWidth));
  if (low !== high) return { verdict: 'undecided', reason: 'interval' };
  if (!low) return { verdict: 'fail', reason: 'interval' };
  // Equal figures are their mean, but for the last digit.
  if (!valueHolds && interval.halfWidth > 0) return { verdict: 'undecided', reason: 'pooled' };
  return { verdict: 'pass' };
}

function holds({ limit, value }: ThresholdDefinition, actual: number): boolean {
  switch (limit) {
    case 'below':
      return actual < value;
    case 'at-most':
      return actual <= value;
    case 'above':
      return actual > value;
    case 'at-least':
      return actual >= value;
    case 'equals':
      return actual === value;
  }
}

/**
 * What a latency is once the pending mail has been waited for, which may take for ever: then the mean and the maximum
 * have no bound. Of a quantile a few messages on their way at the end of a run only move the rank.
 */
function slowestCase([, figure = '']: readonly string[], latency: DeliveryLatencyPart): number {
  const quantile = Object.hasOwn(quantiles, figure) ? quantiles[figure] : undefined;
  if (quantile === undefined) return Number.POSITIVE_INFINITY;
  return Histogram.of([latency.latencyMs]).quantile(quantile, latency.pending);
}
