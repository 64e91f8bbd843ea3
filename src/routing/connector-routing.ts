import { type Connector, normalizeName, type Topology } from '../topology/index.js';
import { type AddressSpaceEntry, AddressSpaces, type Coverage } from './address-space.js';
import { ConnectorHandOver, queueNameAtSource } from './connector-hand-over.js';
import { type ConnectorRanking, ConnectorSelector } from './connector-selection.js';
import type { DeliveryGroup, DeliveryGroups } from './delivery-group.js';
import { EdgeRouter } from './edge-routing.js';
import type { RoutingDestination } from './next-hop.js';
import type { HopErrand, NextHopPool } from './next-hop-pool.js';
import { PairTable } from './pair-table.js';
import type { RelayPlanner } from './relay-plan.js';
import { noRoute } from './routing-tables.js';

interface OutsideDomain {
  readonly domain: string;
  readonly coverage: Coverage;
}

/** Answers are kept as their number plus this, so that zeros mean "not asked yet". */
const answerOffset = 4;
const answersAtFirst = 64;

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
  /** By server and domain: a place in `#rankings` and `#firstAnswers`, plus 1. */
  readonly #places: PairTable;
  /** The connectors of one server for one domain: a message takes the first that is large enough. */
  readonly #rankings: ConnectorRanking[] = [];
  /** Where the answers for a ranking's entries begin in `#answers`. */
  readonly #firstAnswers: number[] = [];
  /** Next hops and `noRoute`, plus `answerOffset`. */
  #answers = new Int32Array(answersAtFirst);
  #answerCount = 0;
  /** By server and the entry's offer: the answer, plus `answerOffset`, of a server that is no source. */
  readonly #relays: PairTable;
  /** Next hops of sources by server, the entry's offer and the queue's name. */
  readonly #known = new Map<string, number>();
  /** By the entry's offer. */
  readonly #relayErrands: (HopErrand | undefined)[] = [];
  readonly #sendErrands: (HopErrand | undefined)[] = [];
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
      return this.#edges.route(server, domain, coverage.type, text, sizeBytes);
    }
    const known = this.#places.get(server, domain);
    const place = (known === 0 ? this.#choose(server, domain) : known) - 1;
    const { entries, limits } = this.#rankings[place]!;
    for (let choice = 0; choice < limits.length; choice++) {
      // CN-01, CN-02: size first, so that a large message may leave by a less specific connector.
      if (limits[choice]! < sizeBytes) continue;
      const at = this.#firstAnswers[place]! + choice;
      if (this.#answers[at] === 0) {
        this.#answers[at] = this.#answer(server, domain, entries[choice]!) + answerOffset;
      }
      return this.#answers[at]! - answerOffset;
    }
    // CN-04.
    if (limits.length > 0) return noRoute.connectorsTooSmall;
    const { type } = this.#domains[domain]!.coverage;
    return type === 'SMTP' ? noRoute.unreachable : noRoute.noConnectorForType;
  }

  /** @returns a place plus 1 */
  #choose(server: number, domain: number): number {
    const ranking = this.#selector.choose(server, this.#domains[domain]!.coverage);
    const place = this.#rankings.push(ranking);
    this.#firstAnswers.push(this.#answerCount);
    this.#answerCount += ranking.entries.length;
    if (this.#answerCount > this.#answers.length) {
      const more = new Int32Array(2 * this.#answerCount);
      more.set(this.#answers);
      this.#answers = more;
    }
    this.#places.set(server, domain, place);
    return place;
  }

  #answer(server: number, domain: number, entry: AddressSpaceEntry): number {
    return this.#selector.isSource(server, entry.connector)
      ? this.#handOverTo(server, entry, this.#domains[domain]!.domain)
      : this.#relay(server, entry);
  }

  /** RT-16: a source server sends itself, or to the Edges that do. */
  #handOverTo(server: number, entry: AddressSpaceEntry, domain: string): number {
    const connector = this.#topology.connectors[entry.connector]!;
    const queueName = this.#queueName(connector, entry, domain);
    const identity = `${server} ${entry.offer} ${normalizeName(queueName)}`;
    const known = this.#known.get(identity);
    if (known !== undefined) return known;
    const { reference } = this.#groupOf(entry);
    const isByEdges = connector.edgeSite !== -1;
    const plan = isByEdges
      ? this.#handOver.toEdges(connector, reference)
      : this.#handOver.atSource(server, connector, reference, queueName);
    const id = this.#pool.add(server, isByEdges ? this.#relayErrand(entry) : this.#sendErrand(entry), plan);
    this.#known.set(identity, id);
    return id;
  }

  /** RT-18. */
  #relay(server: number, entry: AddressSpaceEntry): number {
    const known = this.#relays.get(server, entry.offer);
    if (known !== 0) return known - answerOffset;
    const plan = this.#planner.planFrom(server, this.#groupOf(entry));
    const answer =
      plan === null ? noRoute.unreachable : this.#pool.add(server, this.#relayErrand(entry), plan);
    this.#relays.set(server, entry.offer, answer + answerOffset);
    return answer;
  }

  #relayErrand(entry: AddressSpaceEntry): HopErrand {
    this.#relayErrands[entry.offer] ??= this.#errand('relay', entry);
    return this.#relayErrands[entry.offer]!;
  }

  #sendErrand(entry: AddressSpaceEntry): HopErrand {
    this.#sendErrands[entry.offer] ??= this.#errand('outside', entry);
    return this.#sendErrands[entry.offer]!;
  }

  #errand(kind: HopErrand['kind'], entry: AddressSpaceEntry): HopErrand {
    return {
      kind,
      destination: this.#destinations[entry.connector]!,
      destinationGroup: this.#groupOf(entry).reference,
      addressSpaceCost: entry.cost,
    };
  }

  #groupOf({ connector }: AddressSpaceEntry): DeliveryGroup {
    return this.#groups.groups[this.#groups.ofConnector[connector]!]!;
  }

  /** Towards Edges the connector itself has a queue. */
  #queueName(connector: Connector, { space }: AddressSpaceEntry, domain: string): string {
    return connector.edgeSite !== -1 ? connector.name : queueNameAtSource(connector, space, domain);
  }
}
