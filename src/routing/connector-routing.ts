import { type Connector, normalizeName, type Topology } from '../topology/index.js';
import { type AddressSpaceEntry, AddressSpaces, type Coverage } from './address-space.js';
import { ConnectorHandOver, queueNameAtSource } from './connector-hand-over.js';
import { ConnectorSelector } from './connector-selection.js';
import type { DeliveryGroup, DeliveryGroups } from './delivery-group.js';
import { EdgeRouter } from './edge-routing.js';
import type { RoutingDestination } from './next-hop.js';
import type { NextHopPool } from './next-hop-pool.js';
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
  readonly #handOver: ConnectorHandOver;
  readonly #edges: EdgeRouter;

  constructor(planner: RelayPlanner, pool: NextHopPool) {
    const { topology, paths, groups } = planner;
    this.#topology = topology;
    this.#groups = groups;
    this.#pool = pool;
    this.#planner = planner;
    this.#handOver = new ConnectorHandOver(topology);
    this.#edges = new EdgeRouter(topology, pool, this.#handOver);
    // An Edge's way in is known to that Edge alone.
    this.#addressSpaces = new AddressSpaces(topology, ({ origin }) => origin !== 'edge-inbound');
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
    if (this.#topology.servers[server]!.isEdge) {
      const { coverage, domain: text } = this.#domains[domain]!;
      return this.#edges.route(server, coverage.type, text, sizeBytes);
    }
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
    const queueName = isSource ? this.#queueName(connector, entry, this.#domains[domain]!.domain) : null;
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

  /** Towards Edges the connector itself has a queue. */
  #queueName(connector: Connector, { space }: AddressSpaceEntry, domain: string): string {
    return connector.edgeSite !== -1 ? connector.name : queueNameAtSource(connector, space, domain);
  }

  /** @param queueName - null where the server is no source of the connector */
  #add(
    server: number,
    connector: Connector,
    group: DeliveryGroup,
    { cost }: AddressSpaceEntry,
    queueName: string | null,
  ): number {
    const { name, index } = connector;
    const destination: RoutingDestination = { kind: 'connector', name, index };
    if (queueName !== null) {
      if (connector.edgeSite !== -1) {
        const plan = this.#handOver.toEdges(connector, group.reference);
        return this.#pool.add(server, 'relay', destination, group.reference, plan, cost);
      }
      const plan = this.#handOver.atSource(server, connector, group.reference, queueName);
      return this.#pool.add(server, 'outside', destination, group.reference, plan, cost);
    }
    const plan = this.#planner.planFrom(server, group);
    if (plan === null) return noRoute.unreachable;
    return this.#pool.add(server, 'relay', destination, group.reference, plan, cost);
  }
}

/** CN-04. */
function answerWithout(type: string, ranked: readonly AddressSpaceEntry[]): number {
  if (ranked.length > 0) return noRoute.connectorsTooSmall;
  return type === 'SMTP' ? noRoute.unreachable : noRoute.noConnectorForType;
}
