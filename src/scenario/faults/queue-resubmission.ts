import type { FaultSpan } from './kind.js';

/** An administrator has a queue's messages categorized anew; it takes no time (`endMs` is `beginMs`). */
export interface QueueResubmissionFault extends FaultSpan {
  readonly kind: 'queue-resubmission';
  readonly server: string;
  /** The mailbox delivery queue of a database, or the queue with that NextHopDomain. */
  readonly queue: { readonly kind: 'database' | 'next-hop-domain'; readonly name: string };
}
