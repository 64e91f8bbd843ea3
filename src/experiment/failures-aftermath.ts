import type { RoutingTables } from '../routing/index.js';
import { countVotes, type DagVotes } from '../sim/model/index.js';
import type { Component } from './failures-components.js';
import type { FailureNetwork, NetworkCache } from './failures-network.js';
import { Acceptance, type Outages } from './route-outages.js';

/** What stands after a failure, once databases have failed over. */
export class Aftermath {
  readonly outages: Outages;
  /** Connectors behind which nobody takes mail any more. */
  readonly connectors: ReadonlySet<number>;
  /** Servers that have failed, by themselves or with their site; each once. */
  readonly down: readonly number[];
  /** Null: nothing of the network has failed. */
  readonly network: FailureNetwork | null;
  readonly acceptance: Acceptance;
  /** By DAG. */
  readonly votes: readonly DagVotes[];
  /** By database: the server that has it mounted; -1: it is dismounted. */
  readonly holders: Int32Array;
  /** Databases that another server has mounted than while all is well, or none. */
  readonly moved: readonly number[];
  readonly #tables: RoutingTables;

  /**
   * @param failed - at once; empty: nothing has
   * @param networks - by what of the network has failed
   * @param intact - of no failure: what stands there and cannot have changed is taken over; null: nothing is
   * @param likely - failures that may have the same network
   */
  constructor(
    tables: RoutingTables,
    failed: readonly Component[],
    networks: NetworkCache,
    intact: Aftermath | null = null,
    likely: readonly Aftermath[] = [],
  ) {
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
    this.network = networks.under(
      this.outages,
      likely.map(({ network }) => network),
    );
    this.acceptance = new Acceptance(tables, this.outages, this.network?.connections ?? null);
    const { servers, sites } = this.outages;
    this.down = [...new Set([...servers, ...[...sites].flatMap((site) => networks.serversOf(site))])];
    this.votes = topology.dags.map((dag) =>
      intact !== null && this.network?.isDivided !== true && !dag.members.some((each) => !this.isUp(each))
        ? intact.votes[dag.index]!
        : countVotes(dag, topology, this.acceptance, this.acceptance),
    );
    if (intact === null) {
      this.holders = Int32Array.from(topology.databases, ({ index }) => this.#holderOf(index));
      this.moved = [];
    } else {
      this.holders = intact.holders.slice();
      const moved: number[] = [];
      const look = (database: number): void => {
        const holder = this.#holderOf(database);
        if (holder !== intact.holders[database]) moved.push(database);
        this.holders[database] = holder;
      };
      for (const { index, databases } of topology.dags) {
        if (this.votes[index] !== intact.votes[index]) databases.forEach(look);
      }
      for (const server of this.down) networks.lonelyDatabasesOf(server).forEach(look);
      this.moved = moved;
    }
  }

  isUp(server: number): boolean {
    return this.acceptance.isUp(server);
  }

  /** Whether traffic between two servers, which can reach each other, takes other links than it does otherwise. */
  takesOtherLinks(from: number, to: number): boolean {
    if (this.network === null || from === to) return false;
    const { servers } = this.#tables.topology;
    return this.takesOtherLinksBetween(servers[from]!.site, servers[to]!.site);
  }

  /** The same of their sites, -1 outside any. */
  takesOtherLinksBetween(source: number, target: number): boolean {
    if (this.network === null || source === -1 || source === target) return false;
    return this.network.takesOtherLinks(source, target);
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
