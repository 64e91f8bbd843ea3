import type { SiteLink, Topology } from '../../topology/index.js';
import { comparePaths, SitePaths } from '../least-cost-path.js';
import type { SitePath } from '../next-hop.js';
import { counted, listed, type OutcomeList } from './outcome-list.js';
import type { RoutingView } from './routing-view.js';

/**
 * Why mail between two sites goes the way it goes: RT-30 to RT-32, AS-02, AS-03. Nothing inside a site. A rule has
 * decided where the best of the other ways loses by it, or where the path would be another without it.
 */
export function explainPath(list: OutcomeList, view: RoutingView, source: number, target: number): void {
  if (source === target) return;
  const { topology, paths } = view;
  const chosen = paths.path(source, target);
  const links = paths.links(source, target).map((link) => topology.siteLinks[link]!);
  const sum = links.map(({ cost }) => cost);
  const way = `${list.way(chosen)} costs ${sum.length > 1 ? `${sum.join(' + ')} = ` : ''}${chosen.cost}`;
  const other = nextBest(topology, chosen);
  if (other === undefined) {
    list.considered('RT-30', 'path', `${way}; there is no other path`);
  } else if (other.cost > chosen.cost) {
    list.decided('RT-30', 'path', `${way}; the next best path, ${list.way(other)}, ${other.cost}`);
  } else {
    explainTie(list, view, chosen, other, way);
  }
  explainRedundantLinks(list, topology, chosen, links);
  explainExchangeCosts(list, view, chosen, links);
}

/** RT-31 or RT-32 between the two best paths; and what the rules before these left out. */
function explainTie(
  list: OutcomeList,
  { topology, paths }: RoutingView,
  chosen: SitePath,
  other: SitePath,
  way: string,
): void {
  const shortest = fewestHops(topology, chosen);
  if (!isSameWay(shortest, chosen)) {
    const text = `${way}; the shortest path, ${list.way(shortest)}, ${costOf(topology, shortest.sites)}`;
    list.decided('RT-30', 'path', text);
  }
  const fewerHops = (longer: SitePath) => {
    const text = `${list.way(chosen)} and ${list.way(longer)} both cost ${chosen.cost}; the first has ${counted(chosen.hops, 'hop')}, the second ${longer.hops}`;
    list.decided('RT-31', 'path', text);
  };
  if (other.hops > chosen.hops) {
    fewerHops(other);
    return;
  }
  const lowest = lowestNames(topology, paths, chosen);
  if (!isSameWay(lowest, chosen)) fewerHops(lowest);
  const place = chosen.sites.findLastIndex((site, at) => site !== other.sites[at]);
  const [lower, higher] = [list.site(chosen.sites[place]!), list.site(other.sites[place]!)];
  const before = list.site(chosen.sites[place + 1]!);
  const text = `${list.way(chosen)} and ${list.way(other)} both cost ${chosen.cost} over ${counted(chosen.hops, 'hop')}; before ${before} the name ${lower} is lower than ${higher}`;
  list.decided('RT-32', 'path', text);
}

/**
 * The best path by other sites; undefined without one. It lacks at least one step of the best, so that it is the best of
 * those that are left when one step after another is taken away.
 */
function nextBest(topology: Topology, { sites }: SitePath): SitePath | undefined {
  return sites
    .slice(1)
    .map((site, place) => bestPath(withoutStep(topology, sites[place]!, site), sites))
    .filter(({ hops }) => hops >= 0)
    .sort(comparePaths)[0];
}

/** The same links, but none that joins two sites directly. What a link of more sites joins besides stays joined. */
function withoutStep(topology: Topology, a: number, b: number): Topology {
  const left = topology.siteLinks.flatMap((link) =>
    joins(link, a, b)
      ? [a, b].map((end) => ({ ...link, sites: link.sites.filter((site) => site !== end) }))
      : [link],
  );
  return { ...topology, siteLinks: left.map((link, index) => ({ ...link, index })) };
}

/** RT-31 before RT-30: what the path would be if costs did not count. */
function fewestHops(topology: Topology, chosen: SitePath): SitePath {
  const siteLinks = topology.siteLinks.map((link) => ({ ...link, cost: 1 }));
  return bestPath({ ...topology, siteLinks }, chosen.sites);
}

/** RT-32 without RT-31: of all paths as cheap as the chosen one that with the lowest names, from the target back. */
function lowestNames(topology: Topology, paths: SitePaths, chosen: SitePath): SitePath {
  const source = chosen.sites[0]!;
  const sites = [chosen.sites.at(-1)!];
  for (let site = sites[0]!; site !== source; site = sites[0]!) {
    const before = topology.sites.find(
      ({ index }) => paths.cost(source, index) + stepCost(topology, index, site) === paths.cost(source, site),
    )!;
    sites.unshift(before.index);
  }
  return { sites, cost: chosen.cost, hops: sites.length - 1 };
}

/** AS-02. */
function explainRedundantLinks(
  list: OutcomeList,
  { siteLinks }: Topology,
  { sites }: SitePath,
  links: readonly SiteLink[],
): void {
  const texts = links.flatMap((used, place) => {
    const [a, b] = [sites[place]!, sites[place + 1]!];
    const dearer = siteLinks.filter((link) => joins(link, a, b) && link.cost > used.cost);
    if (dearer.length === 0) return [];
    const others = listed(dearer.map(({ name, cost }) => `${name} at ${cost}`));
    return [`${used.name} at ${used.cost} counts between ${list.site(a)} and ${list.site(b)}, not ${others}`];
  });
  if (texts.length > 0) list.decided('AS-02', 'path', `of redundant links the cheapest: ${texts.join('; ')}`);
}

/** AS-03: decides where the path would be another by the costs of Active Directory. */
function explainExchangeCosts(
  list: OutcomeList,
  { topology, plainPaths }: RoutingView,
  chosen: SitePath,
  links: readonly SiteLink[],
): void {
  if (plainPaths === undefined) return;
  const [source, target] = [chosen.sites[0]!, chosen.sites.at(-1)!];
  const otherwise = plainPaths.path(source, target);
  const others = plainPaths.links(source, target).map((link) => topology.siteLinks[link]!);
  const replaced = [...new Set([...links, ...others])].filter(
    ({ cost, activeDirectoryCost }) => cost !== activeDirectoryCost,
  );
  const by = replaced.map(
    ({ name, cost, activeDirectoryCost }) => `${name} ${cost} instead of ${activeDirectoryCost}`,
  );
  const costs = `the Exchange costs count: ${listed(by)}`;
  if (!isSameWay(otherwise, chosen)) {
    list.decided('AS-03', 'path', `${costs}; else it would be ${list.way(otherwise)}`);
  } else if (by.length > 0) {
    list.considered('AS-03', 'path', `${costs}; the path would be the same`);
  }
}

function bestPath(topology: Topology, sites: readonly number[]): SitePath {
  return new SitePaths(topology).path(sites[0]!, sites.at(-1)!);
}

function isSameWay(a: SitePath, b: SitePath): boolean {
  return a.sites.join() === b.sites.join();
}

function costOf(topology: Topology, sites: readonly number[]): number {
  return sites.slice(1).reduce((cost, site, place) => cost + stepCost(topology, sites[place]!, site), 0);
}

/** Infinity where no link joins the sites. */
function stepCost({ siteLinks }: Topology, a: number, b: number): number {
  return Math.min(...siteLinks.filter((link) => joins(link, a, b)).map(({ cost }) => cost));
}

function joins({ sites }: SiteLink, a: number, b: number): boolean {
  return sites.includes(a) && sites.includes(b);
}
