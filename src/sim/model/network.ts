import { connectSites, type RoutingTables, type SiteConnections } from '../../routing/index.js';
import type { Topology } from '../../topology/index.js';

/**
 * Which sites can reach one another now, and what it costs: connections are direct, whatever the mail path (AS-04),
 * while the links between the sites allow it (design section 6, links). Link outages are counted, so that those
 * that overlap may end in any order.
 */
export class Network {
  readonly #tables: RoutingTables;
  readonly #outages: Int32Array;
  readonly #siteCount: number;
  /** Raised for a pair of sites whenever it is parted. */
  readonly #epochs: Int32Array;
  readonly #listeners: (() => void)[] = [];
  #connections: SiteConnections;

  constructor(topology: Topology, tables: RoutingTables) {
    this.#tables = tables;
    this.#siteCount = topology.sites.length;
    this.#outages = new Int32Array(topology.siteLinks.length);
    this.#epochs = new Int32Array(this.#siteCount * this.#siteCount);
    this.#connections = this.#connect();
  }

  beginLinkOutage(link: number): void {
    const before = this.#connections.connected;
    this.#outages[link]!++;
    this.#connections = this.#connect();
    const { connected } = this.#connections;
    for (let pair = 0; pair < connected.length; pair++) {
      if (before[pair] === 1 && connected[pair] === 0) this.#epochs[pair]!++;
    }
    this.#changed();
  }

  endLinkOutage(link: number): void {
    this.#outages[link]!--;
    this.#connections = this.#connect();
    this.#changed();
  }

  /** Calls `listener` whenever sites may have been parted or joined, after the change. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  connected(from: number, to: number): boolean {
    return this.#connections.connected[from * this.#siteCount + to] === 1;
  }

  /** Changes whenever the two sites are parted: a session that remembers it knows, even when they are joined again. */
  epoch(from: number, to: number): number {
    return this.#epochs[from * this.#siteCount + to]!;
  }

  /** One way, over the cheapest chain of links that is up; 0 inside a site. */
  latencyMs(from: number, to: number): number {
    return this.#connections.latencyMs[from * this.#siteCount + to]!;
  }

  /** The links that traffic between two connected sites crosses now. */
  linksBetween(from: number, to: number): readonly number[] {
    return this.#connections.linksOf(from, to);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }

  #connect(): SiteConnections {
    const linkUp = Uint8Array.from(this.#outages, (outages) => (outages === 0 ? 1 : 0));
    return connectSites(this.#tables.topology, this.#tables.paths, linkUp);
  }
}
