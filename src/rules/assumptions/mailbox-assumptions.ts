import { type Assumption, assumption } from '../rule.js';

/** Submission from mailboxes and delivery to them; in name order. */
export const mailboxAssumptions: readonly Assumption[] = [
  assumption(
    'A-database-health',
    `A database whose health is h is delivered to by h hundredths of its threads, rounded up. The health stays what
    the setting says.`,
    `MD-04 says fewer as it falls. What store calls and latencies make of it is not documented.`,
  ),
  assumption(
    'A-delivery-threads-wait',
    `A message that finds all threads of its database or of the server taken (MD-03, CAP-20) waits there
    with its session, first come, first served. When the copy is dismounted or another one is activated it
    is answered at once; when the service stops, or the sites are parted, the session breaks at once.`,
    `MD-03 and QU-11 have a refusal and a reason to defer for the recipient limit alone: threads are a pool.`,
  ),
  assumption(
    'A-inbound-mail-submission',
    `Where \`inboundMail: false\` leaves no Transport service to take it, mail of the mailboxes there stays in the outbox.`,
    `AS-07: all Exchange servers of the site stop receiving, and Submission is a sender like others. Whether Exchange excepts
    the server's own mailboxes is not said.`,
  ),
  assumption(
    'A-older-submission',
    `Mail of a mailbox of 2007 or 2010 is fetched from the active copy's server by a hub of its version in its
    site, these taking turns. With none that answers it stays in the outbox and is offered again after
    \`mailboxTransport.submissionRetryInterval\`. It takes the times of Mailbox Transport Submission.`,
    `The submission service of these versions notifies any hub of the site, whose store driver fetches the
    message; the reference is silent on them.`,
  ),
  assumption(
    'A-outbox-waits',
    `A user's message stays in the outbox while the database is dismounted or the submission service is
    down, and is taken as soon as that ends.`,
    `RT-50: Mailbox Transport is stateless.`,
  ),
  assumption(
    'A-recipient-thread-wait',
    `A delivery to a recipient at its limit waits 5 seconds at the most, without a thread, before those
    recipients are refused with 432 4.3.2 and tried again by themselves. Recipients that are free are
    written first.`,
    `MD-03 says only that what is beyond the limit is tried again; taken to the letter two messages that
    meet by chance would be a retry interval apart, 15 minutes. 0 gives that reading.`,
  ),
  assumption(
    'A-store-driver',
    `The store driver of a hub writes by RPC to the server that holds the active copy, in whatever site: at the
    times of a delivery over SMTP, within the same limits, with the same answers. A database of a 2010 DAG that
    moves to another site is still served by the hubs of the site of its first copy.`,
    `RT-21 has the RPC and no figures, MD-02 is as in 2010. RT-33 gives such a database one site, and routing
    takes it from the configuration, not from what is active.`,
  ),
  assumption(
    'A-submission-retry',
    `Mailbox Transport Submission tries again after a minute when no Transport service takes a message.`,
    `Undocumented.`,
  ),
  assumption(
    'A-submission-threads',
    `A submission lasts from the reading of the message until Transport has acknowledged it or has not taken it: so
    long a thread is held, and \`maxConcurrentMailboxSubmissions\` counts it. A message that waits to be tried again
    holds none.`,
    `TH limits concurrent submissions and does not say when one ends; until the acknowledgement the message is the
    mailbox's (RT-50).`,
  ),
  assumption(
    'A-submission-time',
    `Mailbox Transport Submission works 20 ms on a message.`,
    `As Front End Transport, which does the same work.`,
  ),
  assumption(
    'A-write-per-recipient',
    `A message to several mailboxes of a database is written once for each, one after another; all count as
    delivered when the last is written, or when the rest is refused.`,
    `There is no single-instance storage in 2013.`,
  ),
  assumption(
    'A-writes-finish',
    `The recipient that is being written when a database is dismounted or moved is written; those behind it
    in the message are answered as the copy then stands.`,
    `A clean dismount waits for what is under way; the time of one write is below its resolution.`,
  ),
];
