import type { SitePaths } from '../least-cost-path.js';
import { counted, type OutcomeList } from './outcome-list.js';

/** A rule, and how it decides. */
interface TieBreak {
  readonly rule: string;
  readonly text: string;
}

/**
 * What puts one site before another that costs as much to reach; undefined where the cost does.
 * @param lastRule - the choice that lets the lower name of the sites themselves decide: UN-01, UN-14
 */
export function tieBreak(
  list: OutcomeList,
  paths: SitePaths,
  source: number,
  nearer: number,
  other: number,
  lastRule: string,
): TieBreak | undefined {
  if (paths.cost(source, nearer) !== paths.cost(source, other)) return undefined;
  const names = `${list.site(nearer)} before ${list.site(other)}, which costs as much`;
  if (paths.hops(source, nearer) !== paths.hops(source, other)) {
    return { rule: 'RT-31', text: `${names}: fewer hops` };
  }
  const [before, otherBefore] = [paths.siteBefore(source, nearer), paths.siteBefore(source, other)];
  // UN-14 goes by the names of the sites at once, UN-01 by those on the way there first.
  if (before === otherBefore || lastRule === 'UN-14')
    return { rule: lastRule, text: `${names}: the lower site name` };
  const lower = `${list.site(before)} on the way there is a lower name than ${list.site(otherBefore)}`;
  return { rule: 'RT-32', text: `${names}: ${lower}` };
}

/** `P (cost 20, 2 hops)`. */
export function distanceText(list: OutcomeList, paths: SitePaths, source: number, site: number): string {
  return `${list.site(site)} (cost ${paths.cost(source, site)}, ${counted(paths.hops(source, site), 'hop')})`;
}

/** Those of some sites that a path leads to, nearest first. */
export function byNearness(paths: SitePaths, source: number, sites: readonly number[]): readonly number[] {
  return sites
    .filter((site) => paths.reaches(source, site))
    .sort((a, b) => paths.compareTargets(source, a, b));
}
