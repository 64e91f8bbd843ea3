import type { Topology } from '../topology/index.js';
import type { SitePath } from './next-hop.js';
import { type PathRow, SiteNetwork } from './site-network.js';

/**
 * Orders two paths that leave the same site; negative if `a` wins. Between the same two sites: RT-30 least cost,
 * RT-31 fewest hops, RT-32 names from the site before the target backwards. Between different targets the target's
 * own name decides last (UN-01). Site indexes stand for names: the topology numbers sites in name order (UN-02).
 * `SitePaths` gives the same order without building paths; this is what it is held against.
 */
export function comparePaths(a: SitePath, b: SitePath): number {
  if (a.cost !== b.cost) return a.cost - b.cost;
  if (a.hops !== b.hops) return a.hops - b.hops;
  for (let site = a.sites.length - 2; site >= 0; site--) {
    if (a.sites[site]! !== b.sites[site]!) return a.sites[site]! - b.sites[site]!;
  }
  return a.sites.at(-1)! - b.sites.at(-1)!;
}

/**
 * The least-cost paths between all sites (AS-01, AS-02, AS-09, RT-30 to RT-32). A source's paths are worked out when
 * they are first asked for and kept: n sites cost 12 n bytes a source.
 *
 * Paths are closed under prefixes, so each is kept as the site before its target, and RT-32 comes down to the
 * smaller predecessor at equal cost and hops: of two paths that differ earlier than that, the part up to the common
 * predecessor has been decided by the same rules.
 */
export class SitePaths {
  readonly #network: SiteNetwork;
  readonly #rows: (PathRow | undefined)[];

  /** @param linkUp - by link: 0 leaves it out; absent: all links count */
  constructor(topology: Topology, linkUp?: Uint8Array) {
    this.#network = new SiteNetwork(topology, linkUp);
    this.#rows = new Array<PathRow | undefined>(topology.sites.length);
  }

  /** The sum of the costs of the links crossed (RT-30); 0 to itself, Infinity without a path. */
  cost(source: number, target: number): number {
    return Math.floor(this.#row(source).key[target]! / this.#network.costUnit);
  }

  /** Links crossed; 0 to itself, -1 without a path. */
  hops(source: number, target: number): number {
    const key = this.#row(source).key[target]!;
    return key === Number.POSITIVE_INFINITY ? -1 : key % this.#network.costUnit;
  }

  /** Whether a path leads from a source to a target; a site reaches itself. */
  reaches(source: number, target: number): boolean {
    return this.#row(source).key[target]! !== Number.POSITIVE_INFINITY;
  }

  /**
   * How far all sites are from a source: cost and hops in one number each, `cost * costUnit + hops`, so that comparing
   * numbers is comparing by RT-30 and RT-31. Infinity without a path.
   */
  lengths(source: number): Float64Array {
    return this.#row(source).key;
  }

  /** What 1 of cost counts for in `lengths`: more than any number of hops. */
  get costUnit(): number {
    return this.#network.costUnit;
  }

  /** The last site before a target on the path to it; -1 for the source itself, and without a path. */
  siteBefore(source: number, target: number): number {
    const arm = this.#row(source).arm[target]!;
    return arm === -1 ? -1 : this.#network.armSite[arm]!;
  }

  /** The sites from source to target, both included; empty without a path. */
  sites(source: number, target: number): readonly number[] {
    const sites: number[] = [];
    for (let site = target; site !== -1; site = this.siteBefore(source, site)) sites.push(site);
    // What ends elsewhere has found no path.
    return sites.at(-1) === source ? sites.reverse() : [];
  }

  /** The site links crossed, in order; empty inside a site and without a path. */
  links(source: number, target: number): readonly number[] {
    const { armSite, armLink } = this.#network;
    const { arm } = this.#row(source);
    const links: number[] = [];
    for (let at = arm[target]!; at !== -1; at = arm[armSite[at]!]!) links.push(armLink[at]!);
    return links.reverse();
  }

  path(source: number, target: number): SitePath {
    return {
      sites: this.sites(source, target),
      cost: this.cost(source, target),
      hops: this.hops(source, target),
    };
  }

  /** The smallest size limit of the links crossed (AS-05); Infinity without one. */
  maxMessageSizeBytes(source: number, target: number): number {
    return this.limitOf(this.narrowestLink(source, target));
  }

  /** Of the links crossed the one with the smallest size limit; -1 where none has a limit. */
  narrowestLink(source: number, target: number): number {
    const { armSite, armLink, linkLimit } = this.#network;
    const { arm } = this.#row(source);
    let narrowest = -1;
    let smallest = Number.POSITIVE_INFINITY;
    for (let at = arm[target]!; at !== -1; at = arm[armSite[at]!]!) {
      const link = armLink[at]!;
      if (linkLimit[link]! >= smallest) continue;
      narrowest = link;
      smallest = linkLimit[link]!;
    }
    return narrowest;
  }

  /** The size limit of a link; Infinity for -1. */
  limitOf(link: number): number {
    return link === -1 ? Number.POSITIVE_INFINITY : this.#network.linkLimit[link]!;
  }

  /**
   * Orders two sites by how near they are to a source; negative if `a` is nearer.
   * Rules: RT-30, RT-31, RT-32, then the site's name (UN-01). Sites without a path come last.
   */
  compareTargets(source: number, a: number, b: number): number {
    const { key } = this.#row(source);
    if (key[a]! !== key[b]!) return key[a]! < key[b]! ? -1 : 1;
    return this.siteBefore(source, a) - this.siteBefore(source, b) || a - b;
  }

  /**
   * The first site on a path after its source at which mail stops; -1 if none (RT-34, RT-36).
   * @param isStop - by site: 1 where mail stops
   */
  firstStop(source: number, target: number, isStop: Uint8Array): number {
    const { armSite } = this.#network;
    const { arm } = this.#row(source);
    let first = -1;
    let site = target;
    for (let at = arm[site]!; at !== -1; at = arm[site]!) {
      if (isStop[site] === 1) first = site;
      site = armSite[at]!;
    }
    return first;
  }

  /** RT-33: the nearest of some places by `compareTargets`; undefined if no path leads to any. */
  nearest<Place extends { readonly site: number }>(
    source: number,
    places: readonly Place[],
  ): Place | undefined {
    const { key } = this.#row(source);
    let nearest: Place | undefined;
    let shortest = Number.POSITIVE_INFINITY;
    for (const place of places) {
      const length = key[place.site]!;
      if (length > shortest || length === Number.POSITIVE_INFINITY) continue;
      if (length === shortest && this.compareTargets(source, place.site, nearest!.site) > 0) continue;
      nearest = place;
      shortest = length;
    }
    return nearest;
  }

  /** RT-38: the places that paths lead to, by `compareTargets`; itself if it is in that order. */
  byNearness<Place extends { readonly site: number }>(
    source: number,
    places: readonly Place[],
  ): readonly Place[] {
    if (this.#areInOrder(source, places)) return places;
    // The usual case: a DAG over two sites.
    if (places.length === 2 && places.every(({ site }) => this.reaches(source, site))) {
      return [places[1]!, places[0]!];
    }
    return places
      .filter(({ site }) => this.reaches(source, site))
      .sort((a, b) => this.compareTargets(source, a.site, b.site));
  }

  #areInOrder(source: number, places: readonly { readonly site: number }[]): boolean {
    const { key } = this.#row(source);
    for (let place = 0; place < places.length; place++) {
      const { site } = places[place]!;
      if (key[site] === Number.POSITIVE_INFINITY) return false;
      if (place > 0 && this.compareTargets(source, places[place - 1]!.site, site) > 0) return false;
    }
    return true;
  }

  #row(source: number): PathRow {
    const known = this.#rows[source];
    if (known !== undefined) return known;
    const row = this.#network.explore(source, this.#rows);
    this.#rows[source] = row;
    return row;
  }
}
