import type { Topology } from '../topology/index.js';
import type { SitePath } from './next-hop.js';

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

/** What one source site knows of all others; columns by site. */
interface PathRow {
  /** Infinity: no path. */
  readonly cost: Float64Array;
  readonly hops: Int32Array;
  /** The site before it on its path; -1 for the source, and without a path. */
  readonly before: Int32Array;
  /** The site link that leads to it from `before`; -1 likewise. */
  readonly link: Int32Array;
}

/**
 * The least-cost paths between all sites (AS-01, AS-02, AS-09, RT-30 to RT-32). A source's paths are worked out when
 * they are first asked for and kept: n sites cost 20 n bytes a source.
 *
 * Paths are closed under prefixes, so each is kept as the site before its target, and RT-32 comes down to the
 * smaller predecessor at equal cost and hops: of two paths that differ earlier than that, the part up to the common
 * predecessor has been decided by the same rules.
 */
export class SitePaths {
  readonly #siteCount: number;
  /** By site: its links, cheapest first, then in name order: parallel links yield to the first (AS-02). */
  readonly #linksOfSite: readonly Int32Array[];
  readonly #sitesOfLink: readonly Int32Array[];
  readonly #linkCost: Float64Array;
  readonly #linkLimit: Float64Array;
  readonly #rows: (PathRow | undefined)[];
  readonly #usedBy: Int32Array;
  readonly #heap: Int32Array;
  readonly #heapPlace: Int32Array;
  #heapSize = 0;

  /** @param linkUp - by link: 0 leaves it out; absent: all links count */
  constructor(topology: Topology, linkUp?: Uint8Array) {
    const links = topology.siteLinks;
    this.#siteCount = topology.sites.length;
    this.#linkCost = Float64Array.from(links, (link) => link.cost);
    this.#linkLimit = Float64Array.from(links, (link) => link.maxMessageSizeBytes);
    this.#sitesOfLink = links.map((link) => Int32Array.from(link.sites));
    const linksOfSite: number[][] = topology.sites.map(() => []);
    for (const link of links) {
      if (linkUp !== undefined && linkUp[link.index] === 0) continue;
      for (const site of link.sites) linksOfSite[site]!.push(link.index);
    }
    this.#linksOfSite = linksOfSite.map((own) =>
      Int32Array.from(own.sort((a, b) => this.#linkCost[a]! - this.#linkCost[b]! || a - b)),
    );
    this.#rows = new Array<PathRow | undefined>(this.#siteCount);
    this.#usedBy = new Int32Array(links.length).fill(-1);
    this.#heap = new Int32Array(this.#siteCount);
    this.#heapPlace = new Int32Array(this.#siteCount);
  }

  /** The sum of the costs of the links crossed (RT-30); 0 to itself, Infinity without a path. */
  cost(source: number, target: number): number {
    return this.#row(source).cost[target]!;
  }

  /** Links crossed; 0 to itself, -1 without a path. */
  hops(source: number, target: number): number {
    return this.#row(source).hops[target]!;
  }

  /** The sites from source to target, both included; empty without a path. */
  sites(source: number, target: number): readonly number[] {
    const { hops, before } = this.#row(source);
    const count = hops[target]! + 1;
    const sites = new Array<number>(count);
    for (let place = count - 1, site = target; place >= 0; place--, site = before[site]!) sites[place] = site;
    return sites;
  }

  /** The site links crossed, in order; empty inside a site and without a path. */
  links(source: number, target: number): readonly number[] {
    const { hops, before, link } = this.#row(source);
    const count = Math.max(hops[target]!, 0);
    const links = new Array<number>(count);
    for (let place = count - 1, site = target; place >= 0; place--, site = before[site]!) {
      links[place] = link[site]!;
    }
    return links;
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
    return this.links(source, target).reduce(
      (smallest, link) => Math.min(smallest, this.#linkLimit[link]!),
      Number.POSITIVE_INFINITY,
    );
  }

  /**
   * Orders two sites by how near they are to a source; negative if `a` is nearer.
   * Rules: RT-30, RT-31, RT-32, then the site's name (UN-01). Sites without a path come last.
   */
  compareTargets(source: number, a: number, b: number): number {
    if (a === b) return 0;
    const { cost, hops, before } = this.#row(source);
    if (cost[a]! !== cost[b]!) return cost[a]! < cost[b]! ? -1 : 1;
    return hops[a]! - hops[b]! || before[a]! - before[b]! || a - b;
  }

  #row(source: number): PathRow {
    return this.#rows[source] ?? this.#explore(source);
  }

  /**
   * Dijkstra's algorithm over (cost, hops, name). A link joins all its sites alike, so only the first of them to be
   * settled can offer the others anything: each link is looked at once.
   */
  #explore(source: number): PathRow {
    const count = this.#siteCount;
    const row: PathRow = {
      cost: new Float64Array(count).fill(Number.POSITIVE_INFINITY),
      hops: new Int32Array(count).fill(-1),
      before: new Int32Array(count).fill(-1),
      link: new Int32Array(count).fill(-1),
    };
    const { cost, hops, before, link: linkTo } = row;
    this.#usedBy.fill(-1);
    this.#heapPlace.fill(-1);
    this.#heapSize = 0;
    cost[source] = 0;
    hops[source] = 0;
    this.#raise(row, source);
    while (this.#heapSize > 0) {
      const site = this.#takeNearest(row);
      const nextHops = hops[site]! + 1;
      const links = this.#linksOfSite[site]!;
      for (let l = 0; l < links.length; l++) {
        const link = links[l]!;
        if (this.#usedBy[link] !== -1) continue;
        this.#usedBy[link] = site;
        const nextCost = cost[site]! + this.#linkCost[link]!;
        const members = this.#sitesOfLink[link]!;
        for (let m = 0; m < members.length; m++) {
          const next = members[m]!;
          if (nextCost > cost[next]!) continue;
          if (nextCost === cost[next]!) {
            if (nextHops > hops[next]!) continue;
            if (nextHops === hops[next]! && site >= before[next]!) continue;
          }
          cost[next] = nextCost;
          hops[next] = nextHops;
          before[next] = site;
          linkTo[next] = link;
          this.#raise(row, next);
        }
      }
    }
    this.#rows[source] = row;
    return row;
  }

  /** Puts a site into the heap, or moves it up after it came nearer. */
  #raise(row: PathRow, site: number): void {
    const heap = this.#heap;
    const places = this.#heapPlace;
    let place = places[site] === -1 ? this.#heapSize++ : places[site]!;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const other = heap[parent]!;
      if (!isNearer(row, site, other)) break;
      heap[place] = other;
      places[other] = place;
      place = parent;
    }
    heap[place] = site;
    places[site] = place;
  }

  #takeNearest(row: PathRow): number {
    const heap = this.#heap;
    const places = this.#heapPlace;
    const nearest = heap[0]!;
    const last = heap[--this.#heapSize]!;
    const size = this.#heapSize;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= size) break;
      if (child + 1 < size && isNearer(row, heap[child + 1]!, heap[child]!)) child++;
      const other = heap[child]!;
      if (!isNearer(row, other, last)) break;
      heap[place] = other;
      places[other] = place;
      place = child;
    }
    heap[place] = last;
    places[last] = place;
    return nearest;
  }
}

/** By cost, hops, name: the order in which sites are settled. */
function isNearer({ cost, hops }: PathRow, a: number, b: number): boolean {
  const difference = cost[a]! - cost[b]! || hops[a]! - hops[b]! || a - b;
  return difference < 0;
}
