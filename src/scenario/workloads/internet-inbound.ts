import { z } from 'zod';
import { positive, share } from '../schema/leaves.js';
import { strictObject } from '../schema/objects.js';
import { DailyArrivals } from './day-shape.js';
import type { ExpectationContext } from './expected-mail.js';
import { commonFields, messagesPerSecondField, recipientsField, shapeField, sizeField } from './fields.js';
import type { DayShape, RecipientsModel, SizeModel, WorkloadKind, WorkloadWindow } from './kind.js';
import { expectedOfPattern, MailGenerator, type MailPattern } from './mail-generator.js';
import { selectMailboxes } from './mailbox-selection.js';

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

const secondsPerDay = 86_400;

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
  start: (workload, start) => {
    const { model, startUtcMs, streams } = start;
    const pattern = patternOf(workload, { topology: model.topology, startUtcMs });
    new MailGenerator(workload.name, pattern, model, streams);
  },
  expect: (workload, context) => [expectedOfPattern(patternOf(workload, context))],
};

function patternOf(
  workload: InternetInboundWorkload,
  { topology, startUtcMs }: ExpectationContext,
): MailPattern {
  const mailboxes = selectMailboxes('all', { topology });
  const { rate, shape, recipients, size, unknownShare } = workload;
  const perDay =
    rate.kind === 'total'
      ? rate.messagesPerSecond * secondsPerDay
      : rate.messagesPerMailboxPerDay * mailboxes.length;
  return {
    window: workload,
    arrivals: new DailyArrivals(shape, startUtcMs, perDay),
    senders: new Int32Array(0),
    receivers: mailboxes,
    outsideShare: 0,
    unknownShare,
    recipients,
    size,
  };
}
