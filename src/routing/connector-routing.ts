import { type Connector, normalizeName, type Topology } from '../topology/index.js';
import { type AddressSpaceEntry, AddressSpaces, type Coverage } from './address-space.js';
import { ConnectorHandOver, queueNameAtSource } from './connector-hand-over.js';
import { type ConnectorRanking, ConnectorSelector } from './connector-selection.js';
import type { DeliveryGroup, DeliveryGroups } from './delivery-group.js';
import { EdgeRouter } from './edge-routing.js';
import type { RoutingDestination } from './next-hop.js';
import type { NextHopPool } from './next-hop-pool.js';
import { PairTable } from './pair-table.js';
import type { RelayPlanner } from './relay-plan.js';
import { noRoute } from './routing-tables.js';

/** The connectors of one server for one domain: a message takes the first that is large enough. */
interface Choices {
  readonly ranking: ConnectorRanking;
  /** By place in the ranking: the next hop's id, or `notAsked`. */
  readonly answers: number[];
  /** The answer for a message that none is large enough for. */
  readonly otherwise: number;
}

interface OutsideDomain {
  readonly domain: string;
  readonly coverage: Coverage;
}

const notAsked = -0x80000000;
/** Answers are kept as their number plus this, so that the zeros of a new table mean "not asked yet". */
const answerOffset = 4;

/** The way to outside addresses: which connector, and how to reach it (CN-01 to CN-09, RT-12, RT-22). */
export class ConnectorRouter {
  readonly #topology: Topology;
  readonly #groups: DeliveryGroups;
  readonly #pool: NextHopPool;
  readonly #planner: RelayPlanner;
  readonly #addressSpaces: AddressSpaces;
  readonly #selector: ConnectorSelector;
  /** By type, then by domain, as interned and as asked for. */
  readonly #domainIds = new Map<string, Map<string, number>>();
  readonly #domains: OutsideDomain[] = [];
  /** By server and domain: a place in `#choices` plus 1. */
  readonly #places: PairTable;
  readonly #choices: Choices[] = [];
  /** By server and the entry's offer: the answer, plus `answerOffset`, of a server that is no source. */
  readonly #relays: PairTable;
  /** Next hops of sources by server, the entry's offer and the queue's name. */
  readonly #known = new Map<string, number>();
  /** By connector. */
  readonly #destinations: readonly RoutingDestination[];
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
    this.#relays = new PairTable(topology.servers.length, Number.POSITIVE_INFINITY);
    this.#destinations = topology.connectors.map(({ name, index }) => ({ kind: 'connector', name, index }));
  }

  /** See `RoutingTables.internDomain`. */
  internDomain(type: string, domain: string): number {
    return this.#domainIds.get(type)?.get(domain) ?? this.#intern(type, domain);
  }

  #intern(type: string, domain: string): number {
    const upper = type.toUpperCase();
    const lower = domain.toLowerCase();
    if (type !== upper || domain !== lower) {
      const id = this.internDomain(upper, lower);
      this.#idsOfType(type).set(domain, id);
      return id;
    }
    const id = this.#domains.push({ domain, coverage: this.#addressSpaces.cover(type, domain) }) - 1;
    this.#idsOfType(type).set(domain, id);
    return id;
  }

  #idsOfType(type: string): Map<string, number> {
    const known = this.#domainIds.get(type) ?? new Map<string, number>();
    this.#domainIds.set(type, known);
    return known;
  }

  /** See `RoutingTables.toOutside`. */
  route(server: number, domain: number, sizeBytes: number): number {
    if (this.#topology.servers[server]!.isEdge) {
      const { coverage, domain: text } = this.#domains[domain]!;
      return this.#edges.route(server, coverage.type, text, sizeBytes);
    }
    const place = this.#places.get(server, domain);
    const choices = place === 0 ? this.#choose(server, domain) : this.#choices[place - 1]!;
    const { limits } = choices.ranking;
    for (let choice = 0; choice < limits.length; choice++) {
      // CN-01, CN-02: size first, so that a large message may leave by a less specific connector.
      if (limits[choice]! < sizeBytes) continue;
      const answer = choices.answers[choice]!;
      return answer === notAsked ? this.#answer(server, domain, choices, choice) : answer;
    }
    return choices.otherwise;
  }

  #choose(server: number, domain: number): Choices {
    const { coverage } = this.#domains[domain]!;
    const ranking = this.#selector.choose(server, coverage);
    const choices: Choices = {
      ranking,
      answers: ranking.entries.map(() => notAsked),
      otherwise: answerWithout(coverage.type, ranking.entries),
    };
    this.#choices.push(choices);
    this.#places.set(server, domain, this.#choices.length);
    return choices;
  }

  #answer(server: number, domain: number, { ranking, answers }: Choices, choice: number): number {
    const entry = ranking.entries[choice]!;
    const answer = this.#selector.isSource(server, entry.connector)
      ? this.#handOverTo(server, entry, this.#domains[domain]!.domain)
      : this.#relay(server, entry);
    answers[choice] = answer;
    return answer;
  }

  /** RT-16: a source server sends itself, or to the Edges that do. */
  #handOverTo(server: number, entry: AddressSpaceEntry, domain: string): number {
    const connector = this.#topology.connectors[entry.connector]!;
    const queueName = this.#queueName(connector, entry, domain);
    const identity = `${server} ${entry.offer} ${normalizeName(queueName)}`;
    const known = this.#known.get(identity);
    if (known !== undefined) return known;
    const destination = this.#destinations[entry.connector]!;
    const { reference } = this.#groupOf(entry);
    const isByEdges = connector.edgeSite !== -1;
    const plan = isByEdges
      ? this.#handOver.toEdges(connector, reference)
      : this.#handOver.atSource(server, connector, reference, queueName);
    const id = this.#pool.add(
      server,
      isByEdges ? 'relay' : 'outside',
      destination,
      reference,
      plan,
      entry.cost,
    );
    this.#known.set(identity, id);
    return id;
  }

  /** RT-18. */
  #relay(server: number, entry: AddressSpaceEntry): number {
    const known = this.#relays.get(server, entry.offer);
    if (known !== 0) return known - answerOffset;
    const group = this.#groupOf(entry);
    const plan = this.#planner.planFrom(server, group);
    const destination = this.#destinations[entry.connector]!;
    const answer =
      plan === null
        ? noRoute.unreachable
        : this.#pool.add(server, 'relay', destination, group.reference, plan, entry.cost);
    this.#relays.set(server, entry.offer, answer + answerOffset);
    return answer;
  }

  #groupOf({ connector }: AddressSpaceEntry): DeliveryGroup {
    return this.#groups.groups[this.#groups.ofConnector[connector]!]!;
  }

  /** Towards Edges the connector itself has a queue. */
  #queueName(connector: Connector, { space }: AddressSpaceEntry, domain: string): string {
    return connector.edgeSite !== -1 ? connector.name : queueNameAtSource(connector, space, domain);
  }
}

/** CN-04. */
function answerWithout(type: string, ranked: readonly AddressSpaceEntry[]): number {
  if (ranked.length > 0) return noRoute.connectorsTooSmall;
  return type === 'SMTP' ? noRoute.unreachable : noRoute.noConnectorForType;
}
