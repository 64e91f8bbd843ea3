import { figuresOf, mergeMetrics } from './figures.js';
import { fingerprint } from './fingerprint.js';
import { metricReader } from './metric-reader.js';
import type { FoundWarmUp, Interval, ReplicationResult, RunSummary } from './results.js';
import { confidenceInterval } from './statistics.js';
import { judgeThreshold, type ThresholdDefinition } from './thresholds.js';

/** What a summary says of the run beside its figures. */
export interface RunFacts {
  readonly version: string;
  readonly scenario: { readonly name: string; readonly sha256: string };
  readonly seed: string;
  readonly warmUpMs: number;
  /** Where the scenario says `warmUp: auto`. */
  readonly foundWarmUp?: FoundWarmUp | undefined;
  /** New mail arrives for so long. */
  readonly durationMs: number;
  readonly thresholds: readonly ThresholdDefinition[];
  /** A guard or an interrupt stopped the run. */
  readonly incomplete: boolean;
}

/** Metrics that always have an interval. */
export const intervalMetrics: readonly string[] = [
  'deliveryLatency.meanMs',
  'deliveryLatency.p50Ms',
  'deliveryLatency.p95Ms',
  'deliveryLatency.p99Ms',
  'throughput.deliveredPerSecond',
];

/**
 * Makes the summary of a run: figures pooled over the replications in their order, confidence intervals over
 * replications where there are two or more, and the thresholds' verdicts.
 */
export function summarize(replications: readonly ReplicationResult[], facts: RunFacts): RunSummary {
  const merged = mergeMetrics(replications);
  const pooled = figuresOf(replications, facts, merged);
  const each =
    replications.length < 2 ? [] : replications.map((replication) => figuresOf([replication], facts));
  const samplesOf = (path: readonly string[]) => {
    const read = metricReader(path, pooled);
    return each.map(read).filter((value) => value !== undefined);
  };

  const intervals: [string, Interval][] = [];
  const paths = new Map<string, readonly string[]>(intervalMetrics.map((name) => [name, name.split('.')]));
  for (const { metric, metricPath } of facts.thresholds) paths.set(metric, metricPath);
  for (const [metric, path] of paths) {
    const interval = confidenceInterval(samplesOf(path));
    if (interval !== null) intervals.push([metric, interval]);
  }

  const thresholds = facts.thresholds.map((threshold) => {
    const value = metricReader(threshold.metricPath, pooled)(pooled);
    return {
      metric: threshold.metric,
      limit: threshold.text,
      value: value ?? 0,
      ...(facts.incomplete
        ? ({ verdict: 'undecided', reason: value === undefined ? 'no-samples' : 'incomplete' } as const)
        : judgeThreshold(threshold, value, samplesOf(threshold.metricPath), merged.deliveryLatency)),
    };
  });
  const { version, scenario, seed, foundWarmUp } = facts;
  const { replications: count, simulatedMs, warmUpMs, ...metrics } = pooled;
  return {
    mailflow: 'run/1',
    ...(facts.incomplete && { incomplete: true as const }),
    version,
    scenario,
    seed,
    replications: count,
    simulatedMs,
    warmUpMs,
    ...(foundWarmUp !== undefined && { warmUp: howFound(foundWarmUp) }),
    fingerprint: fingerprint(replications),
    ...metrics,
    intervals: Object.fromEntries(intervals),
    thresholds,
  };
}

function howFound({ method, pilots, found }: FoundWarmUp): NonNullable<RunSummary['warmUp']> {
  return { method, pilots, found };
}
