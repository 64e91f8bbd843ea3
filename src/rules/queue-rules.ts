import { assumed, leftOut, modelled, type Rule } from './rule.js';
import {
  fieldReport,
  inference,
  mailFlow,
  messageFilters,
  networkPorts,
  queues,
  retryIntervals,
} from './sources.js';

/** MW-01 to MW-04: the pipeline. */
export const pipelineRules: readonly Rule[] = [
  modelled(
    'MW-01',
    mailFlow,
    `From outside a message passes Front End Transport or an Edge, then Transport (accepted, Submission
    queue, categorizer, delivery queue, sent), then Mailbox Transport Delivery and the database; from a
    user Mailbox Transport Submission comes first.`,
    `Mail of older mailboxes is fetched by a hub of their version (A-older-submission).`,
  ),
  modelled(
    'MW-02',
    mailFlow,
    `The categorizer takes messages from the Submission queue one at a time, resolves recipients, routes,
    converts content and applies rules.`,
    `Several categorizer slots work side by side (A-categorizer-slots). Conversion and rules are part of its
    time.`,
  ),
  modelled(
    'MW-03',
    mailFlow,
    `Pickup and Replay directories are looked at every 5 seconds.`,
    `The workload \`pickup\` fills Pickup directories (A-pickup). The Replay directory is left out: it takes mail
    in the same way.`,
  ),
  leftOut(
    'MW-04',
    networkPorts,
    `Each service listens on ports of its own: 25, 587 and 717 at the front end, 25 or 2525 and 465 at
    Transport, 475 at Mailbox Transport, 50636 for Edge subscriptions.`,
    `Nothing that is simulated depends on port numbers.`,
  ),
];

/** QU-01 to QU-13: queues. */
export const queueRules: readonly Rule[] = [
  modelled(
    'QU-01',
    queues,
    `Every Transport server has one Submission, one Unreachable and one Poison queue. A message in the
    Submission queue is in no other.`,
    `What becomes poison: A-crash-counts.`,
  ),
  modelled(
    'QU-02',
    queues,
    `Delivery queues are made when they are needed, and removed after they have been empty for a while. All
    queues of a server are in one database file.`,
    `The size of that file is counted. A queue that comes back goes on with its turn among equal servers
    (A-turn-outlives-queue); \`queues.csv\` has no row of a queue that has been empty since the last.`,
  ),
  modelled(
    'QU-03',
    queues,
    `The Unreachable queue is resubmitted when the routing configuration changes, unless it is suspended.
    What is in the Poison queue stays until somebody acts.`,
    `A \`routing-change\` does it on each server as that follows. Queues are never suspended.`,
  ),
  modelled(
    'QU-04',
    queues,
    `A queue is known by three things: its delivery type, the name of its next hop, and the connector,
    database or DAG that it is for. Each kind of next hop has a type of its own, from SmtpDeliveryToMailbox
    to NonSmtpGatewayDelivery.`,
    `Where Exchange has a GUID stands the object's name. Shadow, heartbeat and routing group queues are left
    out.`,
  ),
  assumed(
    'QU-05',
    inference,
    `A queue for a 2013 database outside a DAG, in another site, has the type
    SmtpRelayToMailboxDeliveryGroup and the name \`Site:<site>;Version:15\`.`,
    `The documents name no type for this case; it is taken for that of 2007 and 2010 mailboxes.`,
  ),
  assumed(
    'QU-06',
    fieldReport,
    `A connector that delivers by DNS has one queue for each domain of recipients, named after it.`,
    `The documents give the address space as name; servers in the field show a queue for each domain.`,
  ),
  modelled(
    'QU-07',
    queues,
    `A queue is Active, Connecting, Ready (empty, in use lately), in Retry (the last connection failed) or
    Suspended (takes mail, sends none).`,
    `No queue is Suspended: nothing in a scenario suspends one.`,
  ),
  leftOut(
    'QU-08',
    queues,
    `A queued message has a status of its own: Active, Ready, Retry, Suspended, or about to be suspended or
    removed.`,
    `Nothing in a scenario suspends or removes single messages; whether they wait to be sent or to be retried
    shows in the status of their queue.`,
  ),
  modelled(
    'QU-09',
    queues,
    `Velocity is the rate at which messages leave a queue less the rate at which they come, both averaged
    over the last minute.`,
  ),
  leftOut(
    'QU-10',
    queues,
    `Get-QueueDigest shows queues of many servers with 10 messages and more, from figures that are one or
    two minutes old.`,
    `A run writes every queue to \`queues.csv\` instead.`,
  ),
  modelled(
    'QU-11',
    messageFilters,
    `A deferred message tells why: a failure of the directory or of storage, an agent, an ambiguous
    recipient, a loop, a reroute by the store driver, a site that takes no inbound mail, a busy recipient.`,
    `Two of these reasons occur: a reroute by the store driver (MD-02) and a busy recipient (MD-03).`,
  ),
  modelled(
    'QU-12',
    queues,
    `An administrator drains a server: its queues, but for shadow and poison, are redirected to named
    servers, and it takes no new mail.`,
    `The \`drain\` fault. Moving the server's databases is \`database-move\`; the Unreachable queue stays
    (A-drain-leaves-unreachable).`,
  ),
  modelled(
    'QU-13',
    queues,
    `The queue database keeps messages in tables by the hour; a table is dropped as a whole when all its
    messages are done.`,
    `Of Safety Net. What queues and shadow copies take up is followed message by message.`,
  ),
];

/** MI-01 to MI-05: retry, resubmission, expiry. */
export const retryRules: readonly Rule[] = [
  modelled(
    'MI',
    retryIntervals,
    `Each interval of retry, resubmission and expiry has a default and a range, and is set by server: 4
    glitch retries at 1 minute, 6 transient retries at 5, then every 10 minutes; mailbox queues every 5;
    delay notice after 4 hours, resubmission after 12, expiry after 2 days.`,
    `The whole table is on the page of settings; what is not built yet is marked there.`,
  ),
  modelled(
    'MI-01',
    retryIntervals,
    `After a failed connection a queue makes its glitch retries, then its transient retries, then one at
    each outbound interval until it succeeds or the mail expires. A count of 0 skips its stage.`,
    `Each interval runs from the end of the attempt before (CAP-65). An Edge waits 10 and 30 minutes between
    transient and all further retries (DC-04, A-edge-defaults).`,
  ),
  leftOut(
    'MI-02',
    retryIntervals,
    `An administrator's retry overrides the timer of a queue; if it fails the timer begins anew.`,
    `There is no such fault; \`queue-resubmission\` is an administrator's retry with resubmission.`,
  ),
  modelled(
    'MI-03',
    retryIntervals,
    `A delivery queue in Retry that has delivered nothing for 12 hours gives its messages back to the
    Submission queue, to be categorized anew.`,
  ),
  modelled(
    'MI-04',
    retryIntervals,
    `A message too old is returned with its original or its headers (4.4.7). Its sender is told once of a
    delay of 4 hours, unless notices to senders of that kind, inside or outside, are switched off.`,
  ),
  modelled(
    'MI-05',
    retryIntervals,
    `The age of a message counts from its submission.`,
    `That resubmission does not begin it anew is our reading.`,
  ),
];
