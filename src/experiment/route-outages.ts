import {
  connectSitesWithout,
  type NextHop,
  type RoutingTables,
  type SiteConnections,
  type Tier,
} from '../routing/index.js';
import type { Topology } from '../topology/index.js';

/** What is out of order while a routing question is asked; routing itself knows no outages (AS-09). */
export interface Outages {
  /** Servers that accept nothing. */
  readonly servers: ReadonlySet<number>;
  /** All their servers are down, and the links they are in as far as they join them (A-site-outage-links). */
  readonly sites: ReadonlySet<number>;
  readonly links: ReadonlySet<number>;
}

/** Everything is up. */
export const noOutages: Outages = { servers: new Set(), sites: new Set(), links: new Set() };

/** A server that takes a message, and its tier's place, from 0. */
export interface Taker {
  readonly server: number;
  readonly tier: number;
}

/** Who takes a message under some outages: of equal servers the first by name, where a run draws. */
export class Acceptance {
  readonly #tables: RoutingTables;
  readonly #topology: Topology;
  readonly #outages: Outages;
  readonly #connected: (from: number, to: number) => boolean;

  /** @param connections - what `connectionsUnder` says of these outages, where it is known already */
  constructor(
    tables: RoutingTables,
    outages: Outages,
    connections: SiteConnections | null = connectionsUnder(tables, outages),
  ) {
    this.#tables = tables;
    this.#topology = tables.topology;
    this.#outages = outages;
    const { sites } = this.#topology;
    const connected = connections?.connected;
    this.#connected = (from, to) =>
      from === to || (from !== -1 && to !== -1 && (connected?.[from * sites.length + to] ?? 1) === 1);
  }

  /** Whether a server goes on. An Edge stands in no site: it does when the site it is subscribed to does not. */
  isUp(server: number): boolean {
    const { site, isEdge } = this.#topology.servers[server]!;
    return !this.#outages.servers.has(server) && (isEdge || !this.#outages.sites.has(site));
  }

  /** Whether two sites see each other. */
  connected(site: number, other: number): boolean {
    return this.#connected(site, other);
  }

  /** Whether a server is up and can be connected to. */
  canReach(from: number, to: number): boolean {
    const { servers } = this.#topology;
    return this.isUp(to) && (from === to || this.#connected(servers[from]!.site, servers[to]!.site));
  }

  /** The first server of the first tier that can take a message from `from`; undefined: it stays in Retry. */
  firstOf(from: number, tiers: readonly Tier[]): Taker | undefined {
    return this.#first(tiers, (server) => this.canReach(from, server));
  }

  /**
   * As `firstOf`, for a next hop of `hop.server` with these tiers.
   * @param databases - of the mailbox recipients: what a Front End Transport on the way goes by
   */
  takerOf(hop: NextHop, tiers: readonly Tier[], databases: readonly number[]): Taker | undefined {
    const { server: from, kind, proxyServers } = hop;
    if (kind === 'outside') {
      // RT-43: a proxied connector needs one of the front ends.
      const isOpen = proxyServers === null || proxyServers.some((each) => this.canReach(from, each));
      return isOpen ? this.firstOf(from, tiers) : undefined;
    }
    if (proxyServers === null) return this.firstOf(from, tiers);
    return this.#first(
      tiers,
      (server) =>
        this.canReach(from, server) &&
        (!proxyServers.includes(server) || this.behindFrontEnd(server, databases) !== undefined),
    );
  }

  /** The Transport service that the Front End Transport of a server hands a message to (RT-44, RT-60). */
  behindFrontEnd(server: number, databases: readonly number[]): number | undefined {
    const considered = Int32Array.from(databases);
    const { tiers } = this.#tables.selectTransport('front-end', server, considered, considered.length);
    return this.firstOf(server, tiers)?.server;
  }

  #first(tiers: readonly Tier[], canTake: (server: number) => boolean): Taker | undefined {
    for (const [tier, { servers }] of tiers.entries()) {
      const server = servers.find(canTake);
      if (server !== undefined) return { server, tier };
    }
    return undefined;
  }
}

/**
 * Which sites see each other under some outages; null: all of them, over the links that they take otherwise. All sites of
 * a sound organization are connected: only outages make it worth the look.
 */
export function connectionsUnder(tables: RoutingTables, { links, sites }: Outages): SiteConnections | null {
  if (links.size === 0 && sites.size === 0) return null;
  const { topology, paths } = tables;
  const linkUp = Uint8Array.from(topology.siteLinks, ({ index }) => (links.has(index) ? 0 : 1));
  return connectSitesWithout(topology, paths, linkUp, (site) => sites.has(site));
}
