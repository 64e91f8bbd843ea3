import { normalizeName, type Topology } from '../topology/index.js';
import { type AddressSpaceEntry, AddressSpaces } from './address-space.js';
import { type ConnectorHandOver, queueNameAtSource } from './connector-hand-over.js';
import type { DeliveryGroupReference } from './next-hop.js';
import type { NextHopPool } from './next-hop-pool.js';
import { noRoute } from './routing-tables.js';

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
  /** Next hops by Edge, connector, cost and queue name. */
  readonly #known = new Map<string, number>();

  constructor(topology: Topology, pool: NextHopPool, handOver: ConnectorHandOver) {
    this.#topology = topology;
    this.#pool = pool;
    this.#handOver = handOver;
    this.#spaces = new AddressSpaces(topology, ({ edgeSite }) => edgeSite !== -1);
  }

  /** As `RoutingTables.toOutside`, from an Edge to any domain. */
  route(edge: number, type: string, domain: string, sizeBytes: number): number {
    let covered = false;
    for (const { entries } of this.#spaces.cover(type, domain).classes) {
      let best: AddressSpaceEntry | undefined;
      for (const entry of entries) {
        const connector = this.#topology.connectors[entry.connector]!;
        if (!connector.sourceServers.includes(edge)) continue;
        covered = true;
        if (sizeBytes > connector.maxMessageSizeBytes) continue;
        if (best === undefined || entry.cost < best.cost) best = entry;
      }
      // Entries stand in the order of their connectors' names, so that the first of the cheapest is the lowest.
      if (best !== undefined) return this.#answer(edge, best, domain);
    }
    if (covered) return noRoute.connectorsTooSmall;
    return type === 'SMTP' ? noRoute.unreachable : noRoute.noConnectorForType;
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
