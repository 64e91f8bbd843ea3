import { leftOut, modelled, type Rule } from './rule.js';
import { edgeSubscriptions, mailRouting } from './sources.js';

/** ES-01 to ES-03: Edge subscriptions. */
export const edgeSubscriptionRules: readonly Rule[] = [
  modelled(
    'ES-01',
    edgeSubscriptions,
    `An Edge is subscribed to one site; a site may have several Edges, which are then sources of the same
    connectors.`,
  ),
  modelled(
    'ES-02',
    edgeSubscriptions,
    `A subscription makes two connectors: \`EdgeSync - <site> to Internet\`, for all domains at cost 100, by
    DNS; and \`EdgeSync - Inbound to <site>\`, for the authoritative and internal relay domains at cost 1,
    to all Mailbox servers of the site in turn, those added later included.`,
  ),
  leftOut(
    'ES-03',
    edgeSubscriptions,
    `Configuration and recipients are copied to an Edge every few minutes, under a lease. Mailbox servers
    added later carry mail but do not copy until the Edge is subscribed anew.`,
    `An Edge comes to know a \`routing-change\` as the servers of its site do (A-replication,
    A-routing-reload). Nothing in a scenario hinders the copying, and no server is added during a run.`,
  ),
];

/** IV-01: versions side by side. */
export const versionRules: readonly Rule[] = [
  modelled(
    'IV-01',
    mailRouting,
    `A 2013 server never writes to an older database: it relays to a hub of the database's version in its
    site. Mailbox Transport does not talk to older hubs, which keep queue types of their own; an older Edge
    passes no front end.`,
  ),
];
