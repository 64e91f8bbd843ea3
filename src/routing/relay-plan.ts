import type { Topology } from '../topology/index.js';
import { AnswerTable } from './answer-table.js';
import type { DeliveryGroup, DeliveryGroups } from './delivery-group.js';
import { receiversInSite } from './delivery-group.js';
import type { SitePaths } from './least-cost-path.js';
import type { DeliveryGroupReference, NextHopSolutionKey, SitePath, Tier } from './next-hop.js';
import type { HopPlan } from './next-hop-pool.js';
import { SiteMembers } from './site-members.js';
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
  /** By source site and the stop: a place in `#tiersToStops`. */
  readonly #placesOfStops: AnswerTable;
  readonly #tiersToStops: (readonly Tier[])[] = [];
  /** By source site and a place in `#hubTargets`: a place in `#tiersInHubs`. */
  readonly #placesInHubs: AnswerTable;
  readonly #tiersInHubs: (readonly Tier[])[] = [];
  /** Members of groups in hub sites, those of the same servers once; and the place of each here. */
  readonly #hubTargets: SiteMembers[] = [];
  readonly #hubTargetPlaces = new Map<SiteMembers, number>();
  readonly #hubTargetsByServers = new Map<string, number>();
  readonly #tierList = new TierList();
  /** By site: all who take mail from others. */
  readonly #receivers: readonly SiteMembers[];
  /** By site: those as who takes mail that backs off to it. */
  readonly #backoffs: readonly Tier[];
  /** By members of a group: the others who take mail in their site. */
  readonly #others = new Map<SiteMembers, SiteMembers>();
  readonly #legacyPlans = new Map<RelayPlan, HopPlan>();
  readonly #siteKeys: (NextHopSolutionKey | undefined)[] = [];

  constructor(topology: Topology, paths: SitePaths, groups: DeliveryGroups) {
    this.topology = topology;
    this.paths = paths;
    this.groups = groups;
    this.#receivers = topology.sites.map(
      ({ index }) => new SiteMembers(index, receiversInSite(topology, index)),
    );
    this.#backoffs = this.#receivers.map((members) => members.as('backoff'));
    this.isStop = Uint8Array.from(topology.sites, ({ hub, index }) =>
      hub && this.#receivers[index]!.servers.length > 0 ? 1 : 0,
    );
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
    this.#placesInHubs = new AnswerTable(
      sites.length,
      Number.POSITIVE_INFINITY,
      (source, place) => this.#tiersInHubs.push(this.#listTiersInHub(source, this.#hubTargets[place]!)) - 1,
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
    this.#tierList.append(this.#receivers[stop]!.as('target-servers'));
    this.#appendBackoff(source, stop);
    return this.#tierList.take();
  }

  /**
   * Who may take mail for members of a group in a hub site where it stops. Equal tiers of several groups are one
   * object: a session to the hub serves them all.
   */
  tiersInHub(source: number, targets: SiteMembers): readonly Tier[] {
    if (targets.servers.length === this.#receivers[targets.site]!.servers.length) {
      return this.tiersToStop(source, targets.site);
    }
    let place = this.#hubTargetPlaces.get(targets);
    if (place === undefined) {
      const servers = targets.servers.join(' ');
      place = this.#hubTargetsByServers.get(servers) ?? this.#hubTargets.push(targets) - 1;
      this.#hubTargetsByServers.set(servers, place);
      this.#hubTargetPlaces.set(targets, place);
    }
    return this.#tiersInHubs[this.#placesInHubs.get(source, place)]!;
  }

  /** RT-35: members in other sites are out of the source's reach; it is for the hub to go on to them. */
  #listTiersInHub(source: number, targets: SiteMembers): readonly Tier[] {
    this.#tierList.append(targets.as('target-servers'));
    this.#tierList.append(this.#othersInSite(targets).as('hub-site-servers'));
    // From a hub, along the path to it (UN-04).
    this.#appendBackoff(source, targets.site);
    return this.#tierList.take();
  }

  /** Who may take mail for a group without a stop on its way. */
  listTiers(source: number, group: DeliveryGroup, targets: SiteMembers): readonly Tier[] {
    const list = this.#tierList;
    list.append(targets.as('target-servers'));
    if (group.receivers.length > 1) {
      // RT-38: by the cost of their paths.
      for (const members of this.paths.byNearness(source, group.receivers)) {
        if (members !== targets) list.append(members.as('other-group-servers'));
      }
    }
    // RT-39: with a server of the group in the own site there is no further fallback.
    if (targets.site !== source) {
      const inPrimarySite = this.#receivers[targets.site]!;
      if (targets.servers.length < inPrimarySite.servers.length) {
        list.append(this.#othersInSite(targets).as('primary-site-servers'));
      }
    }
    this.#appendBackoff(source, targets.site);
    return list.take();
  }

  #othersInSite(targets: SiteMembers): SiteMembers {
    let others = this.#others.get(targets);
    if (others === undefined) {
      const { servers } = this.#receivers[targets.site]!;
      others = new SiteMembers(
        targets.site,
        servers.filter((server) => !targets.servers.includes(server)),
      );
      this.#others.set(targets, others);
    }
    return others;
  }

  /**
   * RT-41: from the far end of a path towards the source, whose own site is no stop. None of these sites has a tier
   * yet: members of the group there would be nearer than those at the end.
   */
  #appendBackoff(source: number, end: number): void {
    for (let site = this.paths.siteBefore(source, end); site !== -1 && site !== source; ) {
      this.#tierList.append(this.#backoffs[site]!);
      site = this.paths.siteBefore(source, site);
    }
  }
}

/**
 * The way from a site to a delivery group: primary site, hub stop, and who may take the message in which order. Rules:
 * RT-33 to RT-41; UN-03 to UN-05, UN-15, AS-07. Of many plans only the queue is ever asked for: the rest is worked
 * out on demand.
 */
export class RelayPlan implements HopPlan {
  readonly hubSite: number;
  readonly #planner: RelayPlanner;
  readonly #source: number;
  /** What the queue is to: the group, or the hub on the way. */
  readonly #aim: DeliveryGroup;
  /** RT-37: the group's servers in the primary site. */
  readonly #targets: SiteMembers;
  /** The link that limits messages; -1 if none does. Its number takes no space of its own, as the limit would. */
  readonly #narrowestLink: number;
  #tiers: readonly Tier[] | undefined;

  constructor(planner: RelayPlanner, source: number, group: DeliveryGroup, targets: SiteMembers) {
    const { paths, groups } = planner;
    this.#planner = planner;
    this.#source = source;
    this.#targets = targets;
    this.hubSite = paths.firstStop(source, targets.site, planner.isStop);
    this.#narrowestLink = paths.narrowestLink(source, targets.site);
    this.#aim = this.hubSite === -1 ? group : groups.groups[groups.ofSite[this.hubSite]!]!;
  }

  get key(): NextHopSolutionKey {
    return this.#aim.relayKey;
  }

  get nextHopGroup(): DeliveryGroupReference {
    return this.#aim.reference;
  }

  get primarySite(): number {
    return this.#targets.site;
  }

  get maxMessageSizeBytes(): number {
    return this.#planner.paths.limitOf(this.#narrowestLink);
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
    const { hubSite } = this;
    if (hubSite === -1) return this.#planner.listTiers(this.#source, this.#aim, this.#targets);
    if (hubSite === this.primarySite) return this.#planner.tiersInHub(this.#source, this.#targets);
    return this.#planner.tiersToStop(this.#source, hubSite);
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
