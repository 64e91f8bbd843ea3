import { intervalMetrics, PrecisionWatch, type ReplicationResult } from '../measure/index.js';
import type { Scenario } from '../scenario/index.js';

/** What precision needs to know of a scenario; `warmUpMs` as found, where the scenario says `auto`. */
export interface PrecisionScenario extends Pick<Scenario, 'durationMs' | 'thresholds'> {
  readonly warmUpMs: number;
}

/**
 * Follows how precise a run becomes, replication by replication: of the metric of each threshold, or, where there are
 * none, of the metrics that always have an interval (`--precision`, design section 7).
 */
export function watchPrecision({ thresholds, warmUpMs, durationMs }: PrecisionScenario): PrecisionWatch {
  const paths =
    thresholds.length === 0
      ? intervalMetrics.map((metric) => [metric, metric.split('.')] as const)
      : thresholds.map(({ metric, metricPath }) => [metric, metricPath] as const);
  return new PrecisionWatch(new Map(paths), { warmUpMs, durationMs });
}

/**
 * Whether replications are enough for the precision wanted: the 95 % interval of every metric that matters reaches no
 * further than `percent` of its mean to either side. To be asked of the first n replications, n rising by one, so that
 * the answer does not depend on which of them was done first; `watchPrecision` answers the same without beginning
 * anew each time.
 * @param replications - in order, from the first, without gaps
 * @param percent - above 0
 */
export function isPreciseEnough(
  replications: readonly ReplicationResult[],
  scenario: PrecisionScenario,
  percent: number,
): boolean {
  const watch = watchPrecision(scenario);
  for (const replication of replications) watch.add(replication);
  return watch.isPrecise(percent);
}
