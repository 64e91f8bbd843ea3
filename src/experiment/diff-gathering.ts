import type { RouteChange, RoutingDiff, RoutingTables } from '../routing/index.js';
import { compareNames, type Topology } from '../topology/index.js';
import type { RouteDifference } from './diff-difference.js';
import type {
  DestinationSet,
  ExampleRoute,
  PathCosts,
  RouteBlock,
  RouteChangeGroup,
  SourceSet,
} from './diff-group.js';

type Sources = RouteChange['sources'];

/** Destinations that changes have in common. */
interface RouteSet {
  readonly destinations: RouteChange['destinations'];
  /** The name of their delivery group, after if they are still there; null for outside addresses. */
  readonly group: string | null;
  readonly isGone: boolean;
}

/** Numbered, to tell them apart. */
interface SetOfGroup extends RouteSet {
  readonly index: number;
}

interface GatheredConsequence {
  readonly differences: readonly RouteDifference[];
  readonly example: ExampleRoute;
  routes: number;
  costs: PathCosts | null;
}

/** Consequences that one group tells apart. */
const mostConsequences = 100;

/** A group that changes come to. */
export class Gathering {
  readonly #kind: RouteChangeGroup['kind'];
  readonly #differences: readonly RouteDifference[];
  readonly #rules: Set<string>;
  readonly #setsOf = new Map<Sources, SetOfGroup[]>();
  readonly #sets = new Map<RouteChange['destinations'], SetOfGroup>();
  readonly #consequences = new Map<string, GatheredConsequence>();
  #costs: PathCosts | null = null;
  #routes = 0;
  #otherRoutes = 0;

  constructor(
    kind: RouteChangeGroup['kind'],
    differences: readonly RouteDifference[],
    rules: readonly string[],
  ) {
    this.#kind = kind;
    this.#differences = differences;
    this.#rules = new Set(rules);
  }

  /** @returns whether it is the first of its kind */
  add(
    change: RouteChange,
    differences: readonly RouteDifference[],
    costs: readonly [before: number, after: number] | null,
  ): boolean {
    const { sources, destinations, reasons } = change;
    const set = this.#setOf(change);
    const sets = this.#setsOf.get(sources);
    if (sets === undefined) this.#setsOf.set(sources, [set]);
    else sets.push(set);
    for (const { rule } of reasons) this.#rules.add(rule);
    if (costs !== null) this.#costs = widened(this.#costs, costs);
    const count = sources.length * destinations.length;
    this.#routes += count;

    const key = JSON.stringify(differences);
    let consequence = this.#consequences.get(key);
    if (consequence === undefined) {
      if (this.#consequences.size === mostConsequences) {
        this.#otherRoutes += count;
        return false;
      }
      const example = { from: sources[0]!.name, destination: destinations[0]!.name, reasons };
      consequence = { differences, example, routes: 0, costs: null };
      this.#consequences.set(key, consequence);
    }
    const isFirst = consequence.routes === 0;
    consequence.routes += count;
    if (costs !== null) consequence.costs = widened(consequence.costs, costs);
    return isFirst;
  }

  #setOf({ before, after, destinations }: RouteChange): SetOfGroup {
    let set = this.#sets.get(destinations);
    if (set === undefined) {
      const isInside = destinations[0]!.kind !== 'address-space';
      const group = isInside ? ((after ?? before)![0]!.group?.name ?? null) : null;
      set = { index: this.#sets.size, destinations, group, isGone: after === null };
      this.#sets.set(destinations, set);
    }
    return set;
  }

  group(census: Census): RouteChangeGroup {
    return {
      kind: this.#kind,
      routes: this.#routes,
      differences: this.#differences,
      costs: this.#differences.some(({ aspect }) => aspect === 'path') ? this.#costs : null,
      consequences: [...this.#consequences.values()].sort((a, b) => b.routes - a.routes),
      otherRoutes: this.#otherRoutes,
      rules: [...this.#rules],
      blocks: this.#blocks(census),
    };
  }

  /** Sources with the same destinations stand together. */
  #blocks(census: Census): readonly RouteBlock[] {
    const alike = new Map<string, { readonly sources: Sources[]; readonly sets: readonly SetOfGroup[] }>();
    for (const [sources, sets] of this.#setsOf) {
      const identity = sets.map(({ index }) => index).join();
      const found = alike.get(identity);
      if (found === undefined) alike.set(identity, { sources: [sources], sets });
      else found.sources.push(sources);
    }
    return [...alike.values()]
      .map(({ sources, sets }): RouteBlock => {
        const servers = sources.flat();
        const count = sets.reduce((sum, { destinations }) => sum + destinations.length, 0);
        return {
          sources: census.bySite(servers),
          destinations: census.byGroup(sets),
          routes: servers.length * count,
        };
      })
      .sort((a, b) => b.routes - a.routes);
  }
}

/** Puts names to what is listed, and knows how many there are, to tell when a list is complete. */
export class Census {
  readonly #before: Topology;
  readonly #after: Topology;
  readonly #serversOfSite: ReadonlyMap<string | null, number>;
  readonly #databasesBefore: ReadonlyMap<string, number>;
  readonly #databasesAfter: ReadonlyMap<string, number>;

  constructor(before: RoutingTables, after: RoutingTables, { sources }: RoutingDiff) {
    this.#before = before.topology;
    this.#after = after.topology;
    this.#serversOfSite = countEach(sources.map((source) => this.#siteOf(source)));
    const [databasesBefore, databasesAfter] = [before, after].map((tables) =>
      countEach(tables.topology.databases.map(({ index }) => tables.groupOfDatabase(index).name)),
    );
    this.#databasesBefore = databasesBefore!;
    this.#databasesAfter = databasesAfter!;
  }

  bySite(servers: Sources): readonly SourceSet[] {
    const sites = new Map<string | null, string[]>();
    for (const server of servers) {
      const site = this.#siteOf(server);
      const found = sites.get(site);
      if (found === undefined) sites.set(site, [server.name]);
      else found.push(server.name);
    }
    return [...sites].map(([site, names]) => ({
      site,
      servers: names.sort(compareNames),
      isWhole: this.#serversOfSite.get(site) === names.length,
    }));
  }

  byGroup(sets: readonly RouteSet[]): readonly DestinationSet[] {
    const byGroup = new Map<string, { kind: DestinationSet['kind']; names: string[]; set: RouteSet }>();
    for (const set of sets) {
      const { kind } = set.destinations[0]!;
      const key = `${kind} ${set.isGone} ${set.group}`;
      const names = set.destinations.map(({ name }) => name);
      const found = byGroup.get(key);
      if (found === undefined) byGroup.set(key, { kind, names, set });
      else found.names.push(...names);
    }
    return [...byGroup.values()].map(({ kind, names, set: { group, isGone } }) => {
      const all = (isGone ? this.#databasesBefore : this.#databasesAfter).get(group ?? '');
      const isWhole = kind === 'mailbox-database' && all === names.length;
      return { kind, group, names: kind === 'address-space' ? names : names.sort(compareNames), isWhole };
    });
  }

  /** The name of a server's site, after if it is still there. */
  #siteOf({ before, after }: Sources[number]): string | null {
    const { servers, sites } = after === -1 ? this.#before : this.#after;
    return sites[servers[after === -1 ? before : after]!.site]?.name ?? null;
  }
}

function countEach<K>(keys: readonly K[]): ReadonlyMap<K, number> {
  const counts = new Map<K, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function widened(costs: PathCosts | null, [before, after]: readonly [number, number]): PathCosts {
  const including = (range: PathCosts['before'] | undefined, cost: number) => ({
    lowest: Math.min(range?.lowest ?? cost, cost),
    highest: Math.max(range?.highest ?? cost, cost),
  });
  return { before: including(costs?.before, before), after: including(costs?.after, after) };
}
