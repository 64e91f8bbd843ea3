import { normalizeName, type Topology } from '../../topology/index.js';
import { receiversInSite } from '../delivery-group.js';
import type { NextHop } from '../next-hop.js';
import { type OutcomeList, sizeText } from './outcome-list.js';
import type { RoutingView } from './routing-view.js';

/** Why a member of the destination's group goes straight to the database: RT-16, RT-05, RT-21, DC-10, UN-06. */
export function explainMailbox(list: OutcomeList, view: RoutingView, hop: NextHop, sizeBytes: number): void {
  const { servers, databases } = view.topology;
  const database = databases[hop.destination.index]!;
  const own = list.server(hop.server);
  const group = hop.destinationGroup.name;
  list.decided('RT-16', 'tiers', `${own} is a member of ${group}: the database is the next hop`);
  const [active] = database.copies;
  const holder = list.server(active!);
  if (database.majorVersion !== 15) {
    const { version } = servers[active!]!;
    const writes = `the store driver of ${own} writes to ${database.name} on ${holder} by RPC`;
    list.decided('RT-21', 'tiers', writes);
    list.decided('IV-01', 'tiers', `only hubs of ${version} write to databases of ${version}`);
    return;
  }
  list.considered(
    'RT-05',
    'tiers',
    `only Mailbox Transport on ${holder}, which has the active copy, accepts`,
  );
  if (database.dag === -1) {
    const { dag } = servers[hop.server]!;
    if (dag !== -1) {
      const text = `${own} is in ${view.topology.dags[dag]!.name}, and serves the databases of its site outside it, too`;
      list.decided('UN-10', 'group', text);
    }
    const text = `any member of ${group} hands over to the server that holds ${database.name}`;
    list.note(active !== hop.server, 'DC-10', 'tiers', text);
  } else {
    explainWayInsideDag(list, view, hop, servers[active!]!.site, sizeBytes);
  }
}

/** UN-06: decides where a hub on the way, or the limit of a link, would have stopped the message. */
function explainWayInsideDag(
  list: OutcomeList,
  { topology, paths }: RoutingView,
  { server, destinationGroup }: NextHop,
  target: number,
  sizeBytes: number,
): void {
  const source = topology.servers[server]!.site;
  if (source === target) return;
  const hubs = paths
    .sites(source, target)
    .slice(1)
    .filter((site) => topology.sites[site]!.hub && receiversInSite(topology, site).length > 0);
  const limit = paths.maxMessageSizeBytes(source, target);
  const passed = [
    ...(hubs.length === 1 ? [`hub ${list.sites(hubs)} is no stop`] : []),
    ...(hubs.length > 1 ? [`hubs ${list.sites(hubs)} are no stops`] : []),
    ...(sizeBytes > limit ? [`the limit of ${sizeText(limit)} does not count`] : []),
  ];
  const way = `inside ${destinationGroup.name}, on the way to ${list.site(target)},`;
  if (passed.length > 0) list.decided('UN-06', 'path', `${way} ${passed.join(' and ')}`);
  else list.considered('UN-06', 'path', `${way} neither hubs nor limits of links would count`);
}

/** Why a source server sends by the connector itself: RT-16, RT-22, QU-06, RT-43. */
export function explainSource(list: OutcomeList, topology: Topology, hop: NextHop): void {
  const own = list.server(hop.server);
  list.decided('RT-16', 'tiers', `${own} is a source server of ${hop.destination.name}: it sends itself`);
  explainQueueByDomain(list, topology, hop);
  if (hop.key.deliveryType === 'SmartHostConnectorDelivery') {
    const text = `by smart hosts instead of DNS there is one queue for all domains: ${hop.key.nextHopDomain}`;
    list.decided('CN-07', 'queue', text);
  }
  if (hop.proxyServers !== null) {
    const site = list.site(hop.primarySite);
    const fronts =
      hop.proxyServers.length === 0 ? ', of which there is none' : `: ${list.servers(hop.proxyServers)}`;
    list.decided(
      'RT-43',
      'tiers',
      `FrontendProxyEnabled: out through a Front End Transport of ${site}${fronts}`,
    );
  }
}

/** QU-06: decides where the address space that took the message is not the domain itself. */
function explainQueueByDomain(list: OutcomeList, topology: Topology, { key, destination }: NextHop): void {
  if (key.deliveryType !== 'DnsConnectorDelivery') return;
  const name = normalizeName(key.nextHopDomain);
  const { addressSpaces } = topology.connectors[destination.index]!;
  const spaceNamed = addressSpaces.find(
    ({ type, space }) => normalizeName(type === 'SMTP' ? space : `${type}:${space}`) === name,
  );
  // Other addresses have no domain: they queue by the address space.
  if (spaceNamed !== undefined && spaceNamed.type !== 'SMTP') return;
  const isExact = spaceNamed !== undefined;
  list.note(!isExact, 'QU-06', 'queue', `by DNS each recipient domain has its queue: ${key.nextHopDomain}`);
}

/** Why a server of the subscribed site relays to the Edges: RT-57, RT-59. */
export function explainToEdges(list: OutcomeList, hop: NextHop): void {
  const site = list.site(hop.primarySite);
  const edges = list.servers(hop.tiers.flatMap(({ servers }) => servers));
  const text = `${list.server(hop.server)} is in ${site}, which the Edge is subscribed to, so it relays to the Edge itself: ${edges}`;
  list.decided('RT-57', 'tiers', text);
  const connector = `by the intra-organization Send connector, straight to the default Receive connector of the Edge`;
  list.considered('RT-59', 'tiers', connector);
}

/** What an Edge does: RT-56, RT-60, DC-13, IV-01, AS-07. */
export function explainOnEdge(list: OutcomeList, topology: Topology, hop: NextHop): void {
  const own = list.server(hop.server);
  if (hop.kind === 'outside') {
    list.decided('RT-56', 'tiers', `Edge ${own} is a source of ${hop.destination.name}: it sends itself`);
    explainQueueByDomain(list, topology, hop);
    return;
  }
  const { servers, sites } = topology;
  const site = list.site(hop.primarySite);
  const takers = hop.tiers.flatMap((tier) => tier.servers);
  if (takers.length === 0) {
    list.decided('RT-60', 'tiers', `inbound mail goes on to the transport servers of ${site}`);
    const { inboundMail } = sites[hop.primarySite]!;
    if (!inboundMail) list.decided('AS-07', 'tiers', `InboundMailEnabled of ${site} is off: nobody takes it`);
    return;
  }
  const inbound = `inbound mail goes on to the transport servers of ${site}: ${list.servers(takers)}`;
  list.decided('RT-60', 'tiers', inbound);
  const fronts = takers.filter((server) => servers[server]!.isFrontEnd);
  if (fronts.length === 0) return;
  const { majorVersion, version } = servers[hop.server]!;
  if (majorVersion !== 15) {
    list.decided('IV-01', 'tiers', `an Edge of ${version} bypasses Front End Transport`);
    return;
  }
  // Where all have both roles there is nothing to tell apart.
  const text = `those with both roles take it at their Front End Transport: ${list.servers(fronts)}`;
  list.note(fronts.length < takers.length, 'DC-13', 'tiers', text);
}
