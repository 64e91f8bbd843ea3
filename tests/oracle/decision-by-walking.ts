import type { ServerDescription } from '../../src/topology/index.js';
import { type ChosenConnector, chooseConnector, type OutsideAddress } from './connectors-by-walking.js';
import {
  activeHolder,
  databaseNamed,
  type Group,
  groupOfConnector,
  groupOfDatabase,
  groupOfExpansionServer,
  isMember,
  nameOnly,
} from './groups-by-walking.js';
import type { Landscape } from './landscape.js';
import { hasName, inNameOrder, sameName } from './names.js';
import type { Decision, Named, OracleQuestion, QueueKey } from './oracle-answer.js';
import { relayByWalking, TierList } from './relay-by-walking.js';
import { parseAddress, type Target } from './resolution-by-hand.js';
import { isFrontEnd } from './server-roles.js';

/** What the next hop of a decision is: a Transport service, the mailbox, or what lies behind a connector. */
export type Onward = 'relay' | 'mailbox' | 'outside';

export interface WalkedDecision extends Decision {
  readonly onward?: Onward;
}

const nothing = {
  destination: null,
  destinationGroup: null,
  nextHopGroup: null,
  queue: null,
  path: null,
  primarySite: null,
  hubSite: null,
  tiers: [],
} as const;

export function nonDelivery(code: string): WalkedDecision {
  return { ...nothing, outcome: 'ndr', ndr: { code } };
}

/** Where a server sends mail for what it has resolved, as the rules say it, one after the other. */
export function decideByWalking(
  land: Landscape,
  question: OracleQuestion,
  from: ServerDescription,
  target: Target,
): WalkedDecision {
  switch (target.kind) {
    case 'ndr':
      return nonDelivery(target.code);
    case 'expansion': {
      const destination = { kind: 'expansion-server', name: target.server.name };
      return relay(land, question, from, destination, groupOfExpansionServer(land, target.server), {});
    }
    case 'outside':
      return decideOutside(land, question, from, target.address);
    case 'mailbox': {
      const { database, maxReceiveSizeBytes } = target.mailbox;
      const way = decideDatabase(land, question, from, databaseNamed(land, database).name);
      if (question.sizeBytes <= maxReceiveSizeBytes) return way;
      return refused(way, '5.2.3');
    }
  }
}

function decideDatabase(
  land: Landscape,
  question: OracleQuestion,
  from: ServerDescription,
  database: string,
): WalkedDecision {
  const destination = { kind: 'mailbox-database', name: database };
  const group = groupOfDatabase(land, question, database);
  if (!isMember(group, from)) return relay(land, question, from, destination, group, {});
  // RT-16: the source is in the group.
  const holder = activeHolder(land, question, database);
  const deliveryType = from.version === '2013' ? 'SmtpDeliveryToMailbox' : 'MapiDelivery';
  const queue = { deliveryType, nextHopDomain: database, nextHopConnector: database };
  const tiers = new TierList();
  // Whatever AS-07 says of its site: the mail is in its delivery group already.
  tiers.add('target-servers', land.siteOf(holder)!, [holder]);
  return { ...here(land, from, destination, group, queue), onward: 'mailbox', tiers: tiers.tiers };
}

/** RT-18, AS-05. */
function relay(
  land: Landscape,
  question: OracleQuestion,
  from: ServerDescription,
  destination: Named,
  group: Group,
  besides: { readonly addressSpaceCost?: number },
): WalkedDecision {
  const named = { destination, destinationGroup: nameOnly(group) };
  const way = relayByWalking(land, from, group);
  if (way === undefined) return { ...nothing, ...named, outcome: 'unreachable' };
  const queue = from.version === '2013' ? way.queue : olderQueue(land, from, way.hubSite ?? way.primarySite!);
  const decision = { ...named, ...way, ...besides, queue, outcome: 'route', onward: 'relay' } as const;
  const tooSmall = land.linksOf(way.path).some((link) => question.sizeBytes > link.maxMessageSizeBytes);
  return tooSmall ? refused(decision, '5.3.4') : decision;
}

/** IV-01, RT-07: older hubs have one queue for a site, whatever the group there. */
function olderQueue(land: Landscape, from: ServerDescription, site: string): QueueKey {
  const deliveryType = sameName(site, land.siteOf(from)!)
    ? 'SmtpRelayWithinAdSite'
    : 'SmtpRelayToRemoteActiveDirectorySite';
  return { deliveryType, nextHopDomain: site, nextHopConnector: site };
}

function refused(way: WalkedDecision, code: string): WalkedDecision {
  const { onward, proxy, ...rest } = way;
  return { ...rest, outcome: 'ndr', ndr: { code }, queue: null, tiers: [] };
}

function here(
  land: Landscape,
  from: ServerDescription,
  destination: Named,
  group: Named,
  queue: QueueKey,
): WalkedDecision {
  const site = land.siteOf(from)!;
  return {
    outcome: 'route',
    destination,
    destinationGroup: nameOnly(group),
    nextHopGroup: nameOnly(group),
    queue,
    path: { sites: [site], cost: 0, hops: 0 },
    primarySite: site,
    hubSite: null,
    tiers: [],
  };
}

function decideOutside(
  land: Landscape,
  question: OracleQuestion,
  from: ServerDescription,
  address: OutsideAddress,
): WalkedDecision {
  const chosen = chooseConnector(land, from, address, question.sizeBytes);
  if (chosen === 'too-small') return nonDelivery('5.3.4');
  if (chosen === 'none') {
    // CN-04.
    return address.type === 'SMTP' ? { ...nothing, outcome: 'unreachable' } : nonDelivery('5.1.2');
  }
  const { connector, addressSpace } = chosen;
  const destination = { kind: 'connector', name: connector.name };
  const addressSpaceCost = addressSpace.cost;
  const group = groupOfConnector(land, connector);
  const site = land.siteOf(from)!;
  if (hasName(connector.sourceServers, from.name)) {
    return { ...outByThisServer(land, from, destination, chosen, address), addressSpaceCost };
  }
  if (group.kind === 'ad-site' && sameName(group.name, site)) {
    // RT-57: inside the site of its Edges they are the next hop.
    const queue = {
      deliveryType: 'SmtpRelayWithinAdSiteToEdge',
      nextHopDomain: connector.name,
      nextHopConnector: connector.name,
    };
    const edges = inNameOrder(connector.sourceServers.map((each) => land.server(each)));
    const tiers = [{ reason: 'target-servers', site, servers: edges.map((each) => each.name) }];
    return {
      ...here(land, from, destination, group, queue),
      onward: 'relay',
      addressSpaceCost,
      tiers,
    };
  }
  return relay(land, question, from, destination, group, { addressSpaceCost });
}

/** RT-16, QU-04: the connector is on this server. */
function outByThisServer(
  land: Landscape,
  from: ServerDescription,
  destination: Named,
  { connector, addressSpace }: ChosenConnector,
  address: OutsideAddress,
): WalkedDecision {
  const site = land.siteOf(from)!;
  const group = groupOfConnector(land, connector);
  const space = `${addressSpace.type}:${addressSpace.space}`;
  const [deliveryType, nextHopDomain] =
    connector.kind === 'delivery-agent'
      ? ['DeliveryAgent', space]
      : connector.kind === 'foreign'
        ? ['NonSmtpGatewayDelivery', space]
        : connector.smartHosts.length > 0
          ? ['SmartHostConnectorDelivery', connector.smartHosts.map(inBrackets).join(',')]
          : ['DnsConnectorDelivery', address.type === 'SMTP' ? address.space : space];
  const queue = { deliveryType, nextHopDomain, nextHopConnector: connector.name };
  const way = here(land, from, destination, group, queue);
  if (connector.madeBy === 'subscription-inbound') {
    // ES-02: the smart hosts are all transport servers of the site.
    const servers = land.receiversIn(site);
    const tiers = new TierList();
    tiers.add('target-servers', site, servers);
    // RT-60, DC-13: both roles on one machine take the message at the front end; an older Edge goes straight.
    const fronts = from.version === '2013' ? servers.filter(isFrontEnd).map((each) => each.name) : [];
    const proxy = fronts.length === 0 ? {} : { proxy: { service: 'front-end', servers: fronts } as const };
    return { ...way, onward: 'relay', tiers: tiers.tiers, ...proxy };
  }
  const tiers = [{ reason: 'target-servers', site, servers: [from.name] }];
  // Older hubs know no front ends (IV-01).
  const proxy =
    connector.frontEndProxy && from.version === '2013'
      ? { proxy: { service: 'front-end', servers: frontEndsIn(land, site) } as const }
      : {};
  return { ...way, onward: 'outside', tiers, ...proxy };
}

/** RT-43: any 2013 Client Access server of the site. */
export function frontEndsIn(land: Landscape, site: string): readonly string[] {
  return land
    .serversIn(site)
    .filter(isFrontEnd)
    .map((each) => each.name);
}

/** QU-04: an address of a host stands in brackets. */
function inBrackets(host: string): string {
  return /^[\d.]+$/.test(host) || host.includes(':') ? `[${host}]` : host;
}

/** RT-56, RT-60: an Edge has no directory; it goes by the domain, of an address that others have resolved by theirs. */
export function decideOnEdge(
  land: Landscape,
  question: OracleQuestion,
  edge: ServerDescription,
  text: string,
  target: Target | undefined,
): WalkedDecision {
  if (target?.kind === 'outside') return decideOutside(land, question, edge, target.address);
  const parsed = parseAddress(text);
  if (parsed.kind === 'malformed') return nonDelivery('5.1.3');
  if (parsed.kind === 'typed') return decideOutside(land, question, edge, parsed.address);
  return decideOutside(land, question, edge, { type: 'SMTP', space: parsed.domain });
}
