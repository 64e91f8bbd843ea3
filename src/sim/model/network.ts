import { connectSitesWithout, type RoutingTables, type SiteConnections } from '../../routing/index.js';
import type { Topology } from '../../topology/index.js';
import { LinkConditions, type LinkSlowdown } from './link-conditions.js';

/** So many pairs of sites, over all states of the network, are kept worked out. */
const mostPairsKept = 4_000_000;
const mostStatesKept = 64;
const notKnown = 2;

/**
 * Which sites can reach one another now, over which links, and what that costs: connections are direct, whatever the
 * mail path (AS-04), while the links between the sites allow it (design section 6, links). Outages are counted, so
 * that those that overlap may end in any order. A site that is out takes part in no link; the other sites of a link
 * of three or more stay joined (assumption A-site-outage-links).
 *
 * What follows from a set of links that are up is kept: a link that flaps costs two look-ups, not two searches.
 */
export class Network {
  readonly conditions: LinkConditions;
  readonly #tables: RoutingTables;
  readonly #linkOutages: Int32Array;
  readonly #siteOutages: Int32Array;
  readonly #siteCount: number;
  /** Raised for a pair of sites whenever it is parted. */
  readonly #epochs: Int32Array;
  /** One way between two sites; NaN: not yet worked out since the last change. */
  readonly #latencyMs: Float64Array;
  /** Whether a link between two sites has limits: 0, 1, or 2 where not yet worked out since the last change. */
  readonly #limited: Uint8Array;
  /** By the site that traffic comes from: the links to each other, where already asked for since the last change. */
  readonly #linksFrom: ((readonly number[] | undefined)[] | undefined)[];
  readonly #known = new Map<string, SiteConnections>();
  readonly #listeners: (() => void)[] = [];
  #connections: SiteConnections;
  #anyLimit: boolean;

  constructor(topology: Topology, tables: RoutingTables) {
    this.conditions = new LinkConditions(topology);
    this.#tables = tables;
    this.#siteCount = topology.sites.length;
    this.#linkOutages = new Int32Array(topology.siteLinks.length);
    this.#siteOutages = new Int32Array(this.#siteCount);
    this.#epochs = new Int32Array(this.#siteCount * this.#siteCount);
    this.#latencyMs = new Float64Array(this.#siteCount * this.#siteCount).fill(Number.NaN);
    this.#limited = new Uint8Array(this.#siteCount * this.#siteCount).fill(notKnown);
    this.#linksFrom = topology.sites.map(() => undefined);
    this.#connections = this.#connect();
    this.#anyLimit = this.conditions.anyLimit;
  }

  /** Calls `listener` whenever sites may have been parted or joined, or a link has got other conditions, after it. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  beginLinkOutage(link: number): void {
    if (this.#linkOutages[link]!++ === 0) this.#reconnect();
  }

  endLinkOutage(link: number): void {
    if (--this.#linkOutages[link]! === 0) this.#reconnect();
  }

  /** All links of the site are cut, as far as they join this site; its servers are not the network's business. */
  beginSiteOutage(site: number): void {
    if (this.#siteOutages[site]!++ === 0) this.#reconnect();
  }

  endSiteOutage(site: number): void {
    if (--this.#siteOutages[site]! === 0) this.#reconnect();
  }

  /** The link has what `slowdown` says, until `endSlowdown` is given the same object. */
  beginSlowdown(link: number, slowdown: LinkSlowdown): void {
    this.conditions.begin(link, slowdown);
    this.#changed();
  }

  endSlowdown(link: number, slowdown: LinkSlowdown): void {
    this.conditions.end(link, slowdown);
    this.#changed();
  }

  connected(from: number, to: number): boolean {
    return this.#connections.connected[from * this.#siteCount + to] === 1;
  }

  /** Changes whenever the two sites are parted: a session that remembers it knows, even when they are joined again. */
  epoch(from: number, to: number): number {
    return this.#epochs[from * this.#siteCount + to]!;
  }

  /** One way, over the cheapest chain of links that is up; 0 inside a site, Infinity where not connected. */
  latencyMs(from: number, to: number): number {
    const pair = from * this.#siteCount + to;
    const known = this.#latencyMs[pair]!;
    if (!Number.isNaN(known)) return known;
    const { latencyMs } = this.conditions;
    const latency = this.connected(from, to)
      ? this.linksBetween(from, to).reduce((sum, link) => sum + latencyMs[link]!, 0)
      : Number.POSITIVE_INFINITY;
    this.#latencyMs[pair] = latency;
    return latency;
  }

  /** The links that traffic between two connected sites crosses now. */
  linksBetween(from: number, to: number): readonly number[] {
    let linksTo = this.#linksFrom[from];
    if (linksTo === undefined) {
      linksTo = new Array<readonly number[] | undefined>(this.#siteCount).fill(undefined);
      this.#linksFrom[from] = linksTo;
    }
    const known = linksTo[to];
    if (known !== undefined) return known;
    const links = this.#connections.linksOf(from, to);
    linksTo[to] = links;
    return links;
  }

  /** Whether a link between two sites has a bandwidth or loses packets now. */
  isLimited(from: number, to: number): boolean {
    if (!this.#anyLimit) return false;
    const pair = from * this.#siteCount + to;
    if (this.#limited[pair] === notKnown) {
      const { bandwidthBitsPerSecond, loss } = this.conditions;
      const limits = (link: number) =>
        bandwidthBitsPerSecond[link]! !== Number.POSITIVE_INFINITY || loss[link]! > 0;
      this.#limited[pair] = this.linksBetween(from, to).some(limits) ? 1 : 0;
    }
    return this.#limited[pair] === 1;
  }

  #reconnect(): void {
    const before = this.#connections.connected;
    this.#connections = this.#connect();
    this.#linksFrom.fill(undefined);
    const { connected } = this.#connections;
    for (let pair = 0; pair < connected.length; pair++) {
      if (before[pair]! > connected[pair]!) this.#epochs[pair]!++;
    }
    this.#changed();
  }

  #changed(): void {
    this.#latencyMs.fill(Number.NaN);
    this.#limited.fill(notKnown);
    this.#anyLimit = this.conditions.anyLimit;
    for (const listener of this.#listeners) listener();
  }

  #connect(): SiteConnections {
    const state = `${placesOf(this.#linkOutages)} ${placesOf(this.#siteOutages)}`;
    const known = this.#known.get(state);
    if (known !== undefined) return known;
    const kept = Math.min(mostStatesKept, Math.floor(mostPairsKept / this.#siteCount ** 2));
    if (this.#known.size >= Math.max(2, kept)) this.#known.clear();
    const connections = this.#workOut();
    this.#known.set(state, connections);
    return connections;
  }

  #workOut(): SiteConnections {
    const { topology, paths } = this.#tables;
    const linkUp = Uint8Array.from(this.#linkOutages, (outages) => (outages === 0 ? 1 : 0));
    return connectSitesWithout(topology, paths, linkUp, (site) => this.#siteOutages[site]! > 0);
  }
}

/** Where a column is not 0. */
function placesOf(column: Int32Array): string {
  const places: number[] = [];
  column.forEach((value, place) => {
    if (value !== 0) places.push(place);
  });
  return places.join();
}
