import {
  type NextHop,
  type ResolvedAddress,
  RoutingDiff,
  type RoutingTables,
  resolveOnEdge,
} from '../routing/index.js';
import type { Topology } from '../topology/index.js';
import { decide } from './route-decision.js';

/** Of the messages asked about: so small that no limit of size is met. */
const sizeBytes = 1;

/**
 * Destinations that mail reaches by the same next hops: databases of one delivery group (the servers that hold them may
 * differ), one expansion server, or the outside addresses of one address space.
 */
export interface Ways {
  readonly kind: 'databases' | 'expansion-server' | 'address-space';
  /** Of an address space as connectors are given it, else of the delivery group. */
  readonly name: string;
  /** Databases, or the expansion server; empty for an address space. */
  readonly destinations: readonly number[];
  /** By server; null where no mail starts or comes by, and where there is no way. */
  readonly hops: readonly (NextHop | null)[];
}

/** The servers that queue mail: those with a Transport service, and Edges. */
export function sourcesOf({ servers }: Topology): readonly number[] {
  return servers.flatMap(({ index, isTransport, isEdge }) => (isTransport || isEdge ? [index] : []));
}

/**
 * Everything that mail can be for, with the next hop of each server. An Edge knows no recipients (RT-57): there, mail for
 * people inside has the organization's own domain.
 */
export function waysOf(tables: RoutingTables): readonly Ways[] {
  const { topology } = tables;
  const sources = sourcesOf(topology);
  const hopsBy = (hopOf: (server: number) => NextHop | null): Ways['hops'] => {
    const hops: (NextHop | null)[] = topology.servers.map(() => null);
    for (const server of sources) hops[server] = hopOf(server);
    return hops;
  };
  const decided = (server: number, address: ResolvedAddress): NextHop | null => {
    const decision = decide(tables, server, address, sizeBytes);
    return decision.outcome === 'route' ? decision.hop : null;
  };
  const anybody = resolveOnEdge(`anybody@${topology.organization}`);
  const inward = new Map(
    sources
      .filter((server) => topology.servers[server]!.isEdge)
      .map((server) => [server, decided(server, anybody)]),
  );
  const hopsInside = (idOf: (server: number) => number): Ways['hops'] =>
    hopsBy((server) => {
      const fromEdge = inward.get(server);
      if (fromEdge !== undefined) return fromEdge;
      const id = idOf(server);
      return id >= 0 ? tables.nextHop(id) : null;
    });

  const ways: Ways[] = [];
  const groups = new Map<string, number[]>();
  for (const { index } of topology.databases) {
    const { kind, name } = tables.groupOfDatabase(index);
    const key = `${kind} ${name}`;
    const found = groups.get(key);
    if (found === undefined) groups.set(key, [index]);
    else found.push(index);
  }
  for (const databases of groups.values()) {
    const [first] = databases;
    const { name } = tables.groupOfDatabase(first!);
    const hops = hopsInside((server) => tables.toDatabase(server, first!));
    ways.push({ kind: 'databases', name, destinations: databases, hops });
  }
  for (const destination of new RoutingDiff(tables, tables).destinations) {
    if (destination.kind === 'expansion-server') {
      const { before: expansion, name } = destination;
      const hops = hopsInside((server) =>
        server === expansion ? -1 : tables.toExpansionServer(server, expansion),
      );
      ways.push({ kind: 'expansion-server', name, destinations: [expansion], hops });
    } else if (destination.kind === 'address-space') {
      const { name, before, onEdge } = destination;
      const hops = hopsBy((server) => decided(server, topology.servers[server]!.isEdge ? onEdge : before));
      ways.push({ kind: 'address-space', name, destinations: [], hops });
    }
  }
  return ways;
}
