import { listed } from '../explanation/outcome-list.js';
import type { NextHop, Tier, TierReason } from '../next-hop.js';
import type { DiffSide } from './diff-side.js';
import type { Translation } from './matching.js';
import type { ReasonList } from './reason-list.js';
import { presentTiers, type RouteComparison } from './route-comparison.js';

/** Why the primary site, the hub or the servers to try are other ones (RT-33 to RT-41, AS-07, UN-01, UN-03). */
export class RelayReasons {
  readonly #before: DiffSide;
  readonly #after: DiffSide;
  readonly #translation: Translation;
  readonly #comparison: RouteComparison;

  constructor(before: DiffSide, after: DiffSide, translation: Translation, comparison: RouteComparison) {
    this.#before = before;
    this.#after = after;
    this.#translation = translation;
    this.#comparison = comparison;
  }

  /** Another site of the group is the nearest. */
  explainPrimarySite(list: ReasonList, before: NextHop, after: NextHop): void {
    const { topology, paths } = this.#after;
    const source = topology.servers[after.server]!.site;
    const { primarySite } = after;
    const name = this.#siteName(primarySite);
    const group = after.destinationGroup.name;
    const old = this.#translation.sites[before.primarySite]!;
    const oldName = this.#before.topology.sites[before.primarySite]!.name;
    if (!this.#hasReceivers(after, old)) {
      const isOff = topology.sites[old]?.inboundMail === false;
      if (isOff) list.add('AS-07', 'primary-site', `InboundMailEnabled of ${oldName} is off`);
      const text = `${group} has no servers that take mail in ${oldName} any more; ${name} is the nearest site`;
      list.add('RT-33', 'primary-site', text);
      return;
    }
    const [cost, oldCost] = [paths.cost(source, primarySite), paths.cost(source, old)];
    const nearer = `${name} is the nearest site of ${group}`;
    if (cost !== oldCost) {
      const reach = oldCost === Number.POSITIVE_INFINITY ? 'out of reach' : `at cost ${oldCost}`;
      list.add('RT-33', 'primary-site', `${nearer}: at cost ${cost}, ${oldName} ${reach}`);
      return;
    }
    list.add('RT-33', 'primary-site', nearer);
    const [hops, oldHops] = [paths.hops(source, primarySite), paths.hops(source, old)];
    const [last, oldLast] = [paths.siteBefore(source, primarySite), paths.siteBefore(source, old)];
    const both = `${name} and ${oldName} are both at cost ${cost}`;
    if (hops !== oldHops) {
      list.add('RT-31', 'primary-site', `${both}; hops ${hops} and ${oldHops}`);
    } else if (last !== oldLast) {
      const names = `${this.#siteName(last)} on the way is lower than ${this.#siteName(oldLast)}`;
      list.add('RT-32', 'primary-site', `${both}, ${hops} hops away; ${names}`);
    } else {
      list.add('UN-01', 'primary-site', `${both} by the same site; ${name} is the lower name`);
    }
  }

  explainHub(list: ReasonList, before: NextHop, after: NextHop): void {
    const { topology } = this.#after;
    if (before.hubSite !== -1) {
      const old = this.#translation.sites[before.hubSite]!;
      const name = this.#before.topology.sites[before.hubSite]!.name;
      const site = topology.sites[old];
      if (!after.path.sites.includes(old)) {
        list.add('RT-36', 'hub', `${name} is not on the path any more`);
      } else if (!site!.hub) {
        list.add('RT-34', 'hub', `${name} is no hub any more`);
      } else if (site!.transportServers.length === 0) {
        list.add('UN-03', 'hub', `hub ${name} has no transport server any more`);
      } else if (!site!.inboundMail) {
        list.add('AS-07', 'hub', `InboundMailEnabled of hub ${name} is off`);
      }
    }
    if (after.hubSite === -1) return;
    const hub = this.#siteName(after.hubSite);
    const there = this.#translation.sites.indexOf(after.hubSite);
    const isNew = this.#before.topology.sites[there]?.hub !== true;
    list.add(
      'RT-34',
      'hub',
      isNew ? `${hub} is a hub now, on the path` : `${hub} is the first hub on the path`,
    );
    if (after.hubSite === after.primarySite) {
      list.add('RT-35', 'hub', `${hub} is the primary site itself: its servers only are tried`);
    }
  }

  /** What is tried otherwise than before, by the rules of the tiers. */
  explainTiers(list: ReasonList, before: NextHop, after: NextHop): void {
    if (after.kind === 'mailbox') {
      const active = this.#written(this.#after, presentTiers(this.#after, after)[0]!);
      list.add('RT-05', 'tiers', `the active copy is on ${active}`);
      return;
    }
    const [old, now] = [presentTiers(this.#before, before), presentTiers(this.#after, after)];
    const gone = old.filter((tier) => !now.some((each) => this.#comparison.isSameTier(tier, each)));
    const come = now.filter((tier) => !old.some((each) => this.#comparison.isSameTier(each, tier)));
    for (const reason of reasonsInOrder) {
      const own = come.filter((tier) => tier.reason === reason);
      if (own.length === 0 && !gone.some((tier) => tier.reason === reason)) continue;
      const left = now.filter((tier) => tier.reason === reason);
      this.#explainTier(list, reason, after, own, left);
    }
    if (gone.length === 0 && come.length === 0) this.#explainOrder(list, old, now);
    this.#explainInboundMail(list, gone, come);
  }

  /** @param left - all tiers of the reason; `come` are those of them that are new */
  #explainTier(
    list: ReasonList,
    reason: TierReason,
    after: NextHop,
    come: readonly Tier[],
    left: readonly Tier[],
  ): void {
    const name = after.destinationGroup.name;
    const servers = come.map((tier) => this.#written(this.#after, tier)).join('; ');
    const rest = left.map((tier) => this.#written(this.#after, tier)).join('; ');
    switch (reason) {
      case 'target-servers': {
        const rule = targetRule(this.#after, after);
        list.add(rule, 'tiers', servers === '' ? 'no target servers any more' : `the targets are ${servers}`);
        return;
      }
      case 'hub-site-servers': {
        const none = 'no other servers of the hub site any more';
        list.add(
          'RT-35',
          'tiers',
          servers === '' ? none : `then the other servers of the hub site: ${servers}`,
        );
        return;
      }
      case 'other-group-servers': {
        const isHub = after.hubSite !== -1;
        const none = isHub
          ? `only the hub is tried, so no servers of ${name} elsewhere`
          : rest === ''
            ? `no servers of ${name} in other sites any more`
            : `then servers of ${name} elsewhere only: ${rest}`;
        const rule = isHub ? 'RT-34' : 'RT-38';
        list.add(rule, 'tiers', servers === '' ? none : `then servers of ${name} elsewhere: ${servers}`);
        return;
      }
      case 'primary-site-servers': {
        if (after.path.hops === 0) {
          list.add('RT-39', 'tiers', `${name} has a server in the own site: no further fallback`);
          return;
        }
        const none = 'no other servers of the primary site any more';
        list.add(
          'RT-40',
          'tiers',
          servers === '' ? none : `then other servers of the primary site: ${servers}`,
        );
        return;
      }
      default: {
        const none =
          rest === '' ? 'no back-off along the old path any more' : `then back along the path only: ${rest}`;
        list.add('RT-41', 'tiers', servers === '' ? none : `then back along the path: ${servers}`);
      }
    }
  }

  /** The same tiers in another order: of sites by their costs, or of sites on the way. */
  #explainOrder(list: ReasonList, old: readonly Tier[], now: readonly Tier[]): void {
    const explain = (rule: string, reason: TierReason, text: string) => {
      const [own, former] = [now, old].map((tiers) => tiers.filter((tier) => tier.reason === reason));
      if (own!.every((tier, place) => this.#comparison.isSameTier(former![place]!, tier))) return;
      const order = own!.map((tier) => this.#written(this.#after, tier)).join('; ');
      list.add(rule, 'tiers', `${text}: ${order}`);
    };
    explain('RT-38', 'other-group-servers', 'the order by cost is another');
    explain('RT-41', 'backoff', 'the order back along the path is another');
  }

  /** AS-07: the sites of these tiers whose InboundMailEnabled is another. */
  #explainInboundMail(list: ReasonList, gone: readonly Tier[], come: readonly Tier[]): void {
    const { sites } = this.#translation;
    for (const site of [...gone.map((tier) => tier.site), ...come.map((tier) => sites.indexOf(tier.site))]) {
      const before = this.#before.topology.sites[site]!;
      const after = this.#after.topology.sites[sites[site] ?? -1];
      if (after === undefined || before.inboundMail === after.inboundMail) continue;
      const text = `InboundMailEnabled of ${after.name} is ${after.inboundMail ? 'on' : 'off'} now`;
      list.add('AS-07', 'tiers', text);
    }
  }

  #hasReceivers({ destinationGroup }: NextHop, site: number): boolean {
    const { kind, name } = destinationGroup;
    const { groups } = this.#after.groups;
    const group = groups.find(({ reference }) => reference.kind === kind && reference.name === name);
    return group!.receivers.some((each) => each.site === site);
  }

  #siteName(site: number): string {
    return this.#after.topology.sites[site]!.name;
  }

  #written({ topology }: DiffSide, { site, servers }: Tier): string {
    return `${listed(servers.map((server) => topology.servers[server]!.name))} in ${topology.sites[site]!.name}`;
  }
}

const reasonsInOrder: readonly TierReason[] = [
  'target-servers',
  'hub-site-servers',
  'other-group-servers',
  'primary-site-servers',
  'backoff',
];

/** The rule that says who is tried first. */
function targetRule({ topology }: DiffSide, hop: NextHop): string {
  if (topology.servers[hop.server]!.isEdge) return hop.kind === 'relay' ? 'RT-60' : 'RT-56';
  if (hop.kind !== 'relay') return 'RT-16';
  if (hop.hubSite !== -1) return hop.hubSite === hop.primarySite ? 'RT-35' : 'RT-34';
  return hop.key.deliveryType === 'SmtpRelayWithinAdSiteToEdge' ? 'RT-23' : 'RT-37';
}
