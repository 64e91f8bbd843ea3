import type { RoutingTables, SiteConnections } from '../routing/index.js';
import { countVotes, type DagVotes } from '../sim/model/index.js';
import type { Component } from './failures-components.js';
import { Acceptance, connectionsUnder, type Outages } from './route-outages.js';

/** What stands after a failure, once databases have failed over. */
export class Aftermath {
  readonly outages: Outages;
  /** Connectors behind which nobody takes mail any more. */
  readonly connectors: ReadonlySet<number>;
  readonly acceptance: Acceptance;
  /** By DAG. */
  readonly votes: readonly DagVotes[];
  /** By database: the server that has it mounted; -1: it is dismounted. */
  readonly holders: Int32Array;
  readonly #tables: RoutingTables;
  readonly #connections: SiteConnections | null;
  /** By pair of sites: 0 not asked yet, 1 the same links, 2 others. */
  readonly #links: Uint8Array;

  /**
   * @param failed - at once; empty: nothing has
   * @param cache - of connections, by what of the network has failed
   */
  constructor(tables: RoutingTables, failed: readonly Component[], cache: ConnectionCache) {
    this.#tables = tables;
    const { topology } = tables;
    const indexes = (...kinds: readonly Component['kind'][]) =>
      new Set(failed.flatMap(({ kind, index }) => (kinds.includes(kind) ? [index] : [])));
    this.outages = {
      servers: indexes('server', 'edge-server'),
      sites: indexes('site'),
      links: indexes('site-link'),
    };
    this.connectors = indexes('connector');
    const shared = cache.under(this.outages);
    this.#connections = shared.connections;
    this.#links = shared.links;
    this.acceptance = new Acceptance(tables, this.outages, this.#connections);
    this.votes = topology.dags.map((dag) => countVotes(dag, topology, this.acceptance, this.acceptance));
    this.holders = Int32Array.from(topology.databases, ({ index }) => this.#holderOf(index));
  }

  isUp(server: number): boolean {
    return this.acceptance.isUp(server);
  }

  /** Whether traffic between two servers, which can reach each other, takes other links than it does otherwise. */
  takesOtherLinks(from: number, to: number): boolean {
    if (this.#connections === null || from === to) return false;
    const { servers, sites } = this.#tables.topology;
    const [source, target] = [servers[from]!.site, servers[to]!.site];
    if (source === -1 || source === target) return false;
    const pair = source * sites.length + target;
    if (this.#links[pair] === 0) {
      const now = this.#connections.linksOf(source, target);
      const before = this.#tables.paths.links(source, target);
      const isSame = now.length === before.length && now.every((link, place) => link === before[place]);
      this.#links[pair] = isSame ? 1 : 2;
    }
    return this.#links[pair] === 2;
  }

  /**
   * A copy is healthy while its server is of the DAG's majority; where the active one is not, the healthy one of highest
   * preference takes over, if the DAG fails over by itself (A-majority, A-failover-preference).
   */
  #holderOf(database: number): number {
    const { databases, dags } = this.#tables.topology;
    const { copies, dag } = databases[database]!;
    const [active] = copies;
    if (dag === -1) return this.isUp(active!) ? active! : -1;
    const { majority } = this.votes[dag]!;
    if (majority.includes(active!)) return active!;
    if (!dags[dag]!.automaticFailover) return -1;
    return copies.find((server) => majority.includes(server)) ?? -1;
  }
}

/** Connections that several failures have in common. */
export class ConnectionCache {
  readonly #tables: RoutingTables;
  readonly #known = new Map<string, { readonly connections: SiteConnections; readonly links: Uint8Array }>();

  constructor(tables: RoutingTables) {
    this.#tables = tables;
  }

  under(outages: Outages): { readonly connections: SiteConnections | null; readonly links: Uint8Array } {
    const key = `${[...outages.links].join()};${[...outages.sites].join()}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const connections = connectionsUnder(this.#tables, outages);
    if (connections === null) return { connections, links: new Uint8Array() };
    const { length } = this.#tables.topology.sites;
    const made = { connections, links: new Uint8Array(length * length) };
    this.#known.set(key, made);
    if (this.#known.size > mostKnown) this.#known.delete(this.#known.keys().next().value!);
    return made;
  }
}

/** Each holds some matrices by pairs of sites. */
const mostKnown = 256;
