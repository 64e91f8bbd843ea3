import type { ServerDescription } from '../../src/topology/index.js';
import { type Group, nameOnly, siteGroup } from './groups-by-walking.js';
import type { Landscape } from './landscape.js';
import { hasName, inNameOrder, sameName } from './names.js';
import type { OracleTier, RouteFacts } from './oracle-answer.js';
import { comparePaths, type SimplePath } from './simple-paths.js';

/** The sites in which some servers take mail, the nearest first (RT-33, RT-38). */
export function sitesByDistance(
  land: Landscape,
  source: string,
  servers: readonly ServerDescription[],
): readonly SimplePath[] {
  return land.organization.sites
    .filter((site) => servers.some((each) => land.takesMail(each) && sameName(land.siteOf(each)!, site.name)))
    .flatMap((site) => land.pathBetween(source, site.name) ?? [])
    .sort(comparePaths);
}

/**
 * RT-18 and RT-33 to RT-41: the way from a server to a delivery group that it is not in.
 * @returns undefined if no server of the group takes mail where a path leads
 */
export function relayByWalking(
  land: Landscape,
  from: ServerDescription,
  group: Group,
): (RouteFacts & { readonly path: SimplePath }) | undefined {
  const source = land.siteOf(from)!;
  const [path, ...others] = sitesByDistance(land, source, group.members);
  if (path === undefined) return undefined;
  const primarySite = path.sites.at(-1)!;
  const membersIn = (site: string) =>
    group.members.filter((each) => sameName(land.siteOf(each)!, site) && land.takesMail(each));
  const tiers = new TierList();
  // RT-34: the hub nearest the source; never the source's own site.
  const hubSite = path.sites.slice(1).find((site) => land.isHubStop(site)) ?? null;
  if (hubSite !== null && hubSite !== primarySite) {
    tiers.add('target-servers', hubSite, land.receiversIn(hubSite));
  } else if (hubSite !== null) {
    // RT-35: only servers of that site, those of the group first.
    tiers.add('target-servers', primarySite, membersIn(primarySite));
    tiers.add('hub-site-servers', primarySite, land.receiversIn(primarySite));
  } else {
    tiers.add('target-servers', primarySite, membersIn(primarySite));
    for (const other of others) {
      const site = other.sites.at(-1)!;
      tiers.add('other-group-servers', site, membersIn(site));
    }
    // RT-39: nothing more when the group has servers here.
    if (primarySite !== source) {
      tiers.add('primary-site-servers', primarySite, land.receiversIn(primarySite));
    }
  }
  // RT-41, UN-04: back from the end of the way, as far as the source's neighbour.
  const stop = path.sites.indexOf(hubSite ?? primarySite);
  for (let place = stop - 1; place >= 1; place--) {
    const site = path.sites[place]!;
    tiers.add('backoff', site, land.receiversIn(site));
  }
  const nextHop = hubSite === null ? group : siteGroup(land, hubSite);
  return {
    nextHopGroup: nameOnly(nextHop),
    queue: nextHop.relayQueue,
    path,
    primarySite,
    hubSite,
    tiers: tiers.tiers,
  };
}

/** Tiers in their order: a server stands in the first that fits, and a tier without servers is none. */
export class TierList {
  readonly tiers: OracleTier[] = [];
  readonly #placed: string[] = [];

  add(reason: string, site: string, candidates: readonly ServerDescription[]): void {
    const servers = inNameOrder(candidates)
      .map((each) => each.name)
      .filter((name) => !hasName(this.#placed, name));
    if (servers.length === 0) return;
    this.#placed.push(...servers);
    this.tiers.push({ reason, site, servers });
  }
}
