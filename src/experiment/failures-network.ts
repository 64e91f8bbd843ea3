import type { RoutingTables, SiteConnections } from '../routing/index.js';
import { connectionsUnder, type Outages } from './route-outages.js';

/** A network of which something has failed. */
export class FailureNetwork {
  readonly connections: SiteConnections;
  /** Some site does not see some other. */
  readonly isDivided: boolean;
  readonly #key: string;
  readonly #tables: RoutingTables;
  /** By pair of sites: 0 not asked yet, 1 the same links, 2 others. */
  readonly #links: Uint8Array;

  constructor(tables: RoutingTables, key: string, connections: SiteConnections) {
    this.#tables = tables;
    this.#key = key;
    this.connections = connections;
    this.isDivided = connections.connected.includes(0);
    this.#links = new Uint8Array(connections.connected.length);
  }

  isOf(key: string): boolean {
    return this.#key === key;
  }

  /** Whether traffic between two sites takes other links than it does otherwise, none included. */
  takesOtherLinks(source: number, target: number): boolean {
    const pair = source * this.#tables.topology.sites.length + target;
    if (this.#links[pair] === 0) {
      const now = this.connections.linksOf(source, target);
      const before = this.#tables.paths.links(source, target);
      const isSame = now.length === before.length && now.every((link, place) => link === before[place]);
      this.#links[pair] = isSame ? 1 : 2;
    }
    return this.#links[pair] === 2;
  }
}

/** What several failures have in common. */
export class NetworkCache {
  readonly #tables: RoutingTables;
  readonly #known = new Map<string, FailureNetwork>();
  readonly #serversOf: readonly (readonly number[])[];
  /** By server: databases outside any DAG. */
  readonly #lonely = new Map<number, number[]>();

  constructor(tables: RoutingTables) {
    this.#tables = tables;
    const { sites, servers, databases } = tables.topology;
    const serversOf: number[][] = sites.map(() => []);
    for (const { index, site, isEdge } of servers) if (!isEdge && site !== -1) serversOf[site]!.push(index);
    this.#serversOf = serversOf;
    for (const { index, copies, dag } of databases) {
      if (dag !== -1) continue;
      const [server] = copies;
      const others = this.#lonely.get(server!);
      if (others === undefined) this.#lonely.set(server!, [index]);
      else others.push(index);
    }
  }

  /** The servers that fail with a site: Edges stand in none. */
  serversOf(site: number): readonly number[] {
    return this.#serversOf[site]!;
  }

  /** The databases outside any DAG that a server holds. */
  lonelyDatabasesOf(server: number): readonly number[] {
    return this.#lonely.get(server) ?? [];
  }

  /** @param likely - where to look first */
  under(outages: Outages, likely: readonly (FailureNetwork | null)[]): FailureNetwork | null {
    if (outages.links.size + outages.sites.size === 0) return null;
    const key = `${[...outages.links].join()};${[...outages.sites].join()}`;
    const known = likely.find((each) => each?.isOf(key)) ?? this.#known.get(key);
    if (known !== undefined) return known;
    const connections = connectionsUnder(this.#tables, outages);
    if (connections === null) return null;
    const made = new FailureNetwork(this.#tables, key, connections);
    this.#known.set(key, made);
    if (this.#known.size > mostKnown) this.#known.delete(this.#known.keys().next().value!);
    return made;
  }
}

/** Each holds some matrices by pairs of sites. */
const mostKnown = 256;
