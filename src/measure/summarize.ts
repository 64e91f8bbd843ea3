import { fingerprint } from './fingerprint.js';
import { type MetricSource, metricReader } from './metric-reader.js';
import { type MetricParts, metricKinds, metricNames } from './metrics/index.js';
import type { MetricKind, RunWindow } from './metrics/kind.js';
import type { Interval, MetricSummaries, ReplicationResult, RunSummary } from './results.js';
import { confidenceInterval } from './statistics.js';
import { judgeThreshold, type ThresholdDefinition } from './thresholds.js';

/** What a summary says of the run beside its figures. */
export interface RunFacts {
  readonly version: string;
  readonly scenario: { readonly name: string; readonly sha256: string };
  readonly seed: string;
  readonly warmUpMs: number;
  /** New mail arrives for so long. */
  readonly durationMs: number;
  readonly thresholds: readonly ThresholdDefinition[];
  /** A guard or an interrupt stopped the run. */
  readonly incomplete: boolean;
}

/** Metrics that always have an interval. */
const intervalMetrics = [
  'deliveryLatency.meanMs',
  'deliveryLatency.p50Ms',
  'deliveryLatency.p95Ms',
  'deliveryLatency.p99Ms',
  'throughput.deliveredPerSecond',
] as const;

/** Pools what each metric measured in the replications, in their order. */
function mergeMetrics(replications: readonly MetricParts[]): MetricParts {
  const merged = metricNames.map((name) => {
    const kind = metricKinds[name] as MetricKind<unknown, unknown>;
    return [name, kind.merge(replications.map((each): unknown => each[name]))];
  });
  return Object.fromEntries(merged) as MetricParts;
}

/** The part of the summary that metrics fill in. */
function summarizeMerged(merged: MetricParts, window: RunWindow): MetricSummaries {
  const summaries = metricNames.map((name) => {
    const kind = metricKinds[name] as MetricKind<unknown, unknown>;
    return [name, kind.summarize(merged[name], window)];
  });
  return Object.fromEntries(summaries) as unknown as MetricSummaries;
}

/**
 * Makes the summary of a run: figures pooled over the replications in their order, confidence intervals over
 * replications where there are two or more, and the thresholds' verdicts.
 */
export function summarize(replications: readonly ReplicationResult[], facts: RunFacts): RunSummary {
  const merged = mergeMetrics(replications);
  const pooled = describe(replications, merged, facts);
  const each =
    replications.length < 2
      ? []
      : replications.map((replication) => describe([replication], mergeMetrics([replication]), facts));

  const intervals: [string, Interval][] = [];
  const paths = new Map<string, readonly string[]>(intervalMetrics.map((name) => [name, name.split('.')]));
  for (const { metric, metricPath } of facts.thresholds) paths.set(metric, metricPath);
  for (const [metric, path] of paths) {
    const interval = intervalOf(each, metricReader(path, pooled));
    if (interval !== null) intervals.push([metric, interval]);
  }

  const thresholds = facts.thresholds.map((threshold) => {
    const read = metricReader(threshold.metricPath, pooled);
    const value = read(pooled);
    return {
      metric: threshold.metric,
      limit: threshold.text,
      value: value ?? 0,
      verdict: facts.incomplete
        ? ('undecided' as const)
        : judgeThreshold(threshold, value, samplesOf(each, read), merged.deliveryLatency),
    };
  });
  return { ...pooled, intervals: Object.fromEntries(intervals), thresholds };
}

function describe(
  replications: readonly ReplicationResult[],
  merged: MetricParts,
  facts: RunFacts,
): MetricSource {
  const { version, scenario, seed, warmUpMs, durationMs } = facts;
  const endsMs = replications.map(({ endMs }) => endMs);
  const {
    messages,
    recipients,
    redirects,
    ndrs,
    retries,
    fallbacks,
    backoffs,
    delayNotices,
    resubmissions,
    backPressure,
    ...rest
  } = summarizeMerged(merged, { warmUpMs, durationMs, endsMs });
  return {
    mailflow: 'run/1',
    ...(facts.incomplete && { incomplete: true as const }),
    version,
    scenario,
    seed,
    replications: replications.length,
    simulatedMs: endsMs.reduce((sum, endMs) => sum + endMs, 0) / Math.max(1, endsMs.length),
    warmUpMs,
    fingerprint: fingerprint(replications),
    messages,
    recipients,
    redirects,
    ndrs,
    retries,
    fallbacks,
    backoffs,
    delayNotices,
    resubmissions,
    backPressure,
    ...rest,
  };
}

function samplesOf(
  each: readonly MetricSource[],
  read: (source: MetricSource) => number | undefined,
): readonly number[] {
  return each.map(read).filter((value) => value !== undefined);
}

function intervalOf(
  each: readonly MetricSource[],
  read: (source: MetricSource) => number | undefined,
): Interval | null {
  return confidenceInterval(samplesOf(each, read));
}
