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
import { trackingLogs, wholeModel } from './work-to-come.js';

/** TH, SZ and PQ: limits of connections, rates, sizes and hops; priorities. */
export const limitRules: readonly Rule[] = [
  modelled(
    'TH',
    throttling,
    `Connections, messages and rates have limits: 20 messages over one connection, 20 connections of one queue, 1,000 of a
    server, 20 deliveries and 20 submissions at a time, 1,200 new connections a minute, 5,000 inbound of a connector.`,
    `Messages over a connection, connections of a queue and submissions at a time are modelled; the rest ${wholeModel}.`,
  ),
  leftOut(
    'SZ',
    sizeLimits,
    `The organization limits what its users send and receive to 10 MB; connectors and site links have limits of their own.`,
    `Limits of links, connectors and recipients are modelled (AS-05, CN-01, DS); those of the organization: ${wholeModel}.`,
  ),
  leftOut(
    'SZ-01',
    sizeLimits,
    `The smaller counts of a message's size now and its size as it came.`,
    `A message keeps its size here: there is one to compare.`,
  ),
  leftOut(
    'SZ-02',
    sizeLimits,
    `Limits of a user take the place of those of the organization between authenticated users only.`,
    wholeModel,
  ),
  assumed(
    'SZ-03',
    inference,
    `Hops are counted by Received headers: each Transport service that accepts a message adds one.`,
    `Who adds one is not documented. Hops are counted; that too many return the message (5.4.6) ${wholeModel}.`,
  ),
  leftOut(
    'PQ',
    priorityQueuing,
    `Off by default. Switched on, low, normal and high priority have intervals, expiry and connections of their own, go by
    priority within a queue, and a large message cannot be of high priority.`,
    wholeModel,
  ),
];

/** LG-01 to LG-09: logs and counters. */
export const logRules: readonly Rule[] = [
  leftOut('LG-01', messageTracking, `The fields of a message tracking log, and their order.`, trackingLogs),
  leftOut(
    'LG-02',
    messageTracking,
    `Names, size, age and number of the log files of the services.`,
    trackingLogs,
  ),
  leftOut('LG-03', messageTracking, `The events that a tracking log may name.`, trackingLogs),
  leftOut('LG-04', messageTracking, `The sources of events that it may name.`, trackingLogs),
  leftOut(
    'LG-05',
    messageTracking,
    `The events that a message from one mailbox to another of the same server leaves behind, in order.`,
    trackingLogs,
  ),
  leftOut(
    'LG-06',
    messageTracking,
    `Latency from end to end is the time of delivery less that of the first arrival, which the log carries along.`,
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
