import type { MetricSummaries } from './metric-summaries.js';
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

/** Every `VerdictReason`. */
export const verdictReasons = [
  // There is nothing to take the value from: fail, or undecided of a run that was stopped.
  'no-samples',
  // Mail still pending at the end could break the limit, whatever the value is: fail.
  'pending',
  // The run was stopped before its end: undecided.
  'incomplete',
  // The limit lies in the interval: undecided. All of the interval breaks it: fail.
  'interval',
  // A replication broke the limit on something that is the largest of all: fail.
  'largest',
  // The interval holds the limit, the value of all replications together breaks it: undecided.
  'pooled',
  // A total hits the limit by chance, as replications differ: undecided.
  'unequal',
] as const;

/** Why a verdict is what it is, where the value does not say it. */
export type VerdictReason = (typeof verdictReasons)[number];

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
