import { type Connector, normalizeName, type Topology } from '../topology/index.js';
import { type AddressSpaceMatch, AddressSpaces } from './address-space.js';
import { type ConnectorCandidate, rankConnectors } from './connector-selection.js';
import type { DeliveryGroup, DeliveryGroups } from './delivery-group.js';
import type { SitePaths } from './least-cost-path.js';
import type { NextHopSolutionKey, RoutingDestination } from './next-hop.js';
import type { HopPlan, NextHopPool } from './next-hop-pool.js';
import { noRoute } from './routing-tables.js';

/** The connectors of one server for one domain, in the order of preference. */
interface Choices {
  readonly candidates: readonly ConnectorCandidate[];
  /** By candidate: the next hop's id, or `notAsked`. */
  readonly answers: Int32Array;
  /** The answer for a message that no candidate is large enough for. */
  readonly otherwise: number;
}

interface OutsideDomain {
  readonly type: string;
  readonly domain: string;
  readonly matches: readonly AddressSpaceMatch[];
}

const notAsked = -0x80000000;

/** The way to outside addresses: which connector, and how to reach it (CN-01 to CN-09, RT-12, RT-22). */
export class ConnectorRouter {
  readonly #topology: Topology;
  readonly #paths: SitePaths;
  readonly #groups: DeliveryGroups;
  readonly #pool: NextHopPool;
  readonly #relayPlan: (site: number, group: DeliveryGroup) => HopPlan | null;
  readonly #addressSpaces: AddressSpaces;
  readonly #domainIds = new Map<string, number>();
  readonly #domains: OutsideDomain[] = [];
  /** By server, then by domain: a place in `#choices` plus 1; 0: not asked yet. Rows grow with the domains. */
  readonly #rows: (Int32Array | undefined)[];
  readonly #choices: Choices[] = [];
  /** Next hops by server, connector, address space cost and domain, as far as these make a difference. */
  readonly #known = new Map<string, number>();
  /** Queue keys on source servers, by connector and name. */
  readonly #keys = new Map<string, NextHopSolutionKey>();

  constructor(
    topology: Topology,
    paths: SitePaths,
    groups: DeliveryGroups,
    pool: NextHopPool,
    relayPlan: (site: number, group: DeliveryGroup) => HopPlan | null,
  ) {
    this.#topology = topology;
    this.#paths = paths;
    this.#groups = groups;
    this.#pool = pool;
    this.#relayPlan = relayPlan;
    this.#addressSpaces = new AddressSpaces(topology);
    this.#rows = new Array<Int32Array | undefined>(topology.servers.length);
  }

  /** See `RoutingTables.internDomain`. */
  internDomain(type: string, domain: string): number {
    const upper = type.toUpperCase();
    const lower = domain.toLowerCase();
    const key = `${upper}:${lower}`;
    const known = this.#domainIds.get(key);
    if (known !== undefined) return known;
    const id = this.#domains.length;
    this.#domainIds.set(key, id);
    this.#domains.push({ type: upper, domain: lower, matches: this.#addressSpaces.match(upper, lower) });
    return id;
  }

  /** See `RoutingTables.toOutside`. */
  route(server: number, domain: number, sizeBytes: number): number {
    const place = this.#rows[server]?.[domain] ?? 0;
    const { candidates, answers, otherwise } = this.#choices[place - 1] ?? this.#choose(server, domain);
    for (let choice = 0; choice < candidates.length; choice++) {
      // CN-01, CN-02: size first, so that a large message may leave by a less specific connector.
      if (candidates[choice]!.maxMessageSizeBytes < sizeBytes) continue;
      const answer = answers[choice]!;
      return answer === notAsked
        ? this.#answer(server, domain, candidates[choice]!, answers, choice)
        : answer;
    }
    return otherwise;
  }

  #choose(server: number, domain: number): Choices {
    const { type, matches } = this.#domains[domain]!;
    const ranked = rankConnectors(this.#topology, this.#paths, this.#groups, server, matches);
    let largest = -1;
    const candidates = ranked.filter(({ maxMessageSizeBytes }) => {
      if (maxMessageSizeBytes <= largest) return false;
      largest = maxMessageSizeBytes;
      return true;
    });
    const choices: Choices = {
      candidates,
      answers: new Int32Array(candidates.length).fill(notAsked),
      otherwise: answerWithout(type, candidates),
    };
    this.#choices.push(choices);
    let row = this.#rows[server];
    if (row === undefined || row.length <= domain) {
      const grown = new Int32Array(Math.max(2 * (row?.length ?? 4), this.#domains.length));
      if (row !== undefined) grown.set(row);
      row = grown;
      this.#rows[server] = row;
    }
    row[domain] = this.#choices.length;
    return choices;
  }

  #answer(
    server: number,
    domain: number,
    candidate: ConnectorCandidate,
    answers: Int32Array,
    choice: number,
  ): number {
    const connector = this.#topology.connectors[candidate.connector]!;
    const group = this.#groups.groups[this.#groups.ofConnector[candidate.connector]!]!;
    const isSource = group.members.includes(server);
    const queueName = isSource ? queueNameAtSource(connector, candidate, this.#domains[domain]!.domain) : '';
    const identity = `${server} ${candidate.connector} ${candidate.cost} ${normalizeName(queueName)}`;
    let id = this.#known.get(identity);
    if (id === undefined) {
      id = this.#add(server, connector, group, candidate, isSource ? queueName : null);
      this.#known.set(identity, id);
    }
    answers[choice] = id;
    return id;
  }

  /** @param queueName - null where the server is no source of the connector */
  #add(
    server: number,
    connector: Connector,
    group: DeliveryGroup,
    { cost }: ConnectorCandidate,
    queueName: string | null,
  ): number {
    const { site } = this.#topology.servers[server]!;
    const { name, index } = connector;
    const destination: RoutingDestination = { kind: 'connector', name, index };
    if (queueName !== null) {
      const plan = this.#planAtSource(server, site, connector, group, queueName);
      return this.#pool.add(server, 'outside', destination, group.reference, plan, cost, plan.rules);
    }
    const plan = this.#relayPlan(site, group);
    if (plan === null) return noRoute.unreachable;
    const rules = ['CN-01', ...plan.rules];
    return this.#pool.add(server, 'relay', destination, group.reference, plan, cost, rules);
  }

  /** RT-16: a source server hands over to the connector itself. */
  #planAtSource(
    server: number,
    site: number,
    connector: Connector,
    group: DeliveryGroup,
    queueName: string,
  ): HopPlan {
    const deliveryType = deliveryTypeAtSource(connector);
    const identity = `${connector.index} ${normalizeName(queueName)}`;
    let key = this.#keys.get(identity);
    if (key === undefined) {
      key = { deliveryType, nextHopDomain: queueName, nextHopConnector: connector.name };
      this.#keys.set(identity, key);
    }
    return {
      key,
      nextHopGroup: group.reference,
      path: { sites: [site], cost: 0, hops: 0 },
      primarySite: site,
      hubSite: -1,
      tiers: [{ reason: 'target-servers', site, servers: [server] }],
      maxMessageSizeBytes: Number.POSITIVE_INFINITY,
      rules: ['CN-01', 'RT-16', 'RT-22', ...(deliveryType === 'DnsConnectorDelivery' ? ['QU-06'] : [])],
    };
  }
}

/** CN-04. */
function answerWithout(type: string, candidates: readonly ConnectorCandidate[]): number {
  if (candidates.length > 0) return noRoute.connectorsTooSmall;
  return type === 'SMTP' ? noRoute.unreachable : noRoute.noConnectorForType;
}

/** QU-04. */
function deliveryTypeAtSource({ kind, smartHosts }: Connector): NextHopSolutionKey['deliveryType'] {
  if (kind === 'delivery-agent') return 'DeliveryAgent';
  if (kind === 'foreign') return 'NonSmtpGatewayDelivery';
  return smartHosts.length > 0 ? 'SmartHostConnectorDelivery' : 'DnsConnectorDelivery';
}

/** QU-04: the smart hosts, or the address space; by DNS each recipient domain has a queue of its own (QU-06). */
function queueNameAtSource(connector: Connector, { space }: ConnectorCandidate, domain: string): string {
  switch (deliveryTypeAtSource(connector)) {
    case 'SmartHostConnectorDelivery':
      return connector.smartHosts.map(bracketIfAddress).join(',');
    case 'DnsConnectorDelivery':
      return domain;
    default:
      return space;
  }
}

/** Exchange writes the addresses among smart hosts in brackets. */
function bracketIfAddress(host: string): string {
  const isAddress = /^\d{1,3}(\.\d{1,3}){3}$/.test(host) || (host.includes(':') && !host.startsWith('['));
  return isAddress ? `[${host}]` : host;
}
