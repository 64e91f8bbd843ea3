import type { Topology } from '../../topology/index.js';
import { comparePaths, SitePaths } from '../least-cost-path.js';
import type { SitePath } from '../next-hop.js';
import { counted, type OutcomeList } from './outcome-list.js';

/** Why mail between two sites goes the way it goes: RT-30 to RT-32, AS-02, AS-03. Nothing inside a site. */
export function explainPath(
  list: OutcomeList,
  topology: Topology,
  paths: SitePaths,
  source: number,
  target: number,
): void {
  if (source === target) return;
  const chosen = paths.path(source, target);
  const sum = paths.links(source, target).map((link) => topology.siteLinks[link]!.cost);
  const cost = sum.length > 1 ? `${sum.join(' + ')} = ${chosen.cost}` : String(chosen.cost);
  const other = runnerUp(topology, paths, source, target);
  if (other === undefined) {
    list.considered('RT-30', 'path', `${list.way(chosen)} costs ${cost}; there is no other path`);
  } else if (isSameWay(other, chosen)) {
    const text = `${list.way(chosen)} costs ${cost}, by the cheapest of redundant links; the next best would make it ${other.cost}`;
    list.note(other.cost > chosen.cost, 'AS-02', 'path', text);
  } else if (other.cost > chosen.cost) {
    const text = `${list.way(chosen)} costs ${cost}; the next best path, ${list.way(other)}, ${other.cost}`;
    list.decided('RT-30', 'path', text);
  } else if (other.hops > chosen.hops) {
    const text = `${list.way(chosen)} and ${list.way(other)} both cost ${chosen.cost}; the first has ${counted(chosen.hops, 'hop')}, the second ${other.hops}`;
    list.decided('RT-31', 'path', text);
  } else {
    const place = chosen.sites.findLastIndex((site, at) => site !== other.sites[at]);
    const [lower, higher] = [list.site(chosen.sites[place]!), list.site(other.sites[place]!)];
    const before = list.site(chosen.sites[place + 1]!);
    const text = `${list.way(chosen)} and ${list.way(other)} both cost ${chosen.cost} over ${counted(chosen.hops, 'hop')}; before ${before} the name ${lower} is lower than ${higher}`;
    list.decided('RT-32', 'path', text);
  }
  explainExchangeCosts(list, topology, chosen);
}

/**
 * The best path that does not use all links of the best one: it lacks at least one of them, so that it is the best of
 * those that are left when one link after another is taken away. Undefined without one.
 */
function runnerUp(
  topology: Topology,
  paths: SitePaths,
  source: number,
  target: number,
): SitePath | undefined {
  let best: SitePath | undefined;
  for (const link of paths.links(source, target)) {
    const linkUp = new Uint8Array(topology.siteLinks.length).fill(1);
    linkUp[link] = 0;
    const left = new SitePaths(topology, linkUp).path(source, target);
    if (left.hops < 0) continue;
    if (best === undefined || comparePaths(left, best) < 0) best = left;
  }
  return best;
}

function isSameWay(a: SitePath, b: SitePath): boolean {
  return a.sites.length === b.sites.length && a.sites.every((site, place) => site === b.sites[place]);
}

/** AS-03: decides where the path would be another by the costs of Active Directory. */
function explainExchangeCosts(list: OutcomeList, topology: Topology, chosen: SitePath): void {
  const replaced = topology.siteLinks.filter(({ cost, activeDirectoryCost }) => cost !== activeDirectoryCost);
  if (replaced.length === 0) return;
  const plain = {
    ...topology,
    siteLinks: topology.siteLinks.map((link) => ({ ...link, cost: link.activeDirectoryCost })),
  };
  const otherwise = new SitePaths(plain).path(chosen.sites[0]!, chosen.sites.at(-1)!);
  const by = replaced
    .slice(0, 3)
    .map(({ name, cost, activeDirectoryCost }) => `${name} ${cost} instead of ${activeDirectoryCost}`);
  const more = replaced.length > by.length ? ` and ${replaced.length - by.length} more` : '';
  const costs = `the Exchange costs count: ${by.join(', ')}${more}`;
  if (isSameWay(otherwise, chosen)) list.considered('AS-03', 'path', `${costs}; the path would be the same`);
  else list.decided('AS-03', 'path', `${costs}; else it would be ${list.way(otherwise)}`);
}
