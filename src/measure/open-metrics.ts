import type { ModelView, TransportObserver } from '../sim/model/index.js';
import { dispatchFacts } from './fact-dispatch.js';
import { type MetricName, type MetricParts, metricKinds, metricNames } from './metrics/index.js';
import type { Metric, MetricContext, MetricKind } from './metrics/kind.js';
import type { ReplicationResult } from './results.js';
import { recordBackoffs } from './tables/backoffs.js';
import type { RowSink } from './tables/columns.js';
import { recordFaults } from './tables/faults.js';
import { recordLatency } from './tables/latency.js';
import { recordMessages } from './tables/messages.js';
import { recordTimeline } from './tables/timeline.js';

export interface MetricsOptions {
  /** Counts from 1: the first column of every table. */
  readonly replication: number;
  /** Mail submitted before that counts in totals, but not in latencies and throughput. */
  readonly warmUpMs: number;
  /** Between two calls of `RunMetrics.sample`. */
  readonly sampleEveryMs: number;
  /** Takes the rows of the tables, as they come about. */
  readonly sink: RowSink;
  /** Whether to write `messages.csv`: a row for each recipient. */
  readonly recordMessages: boolean;
}

/** Everything that is measured in one replication. Reads the model, never acts on it. */
export interface RunMetrics {
  /** For the model to report to. */
  readonly observer: Required<TransportObserver>;
  /** Gives the model to ask for names and samples. Before its first fact. */
  attach(view: ModelView): void;
  /** The warm-up is over: to be called with the clock at `warmUpMs`, if that is not 0. */
  warmedUp(): void;
  /** A sample interval is over: to be called at each multiple of `sampleEveryMs`, after the events of that instant. */
  sample(atMs: number): void;
  /**
   * Ends the measurement; takes the last sample by itself where the run ends between two.
   * @param endMs - when the run ended
   */
  close(endMs: number): ReplicationResult;
}

/** Opens all metrics of a replication. */
export function openMetrics(options: MetricsOptions): RunMetrics {
  const { replication, warmUpMs, sampleEveryMs, sink } = options;
  let attached: ModelView | undefined;
  const context: MetricContext = {
    replication,
    warmUpMs,
    sampleEveryMs,
    emit: sink,
    view() {
      if (attached === undefined) throw new Error('the metrics have no model yet: attach it first');
      return attached;
    },
    isMeasured: (message) => message.kind === 'mail' && message.submittedMs >= warmUpMs,
  };
  const metrics = metricNames.map((name): readonly [MetricName, Metric<unknown>] => [
    name,
    (metricKinds[name] as MetricKind<unknown, unknown>).open(context),
  ]);
  const recorders = [
    recordTimeline(context),
    recordLatency(context),
    recordFaults(context),
    recordBackoffs(context),
    ...(options.recordMessages ? [recordMessages(context)] : []),
  ];
  const open = [...metrics.map(([, metric]) => metric), ...recorders];
  let sampledMs = -1;

  return {
    observer: dispatchFacts(open.map((each) => each.facts)),
    attach(view) {
      attached = view;
    },
    warmedUp() {
      for (const [, metric] of metrics) metric.warmedUp?.();
    },
    sample(atMs) {
      sampledMs = atMs;
      for (const each of open) each.sampled?.(atMs);
    },
    close(endMs) {
      if (endMs > sampledMs) this.sample(endMs);
      for (const recorder of recorders) recorder.close?.(endMs);
      const parts = metrics.map(([name, metric]) => [name, metric.close(endMs)]);
      return { replication, endMs, ...(Object.fromEntries(parts) as MetricParts) };
    },
  };
}
