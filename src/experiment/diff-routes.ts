import {
  type ChangedAspect,
  type ChangeReason,
  type DiffDestination,
  type RouteChange,
  RoutingDiff,
  type RoutingTables,
  type SourceChanges,
} from '../routing/index.js';
import { type DiffedRoute, RouteDescriber, type SharedRules } from './diff-route.js';

/** A destination that routes are compared for. */
export interface ComparedDestination {
  readonly kind: DiffDestination['kind'];
  /** Of outside addresses the address space, as connectors are given it. */
  readonly name: string;
  /** An outside address of that space, to ask `route` about. */
  readonly address?: string;
}

/** A route that is another one after: one entry of a `diff/1` answer (design section 3). */
export interface ChangedRoute {
  /** The source server's name. */
  readonly from: string;
  readonly destination: ComparedDestination;
  /** Null: there was no such source server or destination. */
  readonly before: DiffedRoute | null;
  /** Null: there is none any more. */
  readonly after: DiffedRoute | null;
  /** The rules that decided the change; of a route that is new or gone, those that decide or decided the route. */
  readonly rules: readonly string[];
  /** What of the route changed; empty where it is new or gone. */
  readonly changed: readonly ChangedAspect[];
  readonly reasons: readonly ChangeReason[];
}

/** What a comparison comes to. */
export interface DiffSummary {
  /** Source servers in either organization. */
  readonly sources: number;
  readonly destinations: number;
  /** Pairs of a source server and a destination that there are in either organization. */
  readonly routes: number;
  /** Routes that are in both organizations and differ. */
  readonly changed: number;
  readonly added: number;
  readonly removed: number;
  readonly addedSources: readonly string[];
  readonly removedSources: readonly string[];
  readonly addedDestinations: readonly ComparedDestination[];
  readonly removedDestinations: readonly ComparedDestination[];
}

/**
 * All routes that change between two organizations, one after another: sources by site and name, for each the
 * databases, the expansion servers and the outside addresses, by name. The generator returns the summary.
 * @param before - their topologies may have nothing in common but names
 */
export function* diffRoutes(
  before: RoutingTables,
  after: RoutingTables,
): Generator<ChangedRoute, DiffSummary> {
  const diff = new RoutingDiff(before, after);
  const describers = [new RouteDescriber(before, 'before'), new RouteDescriber(after, 'after')] as const;
  const places = new Map(diff.destinations.map((destination, place) => [destination, place]));
  const summary = new SummaryCount(diff);
  for (const changes of diff.changes()) {
    summary.add(changes);
    const entriesOf = new Map(changes.sources.map((source): [Matched, Entry[]] => [source, []]));
    for (const change of changes.changes) {
      const shared: Entry['shared'] = [new Map(), new Map()];
      for (const source of change.sources) {
        const entries = entriesOf.get(source)!;
        for (const destination of change.destinations) entries.push({ change, destination, shared });
      }
    }
    for (const [source, entries] of entriesOf) {
      entries.sort((a, b) => places.get(a.destination)! - places.get(b.destination)!);
      for (const { change, destination, shared } of entries) {
        const old = diff.answersBefore(source, destination);
        const now = diff.answersAfter(source, destination);
        const [described, describedNow] = [
          old && describers[0].describe(source.before, destination, old, shared[0]),
          now && describers[1].describe(source.after, destination, now, shared[1]),
        ];
        yield {
          from: source.name,
          destination: nameCompared(destination),
          before: described,
          after: describedNow,
          rules: rulesOf(change, describedNow ?? described!),
          changed: change.changed,
          reasons: change.reasons,
        };
      }
    }
  }
  return summary.total();
}

type Matched = SourceChanges['sources'][number];

/** A pair whose route changes, with what it shares with others of the same change. */
interface Entry {
  readonly change: RouteChange;
  readonly destination: DiffDestination;
  readonly shared: readonly [SharedRules, SharedRules];
}

function rulesOf({ before, after, reasons }: RouteChange, only: DiffedRoute): readonly string[] {
  return before === null || after === null ? only.rules : [...new Set(reasons.map(({ rule }) => rule))];
}

/** Counts while a comparison goes on. */
export class SummaryCount {
  readonly #diff: RoutingDiff;
  #routes = 0;
  #changed = 0;
  #added = 0;
  #removed = 0;

  constructor(diff: RoutingDiff) {
    this.#diff = diff;
  }

  add({ changes, routeCount }: SourceChanges): void {
    this.#routes += routeCount;
    for (const { sources, destinations, before, after } of changes) {
      const count = sources.length * destinations.length;
      if (before === null) this.#added += count;
      else if (after === null) this.#removed += count;
      else this.#changed += count;
    }
  }

  total(): DiffSummary {
    const { sources, destinations } = this.#diff;
    const isInside = (each: DiffDestination) => each.kind !== 'address-space';
    return {
      sources: sources.length,
      destinations: destinations.length,
      routes: this.#routes,
      changed: this.#changed,
      added: this.#added,
      removed: this.#removed,
      addedSources: sources.filter(({ before }) => before === -1).map(({ name }) => name),
      removedSources: sources.filter(({ after }) => after === -1).map(({ name }) => name),
      addedDestinations: destinations
        .filter((each) => isInside(each) && each.before === -1)
        .map((each) => nameCompared(each)),
      removedDestinations: destinations
        .filter((each) => isInside(each) && each.after === -1)
        .map((each) => nameCompared(each)),
    };
  }
}

export function nameCompared(destination: DiffDestination): ComparedDestination {
  const { kind, name } = destination;
  return destination.kind === 'address-space' ? { kind, name, address: destination.address } : { kind, name };
}
