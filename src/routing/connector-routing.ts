import { type Connector, normalizeName, type Topology } from '../topology/index.js';
import { type AddressSpaceEntry, AddressSpaces, type Coverage } from './address-space.js';
import { ConnectorSelector } from './connector-selection.js';
import type { DeliveryGroup, DeliveryGroups } from './delivery-group.js';
import type { NextHopSolutionKey, RoutingDestination } from './next-hop.js';
import type { HopPlan, NextHopPool } from './next-hop-pool.js';
import { PairTable } from './pair-table.js';
import type { RelayPlanner } from './relay-plan.js';
import { noRoute } from './routing-tables.js';

/** The connectors of one server for one domain: a message takes the first that is large enough. */
interface Choices {
  readonly ranked: readonly AddressSpaceEntry[];
  /** By place in `ranked`: the connector's limit. */
  readonly limits: Float64Array;
  /** Likewise the next hop's id, or `notAsked`. */
  readonly answers: Int32Array;
  /** The answer for a message that none is large enough for. */
  readonly otherwise: number;
}

interface OutsideDomain {
  readonly domain: string;
  readonly coverage: Coverage;
}

const notAsked = -0x80000000;

/** The way to outside addresses: which connector, and how to reach it (CN-01 to CN-09, RT-12, RT-22). */
export class ConnectorRouter {
  readonly #topology: Topology;
  readonly #groups: DeliveryGroups;
  readonly #pool: NextHopPool;
  readonly #planner: RelayPlanner;
  readonly #addressSpaces: AddressSpaces;
  readonly #selector: ConnectorSelector;
  readonly #domainIds = new Map<string, number>();
  readonly #domains: OutsideDomain[] = [];
  /** By server and domain: a place in `#choices` plus 1. */
  readonly #places: PairTable;
  readonly #choices: Choices[] = [];
  /** Next hops by server, connector, address space cost and domain, as far as these make a difference. */
  readonly #known = new Map<string, number>();
  /** Queue keys on source servers, by connector and name. */
  readonly #keys = new Map<string, NextHopSolutionKey>();

  constructor(planner: RelayPlanner, pool: NextHopPool) {
    const { topology, paths, groups } = planner;
    this.#topology = topology;
    this.#groups = groups;
    this.#pool = pool;
    this.#planner = planner;
    this.#addressSpaces = new AddressSpaces(topology);
    this.#selector = new ConnectorSelector(topology, paths, groups);
    this.#places = new PairTable(topology.servers.length, Number.POSITIVE_INFINITY);
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
    this.#domains.push({ domain: lower, coverage: this.#addressSpaces.cover(upper, lower) });
    return id;
  }

  /** See `RoutingTables.toOutside`. */
  route(server: number, domain: number, sizeBytes: number): number {
    const place = this.#places.get(server, domain);
    const choices = place === 0 ? this.#choose(server, domain) : this.#choices[place - 1]!;
    const { limits, answers } = choices;
    for (let choice = 0; choice < limits.length; choice++) {
      // CN-01, CN-02: size first, so that a large message may leave by a less specific connector.
      if (limits[choice]! < sizeBytes) continue;
      const answer = answers[choice]!;
      return answer === notAsked ? this.#answer(server, domain, choices, choice) : answer;
    }
    return choices.otherwise;
  }

  #choose(server: number, domain: number): Choices {
    const { coverage } = this.#domains[domain]!;
    const ranked = this.#selector.choose(server, coverage);
    const choices: Choices = {
      ranked,
      limits: Float64Array.from(
        ranked,
        (entry) => this.#topology.connectors[entry.connector]!.maxMessageSizeBytes,
      ),
      answers: new Int32Array(ranked.length).fill(notAsked),
      otherwise: answerWithout(coverage.type, ranked),
    };
    this.#choices.push(choices);
    this.#places.set(server, domain, this.#choices.length);
    return choices;
  }

  #answer(server: number, domain: number, { ranked, answers }: Choices, choice: number): number {
    const entry = ranked[choice]!;
    const connector = this.#topology.connectors[entry.connector]!;
    const isSource = this.#selector.isSource(server, entry.connector);
    const queueName = isSource ? queueNameAtSource(connector, entry, this.#domains[domain]!.domain) : null;
    const identity = `${server} ${entry.connector} ${entry.cost} ${normalizeName(queueName ?? '')}`;
    let id = this.#known.get(identity);
    if (id === undefined) {
      const group = this.#groups.groups[this.#groups.ofConnector[entry.connector]!]!;
      id = this.#add(server, connector, group, entry, queueName);
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
    { cost }: AddressSpaceEntry,
    queueName: string | null,
  ): number {
    const { site } = this.#topology.servers[server]!;
    const { name, index } = connector;
    const destination: RoutingDestination = { kind: 'connector', name, index };
    if (queueName !== null) {
      const plan = this.#planAtSource(server, site, connector, group, queueName);
      return this.#pool.add(server, 'outside', destination, group.reference, plan, cost);
    }
    const plan = this.#planner.plan(site, group);
    if (plan === null) return noRoute.unreachable;
    return this.#pool.add(server, 'relay', destination, group.reference, plan, cost);
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
      rules: ['RT-16', 'RT-22', ...(deliveryType === 'DnsConnectorDelivery' ? ['QU-06'] : [])],
    };
  }
}

/** CN-04. */
function answerWithout(type: string, ranked: readonly AddressSpaceEntry[]): number {
  if (ranked.length > 0) return noRoute.connectorsTooSmall;
  return type === 'SMTP' ? noRoute.unreachable : noRoute.noConnectorForType;
}

/** QU-04. */
function deliveryTypeAtSource({ kind, smartHosts }: Connector): NextHopSolutionKey['deliveryType'] {
  if (kind === 'delivery-agent') return 'DeliveryAgent';
  if (kind === 'foreign') return 'NonSmtpGatewayDelivery';
  return smartHosts.length > 0 ? 'SmartHostConnectorDelivery' : 'DnsConnectorDelivery';
}

/** QU-04: the smart hosts, or the address space; by DNS each recipient domain has a queue of its own (QU-06). */
function queueNameAtSource(connector: Connector, { space }: AddressSpaceEntry, domain: string): string {
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
