import { sizeText } from '../explanation/outcome-list.js';
import type { DeliveryGroupKindName, NextHop } from '../next-hop.js';
import { ConnectorReasons } from './connector-reasons.js';
import type { DiffDestination } from './diff-destinations.js';
import type { DiffSide } from './diff-side.js';
import type { Matched, Translation } from './matching.js';
import { PathReasons } from './path-reasons.js';
import { type ChangeReason, ReasonList } from './reason-list.js';
import { RelayReasons } from './relay-reasons.js';
import type { ChangedAspect, RouteComparison, SizeSpan } from './route-comparison.js';
import type { SizedAnswers } from './sized-answers.js';

const groupRules: Readonly<Record<DeliveryGroupKindName, string>> = {
  'routable-dag': 'RT-19',
  'mailbox-delivery-group': 'RT-20',
  'connector-source-servers': 'RT-22',
  'ad-site': 'RT-23',
  'server-list': 'RT-25',
};

/**
 * Says by which rules a route is another than before. The question is always what speaks against the old choice in the
 * new organization: the path that is dearer now, the connector that is disabled. That is not quite what explains the new
 * route, which has to beat the best of all others.
 */
export class ChangeReasons {
  readonly #before: DiffSide;
  readonly #after: DiffSide;
  readonly #comparison: RouteComparison;
  readonly #connectors: ConnectorReasons;
  readonly #paths: PathReasons;
  readonly #relays: RelayReasons;

  constructor(before: DiffSide, after: DiffSide, translation: Translation, comparison: RouteComparison) {
    this.#before = before;
    this.#after = after;
    this.#comparison = comparison;
    this.#connectors = new ConnectorReasons(before, after);
    this.#paths = new PathReasons(before, after, translation);
    this.#relays = new RelayReasons(before, after, translation, comparison);
  }

  /**
   * @param changed - what `RouteComparison.changedAspects` says of the two
   * @returns at least one for each aspect that changed
   */
  explain(
    source: Matched,
    destination: DiffDestination,
    before: SizedAnswers,
    after: SizedAnswers,
    changed: readonly ChangedAspect[],
  ): readonly ChangeReason[] {
    const list = new ReasonList();
    const base: SizeSpan = { aboveBytes: -1, before: before[0]!, after: after[0]! };
    if (changed.includes('outcome')) this.#explainOutcome(list, source, destination, base);
    if (changed.includes('group')) {
      const { kind, name } = base.after.group!;
      list.add(groupRules[kind], 'group', `the delivery group is ${name}`);
    }
    const { hop: old } = base.before;
    const { hop } = base.after;
    if (old !== null && hop !== null) this.#explainHop(list, source, destination, base, changed, old, hop);
    for (const span of this.#comparison.sizeChanges(before, after)) {
      this.#explainSize(list, source, destination, span, base);
    }
    return list.reasons;
  }

  #explainOutcome(list: ReasonList, source: Matched, destination: DiffDestination, base: SizeSpan): void {
    if (destination.kind === 'address-space') {
      this.#connectors.explain(list, source, destination, base, 'outcome');
      return;
    }
    const isNow = base.after.hop === null;
    const { explainer } = (isNow ? this.#after : this.#before).tables;
    const index = isNow ? destination.after : destination.before;
    for (const { rule, text } of explainer.unreachable(destination.kind, index)) {
      list.add(rule, 'outcome', isNow ? text : `before, ${text}`);
    }
  }

  #explainHop(
    list: ReasonList,
    source: Matched,
    destination: DiffDestination,
    base: SizeSpan,
    changed: readonly ChangedAspect[],
    old: NextHop,
    hop: NextHop,
  ): void {
    const has = (aspect: ChangedAspect) => changed.includes(aspect);
    if (has('connector') && destination.kind === 'address-space') {
      this.#connectors.explain(list, source, destination, base, 'connector');
    }
    const { name } = hop.destinationGroup;
    if ((old.kind === 'relay') !== (hop.kind === 'relay')) {
      this.#explainMembership(list, changed, old, hop);
      return;
    }
    if (has('primary-site')) {
      if (!has('group')) this.#relays.explainPrimarySite(list, old, hop);
      else list.add('RT-33', 'primary-site', `${this.#siteName(hop)} is the nearest site of ${name}`);
    }
    if (has('path')) {
      if (has('primary-site')) {
        const text = `${this.#siteName(hop)} is at cost ${hop.path.cost}, by ${this.#way(hop)}`;
        list.add('RT-30', 'path', text);
      } else {
        this.#paths.explain(list, old, hop);
      }
    }
    if (has('hub')) this.#relays.explainHub(list, old, hop);
    if (has('tiers')) this.#relays.explainTiers(list, old, hop);
    if (has('queue')) this.#explainQueue(list, hop);
    if (has('proxy')) this.#explainProxy(list, old, hop);
  }

  /** RT-16: a source inside the group, which it was not, or is not any more. */
  #explainMembership(list: ReasonList, changed: readonly ChangedAspect[], old: NextHop, hop: NextHop): void {
    const isMember = hop.kind !== 'relay';
    const text = isMember
      ? `now a member of ${hop.destinationGroup.name}: the destination itself is the next hop`
      : `no member of ${old.destinationGroup.name} any more, so it relays`;
    for (const aspect of changed) {
      if (aspect === 'connector' || aspect === 'group' || aspect === 'size') continue;
      list.add(isMember ? 'RT-16' : 'RT-18', aspect, text);
    }
  }

  #explainQueue(list: ReasonList, { key, hubSite, primarySite }: NextHop): void {
    const { deliveryType, nextHopDomain } = key;
    const text = `the queue is ${deliveryType} "${nextHopDomain}"`;
    if (hubSite === primarySite) list.add('UN-05', 'queue', text);
    else if (deliveryType === 'DnsConnectorDelivery') list.add('QU-06', 'queue', text);
    else if (deliveryType === 'SmtpRelayToMailboxDeliveryGroup' && nextHopDomain.endsWith(';Version:15')) {
      list.add('QU-05', 'queue', text);
    } else list.add('QU-04', 'queue', text);
  }

  #explainProxy(list: ReasonList, old: NextHop, hop: NextHop): void {
    const rule = hop.kind === 'relay' ? 'DC-13' : 'RT-43';
    const { servers } = this.#after.topology;
    const names = hop.proxyServers?.map((server) => servers[server]!.name);
    const text =
      names === undefined
        ? 'no Front End Transport in between any more'
        : old.proxyServers === null
          ? 'by a Front End Transport now'
          : `the Front End Transports in between are ${names.join(', ')}`;
    list.add(rule, 'proxy', text);
  }

  #explainSize(
    list: ReasonList,
    source: Matched,
    destination: DiffDestination,
    span: SizeSpan,
    base: SizeSpan,
  ): void {
    for (const side of ['before', 'after'] as const) {
      const { outcome, hop } = span[side];
      if (outcome !== 'ndr' || hop === null) continue;
      const tense = side === 'before' ? 'took' : 'take';
      const limit = sizeText(hop.maxMessageSizeBytes);
      list.add('AS-05', 'size', `the links on the path ${tense} messages up to ${limit} only`);
    }
    const { before, after } = span;
    if (before.hop !== null && after.hop !== null && before.outcome === after.outcome) {
      // Larger messages go another way than small ones, and that way is another than before.
      const own = new ReasonList();
      const all = this.#comparison.changedAspects([before], [after]);
      const changed: readonly ChangedAspect[] = all.includes('connector') ? ['connector'] : all;
      this.#explainHop(own, source, destination, span, changed, before.hop, after.hop);
      for (const { rule, text } of own.reasons) list.add(rule, 'size', text);
    } else if (destination.kind === 'address-space') {
      this.#connectors.explain(list, source, destination, span, 'size');
    }
    if (destination.kind === 'address-space') {
      this.#connectors.explainSpecificity(list, source, destination, span, base);
    }
  }

  #siteName({ primarySite }: NextHop): string {
    return this.#after.topology.sites[primarySite]!.name;
  }

  #way({ path }: NextHop): string {
    return path.sites.map((site) => this.#after.topology.sites[site]!.name).join(' > ');
  }
}
