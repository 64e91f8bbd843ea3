import type { Stage } from '../sim/model/index.js';
import type { MetricParts } from './metrics/index.js';

/**
 * What one replication measured: plain data, the same for the same scenario, seed and version. `replications.json`
 * holds a list of these; merging them in replication order gives what one run over all of them would have measured.
 */
export interface ReplicationResult extends MetricParts {
  /** Counts from 1. */
  readonly replication: number;
  /** When the run ended, drain included. */
  readonly endMs: number;
}

/** A confidence interval of a mean. */
export interface Interval {
  readonly mean: number;
  readonly halfWidth: number;
  readonly confidence: number;
}

/** Of a threshold: `undecided` where the interval has the limit within. */
export type Verdict = 'pass' | 'fail' | 'undecided';

/** Why a verdict is what it is, where the value does not say it. */
export type VerdictReason =
  // There is nothing to take the value from: fail, or undecided of a run that was stopped.
  | 'no-samples'
  // Mail still pending at the end could break the limit, whatever the value is: fail.
  | 'pending'
  // The run was stopped before its end: undecided.
  | 'incomplete'
  // The limit lies in the interval: undecided. All of the interval breaks it: fail.
  | 'interval'
  // A replication broke the limit on something that is the largest of all: fail.
  | 'largest'
  // The interval holds the limit, the value of all replications together breaks it: undecided.
  | 'pooled'
  // A total hits the limit by chance, as replications differ: undecided.
  | 'unequal';

/** What came of a threshold. */
export interface ThresholdResult {
  readonly metric: string;
  /** As the scenario says it: `below 90 s`. */
  readonly limit: string;
  /** Pooled over all replications; 0 where there is nothing to take it from. */
  readonly value: number;
  readonly verdict: Verdict;
  /** Absent of what passes, and of what the value alone fails. */
  readonly reason?: VerdictReason;
}

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

/** The numbers of a summary: what thresholds and comparisons read. */
export interface Figures extends MetricSummaries {
  readonly replications: number;
  /** One replication's length, drain included: the mean where they differ. */
  readonly simulatedMs: number;
  readonly warmUpMs: number;
}

/** The warm-up of a scenario that says `warmUp: auto`. */
export interface FoundWarmUp {
  readonly method: 'MSER-5';
  /** Replications that it was looked for in. */
  readonly pilots: number;
  readonly warmUpMs: number;
  /** If not, no steady state was found, and `warmUpMs` is half of the time looked at. */
  readonly found: boolean;
}

/** `summary.json` (design section 8). Counts are totals over all replications and the whole run. */
export interface RunSummary extends Figures {
  readonly mailflow: 'run/1';
  /** Present and true when a guard or an interrupt stopped the run. */
  readonly incomplete?: true;
  readonly version: string;
  readonly scenario: { readonly name: string; readonly sha256: string };
  readonly seed: string;
  /** Where the scenario says `warmUp: auto`: how it was found. */
  readonly warmUp?: Omit<FoundWarmUp, 'warmUpMs'>;
  /** SHA-256 over the replications' results. */
  readonly fingerprint: string;
  /**
   * By metric, as written; empty with one replication. Always of the mean per replication, also where the figure
   * itself is a total over all of them.
   */
  readonly intervals: Readonly<Record<string, Interval>>;
  readonly thresholds: readonly ThresholdResult[];
}
