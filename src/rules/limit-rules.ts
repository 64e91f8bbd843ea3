import { assumed, leftOut, modelled, type Rule } from './rule.js';
import {
  inference,
  messageTracking,
  priorityQueuing,
  routingTableLogging,
  sizeLimits,
  throttling,
  transportCounters,
} from './sources.js';
import { trackingLogs } from './work-to-come.js';

/** TH, SZ and PQ: limits of connections, rates, sizes and hops; priorities. */
export const limitRules: readonly Rule[] = [
  modelled(
    'TH',
    throttling,
    `Connections, messages and rates have limits: 20 messages over one connection, 20 connections of one
    queue, 1,000 of a server, 20 deliveries and 20 submissions at a time, 1,200 new connections a minute,
    5,000 inbound of a connector, of these 20 and 2 % of one source at front ends and Edges, 600 messages of a source a
    minute at Edges.`,
    `Outbound connections count as A-connections-in-turn says, new ones as A-connection-rate, those of a source as
    A-connections-of-a-source, messages a minute as A-message-rate, time-outs of sessions as A-session-timeout. Time-outs of idle
    sessions, client connectors, protocol errors and loops of agents are left out.`,
  ),
  modelled(
    'SZ',
    sizeLimits,
    `The organization limits what its users send and receive to 10 MB; connectors and site links have limits
    of their own.`,
    `What a user sends returns as a whole (5.3.4), what a mailbox would receive for it alone (5.2.3). Receive connectors take
    35 MB and 200 recipients at a time of senders outside (A-receive-connectors); headers have no size. \`route\` knows
    limits of links, connectors and recipients only (AS-05, CN-01, DS).`,
  ),
  leftOut(
    'SZ-01',
    sizeLimits,
    `The smaller counts of a message's size now and its size as it came.`,
    `A message keeps its size here: there is one to compare.`,
  ),
  modelled(
    'SZ-02',
    sizeLimits,
    `Limits of a user take the place of those of the organization between authenticated users only.`,
    `Those are the organization's mailboxes. A mailbox has a limit for what it receives, none for what it
    sends; for mail from outside both limits hold.`,
  ),
  assumed(
    'SZ-03',
    inference,
    `Hops are counted by Received headers: each Transport service that accepts a message adds one.`,
    `Who adds one is not documented. The Transport service that would be one too many, the ninth inside,
    refuses the message, and the one before returns it (5.4.6). Hops outside are those of NDR loops alone
    (A-ndr-loop): with them the limit of all hops holds, at the front end, too.`,
  ),
  modelled(
    'PQ',
    priorityQueuing,
    `Off by default. Switched on, mail of low, normal and high priority has limits of its own: delay notice
    after 8 hours, 4 hours and 30 minutes, expiry after 2 days, 2 days and 8 hours, 2, 15 and 3 connections
    to a domain. Within a queue high goes first, low last; above 250 KB high becomes normal.`,
    `Times and connections are settings. The workload \`arrivals\` has priorities, all other mail is normal
    (A-priority-connections).`,
  ),
];

/** LG-01 to LG-09: logs and counters. */
export const logRules: readonly Rule[] = [
  leftOut(
    'LG-01',
    messageTracking,
    `A message tracking log has 27 fields in a fixed order, from date-time over event-id, recipients and
    sizes to custom-data, behind header lines that begin with \`#\`. Times are UTC to the millisecond.`,
    trackingLogs,
  ),
  leftOut(
    'LG-02',
    messageTracking,
    `The logs of Transport, moderation, delivery and submission are files named MSGTRK, MSGTRKMA, MSGTRKMD
    and MSGTRKMS, with date and number: 10 MB each, 1,000 MB of a name, kept for 30 days.`,
    trackingLogs,
  ),
  leftOut(
    'LG-03',
    messageTracking,
    `An entry names one of some forty events, such as RECEIVE, SUBMIT, EXPAND, TRANSFER, SEND, DELIVER,
    REDIRECT, RESUBMIT, DEFER, DSN and FAIL, and those of shadow redundancy, which begin with HA.`,
    trackingLogs,
  ),
  leftOut(
    'LG-04',
    messageTracking,
    `It names what reported the event, such as SMTP, STOREDRIVER, ROUTING, AGENT, DSN, QUEUE, REDUNDANCY or
    SAFETYNET.`,
    trackingLogs,
  ),
  leftOut(
    'LG-05',
    messageTracking,
    `A message from one mailbox to another of the same server leaves NOTIFYMAPI, RECEIVE and SUBMIT by the
    store driver, HAREDIRECT and RECEIVE by SMTP, AGENTINFO, SEND by SMTP, and DELIVER by the store driver,
    in this order.`,
    trackingLogs,
  ),
  leftOut(
    'LG-06',
    messageTracking,
    `Latency from end to end is the time of delivery less that of the first arrival, which the log carries
    along.`,
    `${trackingLogs}; \`deliveryLatency\` measures the same from submission`,
  ),
  leftOut(
    'LG-07',
    messageTracking,
    `The connectivity log has a line for each connection, disconnection and transfer.`,
    trackingLogs,
  ),
  leftOut(
    'LG-08',
    routingTableLogging,
    `The routing tables are written to an XML log on start, on change, and every 12 hours.`,
    `\`mailflow route\` answers from them instead.`,
  ),
  leftOut(
    'LG-09',
    transportCounters,
    `Performance counters of queues, by kind, and the values from which they are taken to be too high.`,
    `A run writes every queue to \`queues.csv\`; thresholds are the scenario's.`,
  ),
];
