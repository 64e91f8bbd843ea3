import { compareNames, type Topology } from '../topology/index.js';
import type { DeliveryGroup, DeliveryGroups } from './delivery-group.js';
import { receiversInSite } from './delivery-group.js';
import type { SitePaths } from './least-cost-path.js';
import { PairTable } from './pair-table.js';
import type { ProxyService, RoutingOptions, TransportSelection } from './routing-tables.js';
import { SiteMembers } from './site-members.js';
import { TierList } from './tier-list.js';

/**
 * The choice of Front End Transport and Mailbox Transport Submission (RT-44 to RT-49, RT-52 to RT-54): one Transport
 * service of Exchange 2013 for a message, near its mailbox recipients, with a list of local servers behind.
 *
 * The hot path finds the nearest group by comparing numbers, one for each site of each recipient's group. What follows
 * from the group is the same for all servers that see it from one vantage, is kept, and is not made anew when asked for
 * again.
 */
export class TransportSelector {
  readonly #topology: Topology;
  readonly #paths: SitePaths;
  readonly #groups: DeliveryGroups;
  /** By site: its Transport services of Exchange 2013 that take mail. */
  readonly #receivers: readonly SiteMembers[];
  /** All sites with servers that these services talk to. */
  readonly #sitesToTalkTo: readonly SiteMembers[];
  /** By site: 1 where it is a hub with such servers (UN-03). */
  readonly #isStop: Uint8Array;
  readonly #options: RoutingOptions;
  /** By server: its site. */
  readonly #site: Int32Array;
  /** By server: its submission service's vantage. A front end's vantage is its site, and these come after the sites. */
  readonly #submissionVantage: Int32Array;
  /** By vantage and the chosen group plus 1: a place in `#selections` plus 1. */
  readonly #places: PairTable;
  readonly #selections: TransportSelection[] = [];
  readonly #tierList = new TierList();
  #nearness: GroupNearness | undefined;

  constructor(topology: Topology, paths: SitePaths, groups: DeliveryGroups, options: RoutingOptions) {
    this.#topology = topology;
    this.#options = options;
    this.#paths = paths;
    this.#groups = groups;
    // The only ones these services talk to (RT-45, RT-53).
    this.#receivers = topology.sites.map(({ index }) => {
      const servers = receiversInSite(topology, index);
      return new SiteMembers(
        index,
        servers.filter((server) => topology.servers[server]!.majorVersion === 15),
      );
    });
    this.#sitesToTalkTo = this.#receivers.filter(({ servers }) => servers.length > 0);
    this.#isStop = new Uint8Array(topology.sites.length);
    for (const { site } of this.#sitesToTalkTo) if (topology.sites[site]!.hub) this.#isStop[site] = 1;
    this.#site = Int32Array.from(topology.servers, ({ site }) => site);
    const vantages = new Map<number, number>();
    this.#submissionVantage = Int32Array.from(topology.servers, ({ index, site }) => {
      const place = site * (groups.groups.length + 1) + groups.localGroup[index]! + 1;
      const seen = 2 * place + (this.staysInSite(index) ? 1 : 0);
      let vantage = vantages.get(seen);
      if (vantage === undefined) {
        vantage = topology.sites.length + vantages.size;
        vantages.set(seen, vantage);
      }
      return vantage;
    });
    this.#places = new PairTable(topology.sites.length + vantages.size, groups.groups.length + 1);
  }

  /** See `RoutingTables.selectTransport`. */
  select(service: ProxyService, server: number, databases: Int32Array, count: number): TransportSelection {
    const site = this.#site[server]!;
    const chosen = count === 0 ? -1 : this.#nearestGroup(site, databases, count);
    const vantage = service === 'front-end' ? site : this.#submissionVantage[server]!;
    const place = this.#places.get(vantage, chosen + 1);
    if (place !== 0) return this.#selections[place - 1]!;
    const selection = this.#choose(service, server, chosen);
    this.#selections.push(selection);
    this.#places.set(vantage, chosen + 1, this.#selections.length);
    return selection;
  }

  /** By RT-30 to RT-32, then by site name and group name (RT-48, UN-14); -1 if none is in reach. */
  #nearestGroup(source: number, databases: Int32Array, count: number): number {
    this.#nearness ??= this.#listNearness();
    const { firstSite, sites, nameOrder } = this.#nearness;
    const { ofDatabase } = this.#groups;
    const lengths = this.#paths.lengths(source);
    let chosen = -1;
    let nearest = -1;
    let shortest = Number.POSITIVE_INFINITY;
    for (let place = 0; place < count; place++) {
      const group = ofDatabase[databases[place]!]!;
      if (group === chosen) continue;
      const end = firstSite[group + 1]!;
      // The group's own nearest site first: its primary site, by RT-30 to RT-32.
      let own = -1;
      let ownLength = Number.POSITIVE_INFINITY;
      for (let n = firstSite[group]!; n < end; n++) {
        const site = sites[n]!;
        const length = lengths[site]!;
        if (length > ownLength || length === Number.POSITIVE_INFINITY) continue;
        if (length === ownLength && this.#paths.compareTargets(source, site, own) > 0) continue;
        own = site;
        ownLength = length;
      }
      if (own === -1 || ownLength > shortest) continue;
      // UN-14: among groups as near in cost and hops the lower site name, then the lower group name.
      if (ownLength === shortest) {
        if (own > nearest || (own === nearest && nameOrder[group]! >= nameOrder[chosen]!)) continue;
      }
      chosen = group;
      nearest = own;
      shortest = ownLength;
    }
    return chosen;
  }

  #listNearness(): GroupNearness {
    const { groups } = this.#groups;
    const sitesOf = groups.map((group) =>
      group.serves.databases.length > 0 && this.#hasTargets(group)
        ? group.receivers.map(({ site }) => site)
        : [],
    );
    const firstSite = new Int32Array(groups.length + 1);
    sitesOf.forEach((own, group) => {
      firstSite[group + 1] = firstSite[group]! + own.length;
    });
    const nameOrder = new Int32Array(groups.length);
    const named = groups.toSorted((a, b) => compareNames(a.name, b.name));
    named.forEach(({ index }, order) => {
      nameOrder[index] = order;
    });
    return { firstSite, sites: Int32Array.from(sitesOf.flat()), nameOrder };
  }

  /** Whether there is anybody to aim at where a group is in reach; for mailboxes of older versions see `#targets`. */
  #hasTargets({ serves, receivers }: DeliveryGroup): boolean {
    const isLegacy = this.#topology.databases[serves.databases[0]!]!.majorVersion !== 15;
    const [home] = receivers;
    if (!isLegacy || home === undefined) return home !== undefined;
    return this.#sitesToTalkTo.some(({ site }) => this.#paths.reaches(home.site, site));
  }

  /**
   * The servers to aim at for a group, nearest site first. For mailboxes of older versions, whose hubs the two
   * services do not talk to (RT-53), those of Exchange 2013 nearest to the mailboxes (UN-12).
   */
  #targets(source: number, group: DeliveryGroup): readonly SiteMembers[] {
    const isLegacy = this.#topology.databases[group.serves.databases[0]!]!.majorVersion !== 15;
    if (!isLegacy) return this.#paths.byNearness(source, group.receivers);
    const nearest = this.#paths.nearest(group.receivers[0]!.site, this.#sitesToTalkTo);
    return nearest === undefined ? [] : [nearest];
  }

  /** @param chosen - the nearest group's index; -1 for a message without mailbox recipients in reach */
  #choose(service: ProxyService, server: number, chosen: number): TransportSelection {
    const { site } = this.#topology.servers[server]!;
    const list = this.#tierList;
    const group = this.#groups.groups[chosen];
    if (group !== undefined) {
      if (service === 'submission' && this.staysInSite(server)) this.#aimInSite(list, site, group);
      else this.#aimAt(list, site, group);
    }
    if (service === 'front-end') {
      list.add(this.#receivers[site]!.as('local-site-servers'));
      return { tiers: list.take(), groupName: group?.name ?? this.#topology.sites[site]!.name };
    }
    const localGroup = this.#groups.groups[this.#groups.localGroup[server]!];
    for (const local of this.#paths.byNearness(site, localGroup?.receivers ?? [])) {
      list.add(local.as('local-group-servers'));
    }
    return { tiers: list.take(), groupName: group?.name ?? localGroup?.name ?? '' };
  }

  /**
   * DC-02: whether Mailbox Transport Submission keeps to its own site, by the option: a server outside any DAG, or in one
   * of a single site.
   */
  staysInSite(server: number): boolean {
    const { servers, dags } = this.#topology;
    const { dag, site } = servers[server]!;
    if ((this.#options.submissionReach?.(server) ?? 'any-site') === 'any-site') return false;
    return dag === -1 || dags[dag]!.members.every((member) => servers[member]!.site === site);
  }

  #aimInSite(list: TierList, source: number, group: DeliveryGroup): void {
    const here = this.#targets(source, group).find(({ site }) => site === source);
    if (here !== undefined) list.add(here.as('target-servers'));
  }

  /** RT-47: the nearest site of the group first; the way may lead through a hub site (RT-34, RT-35). */
  #aimAt(list: TierList, source: number, group: DeliveryGroup): void {
    const targets = this.#targets(source, group);
    const nearest = targets[0];
    if (nearest === undefined) return;
    const hub = this.#paths.firstStop(source, nearest.site, this.#isStop);
    if (hub === -1) {
      list.add(nearest.as('target-servers'));
      for (let place = 1; place < targets.length; place++) {
        list.add(targets[place]!.as('other-group-servers'));
      }
    } else if (hub === nearest.site) {
      list.add(nearest.as('target-servers'));
      list.add(this.#receivers[hub]!.as('hub-site-servers'));
    } else {
      list.add(this.#receivers[hub]!.as('target-servers'));
    }
  }
}

/** The groups that serve databases, as far as the order in which they are near to something depends on them. */
interface GroupNearness {
  /** By group: where its sites begin in `sites`; they go on to where the next group's begin. None: never chosen. */
  readonly firstSite: Int32Array;
  readonly sites: Int32Array;
  /** By group: its place in the order of group names. */
  readonly nameOrder: Int32Array;
}
