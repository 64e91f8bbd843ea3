import type { Envelope } from './delivery-log.js';

/** A delivery to a mailbox database, as Safety Nets know it: of what it had first, and of what it dropped as a duplicate. */
export interface KeptDelivery {
  readonly deliveredMs: number;
  /** The server that delivered it. */
  readonly primary: number;
  /** The server that had its shadow copy; -1 if none. */
  readonly shadow: number;
  readonly hops: number;
  /** The mailboxes that it was written to, or that dropped it. */
  readonly recipients: readonly number[];
  /** To whom it was addressed; null: to `recipients`. */
  readonly envelope: Envelope | null;
}

/** What a mailbox database had and has no more, and Safety Net is asked for: it waits on a copy that no server has. */
export interface LostDelivery {
  /** Of a message of the kind `resubmission`, with the rows that began anew. */
  readonly copy: number;
  /** Who may have it and has not been asked in vain, in order. The first that answers is the only one to resubmit it. */
  readonly kept: KeptDelivery[];
  /** Of these those whose primary is being asked. */
  readonly asked: KeptDelivery[];
  isAnswered: boolean;
}
