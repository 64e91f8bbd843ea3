import type { Topology } from '../topology/index.js';
import type { DeliveryGroup, DeliveryGroups, SiteMembers } from './delivery-group.js';
import { receiversInSite } from './delivery-group.js';
import type { SitePaths } from './least-cost-path.js';
import type { DeliveryGroupReference, NextHopSolutionKey, SitePath, Tier } from './next-hop.js';
import type { HopPlan } from './next-hop-pool.js';
import { TierList } from './tier-list.js';

/** Plans the ways from sites to delivery groups, each once. */
export class RelayPlanner {
  readonly topology: Topology;
  readonly paths: SitePaths;
  readonly groups: DeliveryGroups;
  /** By site, then by group; undefined: not asked yet, null: unreachable. */
  readonly #plans: (RelayPlan | null | undefined)[][];
  readonly #tiers = new Map<string, readonly Tier[]>();
  readonly #legacyPlans = new Map<RelayPlan, HopPlan>();
  readonly #siteKeys: (NextHopSolutionKey | undefined)[] = [];

  constructor(topology: Topology, paths: SitePaths, groups: DeliveryGroups) {
    this.topology = topology;
    this.paths = paths;
    this.groups = groups;
    this.#plans = topology.sites.map(() => []);
  }

  /**
   * How a server that is no member of a group reaches it. Hubs of 2007 and 2010 go the same ways, but know no delivery
   * groups: they queue by site (IV-01).
   */
  planFrom(server: number, group: DeliveryGroup): HopPlan | null {
    const { site, majorVersion } = this.topology.servers[server]!;
    const plan = this.plan(site, group);
    if (plan === null || majorVersion === 15) return plan;
    let legacy = this.#legacyPlans.get(plan);
    if (legacy === undefined) {
      const stop = plan.hubSite === -1 ? plan.primarySite : plan.hubSite;
      legacy = new LegacyPlan(plan, stop === site ? this.#keyWithin(site) : this.#keyTowards(stop));
      this.#legacyPlans.set(plan, legacy);
    }
    return legacy;
  }

  #keyTowards(site: number): NextHopSolutionKey {
    return this.groups.groups[this.groups.ofSite[site]!]!.relayKey;
  }

  #keyWithin(site: number): NextHopSolutionKey {
    const { name } = this.topology.sites[site]!;
    this.#siteKeys[site] ??= {
      deliveryType: 'SmtpRelayWithinAdSite',
      nextHopDomain: name,
      nextHopConnector: name,
    };
    return this.#siteKeys[site];
  }

  /**
   * How servers of a site that are not members of a group reach it (RT-18).
   * @returns null when no member takes mail, or no path leads to one
   */
  plan(source: number, group: DeliveryGroup): RelayPlan | null {
    const plans = this.#plans[source]!;
    const known = plans[group.index];
    if (known !== undefined) return known;
    const primarySite = this.#nearestSite(source, group.receivers);
    const plan = primarySite === -1 ? null : new RelayPlan(this, source, group, primarySite);
    plans[group.index] = plan;
    return plan;
  }

  /** RT-33: by RT-30 to RT-32, then the site's name (UN-01); -1 if no path leads to any. */
  #nearestSite(source: number, sites: readonly SiteMembers[]): number {
    let nearest = -1;
    for (const { site } of sites) {
      if (this.paths.hops(source, site) < 0) continue;
      if (nearest === -1 || this.paths.compareTargets(source, site, nearest) < 0) nearest = site;
    }
    return nearest;
  }

  /** Equal tiers are one object: groups behind the same hub share theirs, and a session to it serves them all. */
  internTiers(tiers: readonly Tier[]): readonly Tier[] {
    const identity = tiers.map(({ reason, servers }) => `${reason} ${servers.join(' ')}`).join('\n');
    const known = this.#tiers.get(identity);
    if (known !== undefined) return known;
    this.#tiers.set(identity, tiers);
    return tiers;
  }
}

/**
 * The way from a site to a delivery group: primary site, hub stop, and who may take the message in which order. Rules:
 * RT-33 to RT-41; UN-03 to UN-05, UN-15, AS-07. Of many plans only the queue is ever asked for: the rest is worked
 * out on demand.
 */
export class RelayPlan implements HopPlan {
  readonly key: NextHopSolutionKey;
  readonly nextHopGroup: DeliveryGroupReference;
  readonly primarySite: number;
  readonly hubSite: number;
  readonly maxMessageSizeBytes: number;
  readonly proxyServers = null;
  readonly forkSite = -1;
  readonly #planner: RelayPlanner;
  readonly #source: number;
  readonly #group: DeliveryGroup;
  #tiers: readonly Tier[] | undefined;

  constructor(planner: RelayPlanner, source: number, group: DeliveryGroup, primarySite: number) {
    const { topology, paths, groups } = planner;
    this.#planner = planner;
    this.#source = source;
    this.#group = group;
    this.primarySite = primarySite;
    this.hubSite = firstHub(topology, paths, source, primarySite, (site) => receiversInSite(topology, site));
    this.maxMessageSizeBytes = paths.maxMessageSizeBytes(source, primarySite);
    const aim = this.hubSite === -1 ? group : groups.groups[groups.ofSite[this.hubSite]!]!;
    this.key = aim.relayKey;
    this.nextHopGroup = aim.reference;
  }

  get path(): SitePath {
    return this.#planner.paths.path(this.#source, this.primarySite);
  }

  get tiers(): readonly Tier[] {
    if (this.#tiers === undefined) {
      const tiers = this.#listTiers();
      // Only queues to hubs serve several groups.
      this.#tiers = this.hubSite === -1 ? tiers : this.#planner.internTiers(tiers);
    }
    return this.#tiers;
  }

  #listTiers(): readonly Tier[] {
    const list = new TierList();
    const { primarySite, hubSite } = this;
    const targets = this.#group.receivers.find(({ site }) => site === primarySite)!.servers;
    if (hubSite === primarySite) {
      // RT-35: members in other sites are out of the source's reach; it is for the hub to go on to them.
      list.add('target-servers', primarySite, targets);
      list.add('hub-site-servers', primarySite, this.#receivers(primarySite));
    } else if (hubSite !== -1) {
      list.add('target-servers', hubSite, this.#receivers(hubSite));
    } else {
      list.add('target-servers', primarySite, targets);
      for (const { site, servers } of this.#otherSites()) list.add('other-group-servers', site, servers);
      // RT-39: with a server of the group in the own site there is no further fallback.
      if (primarySite !== this.#source) {
        list.add('primary-site-servers', primarySite, this.#receivers(primarySite));
      }
    }
    // RT-41: from the far end towards the source, whose own site is no stop; from a hub, along the path to it (UN-04).
    const end = hubSite === -1 ? primarySite : hubSite;
    const { paths } = this.#planner;
    const before = (site: number) => paths.siteBefore(this.#source, site);
    for (let site = before(end); site !== -1 && site !== this.#source; site = before(site)) {
      list.add('backoff', site, this.#receivers(site));
    }
    return list.tiers;
  }

  /** RT-38: by the cost of their paths. */
  #otherSites(): readonly SiteMembers[] {
    const { paths } = this.#planner;
    return this.#group.receivers
      .filter(({ site }) => site !== this.primarySite && paths.hops(this.#source, site) >= 0)
      .sort((a, b) => paths.compareTargets(this.#source, a.site, b.site));
  }

  #receivers(site: number): readonly number[] {
    return receiversInSite(this.#planner.topology, site);
  }
}

/** A plan with the queue of an older hub. */
class LegacyPlan implements HopPlan {
  readonly key: NextHopSolutionKey;
  readonly nextHopGroup: DeliveryGroupReference;
  readonly primarySite: number;
  readonly hubSite: number;
  readonly maxMessageSizeBytes: number;
  readonly proxyServers = null;
  readonly forkSite = -1;
  readonly #plan: RelayPlan;

  constructor(plan: RelayPlan, key: NextHopSolutionKey) {
    this.#plan = plan;
    this.key = key;
    this.nextHopGroup = plan.nextHopGroup;
    this.primarySite = plan.primarySite;
    this.hubSite = plan.hubSite;
    this.maxMessageSizeBytes = plan.maxMessageSizeBytes;
  }

  get path(): SitePath {
    return this.#plan.path;
  }

  get tiers(): readonly Tier[] {
    return this.#plan.tiers;
  }
}

/**
 * The hub nearest the source on a path, the source's own site left out; -1 if none (RT-34, RT-36). A hub without
 * servers that could take the message is no stop (UN-03, AS-07).
 */
export function firstHub(
  { sites }: Topology,
  paths: SitePaths,
  source: number,
  target: number,
  receivers: (site: number) => readonly number[],
): number {
  let hub = -1;
  for (let site = target; site !== source && site !== -1; site = paths.siteBefore(source, site)) {
    if (sites[site]!.hub && receivers(site).length > 0) hub = site;
  }
  return hub;
}
