import type { Topology } from '../topology/index.js';
import type { AddressSpaceClass, AddressSpaceEntry, Coverage } from './address-space.js';
import type { DeliveryGroups } from './delivery-group.js';
import type { SitePaths } from './least-cost-path.js';
import { PairTable } from './pair-table.js';

/** An address space as a server sees it. */
interface Candidate {
  readonly entry: AddressSpaceEntry;
  /**
   * What CN-01 weighs among equally specific ones, as one number like `SitePaths.lengths`: first the aggregate cost, site
   * links to the nearest source site (RT-30) plus address space, then the distance, the hops there. For a server that is
   * a source itself this is 1 less than for others of its site.
   */
  readonly length: number;
}

/** The connectors a server may come to use for a domain, and their limits: a message takes the first large enough. */
export interface ConnectorRanking {
  readonly entries: readonly AddressSpaceEntry[];
  readonly limits: readonly number[];
}

/** The address spaces of a class, laid out for the choice from any site; the entries by connector, then by cost. */
interface ClassTable {
  readonly entries: readonly AddressSpaceEntry[];
  /** By entry. */
  readonly limits: Float64Array;
  /** By entry: what its cost adds to a length. */
  readonly added: Float64Array;
  /** By entry: where its source sites that take mail begin in `sites`; they go on to where the next entry's begin. */
  readonly firstSite: Int32Array;
  readonly sites: Int32Array;
  /** By entry: the site of the Edges that send for it; -1 if none. */
  readonly edgeSite: Int32Array;
  /** By entry: the sites that see it, where it is scoped; else null. */
  readonly scope: readonly (ReadonlySet<number> | null)[];
  /** The choice of servers that are no source, by site. */
  readonly choices: Map<number, readonly Candidate[]>;
}

/**
 * The choice among connectors that cover a domain (CN-01 to CN-09). In order: the most specific address space, the
 * lowest aggregate cost, the nearest, the lowest name. The one used for a message is the first that is large enough
 * for it (CN-02): there is no balancing across connectors (CN-09). Left out are scoped connectors of other sites
 * (CN-06, DC-11) and those without a source server in reach (AS-07). The source site of an Edge's connector is the one it
 * is subscribed to (RT-57).
 *
 * A choice is a list in which each connector takes larger messages than those before it. The first that takes more
 * than some size is then the best of all that do, so that lists can be merged.
 */
export class ConnectorSelector {
  readonly #topology: Topology;
  readonly #paths: SitePaths;
  readonly #groups: DeliveryGroups;
  /** By server: the connectors it is a source of. */
  readonly #sourceOf: readonly number[][];
  /** By address space class. */
  readonly #tables: (ClassTable | undefined)[] = [];
  /** The rankings of servers that are no source of what covers a domain, by site and coverage: a place plus 1. */
  readonly #places: PairTable;
  readonly #rankings: ConnectorRanking[] = [];
  /** How far the entries of a class are from a site; of use inside `#chooseFrom` only. */
  #seen = new Float64Array(0);
  /** The ranking that is being put together: copies have no room to spare. */
  readonly #entries: AddressSpaceEntry[] = [];
  readonly #limits: number[] = [];

  constructor(topology: Topology, paths: SitePaths, groups: DeliveryGroups) {
    this.#topology = topology;
    this.#paths = paths;
    this.#groups = groups;
    this.#places = new PairTable(topology.sites.length, Number.POSITIVE_INFINITY);
    this.#sourceOf = topology.servers.map(() => []);
    for (const { index, edgeSite } of topology.connectors) {
      // RT-58: an Edge's connector is no server's own, not even in the site it is subscribed to.
      if (edgeSite !== -1) continue;
      for (const member of this.#groupOf(index).members) this.#sourceOf[member]!.push(index);
    }
  }

  /** Whether a server hands over to a connector itself, or to the Edges that do. */
  isSource(server: number, connector: number): boolean {
    const { edgeSite } = this.#topology.connectors[connector]!;
    if (edgeSite !== -1) return this.#topology.servers[server]!.site === edgeSite;
    return this.#sourceOf[server]!.includes(connector);
  }

  /** The ranking for a server that is no Edge. */
  choose(server: number, coverage: Coverage): ConnectorRanking {
    const { site } = this.#topology.servers[server]!;
    const own = this.#sourceOf[server]!;
    if (own.length > 0 && coversAny(coverage, own)) {
      return this.#rank(coverage, (each) => this.#chooseAtSource(own, site, each));
    }
    let place = this.#places.get(site, coverage.id);
    if (place === 0) {
      place = this.#rankings.push(this.#rank(coverage, (each) => this.#chooseInClass(site, each)));
      this.#places.set(site, coverage.id, place);
    }
    return this.#rankings[place - 1]!;
  }

  /** CN-01, CN-03: the more specific first, and of the others what takes more than all of those. */
  #rank({ classes }: Coverage, choose: (each: AddressSpaceClass) => readonly Candidate[]): ConnectorRanking {
    const entries = this.#entries;
    const limits = this.#limits;
    let count = 0;
    let largest = -1;
    for (const each of classes) {
      if (largest === Number.POSITIVE_INFINITY) break;
      for (const { entry } of choose(each)) {
        const limit = this.#limitOf(entry);
        if (limit <= largest) continue;
        entries[count] = entry;
        limits[count++] = limit;
        largest = limit;
      }
    }
    return { entries: entries.slice(0, count), limits: limits.slice(0, count) };
  }

  #chooseAtSource(
    own: readonly number[],
    site: number,
    addressSpaces: AddressSpaceClass,
  ): readonly Candidate[] {
    const others = this.#chooseInClass(site, addressSpaces);
    const candidates: Candidate[] = [];
    for (const connector of own) {
      const entry = addressSpaces.byConnector.get(connector);
      if (entry !== undefined) candidates.push({ entry, length: entry.cost * this.#paths.costUnit - 1 });
    }
    if (candidates.length === 0) return others;
    candidates.push(...others);
    const ascending: Candidate[] = [];
    let largest = -1;
    // A source's own are nearer than all others, and stand in the order of their names.
    for (const candidate of candidates.sort((a, b) => a.length - b.length)) {
      const limit = this.#limitOf(candidate.entry);
      if (limit <= largest) continue;
      ascending.push(candidate);
      largest = limit;
    }
    return ascending;
  }

  /** The best candidate seen from a site, the best of those that take more than it, and so on. */
  #chooseInClass(site: number, addressSpaces: AddressSpaceClass): readonly Candidate[] {
    this.#tables[addressSpaces.id] ??= this.#layOut(addressSpaces);
    const table = this.#tables[addressSpaces.id]!;
    let chosen = table.choices.get(site);
    if (chosen === undefined) {
      chosen = this.#chooseFrom(site, table);
      table.choices.set(site, chosen);
    }
    return chosen;
  }

  /** The hot path of compiling connectors: once through all entries of a class for a site, and once for each chosen. */
  #chooseFrom(site: number, table: ClassTable): readonly Candidate[] {
    const { entries, limits, added, firstSite, sites, edgeSite, scope } = table;
    const lengths = this.#paths.lengths(site);
    if (this.#seen.length < entries.length) this.#seen = new Float64Array(2 * entries.length);
    const seen = this.#seen;
    for (let entry = 0; entry < entries.length; entry++) {
      let nearest = Number.POSITIVE_INFINITY;
      if (edgeSite[entry] === site) nearest = 0;
      // CN-06, DC-11.
      else if (scope[entry]?.has(site) !== false) {
        const end = firstSite[entry + 1]!;
        for (let n = firstSite[entry]!; n < end; n++) {
          const length = lengths[sites[n]!]!;
          if (length < nearest) nearest = length;
        }
      }
      seen[entry] = nearest + added[entry]!;
    }
    const ascending: Candidate[] = [];
    for (let largest = -1; largest < Number.POSITIVE_INFINITY; ) {
      let best = -1;
      let shortest = Number.POSITIVE_INFINITY;
      // Of equally near ones the first has the lowest name.
      for (let entry = 0; entry < entries.length; entry++) {
        if (seen[entry]! >= shortest || limits[entry]! <= largest) continue;
        best = entry;
        shortest = seen[entry]!;
      }
      if (best === -1) break;
      ascending.push({ entry: entries[best]!, length: shortest });
      largest = limits[best]!;
    }
    return ascending.slice();
  }

  #layOut(addressSpaces: AddressSpaceClass): ClassTable {
    const entries = addressSpaces.entries.toSorted((a, b) => a.connector - b.connector || a.cost - b.cost);
    const connectors = entries.map(({ connector }) => this.#topology.connectors[connector]!);
    const groups = entries.map(({ connector }) => this.#groupOf(connector));
    const firstSite = new Int32Array(entries.length + 1);
    groups.forEach(({ receivers }, entry) => {
      firstSite[entry + 1] = firstSite[entry]! + receivers.length;
    });
    return {
      entries,
      limits: Float64Array.from(connectors, ({ maxMessageSizeBytes }) => maxMessageSizeBytes),
      added: Float64Array.from(entries, ({ cost }) => cost * this.#paths.costUnit),
      firstSite,
      sites: Int32Array.from(groups.flatMap(({ receivers }) => receivers.map(({ site }) => site))),
      edgeSite: Int32Array.from(connectors, ({ edgeSite }) => edgeSite),
      scope: connectors.map(({ scoped }, entry) => {
        if (!scoped) return null;
        return new Set(groups[entry]!.members.map((member) => this.#topology.servers[member]!.site));
      }),
      choices: new Map(),
    };
  }

  #limitOf({ connector }: AddressSpaceEntry): number {
    return this.#topology.connectors[connector]!.maxMessageSizeBytes;
  }

  #groupOf(connector: number) {
    return this.#groups.groups[this.#groups.ofConnector[connector]!]!;
  }
}

function coversAny({ classes }: Coverage, connectors: readonly number[]): boolean {
  return classes.some(({ byConnector }) => connectors.some((connector) => byConnector.has(connector)));
}
