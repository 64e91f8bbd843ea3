import type { Topology } from '../topology/index.js';
import { AnswerTable } from './answer-table.js';
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
  /** By site: 1 where mail passing through stops, a hub with servers that could take it (UN-03, AS-07). */
  readonly isStop: Uint8Array;
  /** By site and group: a place in `#plans`. */
  readonly #places: AnswerTable;
  /** Null: unreachable. */
  readonly #plans: (RelayPlan | null)[] = [];
  readonly #tiers = new Map<string, readonly Tier[]>();
  /** By source site and the stop: a place in `#tiersToStops`. */
  readonly #placesOfStops: AnswerTable;
  readonly #tiersToStops: (readonly Tier[])[] = [];
  readonly tierList = new TierList();
  /** By site: who takes mail that backs off to it. */
  readonly #backoffs: readonly Tier[];
  readonly #legacyPlans = new Map<RelayPlan, HopPlan>();
  readonly #siteKeys: (NextHopSolutionKey | undefined)[] = [];

  constructor(topology: Topology, paths: SitePaths, groups: DeliveryGroups) {
    this.topology = topology;
    this.paths = paths;
    this.groups = groups;
    this.isStop = Uint8Array.from(topology.sites, ({ hub, index }) =>
      hub && receiversInSite(topology, index).length > 0 ? 1 : 0,
    );
    this.#backoffs = topology.sites.map(({ index }) => ({
      reason: 'backoff',
      site: index,
      servers: receiversInSite(topology, index),
    }));
    const { sites } = topology;
    this.#places = new AnswerTable(
      sites.length,
      groups.groups.length,
      (source, group) => this.#plans.push(this.#makePlan(source, groups.groups[group]!)) - 1,
    );
    this.#placesOfStops = new AnswerTable(
      sites.length,
      sites.length,
      (source, stop) => this.#tiersToStops.push(this.#listTiersToStop(source, stop)) - 1,
    );
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
    return this.#plans[this.#places.get(source, group.index)]!;
  }

  #makePlan(source: number, group: DeliveryGroup): RelayPlan | null {
    // RT-33: by RT-30 to RT-32, then the site's name (UN-01).
    const targets = this.paths.nearest(source, group.receivers);
    return targets === undefined ? null : new RelayPlan(this, source, group, targets);
  }

  /** Who may take mail that stops at a site on its way, a hub or a fork, whatever group it is for. */
  tiersToStop(source: number, stop: number): readonly Tier[] {
    return this.#tiersToStops[this.#placesOfStops.get(source, stop)]!;
  }

  #listTiersToStop(source: number, stop: number): readonly Tier[] {
    this.tierList.add('target-servers', stop, receiversInSite(this.topology, stop));
    this.addBackoff(source, stop);
    return this.tierList.take();
  }

  /** RT-41: to the list of tiers, from the far end of a path towards the source, whose own site is no stop. */
  addBackoff(source: number, end: number): void {
    for (let site = this.paths.siteBefore(source, end); site !== -1 && site !== source; ) {
      this.tierList.addTier(this.#backoffs[site]!);
      site = this.paths.siteBefore(source, site);
    }
  }

  /** Equal tiers of several groups in a hub site are one object: a session to it serves them all. */
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
  readonly primarySite: number;
  readonly hubSite: number;
  readonly maxMessageSizeBytes: number;
  readonly #planner: RelayPlanner;
  readonly #source: number;
  readonly #group: DeliveryGroup;
  /** What the queue is to: the group, or the hub on the way. */
  readonly #aim: DeliveryGroup;
  /** RT-37: the group's servers in the primary site. */
  readonly #targets: SiteMembers;
  #tiers: readonly Tier[] | undefined;

  constructor(planner: RelayPlanner, source: number, group: DeliveryGroup, targets: SiteMembers) {
    const { paths, groups } = planner;
    this.#planner = planner;
    this.#source = source;
    this.#group = group;
    this.#targets = targets;
    this.primarySite = targets.site;
    this.hubSite = paths.firstStop(source, targets.site, planner.isStop);
    this.maxMessageSizeBytes = paths.maxMessageSizeBytes(source, targets.site);
    this.#aim = this.hubSite === -1 ? group : groups.groups[groups.ofSite[this.hubSite]!]!;
  }

  get key(): NextHopSolutionKey {
    return this.#aim.relayKey;
  }

  get nextHopGroup(): DeliveryGroupReference {
    return this.#aim.reference;
  }

  get proxyServers(): null {
    return null;
  }

  get forkSite(): number {
    return -1;
  }

  get path(): SitePath {
    return this.#planner.paths.path(this.#source, this.primarySite);
  }

  get tiers(): readonly Tier[] {
    this.#tiers ??= this.#listTiers();
    return this.#tiers;
  }

  #listTiers(): readonly Tier[] {
    const planner = this.#planner;
    const { primarySite, hubSite } = this;
    if (hubSite !== -1 && hubSite !== primarySite) return planner.tiersToStop(this.#source, hubSite);
    const inPrimarySite = receiversInSite(planner.topology, primarySite);
    if (hubSite === primarySite && this.#targets.servers.length === inPrimarySite.length) {
      return planner.tiersToStop(this.#source, hubSite);
    }
    const list = planner.tierList;
    list.add('target-servers', primarySite, this.#targets.servers);
    if (hubSite === primarySite) {
      // RT-35: members in other sites are out of the source's reach; it is for the hub to go on to them.
      list.add('hub-site-servers', primarySite, inPrimarySite);
    } else {
      for (const { site, servers } of this.#otherSites()) list.add('other-group-servers', site, servers);
      // RT-39: with a server of the group in the own site there is no further fallback.
      if (primarySite !== this.#source) list.add('primary-site-servers', primarySite, inPrimarySite);
    }
    // From a hub, along the path to it (UN-04).
    planner.addBackoff(this.#source, primarySite);
    // Only queues to hubs serve several groups.
    return hubSite === -1 ? list.take() : planner.internTiers(list.take());
  }

  /** RT-38: by the cost of their paths. */
  #otherSites(): readonly SiteMembers[] {
    const { paths } = this.#planner;
    if (this.#group.receivers.length === 1) return [];
    return this.#group.receivers
      .filter(({ site }) => site !== this.primarySite && paths.reaches(this.#source, site))
      .sort((a, b) => paths.compareTargets(this.#source, a.site, b.site));
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
