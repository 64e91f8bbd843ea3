import type { ThresholdResult } from '../measure/index.js';
import type { ComponentKind } from './failures-components.js';

/** A destination that mail does not get to any more, from some servers or from all. */
export interface UnreachableDestination {
  readonly kind: 'mailbox-database' | 'connector' | 'expansion-server';
  readonly name: string;
  /** From no server that is still up and reached it before. */
  readonly everywhere: boolean;
  /** Sites whose servers, one at least, do not reach it; an Edge without a site has its own name. In name order. */
  readonly from: readonly string[];
  /** Of a database; else 0. */
  readonly mailboxes: number;
  readonly why: string;
}

/** What one failure, of one component or of two at once, means: an entry of `failures/1` (design section 3). */
export interface FailureFinding {
  readonly failed: readonly { readonly kind: ComponentKind; readonly name: string }[];
  /** Connectors first, then expansion servers and databases, each in name order. */
  readonly unreachable: readonly UnreachableDestination[];
  /**
   * Routes, each from a server to a database, an expansion server or an address space, that lead there another way than
   * usual: by another tier, over other links, or to another copy of the database.
   */
  readonly detours: number;
  /** Share of the mailboxes that mail from the servers still up does not get to. */
  readonly mailboxesCutOff: number;
  /**
   * Share of the routes outwards, each from a server still up to an address space, that lead nowhere; `*` counts as much
   * as all other address spaces together.
   */
  readonly outsideCutOff: number;
  /** Of a pair: whether it is worse than the worse of the two alone. */
  readonly worseTogether: boolean | null;
  /** The different reasons of `unreachable`, those that hold for most first. */
  readonly why: readonly string[];
  /** Null: it was not simulated. */
  readonly thresholds: readonly ThresholdResult[] | null;
}

/** What `failures` answers. */
export interface FailureAnswer {
  readonly mailflow: 'failures/1';
  /** Not all was simulated that was to be: the run was stopped, or replications failed. */
  readonly incomplete?: true;
  /** Of the scenario as it is; null: nothing was simulated. */
  readonly thresholdsBefore: readonly ThresholdResult[] | null;
  /** Worst first. */
  readonly failures: readonly FailureFinding[];
  readonly summary: FailureSummary;
}

/** How much was looked at to find the worst failures. */
export interface FailureSummary {
  /** Failures looked at. */
  readonly failures: number;
  /** Those after which something is unreachable. */
  readonly harmful: number;
  /** Servers that mail was asked for from. */
  readonly sources: number;
  /** Routes asked about: each from one of them. */
  readonly routes: number;
  /** Routes that lead nowhere before anything has failed: they count nowhere else. */
  readonly lostBefore: number;
}

/** How far failures are looked for. */
export interface FailureOptions {
  /** Every two components instead of every one. */
  readonly pairs?: boolean | undefined;
  /** So many of the worst are listed; default: all. */
  readonly most?: number | undefined;
  /** Told now and then how many failures have been looked at. */
  readonly onProgress?: ((done: number) => void) | undefined;
}
