import { stages } from '../sim/model/index.js';
import { Histogram } from './histogram.js';
import { isSampled, metricScale } from './metric-reader.js';
import type { DeliveryLatencyPart } from './metrics/delivery-latency.js';
import type { Verdict } from './results.js';
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

/**
 * The verdict on a threshold.
 * - No samples: fail.
 * - A limit from above on a latency that mail still pending could break: fail.
 * - One replication: the value decides.
 * - More: the confidence interval of the replications' mean decides, and is undecided when the limit lies in it.
 *   Of a total, whose value is the sum over replications, it is the interval of that sum: n times as far and as wide.
 *   What does not vary by replication, as their number, is compared itself.
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
): Verdict {
  const { limit } = threshold;
  if (value === undefined) return 'fail';
  if (isSampled(threshold.metricPath) && limit !== 'above' && limit !== 'at-least' && latency.pending > 0) {
    if (!holds(threshold, slowestCase(threshold.metricPath, latency))) return 'fail';
  }
  const scale = metricScale(threshold.metricPath);
  const interval = scale === 'constant' ? null : confidenceInterval(samples);
  // The sum of equal figures is that of the value, to the last digit.
  if (interval === null || (scale === 'total' && interval.halfWidth === 0)) {
    return holds(threshold, value) ? 'pass' : 'fail';
  }
  if (scale === 'total' && limit === 'equals') return holds(threshold, value) ? 'undecided' : 'fail';
  const times = scale === 'total' ? samples.length : 1;
  const low = holds(threshold, times * (interval.mean - interval.halfWidth));
  const high = holds(threshold, times * (interval.mean + interval.halfWidth));
  return low !== high ? 'undecided' : low ? 'pass' : 'fail';
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
 * What a latency could become once the pending mail is delivered. For a quantile pending mail may take for ever: a few
 * messages on their way at the end of a run do not move it. The mean and the maximum would then never be known while
 * mail comes in: for these, pending mail is taken to be as slow as the slowest that was delivered, or as old as it is.
 */
function slowestCase(path: readonly string[], latency: DeliveryLatencyPart): number {
  const histogram = Histogram.of([latency.latencyMs]);
  const [, figure = '', stage] = path;
  const quantile = Object.hasOwn(quantiles, figure) ? quantiles[figure] : undefined;
  if (quantile !== undefined) return histogram.quantile(quantile, latency.pending);
  const slowestMs = Math.max(histogram.max, latency.oldestPendingMs);
  if (figure === 'maxMs') return slowestMs;
  const deliveredMs =
    figure === 'byStage'
      ? latency.stageMs[(stages as readonly string[]).indexOf(stage ?? '')]!
      : histogram.sum;
  return (deliveredMs + latency.pending * slowestMs) / (histogram.count + latency.pending);
}
