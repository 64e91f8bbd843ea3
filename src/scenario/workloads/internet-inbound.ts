import { z } from 'zod';
import { positive, share } from '../schema/leaves.js';
import { strictObject } from '../schema/objects.js';
import { DailyArrivals } from './day-shape.js';
import type { ExpectationContext } from './expected-mail.js';
import { commonFields, messagesPerSecondField, recipientsField, shapeField, sizeField } from './fields.js';
import type { DayShape, RecipientsModel, SizeModel, WorkloadKind, WorkloadWindow } from './kind.js';
import { expectedOfPattern, MailGenerator, type MailPattern } from './mail-generator.js';
import { selectMailboxes } from './mailbox-selection.js';
import { meanRecipientsAmong } from './mean-recipients.js';

/** Mail from outside to the organization's mailboxes. */
export interface InternetInboundWorkload extends WorkloadWindow {
  readonly kind: 'internet-inbound';
  /** The mean over a day: messages that are sent, or deliveries that a mailbox gets, several of one message among them. */
  readonly rate:
    | { readonly kind: 'total'; readonly messagesPerSecond: number }
    | { readonly kind: 'per-mailbox'; readonly deliveriesPerMailboxPerDay: number };
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
  perMailboxPerDay: positive(100_000)
    .meta({ description: 'Messages that a mailbox receives a day' })
    .optional(),
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
    if (given === 'perMailboxPerDay' && unknownShare === 1) {
      decoding.problem(
        ['unknownShare'],
        'expected a share below 1: nobody would receive what a mailbox is to',
      );
    }
    return {
      kind: 'internet-inbound',
      ...window,
      rate:
        given === 'perMailboxPerDay'
          ? { kind: 'per-mailbox', deliveriesPerMailboxPerDay: perMailboxPerDay ?? 0 }
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
  const reached = meanRecipientsAmong(recipients, 1 - unknownShare, mailboxes.length);
  const perDay =
    rate.kind === 'total'
      ? rate.messagesPerSecond * secondsPerDay
      : (rate.deliveriesPerMailboxPerDay * mailboxes.length) / reached;
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
