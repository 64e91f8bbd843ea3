/** What the size of all queue databases follows from. */
export interface QueueVolumeInputs {
  readonly mailboxes: number;
  /** Sent and received, as a profile counts them (CAP-06). */
  readonly messagesPerMailboxAndDay: number;
  readonly averageBytes: number;
  /** Of a day's traffic, what waits in queues in the worst case; 0.5 by default. */
  readonly queuedShare?: number;
  /** For how many days it waits; 2 by default, as long as messages live. */
  readonly queueDays?: number;
  /** `safetyNetHoldTime` in days; 2 by default. */
  readonly safetyNetDays?: number;
}

/** The primary and the shadow copy. */
const holders = 2;

/**
 * The worst case of the size of all queue databases together, bytes (CAP-10): the traffic of a day, what of it waits, and what
 * Safety Net holds, each of it twice. To be divided by the servers that are left after the failures that are to be
 * borne.
 */
export function queueVolumeBytes({
  mailboxes,
  messagesPerMailboxAndDay,
  averageBytes,
  queuedShare = 0.5,
  queueDays = 2,
  safetyNetDays = 2,
}: QueueVolumeInputs): number {
  const dailyBytes = mailboxes * messagesPerMailboxAndDay * averageBytes;
  return dailyBytes * (1 + queuedShare * queueDays + safetyNetDays) * holders;
}
