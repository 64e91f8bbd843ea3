import type { DayShape, RecipientsModel, SizeModel, WorkloadWindow } from './kind.js';

/** The people behind mailboxes: they write to each other and outside, and get mail from outside. */
export interface MailboxUsersWorkload extends WorkloadWindow {
  readonly kind: 'mailbox-users';
  readonly mailboxes: 'all' | readonly MailboxSelector[];
  /** Messages that a mailbox sends a day, in the mean. */
  readonly sentPerDay: number;
  /**
   * Messages that a mailbox receives a day: what its colleagues' mail does not bring comes from outside (CAP-06).
   * Null when the file says `sentPerDay`: then nothing comes from outside.
   */
  readonly receivedPerDay: number | null;
  /** Share of recipients outside the organization, 0 to 1. */
  readonly externalShare: number;
  readonly shape: DayShape;
  readonly recipients: RecipientsModel;
  readonly size: SizeModel;
  /** Share of recipients that nobody has, 0 to 1. */
  readonly unknownShare: number;
}

/** One mailbox, or all those of a database, or all those whose database's first copy is in a site. */
export interface MailboxSelector {
  readonly kind: 'address' | 'database' | 'site';
  readonly name: string;
}
