import type { Stage } from '../sim/model/index.js';

/** Mean time in each stage, in ms and in the order of the stages. */
export type StageMeans = Readonly<Record<Stage, number>>;

/** A queue of a server, over a whole run. */
export interface QueueSummary {
  readonly server: string;
  readonly deliveryType: string;
  readonly nextHopDomain: string;
  /** Averaged over time, after the warm-up. */
  readonly meanLength: number;
  readonly maxLength: number;
  /**
   * The largest age, counted from its submission, of a message in the queue; of a Submission queue only messages that
   * have left it count.
   */
  readonly maxAgeMs: number;
  /** Time in status Retry, summed over replications. */
  readonly retryMs: number;
}

/** What a server had to do. */
export interface ServerSummary {
  readonly server: string;
  /** Share of the processor's cores that is busy, averaged over time after the warm-up. */
  readonly utilization: number;
  /** Messages categorized a second after the warm-up. */
  readonly messagesPerSecond: number;
  readonly queueDatabaseMaxBytes: number;
}

/** What a site link carried. */
export interface LinkSummary {
  readonly link: string;
  readonly bytes: number;
  readonly utilization: number;
}

/** The part of the summary that each metric fills in. */
export interface MetricSummaries {
  readonly messages: { readonly submitted: number; readonly categorized: number; readonly relayed: number };
  readonly recipients: {
    readonly submitted: number;
    readonly expanded: number;
    readonly generated: number;
    readonly delivered: number;
    readonly returned: number;
    readonly expired: number;
    readonly lost: number;
    readonly pending: number;
    readonly duplicates: number;
  };
  readonly redirects: { readonly total: number; readonly byCause: Readonly<Record<string, number>> };
  readonly ndrs: { readonly total: number; readonly byCode: Readonly<Record<string, number>> };
  readonly retries: { readonly connections: number; readonly messages: number };
  readonly fallbacks: { readonly total: number; readonly byReason: Readonly<Record<string, number>> };
  readonly backoffs: { readonly total: number; readonly bySite: Readonly<Record<string, number>> };
  readonly delayNotices: number;
  readonly resubmissions: { readonly idle: number; readonly shadow: number; readonly safetyNet: number };
  readonly deliveryLatency: {
    readonly count: number;
    readonly meanMs: number;
    readonly p50Ms: number;
    readonly p90Ms: number;
    readonly p95Ms: number;
    readonly p99Ms: number;
    readonly maxMs: number;
    readonly byStage: StageMeans;
    readonly oldestPendingMs: number;
  };
  readonly throughput: {
    readonly submittedPerSecond: number;
    readonly deliveredPerSecond: number;
    readonly peakDeliveredPerSecond: number;
  };
  readonly backPressure: { readonly rejected: number; readonly tarpitMs: number; readonly highMs: number };
  readonly queues: readonly QueueSummary[];
  readonly servers: readonly ServerSummary[];
  readonly links: readonly LinkSummary[];
  readonly lost: { readonly total: number; readonly byCause: Readonly<Record<string, number>> };
  readonly protection: {
    readonly shadowed: number;
    readonly unshadowed: number;
    readonly refused: number;
    readonly discarded: number;
    readonly promoted: number;
    readonly duplicatesDropped: number;
  };
}
