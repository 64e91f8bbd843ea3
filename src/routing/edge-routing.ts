import { normalizeName, type Topology } from '../topology/index.js';
import { type AddressSpaceEntry, AddressSpaces } from './address-space.js';
import { type ConnectorHandOver, queueNameAtSource } from './connector-hand-over.js';
import type { DeliveryGroupReference } from './next-hop.js';
import type { NextHopPool } from './next-hop-pool.js';
import { PairTable } from './pair-table.js';
import { noRoute } from './routing-tables.js';

interface EdgeWay {
  readonly entry: AddressSpaceEntry;
  readonly limitBytes: number;
  /** Once it has been asked for. */
  nextHop: number | undefined;
}

/**
 * The way of mail that an Edge has (RT-56, RT-60). An Edge has no directory to resolve recipients by: it goes by their
 * domains, and knows only the connectors that it is a source of. What it relays into the organization is one of them
 * (ES-02); among those that fit, CN-01 chooses.
 */
export class EdgeRouter {
  readonly #topology: Topology;
  readonly #pool: NextHopPool;
  readonly #handOver: ConnectorHandOver;
  readonly #spaces: AddressSpaces;
  /** By Edge and domain: a place in `#ways`, plus 1. */
  readonly #places: PairTable;
  readonly #ways: EdgeWay[][] = [];
  /** Next hops by Edge, connector, cost and queue name. */
  readonly #known = new Map<string, number>();

  constructor(topology: Topology, pool: NextHopPool, handOver: ConnectorHandOver) {
    this.#topology = topology;
    this.#pool = pool;
    this.#handOver = handOver;
    this.#places = new PairTable(topology.servers.length, Number.POSITIVE_INFINITY);
    this.#spaces = new AddressSpaces(topology, ({ edgeSite }) => edgeSite !== -1);
  }

  /**
   * As `RoutingTables.toOutside`, from an Edge to any domain.
   * @param domainId - stands for the type and the domain
   */
  route(edge: number, domainId: number, type: string, domain: string, sizeBytes: number): number {
    let place = this.#places.get(edge, domainId);
    if (place === 0) {
      place = this.#ways.push(this.#waysTo(edge, type, domain));
      this.#places.set(edge, domainId, place);
    }
    const ways = this.#ways[place - 1]!;
    for (const way of ways) {
      // CN-01, CN-02: size first.
      if (way.limitBytes < sizeBytes) continue;
      way.nextHop ??= this.#answer(edge, way.entry, domain);
      return way.nextHop;
    }
    if (ways.length > 0) return noRoute.connectorsTooSmall;
    return type === 'SMTP' ? noRoute.unreachable : noRoute.noConnectorForType;
  }

  /** The Edge's own connectors that cover a domain: the most specific first, of these the cheapest. */
  #waysTo(edge: number, type: string, domain: string): EdgeWay[] {
    const { connectors } = this.#topology;
    return this.#spaces.cover(type, domain).classes.flatMap(({ entries }) =>
      entries
        .filter(({ connector }) => connectors[connector]!.sourceServers.includes(edge))
        // Entries stand in the order of their connectors' names, so that the first of the cheapest is the lowest.
        .sort((a, b) => a.cost - b.cost)
        .map((entry) => ({
          entry,
          limitBytes: connectors[entry.connector]!.maxMessageSizeBytes,
          nextHop: undefined,
        })),
    );
  }

  #answer(edge: number, { connector: index, cost, space }: AddressSpaceEntry, domain: string): number {
    const connector = this.#topology.connectors[index]!;
    const isInbound = connector.origin === 'edge-inbound';
    const queueName = isInbound ? '' : queueNameAtSource(connector, space, domain);
    const identity = `${edge} ${index} ${cost} ${normalizeName(queueName)}`;
    const known = this.#known.get(identity);
    if (known !== undefined) return known;
    // RT-27: an Edge's connectors belong to the site it is subscribed to.
    const group: DeliveryGroupReference = {
      kind: 'ad-site',
      name: this.#topology.sites[connector.edgeSite]!.name,
    };
    const plan = isInbound
      ? this.#handOver.fromEdge(edge, connector, group)
      : this.#handOver.atSource(edge, connector, group, queueName);
    const destination = { kind: 'connector', name: connector.name, index } as const;
    const errand = {
      kind: isInbound ? 'relay' : 'outside',
      destination,
      destinationGroup: group,
      addressSpaceCost: cost,
    } as const;
    const id = this.#pool.add(edge, errand, plan);
    this.#known.set(identity, id);
    return id;
  }
}
