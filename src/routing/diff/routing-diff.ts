import { compareNames } from '../../topology/index.js';
import type { RoutingTables } from '../routing-tables.js';
import { ChangeReasons } from './change-reasons.js';
import { classifyDestinations, type DestinationClass, type DiffDestination } from './diff-destinations.js';
import { DiffSide } from './diff-side.js';
import { classifySources, type SourceClass } from './diff-sources.js';
import { type Matched, Translation } from './matching.js';
import type { ChangeReason } from './reason-list.js';
import { type ChangedAspect, RouteComparison } from './route-comparison.js';
import { answersOf, type SizedAnswers } from './sized-answers.js';
import { UnchangedWays } from './unchanged-ways.js';

/**
 * A change that several sources and destinations share: every source to every destination. The answers are those of
 * the first source and the first destination; the others' differ by names of their own only.
 */
export interface RouteChange {
  /** In name order; never empty. */
  readonly sources: readonly Matched[];
  /** In name order; never empty. */
  readonly destinations: readonly DiffDestination[];
  /** Null: there was no such source or destination. */
  readonly before: SizedAnswers | null;
  /** Null: there is none any more. */
  readonly after: SizedAnswers | null;
  /** In the order of `ChangedAspect`; empty where `before` or `after` is null. */
  readonly changed: readonly ChangedAspect[];
  /** What decided, at least one for each of `changed`. */
  readonly reasons: readonly ChangeReason[];
}

/** All changes from the servers of one site. */
export interface SourceChanges {
  /** In name order. */
  readonly sources: readonly Matched[];
  /** Each from some of them. */
  readonly changes: readonly RouteChange[];
  /** Pairs of a source and a destination that there are on either side, changed or not. */
  readonly routeCount: number;
}

/**
 * What changes in routing between two organizations, for each source server and destination: all that `route` answers
 * to a message of any size. Compared are classes of pairs that have their ways in common, so that the work grows with
 * sites and delivery groups, not with servers and databases.
 */
export class RoutingDiff {
  /** All destinations of either organization: databases, expansion servers, outside addresses. */
  readonly destinations: readonly DiffDestination[];
  /** All servers with a Transport service in either organization, by site and name. */
  readonly sources: readonly Matched[];
  readonly #before: DiffSide;
  readonly #after: DiffSide;
  /** By site. */
  readonly #sites: readonly (readonly SourceClass[])[];
  readonly #destinationClasses: readonly DestinationClass[];
  readonly #comparison: RouteComparison;
  readonly #reasons: ChangeReasons;
  readonly #unchanged: UnchangedWays;

  constructor(before: RoutingTables, after: RoutingTables) {
    this.#before = new DiffSide(before);
    this.#after = new DiffSide(after);
    const translation = new Translation(before.topology, after.topology);
    this.#sites = classifySources(this.#before, this.#after);
    this.#destinationClasses = classifyDestinations(this.#before, this.#after);
    this.sources = this.#sites.flatMap(serversOf);
    this.destinations = this.#destinationClasses.flatMap(({ destinations }) => destinations);
    this.#comparison = new RouteComparison(this.#before, this.#after, translation);
    this.#reasons = new ChangeReasons(this.#before, this.#after, translation, this.#comparison);
    this.#unchanged = new UnchangedWays(this.#before, this.#after, translation, this.#destinationClasses);
  }

  /**
   * The changes, one site after another, in the order of `sources`; sites without changes included. The next hops in
   * them belong to tables that live as long as the next hops are held.
   */
  *changes(): Generator<SourceChanges> {
    for (const classes of this.#sites) {
      this.#unchanged.leaveFrom(classes[0]!.siteBefore, classes[0]!.siteAfter);
      yield this.#changesFrom(classes);
    }
  }

  /** What a server answered before: see `answersOf`. */
  answersBefore({ before }: Matched, destination: DiffDestination): SizedAnswers | null {
    return answersOf(this.#before.tables, before, destination, 'before');
  }

  /** What a server answers after. */
  answersAfter({ after }: Matched, destination: DiffDestination): SizedAnswers | null {
    return answersOf(this.#after.tables, after, destination, 'after');
  }

  #changesFrom(classes: readonly SourceClass[]): SourceChanges {
    const changes: RouteChange[] = [];
    let routeCount = 0;
    const compare = (sources: readonly Matched[], destinations: readonly DiffDestination[]) => {
      const change = this.#compare(sources, destinations);
      if (change === null) return;
      routeCount += sources.length * destinations.length;
      if (change !== 'same') changes.push(change);
    };
    const relaying = new RelayingServers();
    for (const [place, each] of this.#destinationClasses.entries()) {
      relaying.clear();
      for (const source of classes) {
        const { servers } = source;
        const isMember =
          source.groupsBefore.has(each.groupBefore?.index ?? -1) ||
          source.groupsAfter.has(each.groupAfter?.index ?? -1);
        if (isMember) for (const part of each.parts) compare(servers, part);
        else if (this.#areAlike(source, place)) routeCount += servers.length * each.destinations.length;
        else if (each.groupBefore === undefined && each.groupAfter === undefined) {
          compare(servers, each.destinations);
        } else relaying.add(source);
      }
      for (const servers of relaying.alike()) compare(servers, each.destinations);
    }
    return { sources: serversOf(classes), changes, routeCount };
  }

  /** Whether a source outside the group of some destinations surely has the same ways to them as before. */
  #areAlike({ servers, isComparable }: SourceClass, place: number): boolean {
    if (!isComparable) return false;
    const verdict = this.#unchanged.compare(place);
    if (verdict !== 'same-connectors') return verdict === 'alike';
    const answers = this.answersBefore(servers[0]!, this.#destinationClasses[place]!.destinations[0]!);
    return answers!.every(
      ({ hop }) =>
        hop === null || hop.kind === 'outside' || this.#unchanged.isWayAlike(hop.destination.index),
    );
  }

  /** Null: there is no such pair on either side. */
  #compare(
    sources: readonly Matched[],
    destinations: readonly DiffDestination[],
  ): RouteChange | 'same' | null {
    const [source] = sources;
    const [destination] = destinations;
    const before = this.answersBefore(source!, destination!);
    const after = this.answersAfter(source!, destination!);
    if (before === null && after === null) return null;
    const common = { sources, destinations, before, after };
    if (before === null || after === null) return { ...common, changed: [], reasons: [] };
    const changed = this.#comparison.changedAspects(before, after);
    if (changed.length === 0) return 'same';
    const reasons = this.#reasons.explain(source!, destination!, before, after, changed);
    return { ...common, changed, reasons };
  }
}

/**
 * The classes of a site that relay to a delivery group: servers of one version do so alike, sources of connectors or not.
 * Equal lists of servers are one object, so that changes of the same servers can be told.
 */
class RelayingServers {
  readonly #lists = new Map<string, readonly Matched[]>();
  readonly #byVersion = new Map<string, SourceClass[]>();

  clear(): void {
    this.#byVersion.clear();
  }

  add(source: SourceClass): void {
    const found = this.#byVersion.get(source.versions);
    if (found === undefined) this.#byVersion.set(source.versions, [source]);
    else found.push(source);
  }

  alike(): readonly (readonly Matched[])[] {
    return [...this.#byVersion.values()].map((classes) => {
      // A class is known by its first server.
      const identity = classes.map(({ servers }) => `${servers[0]!.before} ${servers[0]!.after}`).join();
      let list = this.#lists.get(identity);
      if (list === undefined) {
        list = classes.length === 1 ? classes[0]!.servers : serversOf(classes);
        this.#lists.set(identity, list);
      }
      return list;
    });
  }
}

function serversOf(classes: readonly SourceClass[]): readonly Matched[] {
  return classes.flatMap(({ servers }) => servers).sort(byName);
}

function byName(a: Matched, b: Matched): number {
  return compareNames(a.name, b.name);
}
