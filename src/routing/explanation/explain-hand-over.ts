import type { Topology } from '../../topology/index.js';
import type { NextHop } from '../next-hop.js';
import type { OutcomeList } from './outcome-list.js';

/** Why a member of the destination's group goes straight to the database: RT-16, RT-05, RT-21, DC-10, UN-06. */
export function explainMailbox(list: OutcomeList, topology: Topology, hop: NextHop): void {
  const { servers, databases } = topology;
  const database = databases[hop.destination.index]!;
  const own = list.server(hop.server);
  list.decided(
    'RT-16',
    'tiers',
    `${own} is a member of ${hop.destinationGroup.name}: the database is the next hop`,
  );
  const [active] = database.copies;
  const holder = list.server(active!);
  if (database.majorVersion !== 15) {
    list.decided(
      'RT-21',
      'tiers',
      `the store driver of ${own} writes to ${database.name} on ${holder} by RPC`,
    );
    list.decided(
      'IV-01',
      'tiers',
      `only hubs of ${servers[active!]!.version} write to databases of ${servers[active!]!.version}`,
    );
    return;
  }
  list.considered(
    'RT-05',
    'tiers',
    `only Mailbox Transport on ${holder}, which has the active copy, accepts`,
  );
  if (database.dag === -1) {
    const text = `any member of ${hop.destinationGroup.name} hands over to the server that holds ${database.name}`;
    list.note(active !== hop.server, 'DC-10', 'tiers', text);
  } else if (servers[active!]!.site !== servers[hop.server]!.site) {
    const text = `inside ${hop.destinationGroup.name} neither hub sites nor size limits of links on the way to ${list.site(servers[active!]!.site)} count`;
    list.decided('UN-06', 'path', text);
  }
}

/** Why a source server sends by the connector itself: RT-16, RT-22, QU-06, RT-43. */
export function explainSource(list: OutcomeList, hop: NextHop): void {
  const { deliveryType, nextHopDomain } = hop.key;
  const own = list.server(hop.server);
  list.decided('RT-16', 'tiers', `${own} is a source server of ${hop.destination.name}: it sends itself`);
  if (deliveryType === 'DnsConnectorDelivery') {
    list.decided('QU-06', 'queue', `by DNS each recipient domain has its queue: ${nextHopDomain}`);
  }
  if (hop.proxyServers !== null) {
    const fronts = hop.proxyServers.length === 0 ? 'of which there is none' : list.servers(hop.proxyServers);
    const text = `FrontendProxyEnabled: out through a Front End Transport of ${list.site(hop.primarySite)}: ${fronts}`;
    list.decided('RT-43', 'tiers', text);
  }
}

/** Why a server of the subscribed site relays to the Edges: RT-23, RT-57, RT-58. */
export function explainToEdges(list: OutcomeList, hop: NextHop): void {
  const site = list.site(hop.primarySite);
  const edges = list.servers(hop.tiers.flatMap(({ servers }) => servers));
  const text = `${list.server(hop.server)} is in ${site}, which the Edge is subscribed to, so it relays to the Edge itself: ${edges}`;
  list.decided('RT-23', 'tiers', text);
  const connector = `by the intra-organization Send connector, straight to the default Receive connector of the Edge`;
  list.considered('RT-59', 'tiers', connector);
}

/** What an Edge does: RT-56, RT-60, DC-13, IV-01. */
export function explainOnEdge(list: OutcomeList, topology: Topology, hop: NextHop): void {
  const own = list.server(hop.server);
  if (hop.kind === 'outside') {
    list.decided('RT-56', 'tiers', `Edge ${own} is a source of ${hop.destination.name}: it sends itself`);
    if (hop.key.deliveryType === 'DnsConnectorDelivery') {
      const text = `by DNS each recipient domain has its queue: ${hop.key.nextHopDomain}`;
      list.decided('QU-06', 'queue', text);
    }
    return;
  }
  const site = list.site(hop.primarySite);
  const takers = list.servers(hop.tiers.flatMap(({ servers }) => servers));
  list.decided('RT-60', 'tiers', `inbound mail goes on to the transport servers of ${site}: ${takers}`);
  if (hop.proxyServers !== null) {
    const text = `those with both roles take it at their Front End Transport: ${list.servers(hop.proxyServers)}`;
    list.decided('DC-13', 'tiers', text);
  } else if (topology.servers[hop.server]!.majorVersion !== 15) {
    list.decided(
      'IV-01',
      'tiers',
      `an Edge of ${topology.servers[hop.server]!.version} bypasses Front End Transport`,
    );
  }
}
