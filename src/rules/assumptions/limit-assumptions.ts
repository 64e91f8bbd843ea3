import { type Assumption, assumption } from '../rule.js';

/** Limits, connections and priorities; in name order. */
export const limitAssumptions: readonly Assumption[] = [
  assumption(
    'A-categorizer-order',
    `The Submission queue is worked off as messages come, also where priorities count.`,
    `PQ names the order within a delivery queue only; mail waits in the Submission queue for fractions of a second.`,
  ),
  assumption(
    'A-connection-rate',
    `New connections are counted in minutes of the clock; one too many is refused at once. Mailbox Transport
    Submission keeps its connections to Transport, so that none of them is new.`,
    `TH gives the limit, not how it is measured. A connection for each message of a user would stop a server at
    20 messages a second.`,
  ),
  assumption(
    'A-connections-in-turn',
    `A server's connections count in all of its queues together, those to mailboxes included. When there is none
    left, each that becomes free goes to the queue that has waited longest for one.`,
    `TH gives the limit, not who comes first.`,
  ),
  assumption(
    'A-connections-of-a-source',
    `Front ends and Edges take so many connections of one server of the organization at a time, in all and in per cent of
    those that they have left at that moment, one at least. One too many is refused at once, as any that is beyond a limit.
    Senders outside keep within what is granted to each of their hosts.`,
    `TH has both figures for an address of the Internet Protocol. How many hosts a sender outside has nobody knows; a host
    whose connections are all taken sends its next message over one of these, and here each message has its own.`,
  ),
  assumption(
    'A-costly-senders',
    `What a sender has cost is counted by each Transport service for itself, in minutes of the clock, with the
    message that is being categorized: it is the first of low priority.`,
    `MD-05 gives the limits and that they are by the minute. A message keeps what it got.`,
  ),
  assumption(
    'A-link-limits',
    `Size limits of site links hold where Transport routes. Front End Transport and Mailbox Transport Submission choose a
    Transport service across links without looking at them; \`route --service\` says the same.`,
    `AS-05 has the limit in the routing of Transport, which returns what is too large; these two services return nothing.
    The links ahead of the message are looked at by the Transport service that takes it.`,
  ),
  assumption(
    'A-message-rate',
    `Messages of a source, which is a server of the organization or a sender outside, are counted at their MAIL FROM, in
    minutes of the clock. One too many is answered 421, which ends the session: a sender outside tries again later, a server
    goes on to the next server at once, as where a connection is refused.`,
    `TH gives the limit, not how it is measured; 421 closes the channel (RFC 5321).`,
  ),
  assumption(
    'A-priority-connections',
    `Where priorities count, connections of a queue stay within \`maxPerDomainOutboundConnections\` besides those
    of each priority; a mailbox queue has its own limit only. Notifications and generated mail are normal.`,
    `PQ says that the values by priority take the place of the others, which with its defaults is the same.`,
  ),
  assumption(
    'A-receive-connectors',
    `Receive connectors are as Setup makes them. Front ends and Edges accept mail from outside for any domain, also one
    that only a connector leads to (no 5.7.1 relay denied). Who has more recipients than one takes at a time is taken without
    the others, and sends to these at once, in a transaction of its own; the same message then, whoever gets it twice. For
    servers of the organization connectors have no limit on size, and relays to an Edge are not parted. The 36 MB of a front
    end decide nothing, as Transport behind it takes 35.`,
    `An organization file has no receive connectors; mail to be relayed is let in as if a connector with that permission were
    there. SZ has the limits; RFC 5321 has the sender try the others in a transaction that follows.`,
  ),
];
