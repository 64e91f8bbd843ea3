import type { DayShape, RecipientsModel, SizeModel, WorkloadWindow } from './kind.js';

/** Mail from outside to the organization's mailboxes. */
export interface InternetInboundWorkload extends WorkloadWindow {
  readonly kind: 'internet-inbound';
  /** The mean over a day. */
  readonly rate:
    | { readonly kind: 'total'; readonly messagesPerSecond: number }
    | { readonly kind: 'per-mailbox'; readonly messagesPerMailboxPerDay: number };
  readonly shape: DayShape;
  readonly recipients: RecipientsModel;
  readonly size: SizeModel;
  /** Share of recipients that nobody has, 0 to 1. */
  readonly unknownShare: number;
}
