import { z } from 'zod';
import type { Decoding } from '../decoding.js';
import { choice, line, list, positive, share } from '../schema/leaves.js';
import { strictObject } from '../schema/objects.js';
import { DailyArrivals } from './day-shape.js';
import type { ExpectationContext } from './expected-mail.js';
import { commonFields, recipientsField, shapeField, sizeField } from './fields.js';
import type { DayShape, RecipientsModel, SizeModel, WorkloadKind, WorkloadWindow } from './kind.js';
import { expectedOfPattern, MailGenerator, type MailPattern } from './mail-generator.js';
import { selectMailboxes } from './mailbox-selection.js';
import { meanRecipientsAmong } from './mean-recipients.js';

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

const mostPerDay = 100_000;

const schema = strictObject({
  kind: z.literal('mailbox-users'),
  ...commonFields,
  mailboxes: z
    .union([choice('all'), list(line, 'addresses, databases or sites')], {
      error: 'expected `all` or a list of addresses, databases or sites',
    })
    .default('all'),
  profile: positive(mostPerDay).optional(),
  sentPerDay: positive(mostPerDay).optional(),
  externalShare: share.default(0.25),
  shape: shapeField,
  recipients: recipientsField,
  size: sizeField,
  unknownShare: share.default(0.01),
});

/** CAP-06: of the messages of a profile, one in five is sent. */
const sentShare = 0.2;

export const mailboxUsers: WorkloadKind<typeof schema, MailboxUsersWorkload> = {
  schema,
  decode(fields, window, decoding) {
    const given = decoding.exactlyOne(fields, 'profile', 'sentPerDay');
    const profile = fields.profile ?? 0;
    decoding.needMailboxes();
    if (fields.mailboxes.length === 0) {
      decoding.problem(['mailboxes'], 'expected at least one address, database or site');
    }
    const { mailboxes, externalShare, shape, recipients, size, unknownShare } = fields;
    return {
      kind: 'mailbox-users',
      ...window,
      mailboxes:
        mailboxes === 'all' ? 'all' : mailboxes.flatMap((name, index) => select(name, index, decoding)),
      sentPerDay: given === 'profile' ? profile * sentShare : (fields.sentPerDay ?? 0),
      receivedPerDay: given === 'profile' ? profile * (1 - sentShare) : null,
      externalShare,
      shape,
      recipients,
      size,
      unknownShare,
    };
  },
  start: (workload, start) => {
    const { model, startUtcMs, streams } = start;
    for (const { name, pattern } of patternsOf(workload, { topology: model.topology, startUtcMs })) {
      new MailGenerator(name, pattern, model, streams);
    }
  },
  expect: (workload, context) =>
    patternsOf(workload, context).map(({ pattern }) => expectedOfPattern(pattern)),
};

/** What the people send, and what comes for them from outside; the names are those of the random streams. */
function patternsOf(
  workload: MailboxUsersWorkload,
  { topology, startUtcMs }: ExpectationContext,
): readonly { readonly name: string; readonly pattern: MailPattern }[] {
  const mailboxes = selectMailboxes(workload.mailboxes, { topology });
  if (mailboxes.length === 0) return [];
  const { shape, recipients, size, externalShare, unknownShare } = workload;
  const common = { window: workload, receivers: mailboxes, recipients, size };
  const sentPerDay = mailboxes.length * workload.sentPerDay;
  const own = {
    name: workload.name,
    pattern: {
      ...common,
      arrivals: new DailyArrivals(shape, startUtcMs, sentPerDay),
      senders: mailboxes,
      outsideShare: externalShare,
      unknownShare,
    },
  };
  if (workload.receivedPerDay === null) return [own];
  // CAP-06: what its colleagues' mail does not bring to a mailbox comes from outside.
  const insideShare = Math.max(0, 1 - externalShare - unknownShare);
  const fromColleagues = sentPerDay * meanRecipientsAmong(recipients, insideShare, mailboxes.length);
  const missing = mailboxes.length * workload.receivedPerDay - fromColleagues;
  const reached = meanRecipientsAmong(recipients, 1 - unknownShare, mailboxes.length);
  if (missing <= 0 || reached <= 0) return [own];
  const fromOutside = {
    name: `${workload.name}/outside`,
    pattern: {
      ...common,
      arrivals: new DailyArrivals(shape, startUtcMs, missing / reached),
      senders: new Int32Array(0),
      outsideShare: 0,
      unknownShare,
    },
  };
  return [own, fromOutside];
}

/** What a name stands for: the address of a mailbox, else a database, else a site. */
function select(name: string, index: number, decoding: Decoding): MailboxSelector[] {
  const { references } = decoding;
  if (references.hasMailbox(name)) return [{ kind: 'address', name }];
  const database = references.find('databases', name);
  if (database !== undefined) return [{ kind: 'database', name: database.name }];
  const site = references.find('sites', name);
  if (site !== undefined) return [{ kind: 'site', name: site.name }];
  if ((['mailboxes', 'databases', 'sites'] as const).some((list) => references.mayExist(list, name)))
    return [];
  decoding.problem(
    ['mailboxes', index],
    `there is no mailbox, database or site ${JSON.stringify(name)}`,
    references.hint(name, 'databases', 'sites'),
  );
  return [];
}
