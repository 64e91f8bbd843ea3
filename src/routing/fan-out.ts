import { receiversInSite } from './delivery-group.js';
import type { DeliveryGroupReference, NextHop, NextHopSolutionKey, SitePath, Tier } from './next-hop.js';
import type { HopPlan, NextHopPool } from './next-hop-pool.js';
import type { RelayPlanner } from './relay-plan.js';

/**
 * Where a message to several recipients becomes several copies (RT-24, AS-11, DC-01). `next-hop`: recipients with the
 * same next hop share a copy. `fork-site`, the older way: recipients whose next hop is a site share one to the site
 * where their ways part. `fork-site-without-dags`: as "Planning to use Active Directory sites for routing mail" has
 * it, recipients with next hops of every kind, but only in organizations without DAGs.
 */
export type DelayedFanOut = 'next-hop' | 'fork-site' | 'fork-site-without-dags';

/** Finds the sites where the ways of one message's recipients part. */
export class FanOutPlanner {
  readonly #planner: RelayPlanner;
  readonly #pool: NextHopPool;
  /** The next hop by way of a fork site, by the next hop it stands for and the site. */
  readonly #forks = new Map<string, number>();

  constructor(planner: RelayPlanner, pool: NextHopPool) {
    this.#planner = planner;
    this.#pool = pool;
  }

  /** See `RoutingTables.fanOut`. */
  plan(server: number, nextHops: readonly number[], reading: DelayedFanOut): readonly number[] {
    const { topology } = this.#planner;
    const everyKind = reading === 'fork-site-without-dags';
    if (reading === 'next-hop' || (everyKind && topology.dags.length > 0)) return nextHops;
    const source = topology.servers[server]!.site;
    /** Places in `nextHops` by the first site on the way. */
    const branches = new Map<number, number[]>();
    for (const [place, id] of nextHops.entries()) {
      if (id < 0) continue;
      const hop = this.#pool.get(id);
      if (!everyKind && hop.nextHopGroup.kind !== 'ad-site') continue;
      const first = this.#wayTo(source, hop)[1];
      if (first === undefined) continue;
      const branch = branches.get(first);
      if (branch === undefined) branches.set(first, [place]);
      else branch.push(place);
    }
    const planned = [...nextHops];
    for (const places of branches.values()) {
      const ways = places.map((place) => this.#wayTo(source, this.#pool.get(nextHops[place]!)));
      const fork = this.#forkOf(ways);
      if (fork === undefined) continue;
      for (const place of places) planned[place] = this.#byWayOf(fork, nextHops[place]!);
    }
    return planned;
  }

  /** The sites from the source to where the next hop is: a hub or the primary site. Only the source for all else. */
  #wayTo(source: number, { kind, hubSite, primarySite }: NextHop): readonly number[] {
    const stop = hubSite === -1 ? primarySite : hubSite;
    return kind === 'relay' && stop !== source ? this.#planner.paths.sites(source, stop) : [source];
  }

  /**
   * The last site that the ways have in common, or the one nearest before it, with servers that could take the message
   * (UN-03). Undefined where there is none, and where all ways end at it: they share a copy already.
   */
  #forkOf(ways: readonly (readonly number[])[]): number | undefined {
    const one = ways[0]!;
    let common = 0;
    while (common < one.length && ways.every((way) => way[common] === one[common])) common++;
    if (ways.every((way) => way.length === common)) return undefined;
    return one.slice(1, common).findLast((site) => receiversInSite(this.#planner.topology, site).length > 0);
  }

  #byWayOf(fork: number, id: number): number {
    const identity = `${id} ${fork}`;
    const known = this.#forks.get(identity);
    if (known !== undefined) return known;
    const hop = this.#pool.get(id);
    const plan = new ForkPlan(this.#planner, hop, fork);
    const { server, destination, destinationGroup, addressSpaceCost } = hop;
    const errand = { kind: 'relay', destination, destinationGroup, addressSpaceCost } as const;
    const added = this.#pool.add(server, errand, plan);
    this.#forks.set(identity, added);
    return added;
  }
}

/** The way of a next hop, but with a stop at a site before it. */
class ForkPlan implements HopPlan {
  readonly key: NextHopSolutionKey;
  readonly nextHopGroup: DeliveryGroupReference;
  readonly path: SitePath;
  readonly primarySite: number;
  readonly hubSite: number;
  readonly maxMessageSizeBytes: number;
  readonly proxyServers = null;
  readonly tiers: readonly Tier[];
  readonly forkSite: number;

  constructor(planner: RelayPlanner, hop: NextHop, fork: number) {
    const { groups } = planner;
    const group = groups.groups[groups.ofSite[fork]!]!;
    this.key = group.relayKey;
    this.nextHopGroup = group.reference;
    this.path = hop.path;
    this.primarySite = hop.primarySite;
    this.hubSite = hop.hubSite;
    this.maxMessageSizeBytes = hop.maxMessageSizeBytes;
    const source = hop.path.sites[0]!;
    this.tiers = planner.tiersToStop(source, fork);
    this.forkSite = fork;
  }
}
