import type { MessageFacts, ModelView, TransportObserver } from '../../sim/model/index.js';
import type { RowSink } from '../tables/columns.js';

/** What a metric works with while a replication runs. */
export interface MetricContext {
  readonly replication: number;
  readonly warmUpMs: number;
  readonly sampleEveryMs: number;
  readonly emit: RowSink;
  /** The running model; not before the first fact. */
  readonly view: () => ModelView;
  /** Whether latencies and throughput cover a message: mail (no notification) submitted after the warm-up. */
  readonly isMeasured: (message: MessageFacts) => boolean;
}

/**
 * One metric at work in one replication. A delivery is some fourteen facts, most of them for one or two metrics: what a
 * metric keeps while the model runs are a few numbers of its own, columns by the small ids of queues, servers and links, and
 * histograms. No fact is kept, no name looked up, nothing allocated; names, rows and quotients come about at samples, which
 * are seldom, and when the run is over. `dispatchFacts` brings a fact straight to those that want it.
 */
export interface Metric<Part> {
  /** The facts it wants to be told. Hot ones must not allocate. */
  readonly facts: Partial<TransportObserver>;
  /** The warm-up is over; not called where there is none, nor when the run ended before. */
  warmedUp?(): void;
  /** A sample interval is over at `atMs`; its length is that since the last call. */
  sampled?(atMs: number): void;
  /** The run is over; called after `sampled` for the last interval. */
  close(endMs: number): Part;
}

/** What summaries need to know of the run beside the metric's own part. */
export interface RunWindow {
  readonly warmUpMs: number;
  /** New mail arrives for so long. */
  readonly durationMs: number;
  /** When each replication ended, in replication order. */
  readonly endsMs: readonly number[];
}

/**
 * A metric: what it measures in a replication, how parts of several replications become one, and what the summary
 * shows of that. Methods, not function properties, so that kinds of different parts fit one list.
 */
export interface MetricKind<Part, Summary> {
  open(context: MetricContext): Metric<Part>;
  /** The parts of replications together, in replication order; of none: the part of an empty run. */
  merge(parts: readonly Part[]): Part;
  summarize(merged: Part, window: RunWindow): Summary;
}

/** Seconds of simulated time after the warm-up until `endMs` (each replication's own, if not given), of all replications. */
export function measuredSeconds(window: RunWindow, untilMs = Number.POSITIVE_INFINITY): number {
  const { warmUpMs, endsMs } = window;
  return endsMs.reduce((sum, endMs) => sum + Math.max(0, Math.min(endMs, untilMs) - warmUpMs), 0) / 1_000;
}

/** A quotient that is 0 where there is nothing to divide by. */
export function ratio(dividend: number, divisor: number): number {
  return divisor > 0 ? dividend / divisor : 0;
}
