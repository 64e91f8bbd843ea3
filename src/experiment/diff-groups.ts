import {
  type ChangedAspect,
  type ChangeReason,
  type DiffDestination,
  type RouteChange,
  RoutingDiff,
  type RoutingTables,
} from '../routing/index.js';
import { compareNames, type Topology } from '../topology/index.js';
import { causesAmong, differencesOf, type RouteDifference } from './diff-difference.js';
import { type DiffSummary, SummaryCount } from './diff-routes.js';

/** Destinations of one kind and delivery group; outside addresses have none in common. */
export interface DestinationSet {
  readonly kind: DiffDestination['kind'];
  /** After, or before where there is none after. */
  readonly group: string | null;
  readonly names: readonly string[];
  /** All that the group serves of that kind. */
  readonly isWhole: boolean;
}

export interface SourceSet {
  /** Null: Edges without a subscription. */
  readonly site: string | null;
  readonly servers: readonly string[];
  /** All that the site has. */
  readonly isWhole: boolean;
}

/** Sources from each of which the routes to each of the destinations belong to the group. */
export interface RouteBlock {
  readonly sources: readonly SourceSet[];
  readonly destinations: readonly DestinationSet[];
  readonly routes: number;
}

/** One of the routes of a group. */
export interface ExampleRoute {
  readonly from: string;
  readonly destination: string;
  /** What decided the change, in the organizations' own names. */
  readonly reasons: readonly ChangeReason[];
}

/** What follows for some routes of a group. */
export interface Consequence {
  readonly routes: number;
  readonly differences: readonly RouteDifference[];
  readonly costs: PathCosts | null;
  readonly example: ExampleRoute;
}

/** Routes that have become others for the same reason. */
export interface RouteChangeGroup {
  readonly kind: 'changed' | 'added' | 'removed';
  readonly routes: number;
  /** What they have in common; empty where the routes are new or gone. */
  readonly differences: readonly RouteDifference[];
  /** Null where `differences` has no path. */
  readonly costs: PathCosts | null;
  /** What follows from that, the most frequent first; never empty, its differences may be. */
  readonly consequences: readonly Consequence[];
  /** Of all routes, those of the common differences first. */
  readonly rules: readonly string[];
  /** The largest first. */
  readonly blocks: readonly RouteBlock[];
}

/** The costs of the paths of several routes. */
export interface PathCosts {
  readonly before: CostRange;
  readonly after: CostRange;
}

export interface CostRange {
  readonly lowest: number;
  readonly highest: number;
}

export interface GroupedDiff {
  readonly summary: DiffSummary;
  /** The largest first. */
  readonly groups: readonly RouteChangeGroup[];
}

/** All changes between two organizations, equal ones together, for people to read. */
export function groupRouteChanges(before: RoutingTables, after: RoutingTables): GroupedDiff {
  const diff = new RoutingDiff(before, after);
  const summary = new SummaryCount(diff);
  const gathering = new Map<string, Gathering>();
  for (const changes of diff.changes()) {
    summary.add(changes);
    for (const change of changes.changes) {
      const { causes, consequences, costs } = differencesOf(before, after, change);
      const kind = change.before === null ? 'added' : change.after === null ? 'removed' : 'changed';
      const rules = rulesOf(change.reasons, causesAmong(change.changed));
      const key = JSON.stringify([kind, whatIsNew(change), rules, causes]);
      let found = gathering.get(key);
      if (found === undefined) {
        found = new Gathering(kind, causes, rules);
        gathering.set(key, found);
      }
      found.add(change, consequences, costs);
    }
  }
  const census = new Census(before, after, diff);
  const groups = [...gathering.values()].map((each) => each.group(census));
  return { summary: summary.total(), groups: groups.sort((a, b) => b.routes - a.routes) };
}

/** How many there are of what is listed, to tell when a list is complete. */
class Census {
  readonly #before: Topology;
  readonly #after: Topology;
  readonly #serversOfSite = new Map<string | null, number>();
  readonly #databasesOfGroup = new Map<string, number>();

  constructor(before: RoutingTables, after: RoutingTables, { sources }: RoutingDiff) {
    this.#before = before.topology;
    this.#after = after.topology;
    for (const source of sources) {
      const site = this.siteOf(source);
      this.#serversOfSite.set(site, (this.#serversOfSite.get(site) ?? 0) + 1);
    }
    for (const { index } of after.topology.databases) {
      const { name } = after.groupOfDatabase(index);
      this.#databasesOfGroup.set(name, (this.#databasesOfGroup.get(name) ?? 0) + 1);
    }
  }

  /** The name of a server's site, after if it is still there. */
  siteOf({ before, after }: Sources[number]): string | null {
    const { servers, sites } = after === -1 ? this.#before : this.#after;
    return sites[servers[after === -1 ? before : after]!.site]?.name ?? null;
  }

  isWholeSite(site: string | null, count: number): boolean {
    return this.#serversOfSite.get(site) === count;
  }

  isWholeGroup(kind: DestinationSet['kind'], group: string | null, count: number): boolean {
    return kind === 'mailbox-database' && group !== null && this.#databasesOfGroup.get(group) === count;
  }
}

/** The rules that decided some aspects. */
function rulesOf(reasons: readonly ChangeReason[], aspects: readonly ChangedAspect[]): readonly string[] {
  const own = reasons.filter((reason) => reason.aspects.some((aspect) => aspects.includes(aspect)));
  return [...new Set(own.map(({ rule }) => rule))];
}

/** Tells routes of new servers from routes to new destinations. */
function whatIsNew({ sources, destinations, before, after }: RouteChange): string {
  if (before !== null && after !== null) return '';
  const side = before === null ? 'before' : 'after';
  const [source] = sources;
  const [destination] = destinations;
  if (source![side] === -1) return 'source';
  return destination!.kind !== 'address-space' && destination![side] === -1 ? 'destination' : 'pair';
}

type Sources = RouteChange['sources'];
type Destinations = RouteChange['destinations'];

interface GatheredConsequence {
  readonly differences: readonly RouteDifference[];
  readonly example: ExampleRoute;
  routes: number;
  costs: PathCosts | null;
}

/** A group that changes come to. */
class Gathering {
  readonly #kind: RouteChangeGroup['kind'];
  readonly #differences: readonly RouteDifference[];
  readonly #rules: Set<string>;
  readonly #destinationsOf = new Map<Sources, { list: Destinations; group: string | null }[]>();
  readonly #identities = new Map<Destinations, number>();
  readonly #consequences = new Map<string, GatheredConsequence>();
  #costs: PathCosts | null = null;

  constructor(
    kind: RouteChangeGroup['kind'],
    differences: readonly RouteDifference[],
    rules: readonly string[],
  ) {
    this.#kind = kind;
    this.#differences = differences;
    this.#rules = new Set(rules);
  }

  add(
    change: RouteChange,
    consequences: readonly RouteDifference[],
    costs: readonly [before: number, after: number] | null,
  ): void {
    const { sources, destinations, reasons } = change;
    const entry = { list: destinations, group: groupNameOf(change) };
    const found = this.#destinationsOf.get(sources);
    if (found === undefined) this.#destinationsOf.set(sources, [entry]);
    else found.push(entry);
    if (!this.#identities.has(destinations)) this.#identities.set(destinations, this.#identities.size);
    for (const { rule } of reasons) this.#rules.add(rule);

    const key = JSON.stringify(consequences);
    let consequence = this.#consequences.get(key);
    if (consequence === undefined) {
      const example = { from: sources[0]!.name, destination: destinations[0]!.name, reasons };
      consequence = { differences: consequences, example, routes: 0, costs: null };
      this.#consequences.set(key, consequence);
    }
    consequence.routes += sources.length * destinations.length;
    if (costs === null) return;
    this.#costs = widened(this.#costs, costs);
    consequence.costs = widened(consequence.costs, costs);
  }

  group(census: Census): RouteChangeGroup {
    const blocks = this.#blocks(census);
    return {
      kind: this.#kind,
      routes: blocks.reduce((sum, { routes }) => sum + routes, 0),
      differences: this.#differences,
      costs: this.#differences.some(({ aspect }) => aspect === 'path') ? this.#costs : null,
      consequences: [...this.#consequences.values()].sort((a, b) => b.routes - a.routes),
      rules: [...this.#rules],
      blocks,
    };
  }

  /** Sources with the same destinations stand together. */
  #blocks(census: Census): readonly RouteBlock[] {
    const alike = new Map<
      string,
      { sources: Sources[]; entries: { list: Destinations; group: string | null }[] }
    >();
    for (const [sources, entries] of this.#destinationsOf) {
      const identity = entries.map(({ list }) => this.#identities.get(list)!).join(' ');
      const found = alike.get(identity);
      if (found === undefined) alike.set(identity, { sources: [sources], entries });
      else found.sources.push(sources);
    }
    return [...alike.values()]
      .map(({ sources, entries }): RouteBlock => {
        const servers = sources.flat();
        const count = entries.reduce((sum, { list }) => sum + list.length, 0);
        return {
          sources: bySite(servers, census),
          destinations: byGroup(entries, census),
          routes: servers.length * count,
        };
      })
      .sort((a, b) => b.routes - a.routes);
  }
}

function groupNameOf({ before, after, destinations }: RouteChange): string | null {
  if (destinations[0]!.kind === 'address-space') return null;
  return (after ?? before)![0]!.group?.name ?? null;
}

function widened(costs: PathCosts | null, [before, after]: readonly [number, number]): PathCosts {
  return { before: including(costs?.before, before), after: including(costs?.after, after) };
}

function including(range: CostRange | undefined, cost: number): CostRange {
  return {
    lowest: Math.min(range?.lowest ?? cost, cost),
    highest: Math.max(range?.highest ?? cost, cost),
  };
}

function bySite(servers: Sources, census: Census): readonly SourceSet[] {
  const sites = new Map<string | null, string[]>();
  for (const server of servers) {
    const site = census.siteOf(server);
    const found = sites.get(site);
    if (found === undefined) sites.set(site, [server.name]);
    else found.push(server.name);
  }
  return [...sites].map(([site, names]) => ({
    site,
    servers: names.sort(compareNames),
    isWhole: census.isWholeSite(site, names.length),
  }));
}

function byGroup(
  entries: readonly { readonly list: Destinations; readonly group: string | null }[],
  census: Census,
): readonly DestinationSet[] {
  const sets = new Map<string, { kind: DestinationSet['kind']; group: string | null; names: string[] }>();
  for (const { list, group } of entries) {
    const { kind } = list[0]!;
    const found = sets.get(`${kind} ${group}`);
    const names = list.map(({ name }) => name);
    if (found === undefined) sets.set(`${kind} ${group}`, { kind, group, names });
    else found.names.push(...names);
  }
  return [...sets.values()].map(({ kind, group, names }) => ({
    kind,
    group,
    names: kind === 'address-space' ? names : names.sort(compareNames),
    isWhole: census.isWholeGroup(kind, group, names.length),
  }));
}
