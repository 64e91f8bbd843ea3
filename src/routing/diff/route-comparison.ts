import type { DeliveryGroupReference, NextHop, NextHopSolutionKey, Tier } from '../next-hop.js';
import type { DiffSide } from './diff-side.js';
import { isSameName, type Translation } from './matching.js';
import type { SizedAnswer, SizedAnswers } from './sized-answers.js';

/** What of a route can change. */
export type ChangedAspect =
  | 'outcome'
  /** Which connector is used, or the cost of the address space. */
  | 'connector'
  /** The delivery group of the destination. */
  | 'group'
  | 'primary-site'
  /** The sites passed or their cost. */
  | 'path'
  /** The next hub, and with it the group aimed at. */
  | 'hub'
  | 'queue'
  | 'tiers'
  /** The front ends in between. */
  | 'proxy'
  /** What happens to larger messages. */
  | 'size';

/** A span of message sizes that both sides treat in one way each. */
export interface SizeSpan {
  readonly aboveBytes: number;
  readonly before: SizedAnswer;
  readonly after: SizedAnswer;
}

/** Compares routes of two organizations as `route` shows them: by names, without regard to case (UN-02). */
export class RouteComparison {
  readonly #before: DiffSide;
  readonly #after: DiffSide;
  readonly #translation: Translation;

  constructor(before: DiffSide, after: DiffSide, translation: Translation) {
    this.#before = before;
    this.#after = after;
    this.#translation = translation;
  }

  /** What differs for messages of some size, in the order of `ChangedAspect`; empty: nothing. */
  changedAspects(before: SizedAnswers, after: SizedAnswers): readonly ChangedAspect[] {
    const base = this.#compare(before[0]!, after[0]!);
    return this.sizeChanges(before, after).length === 0 ? base : [...base, 'size'];
  }

  /** The sizes whose answers differ in another way than those of the smallest messages. */
  sizeChanges(before: SizedAnswers, after: SizedAnswers): readonly SizeSpan[] {
    return largerSpans(before, after).filter((span) => {
      if (span.before.outcome !== span.after.outcome) return true;
      const isOther = span.before.hop !== before[0]!.hop || span.after.hop !== after[0]!.hop;
      return isOther && this.#compare(span.before, span.after).length > 0;
    });
  }

  #compare(before: SizedAnswer, after: SizedAnswer): readonly ChangedAspect[] {
    const isSameEnd = before.outcome === after.outcome && before.ndr?.text === after.ndr?.text;
    const changed: ChangedAspect[] = isSameEnd ? [] : ['outcome'];
    if (before.hop !== null && after.hop !== null) {
      changed.push(...this.#compareWays(before.hop, after.hop));
      // What both return for its size waits in no queue, and nobody is tried.
      if (before.outcome === 'route') {
        changed.push(...this.#compareSending(before.hop, after.hop));
      }
    } else if (before.group !== null && after.group !== null && !isSameGroup(before.group, after.group)) {
      changed.push('group');
    }
    return changed;
  }

  #compareWays(before: NextHop, after: NextHop): readonly ChangedAspect[] {
    const translation = this.#translation;
    const changed: ChangedAspect[] = [];
    const sameConnector =
      isSameName(before.destination.name, after.destination.name) &&
      before.addressSpaceCost === after.addressSpaceCost;
    if (!sameConnector) changed.push('connector');
    if (!isSameGroup(before.destinationGroup, after.destinationGroup)) changed.push('group');
    if (!translation.isSameSite(before.primarySite, after.primarySite)) changed.push('primary-site');
    const [path, otherPath] = [before.path, after.path];
    if (path.cost !== otherPath.cost || !translation.areSameSites(path.sites, otherPath.sites)) {
      changed.push('path');
    }
    // What is aimed at is the hub's site, or without a hub the destination's group, which is compared above.
    if (!translation.isSameSite(before.hubSite, after.hubSite)) changed.push('hub');
    return changed;
  }

  #compareSending(before: NextHop, after: NextHop): readonly ChangedAspect[] {
    const changed: ChangedAspect[] = [];
    if (!isSameQueue(before.key, after.key)) changed.push('queue');
    if (!this.#areSameTiers(presentTiers(this.#before, before), presentTiers(this.#after, after))) {
      changed.push('tiers');
    }
    if (!this.#isSameProxy(before.proxyServers, after.proxyServers)) changed.push('proxy');
    return changed;
  }

  #areSameTiers(before: readonly Tier[], after: readonly Tier[]): boolean {
    return (
      before.length === after.length && before.every((tier, place) => this.isSameTier(tier, after[place]!))
    );
  }

  isSameTier(before: Tier, after: Tier): boolean {
    return (
      before.reason === after.reason &&
      this.#translation.isSameSite(before.site, after.site) &&
      this.#translation.areSameServers(before.servers, after.servers)
    );
  }

  #isSameProxy(before: readonly number[] | null, after: readonly number[] | null): boolean {
    if (before === null || after === null) return before === after;
    return this.#translation.areSameServers(before, after);
  }
}

/** Of the tiers of a next hop those that `route` shows: of a mailbox only the server with the active copy. */
export function presentTiers({ topology }: DiffSide, hop: NextHop): readonly Tier[] {
  if (hop.kind !== 'mailbox') return hop.tiers;
  const active = topology.databases[hop.destination.index]!.copies[0]!;
  return [{ reason: 'target-servers', site: topology.servers[active]!.site, servers: [active] }];
}

/** Cuts the sizes wherever one side's answer changes. Left out are the smallest messages, up to the first cut. */
function largerSpans(before: SizedAnswers, after: SizedAnswers): readonly SizeSpan[] {
  const spans: SizeSpan[] = [];
  let [b, a] = [0, 0];
  for (;;) {
    const nextBefore = before[b + 1]?.aboveBytes ?? Number.POSITIVE_INFINITY;
    const nextAfter = after[a + 1]?.aboveBytes ?? Number.POSITIVE_INFINITY;
    const aboveBytes = Math.min(nextBefore, nextAfter);
    if (aboveBytes === Number.POSITIVE_INFINITY) return spans;
    if (nextBefore === aboveBytes) b++;
    if (nextAfter === aboveBytes) a++;
    spans.push({ aboveBytes, before: before[b]!, after: after[a]! });
  }
}

function isSameGroup(a: DeliveryGroupReference, b: DeliveryGroupReference): boolean {
  return a.kind === b.kind && isSameName(a.name, b.name);
}

function isSameQueue(a: NextHopSolutionKey, b: NextHopSolutionKey): boolean {
  return (
    a.deliveryType === b.deliveryType &&
    isSameName(a.nextHopDomain, b.nextHopDomain) &&
    isSameName(a.nextHopConnector ?? '', b.nextHopConnector ?? '')
  );
}
