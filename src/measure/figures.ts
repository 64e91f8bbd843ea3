import type { MetricSummaries } from './metric-summaries.js';
import { type MetricParts, metricKinds, metricNames } from './metrics/index.js';
import type { MetricKind, RunWindow } from './metrics/kind.js';
import type { Figures, ReplicationResult } from './results.js';

/** What figures need to know of the run beside its replications. */
export type MeasuredSpan = Pick<RunWindow, 'warmUpMs' | 'durationMs'>;

/** Pools what each metric measured in the replications, in their order. */
export function mergeMetrics(replications: readonly MetricParts[]): MetricParts {
  const merged = metricNames.map((name) => {
    const kind = metricKinds[name] as MetricKind<unknown, unknown>;
    return [name, kind.merge(replications.map((each): unknown => each[name]))];
  });
  return Object.fromEntries(merged) as MetricParts;
}

/**
 * The figures of replications taken together: totals added up, quantiles from merged histograms, averages over all of
 * their time.
 * @param merged - of these replications, where it is known already
 */
export function figuresOf(
  replications: readonly ReplicationResult[],
  { warmUpMs, durationMs }: MeasuredSpan,
  merged: MetricParts = mergeMetrics(replications),
): Figures {
  const endsMs = replications.map(({ endMs }) => endMs);
  return {
    replications: replications.length,
    simulatedMs: endsMs.reduce((sum, endMs) => sum + endMs, 0) / Math.max(1, endsMs.length),
    warmUpMs,
    ...summarizeMerged(merged, { warmUpMs, durationMs, endsMs }),
  };
}

/** The part of the summary that metrics fill in. */
function summarizeMerged(merged: MetricParts, window: RunWindow): MetricSummaries {
  const summaries = metricNames.map((name) => {
    const kind = metricKinds[name] as MetricKind<unknown, unknown>;
    return [name, kind.summarize(merged[name], window)];
  });
  return Object.fromEntries(summaries) as unknown as MetricSummaries;
}
