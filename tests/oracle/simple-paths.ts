import type { SiteLinkDescription } from '../../src/topology/index.js';
import { compareNames, hasName } from './names.js';

/** A chain of sites in which none comes twice, the source first. */
export interface SimplePath {
  readonly sites: readonly string[];
  readonly cost: number;
  readonly hops: number;
}

/** The neighbours of each site, with the cost of the step, by the spelling of the list of sites. */
export type Neighbours = ReadonlyMap<string, readonly { readonly site: string; readonly cost: number }[]>;

/** What routing reckons with: the Exchange cost replaces the other (AS-03). */
function costOf(link: SiteLinkDescription): number {
  return link.exchangeCost ?? link.cost;
}

/** The link between two neighbours: of redundant links the cheapest (AS-02), of equally cheap ones the lower name. */
export function linkBetween(
  links: readonly SiteLinkDescription[],
  a: string,
  b: string,
): SiteLinkDescription | undefined {
  return links
    .filter((link) => hasName(link.sites, a) && hasName(link.sites, b))
    .sort((one, other) => costOf(one) - costOf(other) || compareNames(one.name, other.name))[0];
}

/** AS-01: all sites of a link are adjacent. */
export function neighboursOf(sites: readonly string[], links: readonly SiteLinkDescription[]): Neighbours {
  return new Map(
    sites.map((from) => [
      from,
      sites.flatMap((to) => {
        const link = to === from ? undefined : linkBetween(links, from, to);
        return link === undefined ? [] : [{ site: to, cost: costOf(link) }];
      }),
    ]),
  );
}

/** All simple paths between two sites, by depth-first search. */
export function allSimplePaths(neighbours: Neighbours, source: string, target: string): SimplePath[] {
  const found: SimplePath[] = [];
  const walk = (path: SimplePath) => {
    const last = path.sites.at(-1)!;
    if (last === target) {
      found.push(path);
      return;
    }
    for (const { site, cost } of neighbours.get(last) ?? []) {
      if (path.sites.includes(site)) continue;
      walk({ sites: [...path.sites, site], cost: path.cost + cost, hops: path.hops + 1 });
    }
  };
  walk({ sites: [source], cost: 0, hops: 0 });
  return found;
}

/**
 * Orders two paths from one source; negative if `a` is the better. RT-30: the lower cost; RT-31: fewer hops; RT-32: the
 * lower site before the destination, then the one before that, and so on to the source. Paths to different sites that
 * still tie: the lower name of the destination (UN-01).
 */
export function comparePaths(a: SimplePath, b: SimplePath): number {
  if (a.cost !== b.cost) return a.cost - b.cost;
  if (a.hops !== b.hops) return a.hops - b.hops;
  for (let place = a.hops - 1; place >= 0; place--) {
    const order = compareNames(a.sites[place]!, b.sites[place]!);
    if (order !== 0) return order;
  }
  return compareNames(a.sites[a.hops]!, b.sites[b.hops]!);
}

/** The least-cost routing path; undefined if no chain of links joins the sites. */
export function leastCostPath(
  neighbours: Neighbours,
  source: string,
  target: string,
): SimplePath | undefined {
  let best: SimplePath | undefined;
  for (const path of allSimplePaths(neighbours, source, target)) {
    if (best === undefined || comparePaths(path, best) < 0) best = path;
  }
  return best;
}
