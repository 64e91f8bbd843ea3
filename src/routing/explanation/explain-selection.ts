import { compareNames } from '../../topology/index.js';
import { type DeliveryGroup, receiversInSite } from '../delivery-group.js';
import type { SitePaths } from '../least-cost-path.js';
import type { TierReason } from '../next-hop.js';
import type { ProxyService, TransportSelection } from '../routing-tables.js';
import { byNearness, distanceText, tieBreak } from './explain-nearness.js';
import { listed, type OutcomeList } from './outcome-list.js';
import type { RoutingView } from './routing-view.js';

/** A selection, and what it was made from. */
export interface ExplainedSelection {
  readonly service: ProxyService;
  readonly server: number;
  /** The databases of the mailbox recipients that count, at most 20. */
  readonly databases: readonly number[];
  /** Mailbox recipients of the message, those that do not count too. */
  readonly mailboxCount: number;
  /** Whether those that do not count would have led elsewhere. */
  readonly othersMatter: boolean;
  readonly selection: TransportSelection;
  /** DC-02: this server keeps to its own site. */
  readonly staysInSite: boolean;
}

/** A group that mailboxes belong to, and the nearest of its sites. */
interface Place {
  readonly group: DeliveryGroup;
  readonly nearest: number;
}

/** Why Front End Transport or Mailbox Transport Submission chooses the servers it chooses: RT-45 to RT-54, UN-12 to UN-14. */
export class SelectionExplanation {
  readonly #list: OutcomeList;
  readonly #view: RoutingView;
  readonly #question: ExplainedSelection;
  readonly #source: number;
  readonly #isFrontEnd: boolean;

  constructor(list: OutcomeList, view: RoutingView, question: ExplainedSelection) {
    this.#list = list;
    this.#view = view;
    this.#question = question;
    this.#source = view.topology.servers[question.server]!.site;
    this.#isFrontEnd = question.service === 'front-end';
  }

  explain(): void {
    const { groups } = this.#view.groups;
    const { server, databases, mailboxCount } = this.#question;
    const list = this.#list;
    if (this.#isFrontEnd) {
      list.considered('RT-45', 'group', 'Front End Transport is in no delivery group and has no connectors');
    } else {
      const group = groups[this.#view.groups.localGroup[server]!]!;
      list.considered('RT-51', 'group', `the local delivery group is ${group.name}`);
    }
    const [rule, where] = this.#isFrontEnd
      ? ['RT-49', `any server of ${list.site(this.#source)}`]
      : ['RT-54', 'a server of the local delivery group'];
    if (mailboxCount === 0) {
      list.decided(rule, 'tiers', `no recipient has a mailbox: ${where}`);
    } else {
      if (mailboxCount > databases.length) {
        const text = `of ${mailboxCount} mailbox recipients the first ${databases.length} count`;
        list.note(this.#question.othersMatter, this.#severalRule, 'group', text);
        list.considered('UN-13', 'group', 'recipients without a mailbox are not counted among them');
      }
      this.#explainGroup();
    }
    this.#explainTiers();
  }

  get #severalRule(): string {
    return this.#isFrontEnd ? 'RT-48' : 'RT-54';
  }

  get #oneRule(): string {
    return this.#isFrontEnd ? 'RT-47' : 'RT-54';
  }

  #explainGroup(): void {
    const { paths, plainPaths } = this.#view;
    const list = this.#list;
    const involved = this.#involvedGroups();
    const places = this.#placesByNearness(paths);
    const [first, second] = places;
    const rule = involved.length === 1 ? this.#oneRule : this.#severalRule;
    if (first === undefined) {
      const names = listed(involved.map(({ name }) => name));
      list.decided(rule, 'group', `no server is in reach for ${names}`);
      return;
    }
    const texts = places.map(
      ({ group, nearest }) => `${group.name} in ${distanceText(list, paths, this.#source, nearest)}`,
    );
    const chosen = first.group.name;
    if (second === undefined) {
      const others = involved.length > 1 ? ', the only group in reach' : '';
      const belong = this.#question.mailboxCount === 1 ? 'the mailbox belongs' : 'the mailboxes belong';
      list.decided(rule, 'group', `${belong} to ${texts[0]!}${others}`);
    } else {
      list.decided(rule, 'group', `nearest of ${listed(texts)}: ${chosen}`);
      if (first.nearest === second.nearest) {
        const text = `${chosen} is as near as ${second.group.name}, but the lower name`;
        list.decided('UN-14', 'group', text);
      } else {
        const tie = tieBreak(list, paths, this.#source, first.nearest, second.nearest, 'UN-14');
        if (tie !== undefined) list.decided(tie.rule, 'group', tie.text);
      }
    }
    if (plainPaths !== undefined) {
      const plain = this.#placesByNearness(plainPaths)[0]!;
      if (plain.group !== first.group || plain.nearest !== first.nearest) {
        const other = `${plain.group.name} in ${list.site(plain.nearest)}`;
        list.decided('AS-03', 'group', `by the costs of Active Directory the nearest would be ${other}`);
      }
    }
    this.#explainWay(first.group, first.nearest);
  }

  /** Where the service would go, and what stands on the way: UN-12, DC-02, RT-34, RT-35. */
  #explainWay(group: DeliveryGroup, nearest: number): void {
    const { topology, paths } = this.#view;
    const { server, selection, staysInSite } = this.#question;
    const list = this.#list;
    const isLegacy = this.#isLegacy(group);
    const targets = isLegacy
      ? byNearness(paths, nearest, this.#sitesOf2013()).slice(0, 1)
      : byNearness(
          paths,
          this.#source,
          group.receivers.map(({ site }) => site),
        );
    const target = targets[0]!;
    if (isLegacy) {
      const legacy = `hubs of older versions are not asked, but the 2013 servers nearest to ${group.name}, those of ${list.site(target)}`;
      list.decided('UN-12', 'tiers', legacy);
    }
    if (staysInSite) {
      const text = `submission keeps to ${list.site(this.#source)}: ${list.server(server)} is in no DAG of several sites`;
      const changesNothing = targets.every((site) => site === this.#source);
      list.note(!changesNothing, 'DC-02', 'tiers', text);
      return;
    }
    const stop = selection.tiers[0]!.site;
    if (stop !== target) {
      const text = `${list.site(stop)} is the first hub on the path to ${list.site(target)}: a server there is asked`;
      list.decided('RT-34', 'hub', text);
    } else if (topology.sites[target]!.hub && target !== this.#source) {
      const text = `${list.site(target)} is a hub itself: of the group its servers alone are asked, before the others there`;
      list.decided('RT-35', 'hub', text);
    }
  }

  #explainTiers(): void {
    const { tiers } = this.#question.selection;
    const list = this.#list;
    for (const [place, { reason, site, servers }] of tiers.entries()) {
      const [rule, what] = tierRules[reason] ?? ['RT-47', ''];
      const own = rule === 'RT-47' ? this.#oneRule : rule;
      const order = place === 0 ? 'first' : 'then';
      list.decided(own, 'tiers', `${order}${what}: ${list.servers(servers)} in ${list.site(site)}`);
    }
  }

  /** The groups of the mailboxes that count. */
  #involvedGroups(): readonly DeliveryGroup[] {
    const { groups, ofDatabase } = this.#view.groups;
    const involved = new Set(this.#question.databases.map((database) => ofDatabase[database]!));
    return [...involved].map((index) => groups[index]!);
  }

  /** Those of them that take mail and are in reach, nearest first. */
  #placesByNearness(paths: SitePaths): readonly Place[] {
    const source = this.#source;
    return this.#involvedGroups()
      .flatMap((group): Place[] => {
        const sites = this.#hasTargets(group) ? group.receivers.map(({ site }) => site) : [];
        const [nearest] = byNearness(paths, source, sites);
        return nearest === undefined ? [] : [{ group, nearest }];
      })
      .sort(
        (a, b) =>
          paths.cost(source, a.nearest) - paths.cost(source, b.nearest) ||
          paths.hops(source, a.nearest) - paths.hops(source, b.nearest) ||
          a.nearest - b.nearest ||
          compareNames(a.group.name, b.group.name),
      );
  }

  /** For mailboxes of older versions there have to be 2013 servers somewhere near them. */
  #hasTargets(group: DeliveryGroup): boolean {
    const [home] = group.receivers;
    return (
      home !== undefined &&
      (!this.#isLegacy(group) || byNearness(this.#view.paths, home.site, this.#sitesOf2013()).length > 0)
    );
  }

  #isLegacy({ serves }: DeliveryGroup): boolean {
    return this.#view.topology.databases[serves.databases[0]!]!.majorVersion !== 15;
  }

  #sitesOf2013(): readonly number[] {
    const { topology } = this.#view;
    return topology.sites
      .map(({ index }) => index)
      .filter((site) =>
        receiversInSite(topology, site).some((server) => topology.servers[server]!.majorVersion === 15),
      );
  }
}

const tierRules: Readonly<Partial<Record<TierReason, readonly [rule: string, what: string]>>> = {
  'hub-site-servers': ['RT-35', ' the other servers of the hub site'],
  'other-group-servers': ['RT-47', ' the servers of the group farther away'],
  'local-site-servers': ['RT-45', ' the list of local servers, for fast failover'],
  'local-group-servers': ['RT-52', ' the local delivery group'],
};
