import type { SiteLink } from '../../topology/index.js';
import type { SitePath } from '../next-hop.js';
import { OtherPaths, type TiedPaths } from './other-paths.js';
import { counted, listed, type OutcomeList } from './outcome-list.js';
import type { RoutingView } from './routing-view.js';
import type { SiteSteps } from './site-steps.js';

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
  const otherPaths = view.otherPaths ?? new OtherPaths(topology, paths);
  const { steps } = otherPaths;
  const { next, tied } = otherPaths.of(source, target);
  if (next === undefined) {
    list.considered('RT-30', 'path', `${way}; there is no other path`);
  } else if (tied === undefined) {
    list.decided('RT-30', 'path', `${way}; the next best path, ${list.way(next)}, ${next.cost}`);
  } else {
    explainTie(list, chosen, next, tied, way);
  }
  explainRedundantLinks(list, steps, chosen, links);
  explainExchangeCosts(list, view, chosen, links);
}

/** RT-31 or RT-32 between the two best paths; and what the rules before these left out. */
function explainTie(
  list: OutcomeList,
  chosen: SitePath,
  other: SitePath,
  { shortest, lowest }: TiedPaths,
  way: string,
): void {
  if (!isSameWay(shortest, chosen)) {
    const text = `${way}; the shortest path, ${list.way(shortest)}, ${shortest.cost}`;
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
  if (!isSameWay(lowest, chosen)) fewerHops(lowest);
  const place = chosen.sites.findLastIndex((site, at) => site !== other.sites[at]);
  const [lower, higher] = [list.site(chosen.sites[place]!), list.site(other.sites[place]!)];
  const before = list.site(chosen.sites[place + 1]!);
  const text = `${list.way(chosen)} and ${list.way(other)} both cost ${chosen.cost} over ${counted(chosen.hops, 'hop')}; before ${before} the name ${lower} is lower than ${higher}`;
  list.decided('RT-32', 'path', text);
}

/** AS-02. */
function explainRedundantLinks(
  list: OutcomeList,
  steps: SiteSteps,
  { sites }: SitePath,
  links: readonly SiteLink[],
): void {
  const texts = links.flatMap((used, place) => {
    const [a, b] = [sites[place]!, sites[place + 1]!];
    const dearer = steps.linksBetween(a, b).filter(({ cost }) => cost > used.cost);
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

function isSameWay(a: SitePath, b: SitePath): boolean {
  return a.sites.join() === b.sites.join();
}
