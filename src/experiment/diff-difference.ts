import type {
  ChangedAspect,
  DeliveryGroupReference,
  NextHop,
  RouteChange,
  RoutingTables,
  SizedAnswers,
} from '../routing/index.js';
import { type NamedRoute, nameRoute } from './diff-route.js';
import type { NamedTier } from './route-answer.js';

interface Both<A extends ChangedAspect, T> {
  readonly aspect: A;
  readonly before: T;
  readonly after: T;
}

/** How messages of some sizes end here: by a way, returned, or in the Unreachable queue. */
export interface RouteEnd {
  readonly outcome: NamedRoute['outcome'];
  /** The connector, of outside addresses. */
  readonly connector: string | null;
  /** The text of the NDR. */
  readonly ndr: string | null;
}

/** The first is that of the smallest messages, above -1. */
export interface SizedEnd extends RouteEnd {
  readonly aboveBytes: number;
}

/**
 * One aspect of a route, before and after: no more of it than differs, so that routes with nothing else in common can
 * have the same difference.
 */
export type RouteDifference =
  | Both<'outcome', RouteEnd>
  | Both<'connector', { readonly name: string; readonly addressSpaceCost: number | null }>
  | Both<'group', DeliveryGroupReference>
  | Both<'primary-site', string>
  /** The stretch that differs, from where the paths part to where they meet again; empty: only the cost does. */
  | (Both<'path', readonly string[]> & { readonly costChange: number })
  | Both<'hub', string | null>
  /** `nextHopDomain` null: the destination's own name. */
  | Both<'queue', { readonly deliveryType: string; readonly nextHopDomain: string | null }>
  /** Those that are not the same, in order; all where only the order differs. No servers: the source itself. */
  | Both<'tiers', readonly NamedTier[]>
  | Both<'proxy', readonly string[] | null>
  | Both<'size', readonly SizedEnd[]>;

/** What differs in a change, and what follows from that. */
export interface Differences {
  /** The aspects that the others follow from; all of them where none does. Empty: the routes are new or gone. */
  readonly causes: readonly RouteDifference[];
  readonly consequences: readonly RouteDifference[];
  /** Of the paths; null where these are as before, or not both known. */
  readonly costs: readonly [before: number, after: number] | null;
}

/** Each decides those after it: another connector has another group, another primary site another path. */
const decidingOrder: readonly (readonly ChangedAspect[])[] = [
  ['outcome'],
  ['connector'],
  ['group'],
  ['primary-site'],
  ['path', 'hub'],
  ['queue', 'tiers'],
];

/** Follow from nothing, and nothing follows from them. */
const independent: readonly ChangedAspect[] = ['proxy', 'size'];

/** The aspects among those that changed that the others follow from. */
export function causesAmong(changed: readonly ChangedAspect[]): readonly ChangedAspect[] {
  const first = decidingOrder.find((aspects) => aspects.some((aspect) => changed.includes(aspect))) ?? [];
  return changed.filter((aspect) => first.includes(aspect) || independent.includes(aspect));
}

/** Works out what the routes of a change have become; nothing for routes that are new or gone. */
export function differencesOf(
  tablesBefore: RoutingTables,
  tablesAfter: RoutingTables,
  { before, after, changed, destinations }: RouteChange,
): Differences {
  if (before === null || after === null) return { causes: [], consequences: [], costs: null };
  const [destination] = destinations;
  const nameAll = (tables: RoutingTables, answers: SizedAnswers) =>
    answers.map((answer) => nameRoute(tables, destination!, answer));
  const old = nameAll(tablesBefore, before);
  const now = nameAll(tablesAfter, after);
  const whole = new WholeDifference(destination!.name, [
    { routes: old, answers: before },
    { routes: now, answers: after },
  ]);
  const causes = causesAmong(changed);
  const consequences = changed.filter((aspect) => !causes.includes(aspect));
  return {
    causes: causes.map((aspect) => whole.of(aspect)),
    consequences: consequences.map((aspect) => whole.of(aspect)),
    costs: changed.includes('path') ? [old[0]!.path!.cost, now[0]!.path!.cost] : null,
  };
}

interface NamedSide {
  readonly routes: readonly NamedRoute[];
  readonly answers: SizedAnswers;
}

class WholeDifference {
  readonly #destination: string;
  readonly #sides: readonly [NamedSide, NamedSide];

  constructor(destination: string, sides: readonly [NamedSide, NamedSide]) {
    this.#destination = destination;
    this.#sides = sides;
  }

  of(aspect: ChangedAspect): RouteDifference {
    const [old, now] = [this.#sides[0].routes[0]!, this.#sides[1].routes[0]!];
    switch (aspect) {
      case 'outcome':
        return { aspect, before: endOf(old), after: endOf(now) };
      case 'connector':
        return { aspect, before: connectorOf(old), after: connectorOf(now) };
      case 'group':
        return { aspect, before: old.destinationGroup!, after: now.destinationGroup! };
      case 'primary-site':
        return { aspect, before: old.primarySite!, after: now.primarySite! };
      case 'path':
        return {
          aspect,
          ...differingStretch(old.path!.sites, now.path!.sites),
          costChange: now.path!.cost - old.path!.cost,
        };
      case 'hub':
        return { aspect, before: old.hubSite, after: now.hubSite };
      case 'queue':
        return { aspect, before: this.#queueOf(old), after: this.#queueOf(now) };
      case 'tiers':
        return { aspect, ...differingTiers(this.#tiersOf(0), this.#tiersOf(1)) };
      case 'proxy':
        return { aspect, before: old.proxy?.servers ?? null, after: now.proxy?.servers ?? null };
      case 'size':
        return { aspect, before: sizedEnds(this.#sides[0]), after: sizedEnds(this.#sides[1]) };
    }
  }

  #queueOf({ queue }: NamedRoute) {
    const { deliveryType, nextHopDomain } = queue!;
    // By DNS the queue has the domain's name, by a database its own: the other end of either is not of interest.
    const isOwn = nextHopDomain === this.#destination || deliveryType === 'DnsConnectorDelivery';
    return { deliveryType, nextHopDomain: isOwn ? null : nextHopDomain };
  }

  #tiersOf(side: 0 | 1): readonly NamedTier[] {
    const { routes, answers } = this.#sides[side];
    const { tiers } = routes[0]!;
    return isBySource(answers[0]!.hop) ? tiers.map((tier) => ({ ...tier, servers: [] })) : tiers;
  }
}

/** Whether a server sends by a connector itself. */
function isBySource(hop: NextHop | null): boolean {
  return hop !== null && hop.kind === 'outside';
}

function endOf({ outcome, destination, ndr }: NamedRoute): RouteEnd {
  const connector = destination?.kind === 'connector' && outcome === 'route' ? destination.name : null;
  return { outcome, connector, ndr: ndr?.text ?? null };
}

function connectorOf({ destination, addressSpaceCost }: NamedRoute) {
  return { name: destination!.name, addressSpaceCost: addressSpaceCost ?? null };
}

function sizedEnds({ routes, answers }: NamedSide): readonly SizedEnd[] {
  return routes.map((route, place) => ({ aboveBytes: answers[place]!.aboveBytes, ...endOf(route) }));
}

/** Leaves out what two paths have in common at either end, but for the last common site of each. */
function differingStretch(
  before: readonly string[],
  after: readonly string[],
): { readonly before: readonly string[]; readonly after: readonly string[] } {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  if (start === before.length && start === after.length) return { before: [], after: [] };
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const stretch = (sites: readonly string[]) =>
    sites.slice(Math.max(0, start - 1), sites.length - Math.max(0, end - 1));
  return { before: stretch(before), after: stretch(after) };
}

function differingTiers(
  before: readonly NamedTier[],
  after: readonly NamedTier[],
): { readonly before: readonly NamedTier[]; readonly after: readonly NamedTier[] } {
  // Names hold no line ends.
  const identity = ({ reason, site, servers }: NamedTier) => `${reason}\n${site}\n${servers.join('\n')}`;
  const [old, now] = [new Set(before.map(identity)), new Set(after.map(identity))];
  const gone = before.filter((tier) => !now.has(identity(tier)));
  const come = after.filter((tier) => !old.has(identity(tier)));
  return gone.length === 0 && come.length === 0 ? { before, after } : { before: gone, after: come };
}
