import { compareNames, type Topology } from '../topology/index.js';
import type { DeliveryGroup, DeliveryGroups, SiteMembers } from './delivery-group.js';
import { receiversInSite } from './delivery-group.js';
import type { SitePaths } from './least-cost-path.js';
import { firstHub } from './relay-plan.js';
import type { ProxyService, RoutingOptions, TransportSelection } from './routing-tables.js';
import { TierList } from './tier-list.js';

const outOfReach = 0x7fffffff;

/**
 * The choice of Front End Transport and Mailbox Transport Submission (RT-44 to RT-49, RT-52 to RT-54): one Transport
 * service of Exchange 2013 for a message, near its mailbox recipients, with a list of local servers behind. Answers
 * are kept; asking again allocates nothing.
 */
export class TransportSelector {
  readonly #topology: Topology;
  readonly #paths: SitePaths;
  readonly #groups: DeliveryGroups;
  /** All sites with servers that these services talk to. */
  readonly #sitesToTalkTo: readonly SiteMembers[];
  /** By source site: each group's place in the order of nearness. */
  readonly #ranks: (Int32Array | undefined)[];
  /** By server, then by the chosen group plus 1. */
  readonly #frontEnd: (TransportSelection | undefined)[][];
  readonly #submission: (TransportSelection | undefined)[][];
  readonly #options: RoutingOptions;

  constructor(topology: Topology, paths: SitePaths, groups: DeliveryGroups, options: RoutingOptions) {
    this.#topology = topology;
    this.#options = options;
    this.#paths = paths;
    this.#groups = groups;
    this.#sitesToTalkTo = topology.sites
      .map(({ index }) => ({ site: index, servers: this.#receivers(index) }))
      .filter(({ servers }) => servers.length > 0);
    this.#ranks = new Array<Int32Array | undefined>(topology.sites.length);
    this.#frontEnd = topology.servers.map(() => []);
    this.#submission = topology.servers.map(() => []);
  }

  /** See `RoutingTables.selectTransport`. */
  select(service: ProxyService, server: number, databases: Int32Array, count: number): TransportSelection {
    const { site } = this.#topology.servers[server]!;
    const ranks = this.#ranks[site] ?? this.#rankGroups(site);
    let chosen = -1;
    let best = outOfReach;
    for (let place = 0; place < count; place++) {
      const group = this.#groups.ofDatabase[databases[place]!]!;
      if (ranks[group]! >= best) continue;
      best = ranks[group]!;
      chosen = group;
    }
    const known = (service === 'front-end' ? this.#frontEnd : this.#submission)[server]!;
    const answer = known[chosen + 1];
    if (answer !== undefined) return answer;
    const selection = this.#choose(service, server, chosen);
    known[chosen + 1] = selection;
    return selection;
  }

  /** Nearest first by RT-30 to RT-32, then by site name and group name (RT-48, UN-14). */
  #rankGroups(source: number): Int32Array {
    const groups = this.#groups.groups.filter((group) => group.serves.databases.length > 0);
    const near = groups.flatMap((group) => {
      const nearest = this.#byNearness(source, group.receivers)[0];
      return nearest === undefined || this.#targets(source, group).length === 0
        ? []
        : [{ group, site: nearest.site }];
    });
    near.sort(
      (a, b) =>
        this.#paths.compareTargets(source, a.site, b.site) ||
        compareNames(a.group.name, b.group.name) ||
        a.group.index - b.group.index,
    );
    const ranks = new Int32Array(this.#groups.groups.length).fill(outOfReach);
    near.forEach(({ group }, rank) => {
      ranks[group.index] = rank;
    });
    this.#ranks[source] = ranks;
    return ranks;
  }

  /**
   * The servers to aim at for a group, nearest site first. For mailboxes of older versions, whose hubs the two
   * services do not talk to (RT-53), those of Exchange 2013 nearest to the mailboxes (UN-12).
   */
  #targets(source: number, group: DeliveryGroup): readonly SiteMembers[] {
    const isLegacy = this.#topology.databases[group.serves.databases[0]!]!.majorVersion !== 15;
    if (!isLegacy) return this.#byNearness(source, group.receivers);
    const home = group.receivers[0]!.site;
    return this.#byNearness(home, this.#sitesToTalkTo).slice(0, 1);
  }

  #byNearness(source: number, sites: readonly SiteMembers[]): readonly SiteMembers[] {
    return sites
      .filter(({ site }) => this.#paths.hops(source, site) >= 0)
      .sort((a, b) => this.#paths.compareTargets(source, a.site, b.site));
  }

  /** Transport services of Exchange 2013 in a site, the only ones these services talk to (RT-45, RT-53). */
  #receivers(site: number): readonly number[] {
    return receiversInSite(this.#topology, site).filter(
      (server) => this.#topology.servers[server]!.majorVersion === 15,
    );
  }

  /** @param chosen - the nearest group's index; -1 for a message without mailbox recipients in reach */
  #choose(service: ProxyService, server: number, chosen: number): TransportSelection {
    const { site } = this.#topology.servers[server]!;
    const list = new TierList();
    const group = chosen === -1 ? undefined : this.#groups.groups[chosen]!;
    if (group !== undefined) {
      if (service === 'submission' && this.staysInSite(server)) this.#aimInSite(list, site, group);
      else this.#aimAt(list, site, group);
    }
    if (service === 'front-end') {
      list.add('local-site-servers', site, this.#receivers(site));
      return { tiers: list.tiers, groupName: group?.name ?? this.#topology.sites[site]!.name };
    }
    const localGroup = this.#groups.groups[this.#groups.localGroup[server]!];
    for (const local of this.#byNearness(site, localGroup?.receivers ?? [])) {
      list.add('local-group-servers', local.site, local.servers);
    }
    return { tiers: list.tiers, groupName: group?.name ?? localGroup?.name ?? '' };
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
    if (here !== undefined) list.add('target-servers', source, here.servers);
  }

  /** RT-47: the nearest site of the group first; the way may lead through a hub site (RT-34, RT-35). */
  #aimAt(list: TierList, source: number, group: DeliveryGroup): void {
    const [nearest, ...others] = this.#targets(source, group);
    if (nearest === undefined) return;
    const hub = firstHub(this.#topology, this.#paths, source, nearest.site, (site) => this.#receivers(site));
    if (hub === -1) {
      list.add('target-servers', nearest.site, nearest.servers);
      for (const { site, servers } of others) list.add('other-group-servers', site, servers);
    } else if (hub === nearest.site) {
      list.add('target-servers', hub, nearest.servers);
      list.add('hub-site-servers', hub, this.#receivers(hub));
    } else {
      list.add('target-servers', hub, this.#receivers(hub));
    }
  }
}
