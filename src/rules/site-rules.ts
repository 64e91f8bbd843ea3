import { leftOut, modelled, type Rule } from './rule.js';
import {
  cmdletReference,
  fieldReport,
  internalRouting,
  routeBetweenSites,
  routingTableLogging,
  sitePlanning,
} from './sources.js';

/** AS-01 to AS-14: sites, site links, membership. */
export const siteRules: readonly Rule[] = [
  modelled(
    'AS-01',
    routeBetweenSites,
    `Sites are joined by IP site links, of two or more sites each; all sites of a link are neighbours at its
    cost. Paths may run over any chain of links.`,
  ),
  modelled(
    'AS-02',
    routeBetweenSites,
    `A link costs 1 to 99,999, by default 100. Of several links between two sites the cheapest counts. Every
    site is in a link, unless there is only one site.`,
    `Schedules and intervals of links matter to replication alone and are no part of an organization file.`,
  ),
  modelled(
    'AS-03',
    routeBetweenSites,
    `An Exchange cost set on a link takes the place of its Active Directory cost in routing, be it lower or
    higher.`,
  ),
  modelled(
    'AS-04',
    routeBetweenSites,
    `The path is a reckoning: connections are opened straight to the target server. Servers of sites on the
    way handle the message only at a hub, at a back-off point, or where copies part.`,
  ),
  modelled(
    'AS-05',
    routeBetweenSites,
    `A link may have a limit on message size, none by default and 64 KB at least. A message larger than the
    limit of any link on its least-cost path is returned; no other path is looked for.`,
  ),
  modelled(
    'AS-06',
    routeBetweenSites,
    `A site can be flagged as hub, by default it is none; it needs a transport server to be one. The path is
    chosen first, then every hub on it is a stop.`,
  ),
  modelled(
    'AS-07',
    cmdletReference,
    `With inbound mail switched off for a site none of its Exchange servers takes mail from others.`,
    `What such servers still have they may hand over: our reading.`,
  ),
  modelled(
    'AS-08',
    sitePlanning,
    `A server is in exactly one site. Active Directory finds it by subnet and looks again every 15 minutes,
    so that a server that moves may count to its old site for 20 minutes.`,
    `The organization file names the site; subnets and the time of a move are left out.`,
  ),
  modelled(
    'AS-09',
    internalRouting,
    `Between two sites there is one least-cost path, always the same. Whether it can be reached has no part
    in its choice: outages work through fallback alone.`,
  ),
  modelled(
    'AS-10',
    sitePlanning,
    `Queue at point of failure: if no server of the destination's site answers, the message backs off along
    the path to the nearest server that takes it, and waits there, in a queue in Retry.`,
  ),
  modelled(
    'AS-11',
    sitePlanning,
    `Delayed fan-out: a message to several recipients stays one copy as far as the site where their paths
    part; a server there splits it. The document grants that to organizations without DAGs.`,
    `An option, \`transport.delayedFanOut: fork-site-without-dags\`; the default is DC-01.`,
  ),
  leftOut(
    'AS-12',
    fieldReport,
    `Beyond four hops Exchange 2007 is said to search the path by halves when it backs off, not site by
    site.`,
    `Binary back-off: one field report on 2007, nothing on 2013; off.`,
  ),
  modelled(
    'AS-13',
    routingTableLogging,
    `Routing tables are made of the sites, links and servers in Active Directory, anew whenever these change
    and at the latest after 12 hours.`,
    `The tables are a function of the organization alone. A \`routing-change\` makes them anew, for each server when
    it has reached it (A-replication, A-routing-reload); the log of them is LG-08.`,
  ),
  modelled(
    'AS-14',
    fieldReport,
    `Connections to the servers of a site go round robin. Since 2010 SP1 dead servers stand in a list of
    their own, probed apart, so that the others share their load evenly.`,
    `Among the equal servers of a tier, for services that queue nothing over all tiers; how the dead are probed is
    A-liveness-probe.`,
  ),
];
