import type { Envelope } from './delivery-log.js';

/** What a mailbox database had and has no more, and Safety Net is asked for: it waits on a copy that no server has. */
export interface LostDelivery {
  /** Of a message of the kind `resubmission`, with the rows that began anew. */
  readonly copy: number;
  readonly deliveredMs: number;
  /** The server that delivered it. */
  readonly primary: number;
  /** The server that had its shadow copy; -1 if none. */
  readonly shadow: number;
  /** Null: to whom it was delivered, and nobody else. */
  readonly envelope: Envelope | null;
}
