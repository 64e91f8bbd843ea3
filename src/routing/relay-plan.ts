import type { Topology } from '../topology/index.js';
import type { DeliveryGroup, DeliveryGroups } from './delivery-group.js';
import { receiversInSite } from './delivery-group.js';
import type { SitePaths } from './least-cost-path.js';
import type { DeliveryGroupReference, NextHopSolutionKey, SitePath, Tier } from './next-hop.js';
import { TierList } from './tier-list.js';

/** How servers of one site that are not members of a delivery group reach it (RT-18). */
export interface RelayPlan {
  readonly nextHopGroup: DeliveryGroupReference;
  readonly key: NextHopSolutionKey;
  readonly path: SitePath;
  readonly primarySite: number;
  /** -1: no hub ahead. */
  readonly hubSite: number;
  readonly tiers: readonly Tier[];
  readonly maxMessageSizeBytes: number;
  readonly rules: readonly string[];
}

/**
 * Plans the way from a site to a delivery group: primary site, hub stop, and who may take the message in which
 * order. Rules: RT-33 to RT-41; UN-03 to UN-05, UN-15, AS-07.
 * @returns undefined when no member takes mail, or no path leads to one
 */
export function planRelay(
  topology: Topology,
  paths: SitePaths,
  groups: DeliveryGroups,
  source: number,
  group: DeliveryGroup,
): RelayPlan | undefined {
  const [nearest, ...others] = group.receivers
    .filter(({ site }) => paths.hops(source, site) >= 0)
    .sort((a, b) => paths.compareTargets(source, a.site, b.site));
  if (nearest === undefined) return undefined;
  const primarySite = nearest.site;
  const path = paths.path(source, primarySite);
  const hubSite = firstHub(topology, path, (site) => receiversInSite(topology, site));
  const list = new TierList();
  const rules = [...group.rules];
  const note = (found: boolean, rule: string) => found && rules.push(rule);
  const backOff = (sites: readonly number[]) => {
    // RT-41: from the far end towards the source, whose own site is none of the stops.
    for (const site of sites.slice(1).reverse()) {
      note(list.add('backoff', site, receiversInSite(topology, site)), 'RT-41');
    }
  };

  note(group.members.length > countReceivers(group), 'AS-07');
  rules.push('RT-33');
  if (hubSite === primarySite) {
    // Members in other sites are out of the source's reach; it is for the hub to go on to them.
    rules.push('RT-34', 'RT-35', 'UN-05');
    list.add('target-servers', primarySite, nearest.servers);
    list.add('hub-site-servers', primarySite, receiversInSite(topology, primarySite));
    backOff(path.sites.slice(0, -1));
  } else if (hubSite !== -1) {
    rules.push('RT-34');
    list.add('target-servers', hubSite, receiversInSite(topology, hubSite));
    // UN-04: only along the path to the hub.
    backOff(path.sites.slice(0, path.sites.indexOf(hubSite)));
  } else {
    note(list.add('target-servers', primarySite, nearest.servers), 'RT-37');
    for (const { site, servers } of others) note(list.add('other-group-servers', site, servers), 'RT-38');
    if (primarySite === source) {
      rules.push('RT-39');
    } else {
      const rest = receiversInSite(topology, primarySite);
      note(list.add('primary-site-servers', primarySite, rest), 'RT-40');
      backOff(path.sites.slice(0, -1));
    }
  }

  const aim = hubSite === -1 ? group : groups.groups[groups.ofHubSite[hubSite]!]!;
  return {
    nextHopGroup: aim.reference,
    key: aim.relayKey,
    path,
    primarySite,
    hubSite,
    tiers: list.tiers,
    maxMessageSizeBytes: paths.maxMessageSizeBytes(source, primarySite),
    rules: [...new Set(rules)],
  };
}

/**
 * The hub nearest the source on a path, the source's own site left out; -1 if none (RT-34, RT-36). A hub without
 * servers that could take the message is no stop (UN-03, AS-07).
 */
export function firstHub(
  topology: Topology,
  path: SitePath,
  receivers: (site: number) => readonly number[],
): number {
  const isStop = (site: number) => topology.sites[site]!.hub && receivers(site).length > 0;
  return path.sites.slice(1).find(isStop) ?? -1;
}

function countReceivers(group: DeliveryGroup): number {
  return group.receivers.reduce((sum, { servers }) => sum + servers.length, 0);
}
