import { type DeliveryGroup, receiversInSite } from '../delivery-group.js';
import type { NextHop, TierReason } from '../next-hop.js';
import { explainPath } from './explain-path.js';
import { explainPrimarySite } from './explain-primary-site.js';
import type { OutcomeList } from './outcome-list.js';
import type { RoutingView } from './routing-view.js';

/**
 * Why a message to a delivery group goes where it goes: RT-18, RT-24, RT-33 to RT-41, UN-03 to UN-05, UN-15, AS-07,
 * AS-11, IV-01.
 */
export class RelayExplanation {
  readonly #list: OutcomeList;
  readonly #view: RoutingView;
  readonly #hop: NextHop;
  readonly #group: DeliveryGroup;
  readonly #source: number;

  constructor(list: OutcomeList, view: RoutingView, hop: NextHop, group: DeliveryGroup) {
    this.#list = list;
    this.#view = view;
    this.#hop = hop;
    this.#group = group;
    this.#source = view.topology.servers[hop.server]!.site;
  }

  explain(): void {
    const { server, primarySite, forkSite } = this.#hop;
    const { name, reference } = this.#group;
    const outside = reference.kind === 'ad-site' ? 'is not in' : 'is no member of';
    const relays = `${this.#list.server(server)} ${outside} ${name}, so it relays`;
    this.#list.considered('RT-18', 'group', relays);
    explainPrimarySite(this.#list, this.#view, this.#hop, this.#group);
    explainPath(this.#list, this.#view, this.#source, primarySite);
    this.#explainHubs();
    if (forkSite === -1) this.#explainTargets();
    else this.#explainFork();
    this.#explainBackoff();
    this.#explainVersions();
    this.#explainQueue();
  }

  #explainHubs(): void {
    const { sites } = this.#view.topology;
    const { hubSite, primarySite, path, forkSite } = this.#hop;
    const list = this.#list;
    const onPath = path.sites.slice(1).filter((site) => sites[site]!.hub);
    for (const site of onPath) {
      if (site === hubSite) break;
      const hub = `hub ${list.site(site)} on the path`;
      // A hub that could take mail would be the stop.
      if (sites[site]!.transportServers.length === 0) {
        list.decided('UN-03', 'hub', `${hub} has no transport server: no stop`);
      } else {
        list.decided('AS-07', 'hub', `InboundMailEnabled of ${hub} is off: no stop`);
      }
    }
    if (hubSite !== -1) {
      const stop = forkSite === -1 ? 'the message stops there' : `a stop after ${list.site(forkSite)}`;
      list.decided('RT-34', 'hub', `${list.site(hubSite)} is the first hub on the path: ${stop}`);
    } else if (onPath.length === 0 && primarySite !== this.#source) {
      list.considered('RT-34', 'hub', 'no hub on the path');
    }
    const ignored = sites.filter(({ hub, index }) => hub && !path.sites.includes(index));
    if (ignored.length > 0) {
      const names = list.sites(ignored.map(({ index }) => index));
      const are = ignored.length === 1 ? 'is a hub' : 'are hubs';
      list.considered('RT-36', 'hub', `${names} ${are}, but not on the path: ignored`);
    }
  }

  #explainTargets(): void {
    const { hubSite, primarySite } = this.#hop;
    const list = this.#list;
    const targets = this.#serversOf('target-servers');
    if (hubSite !== -1 && hubSite !== primarySite) {
      list.considered('RT-34', 'tiers', `all servers of the hub are targets: ${targets}`);
      return;
    }
    const text = `target servers are those of ${this.#group.name} in ${list.site(primarySite)}: ${targets}`;
    list.decided('RT-37', 'tiers', text);
    this.#explainMembersOfDags();
    if (hubSite === -1) this.#explainFallbacks();
    else this.#explainHubAsPrimarySite();
  }

  /** UN-10. */
  #explainMembersOfDags(): void {
    const { servers } = this.#view.topology;
    if (this.#group.reference.kind !== 'mailbox-delivery-group') return;
    const members = this.#hop.tiers
      .filter(({ reason }) => reason === 'target-servers')
      .flatMap((tier) => tier.servers)
      .filter((server) => servers[server]!.majorVersion === 15 && servers[server]!.dag !== -1);
    if (members.length === 0) return;
    const text = `members of a DAG serve the databases of their site outside it, too: ${this.#list.servers(members)}`;
    this.#list.decided('UN-10', 'tiers', text);
  }

  /** RT-35, UN-05. */
  #explainHubAsPrimarySite(): void {
    const { topology, paths } = this.#view;
    const { hubSite, server } = this.#hop;
    const { name, receivers, reference } = this.#group;
    const list = this.#list;
    const rest = this.#serversOf('hub-site-servers');
    const far = receivers.filter(({ site }) => site !== hubSite && paths.reaches(this.#source, site));
    const texts = [
      `the primary site ${list.site(hubSite)} is a hub itself`,
      ...(rest === '' ? [] : [`its other servers come next: ${rest}`]),
      ...(far.length === 0
        ? []
        : [`the servers of ${name} in ${list.sites(far.map(({ site }) => site))} are not tried`]),
    ];
    list.decided('RT-35', 'tiers', texts.join('; '));
    // Older hubs queue by site in any case, and so does everyone towards an Edge.
    const isChosen = topology.servers[server]!.majorVersion === 15 && reference.kind !== 'ad-site';
    list.note(isChosen, 'UN-05', 'queue', 'the queue to a primary site that is a hub is that of the site');
  }

  #explainFallbacks(): void {
    const { primarySite } = this.#hop;
    const { topology } = this.#view;
    const list = this.#list;
    const { name, members } = this.#group;
    const others = this.#serversOf('other-group-servers');
    if (others !== '') {
      list.decided('RT-38', 'tiers', `then the servers of ${name} elsewhere, nearest first: ${others}`);
    } else {
      const isElsewhere = members.some((member) => topology.servers[member]!.site !== primarySite);
      const none = isElsewhere ? 'that can be asked in other sites' : 'in other sites';
      list.considered('RT-38', 'tiers', `${name} has no servers ${none}`);
    }
    const primary = list.site(primarySite);
    if (primarySite === this.#source) {
      const text = `${name} has a server in ${primary}, where the message is: no further fallback`;
      list.decided('RT-39', 'tiers', text);
      return;
    }
    const rest = this.#serversOf('primary-site-servers');
    if (rest === '') list.considered('RT-40', 'tiers', `${primary} has no other transport servers`);
    else list.decided('RT-40', 'tiers', `then the other transport servers of ${primary}: ${rest}`);
  }

  /** RT-24, AS-11, DC-01. */
  #explainFork(): void {
    const { forkSite, hubSite } = this.#hop;
    const list = this.#list;
    const fork = list.site(forkSite);
    const shared = `recipients share their way up to ${fork}: one copy goes there for all of them`;
    const isToSite = hubSite !== -1 || this.#group.reference.kind === 'ad-site';
    if (isToSite) {
      list.decided('RT-24', 'hub', shared);
    } else {
      const text = `delayed fan-out is for AD sites, which ${this.#group.name} is not`;
      list.considered('RT-24', 'hub', text);
    }
    const last = `${fork} is the last site with servers that the paths have in common`;
    list.decided('AS-11', 'hub', isToSite ? last : `${last}: ${shared}`);
    const reading = isToSite
      ? 'delayed fan-out by fork site is chosen in the settings'
      : 'delayed fan-out for groups of every kind, in organizations without DAGs, is chosen in the settings';
    list.decided('DC-01', 'hub', reading);
    const targets = this.#serversOf('target-servers');
    list.considered('RT-24', 'tiers', `all servers of the fork site are targets: ${targets}`);
  }

  #explainBackoff(): void {
    const { hubSite, primarySite, forkSite, path } = this.#hop;
    if (primarySite === this.#source) return;
    const { topology } = this.#view;
    const list = this.#list;
    const stop = forkSite !== -1 ? forkSite : hubSite !== -1 ? hubSite : primarySite;
    const between = path.sites.slice(1, path.sites.indexOf(stop));
    const stops = this.#serversOf('backoff');
    if (between.length === 0) {
      list.considered('RT-41', 'tiers', 'no site lies between, so there is nowhere to back off to');
    } else if (stops === '') {
      list.considered('RT-41', 'tiers', 'no server in between takes mail: no back-off');
    } else {
      list.decided('RT-41', 'tiers', `then back along the path, from its far end: ${stops}`);
    }
    if (stop === hubSite) this.#explainBackoffFromHub();
    for (const site of between) {
      const { inboundMail, transportServers } = topology.sites[site]!;
      const skipped = 'skipped on the way back';
      if (transportServers.length === 0) {
        list.considered('UN-03', 'tiers', `${list.site(site)} has no transport server: ${skipped}`);
      } else if (!inboundMail) {
        list.decided('AS-07', 'tiers', `InboundMailEnabled of ${list.site(site)} is off: ${skipped}`);
      }
    }
  }

  /** UN-04: decides where somebody behind the hub could take the message. */
  #explainBackoffFromHub(): void {
    const { topology } = this.#view;
    const { hubSite, path } = this.#hop;
    const list = this.#list;
    const behind = path.sites
      .slice(path.sites.indexOf(hubSite) + 1, -1)
      .filter((site) => receiversInSite(topology, site).length > 0);
    if (behind.length === 0) return;
    const text = `behind the hub ${list.site(hubSite)} nobody is tried, so not ${list.sites(behind)}`;
    list.decided('UN-04', 'tiers', text);
  }

  /** IV-01: decides where a 2013 server would not queue by site. */
  #explainQueue(): void {
    const { server, hubSite, key } = this.#hop;
    const { version, majorVersion } = this.#view.topology.servers[server]!;
    if (majorVersion === 15) return;
    const isOwnWay = hubSite === -1 && this.#group.reference.kind !== 'ad-site';
    const text = `a hub of ${version} knows no delivery groups, it queues by site: ${key.deliveryType} ${key.nextHopDomain}`;
    this.#list.note(isOwnWay, 'IV-01', 'queue', text);
  }

  /** UN-15. */
  #explainVersions(): void {
    const older = this.#hop.tiers
      .filter(({ reason }) => reason === 'primary-site-servers' || reason === 'backoff')
      .flatMap(({ servers }) => servers)
      .filter((server) => this.#view.topology.servers[server]!.majorVersion !== 15);
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
