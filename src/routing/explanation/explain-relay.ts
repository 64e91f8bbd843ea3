import type { Topology } from '../../topology/index.js';
import { type DeliveryGroup, receiversInSite } from '../delivery-group.js';
import type { SitePaths } from '../least-cost-path.js';
import type { NextHop, TierReason } from '../next-hop.js';
import { explainPath } from './explain-path.js';
import { counted, type OutcomeList } from './outcome-list.js';

/** Why a message to a delivery group goes where it goes: RT-33 to RT-41, UN-01, UN-03 to UN-05, UN-15, AS-07. */
export class RelayExplanation {
  readonly #list: OutcomeList;
  readonly #topology: Topology;
  readonly #paths: SitePaths;
  readonly #hop: NextHop;
  readonly #group: DeliveryGroup;
  readonly #source: number;

  constructor(list: OutcomeList, topology: Topology, paths: SitePaths, hop: NextHop, group: DeliveryGroup) {
    this.#list = list;
    this.#topology = topology;
    this.#paths = paths;
    this.#hop = hop;
    this.#group = group;
    this.#source = topology.servers[hop.server]!.site;
  }

  explain(): void {
    const { server, primarySite } = this.#hop;
    const relays = `${this.#list.server(server)} is no member of ${this.#group.name}, so it relays`;
    this.#list.considered('RT-18', 'group', relays);
    this.#explainReceivers();
    this.#explainPrimarySite();
    explainPath(this.#list, this.#topology, this.#paths, this.#source, primarySite);
    this.#explainHubs();
    this.#explainTiers();
    this.#explainQueue();
  }

  /** AS-07. */
  #explainReceivers(): void {
    const { members, receivers, name } = this.#group;
    const taking = new Set(receivers.flatMap(({ servers }) => servers));
    const left = members.filter((member) => !taking.has(member));
    if (left.length === 0) return;
    const text = `of ${name}, ${this.#list.servers(left)} take no mail: InboundMailEnabled of their site is off`;
    this.#list.decided('AS-07', 'tiers', text);
  }

  #explainPrimarySite(): void {
    const { primarySite } = this.#hop;
    const { name } = this.#group;
    const near = this.#sitesInOrder();
    const texts = near.map(
      (site) =>
        `${this.#list.site(site)} (cost ${this.#paths.cost(this.#source, site)}, ${counted(this.#paths.hops(this.#source, site), 'hop')})`,
    );
    const primary = this.#list.site(primarySite);
    if (near.length < 2) {
      this.#list.considered(
        'RT-33',
        'primary-site',
        `${name} has servers in ${primary} only: the primary site`,
      );
      return;
    }
    const text = `${name} has servers in ${texts.join(', ')}; the nearest, ${primary}, is the primary site`;
    this.#list.decided('RT-33', 'primary-site', text);
    const tie = this.#tieRule(primarySite, near[1]!);
    if (tie !== undefined) {
      const reason = `${primary} before ${this.#list.site(near[1]!)}, which costs as much: ${tie.text}`;
      this.#list.decided(tie.rule, 'primary-site', reason);
    }
  }

  /** What puts one site before another of the same cost. */
  #tieRule(a: number, b: number): { readonly rule: string; readonly text: string } | undefined {
    const paths = this.#paths;
    const source = this.#source;
    if (paths.cost(source, a) !== paths.cost(source, b)) return undefined;
    if (paths.hops(source, a) !== paths.hops(source, b)) return { rule: 'RT-31', text: 'fewer hops' };
    const [before, other] = [paths.siteBefore(source, a), paths.siteBefore(source, b)];
    if (before === other) return { rule: 'UN-01', text: 'the lower site name' };
    const names = `${this.#list.site(before)} on the way there is lower than ${this.#list.site(other)}`;
    return { rule: 'RT-32', text: names };
  }

  /** The sites of the group in reach, nearest first. */
  #sitesInOrder(): readonly number[] {
    return this.#group.receivers
      .map(({ site }) => site)
      .filter((site) => this.#paths.hops(this.#source, site) >= 0)
      .sort((a, b) => this.#paths.compareTargets(this.#source, a, b));
  }

  #explainHubs(): void {
    const { sites } = this.#topology;
    const { hubSite, primarySite, path } = this.#hop;
    const list = this.#list;
    const onPath = path.sites.slice(1).filter((site) => sites[site]!.hub);
    for (const site of onPath) {
      if (site === hubSite) {
        list.decided(
          'RT-34',
          'hub',
          `${list.site(site)} is the first hub on the path: the message stops there`,
        );
        break;
      }
      const { transportServers, inboundMail } = sites[site]!;
      if (transportServers.length === 0) {
        list.decided('UN-03', 'hub', `hub ${list.site(site)} on the path has no transport server: no stop`);
      } else if (!inboundMail) {
        const text = `InboundMailEnabled of hub ${list.site(site)} on the path is off: no stop`;
        list.decided('AS-07', 'hub', text);
      }
    }
    if (hubSite === -1 && onPath.length === 0 && primarySite !== this.#source) {
      list.considered('RT-34', 'hub', 'no hub on the path');
    }
    const ignored = sites.filter(({ hub, index }) => hub && !path.sites.includes(index));
    if (ignored.length > 0) {
      const names = list.sites(ignored.map(({ index }) => index));
      const are = ignored.length === 1 ? 'is a hub' : 'are hubs';
      list.considered('RT-36', 'hub', `${names} ${are}, but not on the path: ignored`);
    }
    if (hubSite !== -1 && hubSite === primarySite) {
      const text = `the primary site ${list.site(hubSite)} is a hub itself: only its servers are tried, those of ${this.#group.name} first`;
      list.decided('RT-35', 'tiers', text);
      list.decided('UN-05', 'queue', `the queue to a primary site that is a hub is that of the site`);
    }
  }

  #explainTiers(): void {
    const { hubSite, primarySite } = this.#hop;
    const list = this.#list;
    if (hubSite === -1 || hubSite === primarySite) {
      const text = `target servers are those of ${this.#group.name} in ${list.site(primarySite)}: ${this.#serversOf('target-servers')}`;
      list.decided('RT-37', 'tiers', text);
    } else {
      list.considered(
        'RT-34',
        'tiers',
        `all servers of the hub are targets: ${this.#serversOf('target-servers')}`,
      );
    }
    if (hubSite === -1) this.#explainFallbacks();
    this.#explainBackoff();
    this.#explainVersions();
  }

  #explainFallbacks(): void {
    const { primarySite } = this.#hop;
    const list = this.#list;
    const { name } = this.#group;
    const others = this.#serversOf('other-group-servers');
    if (others === '') list.considered('RT-38', 'tiers', `${name} has no servers in other sites`);
    else list.decided('RT-38', 'tiers', `then the servers of ${name} elsewhere, nearest first: ${others}`);
    if (primarySite === this.#source) {
      const text = `${name} has a server in ${list.site(this.#source)}, where the message is: no further fallback`;
      list.decided('RT-39', 'tiers', text);
      return;
    }
    const rest = this.#serversOf('primary-site-servers');
    const primary = list.site(primarySite);
    if (rest === '') list.considered('RT-40', 'tiers', `${primary} has no other transport servers`);
    else list.decided('RT-40', 'tiers', `then the other transport servers of ${primary}: ${rest}`);
  }

  #explainBackoff(): void {
    const { hubSite, primarySite } = this.#hop;
    if (primarySite === this.#source) return;
    const list = this.#list;
    const stops = this.#serversOf('backoff');
    const sites = this.#paths.sites(this.#source, hubSite === -1 ? primarySite : hubSite);
    const between = sites.slice(1, -1);
    if (between.length === 0) {
      list.considered('RT-41', 'tiers', 'no site lies between, so there is nowhere to back off to');
      return;
    }
    if (stops === '') list.considered('RT-41', 'tiers', 'no server in between takes mail: no back-off');
    else list.decided('RT-41', 'tiers', `then back along the path, from its far end: ${stops}`);
    if (hubSite !== -1 && hubSite !== primarySite && stops !== '') {
      list.decided('UN-04', 'tiers', `the way back begins at the hub ${list.site(hubSite)}, not behind it`);
    }
    const silent = between.filter((site) => receiversInSite(this.#topology, site).length === 0);
    for (const site of silent) {
      const { inboundMail, transportServers } = this.#topology.sites[site]!;
      if (transportServers.length === 0) {
        list.considered(
          'UN-03',
          'tiers',
          `${list.site(site)} has no transport server: skipped on the way back`,
        );
      } else if (!inboundMail) {
        list.decided(
          'AS-07',
          'tiers',
          `InboundMailEnabled of ${list.site(site)} is off: skipped on the way back`,
        );
      }
    }
  }

  /** IV-01. */
  #explainQueue(): void {
    const { version, majorVersion } = this.#topology.servers[this.#hop.server]!;
    if (majorVersion === 15) return;
    const { deliveryType, nextHopDomain } = this.#hop.key;
    const text = `a hub of ${version} knows no delivery groups, it queues by site: ${deliveryType} ${nextHopDomain}`;
    this.#list.decided('IV-01', 'queue', text);
  }

  /** UN-15. */
  #explainVersions(): void {
    const older = this.#hop.tiers
      .filter(({ reason }) => reason === 'primary-site-servers' || reason === 'backoff')
      .flatMap(({ servers }) => servers)
      .filter((server) => this.#topology.servers[server]!.majorVersion !== 15);
    if (older.length === 0) return;
    const text = `in fallback and back-off servers of any version count: ${this.#list.servers(older)}`;
    this.#list.decided('UN-15', 'tiers', text);
  }

  /** `P1, P2 in P; Q1 in Q`: the tiers of a reason; empty without one. */
  #serversOf(reason: TierReason): string {
    return this.#hop.tiers
      .filter((tier) => tier.reason === reason)
      .map(({ site, servers }) => `${this.#list.servers(servers)} in ${this.#list.site(site)}`)
      .join('; ');
  }
}
