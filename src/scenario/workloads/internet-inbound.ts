import { z } from 'zod';
import { positive, share } from '../schema/leaves.js';
import { strictObject } from '../schema/objects.js';
import { commonFields, messagesPerSecondField, recipientsField, shapeField, sizeField } from './fields.js';
import type { DayShape, RecipientsModel, SizeModel, WorkloadKind, WorkloadWindow } from './kind.js';

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

const schema = strictObject({
  kind: z.literal('internet-inbound'),
  ...commonFields,
  messagesPerSecond: messagesPerSecondField,
  perMailboxPerDay: positive(100_000).optional(),
  shape: shapeField,
  recipients: recipientsField,
  size: sizeField,
  unknownShare: share.default(0.01),
});

export const internetInbound: WorkloadKind<typeof schema, InternetInboundWorkload> = {
  schema,
  decode(fields, window, decoding) {
    const given = decoding.exactlyOne(fields, 'messagesPerSecond', 'perMailboxPerDay');
    decoding.needMailboxes();
    const { messagesPerSecond, perMailboxPerDay, shape, recipients, size, unknownShare } = fields;
    return {
      kind: 'internet-inbound',
      ...window,
      rate:
        given === 'perMailboxPerDay'
          ? { kind: 'per-mailbox', messagesPerMailboxPerDay: perMailboxPerDay ?? 0 }
          : { kind: 'total', messagesPerSecond: messagesPerSecond ?? 0 },
      shape,
      recipients,
      size,
      unknownShare,
    };
  },
};
