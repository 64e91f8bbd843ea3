import type { Topology } from '../../topology/index.js';
import type { SitePaths } from '../least-cost-path.js';
import type { SitePath } from '../next-hop.js';
import { type PathRow, SiteNetwork } from '../site-network.js';
import { DetourSearch } from './detour-search.js';
import { SiteSteps } from './site-steps.js';

/** What an explanation holds against the chosen path. */
export interface OtherPathsOfPair {
  /** The best path by other sites; undefined without one. */
  readonly next: SitePath | undefined;
  /** Present where the next best path costs as much as the chosen one. */
  readonly tied?: TiedPaths;
}

/** What single rules would have chosen. */
export interface TiedPaths {
  /** RT-31 before RT-30: what the path would be if costs did not count. */
  readonly shortest: SitePath;
  /** RT-32 without RT-31: of all paths as cheap as the chosen one that with the lowest names, from the target back. */
  readonly lowest: SitePath;
}

/**
 * The paths that explanations hold against the chosen one. What searching takes is built once for all of them, and what
 * has been found is kept for a while: many servers ask about the same two sites.
 */
export class OtherPaths {
  readonly steps: SiteSteps;
  readonly #topology: Topology;
  readonly #paths: SitePaths;
  readonly #detours: DetourSearch;
  readonly #pairsKept: number;
  /** By source and target. */
  readonly #known = new Map<number, OtherPathsOfPair>();
  /** Every link at the same cost. */
  #hopNetwork: SiteNetwork | undefined;
  /** The paths of fewest hops from one source: questions about the same come one after another. */
  #hopRow: { readonly source: number; readonly row: PathRow } | undefined;

  /** @param pairsKept - how many pairs of sites are remembered before all are forgotten */
  constructor(topology: Topology, paths: SitePaths, pairsKept = 4_096) {
    this.#topology = topology;
    this.#paths = paths;
    this.#pairsKept = pairsKept;
    this.steps = new SiteSteps(topology);
    this.#detours = new DetourSearch(topology, paths, this.steps);
  }

  /** @param source - another site than the target, to which a path has to lead */
  of(source: number, target: number): OtherPathsOfPair {
    const pair = source * this.#topology.sites.length + target;
    const known = this.#known.get(pair);
    if (known !== undefined) return known;
    const found = this.#find(source, target);
    if (this.#known.size >= this.#pairsKept) this.#known.clear();
    this.#known.set(pair, found);
    return found;
  }

  #find(source: number, target: number): OtherPathsOfPair {
    const next = this.#detours.nextBest(source, target);
    if (next === undefined || next.cost > this.#paths.cost(source, target)) return { next };
    const tied = { shortest: this.#shortest(source, target), lowest: this.#lowest(source, target) };
    return { next, tied };
  }

  #shortest(source: number, target: number): SitePath {
    const { siteLinks } = this.#topology;
    this.#hopNetwork ??= new SiteNetwork(
      { ...this.#topology, siteLinks: siteLinks.map((link) => ({ ...link, cost: 1 })) },
      undefined,
    );
    if (this.#hopRow?.source !== source) this.#hopRow = { source, row: this.#hopNetwork.explore(source) };
    const { arm } = this.#hopRow.row;
    const sites = [target];
    for (let at = arm[target]!; at !== -1; at = arm[sites.at(-1)!]!) {
      sites.push(this.#hopNetwork.armSite[at]!);
    }
    sites.reverse();
    return { sites, cost: this.steps.costOf(sites), hops: sites.length - 1 };
  }

  #lowest(source: number, target: number): SitePath {
    const sites = [target];
    for (let site = target; site !== source; site = sites.at(-1)!)
      sites.push(this.#lowestBefore(source, site));
    return { sites: sites.reverse(), cost: this.#paths.cost(source, target), hops: sites.length - 1 };
  }

  /** The lowest name before a site on a path as cheap as the best. Where a link adds up to that, none is cheaper. */
  #lowestBefore(source: number, site: number): number {
    const cost = this.#paths.cost(source, site);
    let lowest = Number.POSITIVE_INFINITY;
    for (const link of this.steps.linksOf(site)) {
      for (const other of link.sites) {
        if (other < lowest && this.#paths.cost(source, other) + link.cost === cost) lowest = other;
      }
    }
    return lowest;
  }
}
