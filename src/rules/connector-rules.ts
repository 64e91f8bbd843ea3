import { modelled, type Rule } from './rule.js';
import { cmdletReference, connectorSelection, externalDomains, unreachableQueue } from './sources.js';

/** CN-01 to CN-12: which connector an outside recipient goes to. */
export const connectorRules: readonly Rule[] = [
  modelled(
    'CN-01',
    connectorSelection,
    `One connector is chosen for a recipient, in this order: large enough for the message; enabled, in
    scope, with an address space that matches; the most specific match; the lowest sum of site links and
    address space; this server, then this site, then fewer hops; the lowest name.`,
  ),
  modelled(
    'CN-02',
    connectorSelection,
    `As size comes first, a message too large for the connector of its domain may leave by a more general
    one.`,
  ),
  modelled(
    'CN-03',
    connectorSelection,
    `The domain itself is more specific than \`*.domain\`, and that than \`*\`. Of two patterns the longer
    wins.`,
    `That the longer pattern wins, also among non-SMTP spaces, is our reading.`,
  ),
  modelled(
    'CN-04',
    connectorSelection,
    `Without any connector that matches, an SMTP recipient is unreachable and waits in the Unreachable
    queue, any other is returned (5.1.2). If connectors match and all are too small, the message is
    returned (5.3.4).`,
  ),
  modelled(
    'CN-05',
    cmdletReference,
    `An address space is \`Type:space;cost\`: the type SMTP unless another is given, the cost 1 to 100, by
    default 1. \`*\` stands for all domains, \`*.contoso.com\` for contoso.com and all its subdomains; an
    Edge has SMTP spaces only.`,
    `That the domain itself is covered is what the console means by including all subdomains.`,
  ),
  modelled(
    'CN-06',
    cmdletReference,
    `A connector may be scoped, by default it is not: then only servers in the sites of its source servers
    see it.`,
  ),
  modelled(
    'CN-07',
    cmdletReference,
    `A Send connector delivers by DNS, or to its smart hosts where it names some. Whether it goes out by a
    front end is off by default.`,
    `Ports are left out: nothing depends on them.`,
  ),
  modelled(
    'CN-08',
    cmdletReference,
    `There is no Send connector to the Internet until somebody makes one. Connectors belong to the
    organization: servers of every site see them.`,
  ),
  modelled(
    'CN-09',
    externalDomains,
    `A recipient gets one connector; there is no balancing among several. Its source servers in one site
    share the load. In 2013 they may stand in several sites: the nearest comes first, the others are
    fallback.`,
  ),
  modelled(
    'CN-10',
    cmdletReference,
    `A Foreign connector hands messages over as files in a Drop directory; Delivery Agent connectors do
    without files, can be managed by queue, and confirm delivery.`,
    `Each has a queue of a type of its own; a file takes the time of A-gateways. What comes in by Pickup is the
    workload \`pickup\`.`,
  ),
  modelled(
    'CN-11',
    cmdletReference,
    `A Delivery Agent connector has no size limit by default, and at most 5 connections with 20 messages
    each. One, for text messages to mobiles, is there from the start.`,
    `The limits hold for each of the connector's queues. The default connector is not made.`,
  ),
  modelled(
    'CN-12',
    unreachableQueue,
    `Mail that is queued for a connector is resubmitted when the connector is deleted, disabled or switched
    to DNS, or when the server is no longer its source; new smart hosts are used in place; an unreachable
    host only means retry.`,
    `By \`routing-change\`, which changes connectors, and neither makes nor deletes them: \`enabled: false\` does the same.`,
  ),
];
