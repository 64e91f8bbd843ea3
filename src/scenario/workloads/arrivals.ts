import type { SizeModel, WorkloadWindow } from './kind.js';

/** The plain one: messages from one sender to the same recipients, at a rate or at given times. */
export interface ArrivalsWorkload extends WorkloadWindow {
  readonly kind: 'arrivals';
  readonly arrival:
    | { readonly kind: 'poisson' | 'deterministic'; readonly messagesPerSecond: number }
    /** Ascending; one message at each. */
    | { readonly kind: 'at'; readonly timesMs: readonly number[] };
  /** An SMTP address, of the organization or outside. */
  readonly from: string;
  /** At least one SMTP address: mailboxes, groups, contacts, outside or unknown. */
  readonly to: readonly string[];
  readonly size: SizeModel;
}
