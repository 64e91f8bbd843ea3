import type { WalkedDecision } from './decision-by-walking.js';
import { nameOnly, siteGroup } from './groups-by-walking.js';
import type { Landscape } from './landscape.js';
import type { FanOut } from './oracle-answer.js';
import { TierList } from './relay-by-walking.js';

/**
 * AS-11, WE-14: one copy to the site where the ways of some recipients part. In the reading of RT-24 for recipients
 * whose next hop is a site; in that of PL (DC-01) for all that are relayed to other sites, where there are no DAGs.
 */
export function fanOut(
  land: Landscape,
  reading: FanOut,
  decisions: readonly WalkedDecision[],
): readonly WalkedDecision[] {
  if (reading === 'next-hop') return decisions;
  if (reading === 'fork-site-without-dags' && land.organization.dags.length > 0) return decisions;
  const takesPart = (decision: WalkedDecision) =>
    decision.onward === 'relay' &&
    wayOf(decision).length > 1 &&
    (reading === 'fork-site-without-dags' || decision.nextHopGroup?.kind === 'ad-site');
  return decisions.map((decision) => {
    if (!takesPart(decision)) return decision;
    const sharing = decisions.filter((other) => takesPart(other) && wayOf(other)[1] === wayOf(decision)[1]);
    const ends = new Set(sharing.map((other) => wayOf(other).at(-1)));
    if (ends.size === 1) return decision;
    const fork = forkOf(land, sharing.map(wayOf));
    return fork === undefined ? decision : viaFork(land, decision, fork);
  });

  /** The sites from the source to the next hop. */
  function wayOf(decision: WalkedDecision): readonly string[] {
    const sites = decision.path?.sites ?? [];
    return sites.slice(0, sites.indexOf(decision.hubSite ?? decision.primarySite ?? '') + 1);
  }
}

/** The last site that all ways have in common and where somebody takes mail; never the source's. */
function forkOf(land: Landscape, ways: readonly (readonly string[])[]): string | undefined {
  const [first = []] = ways;
  let common = 0;
  while (common < first.length && ways.every((way) => way[common] === first[common])) common++;
  return first.slice(1, common).findLast((site) => land.receiversIn(site).length > 0);
}

function viaFork(land: Landscape, decision: WalkedDecision, fork: string): WalkedDecision {
  const group = siteGroup(land, fork);
  const sites = decision.path?.sites ?? [];
  const tiers = new TierList();
  tiers.add('target-servers', fork, land.receiversIn(fork));
  for (let place = sites.indexOf(fork) - 1; place >= 1; place--) {
    tiers.add('backoff', sites[place]!, land.receiversIn(sites[place]!));
  }
  return { ...decision, nextHopGroup: nameOnly(group), queue: group.relayQueue, tiers: tiers.tiers };
}
