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
  readonly #network: SiteNetwork;
  readonly #rows: (PathRow | undefined)[];

  /** @param linkUp - by link: 0 leaves it out; absent: all links count */
  constructor(topology: Topology, linkUp?: Uint8Array) {
    this.#network = new SiteNetwork(topology, linkUp);
    this.#rows = new Array<PathRow | undefined>(topology.sites.length);
  }

  /** The sum of the costs of the links crossed (RT-30); 0 to itself, Infinity without a path. */
  cost(source: number, target: number): number {
    return this.#row(source).cost[target]!;
  }

  /** Links crossed; 0 to itself, -1 without a path. */
  hops(source: number, target: number): number {
    return this.#row(source).hops[target]!;
  }

  /** The last site before a target on the path to it; -1 for the source itself, and without a path. */
  siteBefore(source: number, target: number): number {
    return this.#row(source).before[target]!;
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
    const { before, link } = this.#row(source);
    let smallest = Number.POSITIVE_INFINITY;
    for (let site = target; before[site] !== -1; site = before[site]!) {
      smallest = Math.min(smallest, this.#network.linkLimit[link[site]!]!);
    }
    return smallest;
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
    const known = this.#rows[source];
    if (known !== undefined) return known;
    const row = this.#network.explore(source);
    this.#rows[source] = row;
    return row;
  }
}

/** The sites and links as flat lists, with what a search needs besides, used over and over. */
class SiteNetwork {
  readonly linkLimit: Float64Array;
  /** What a hop counts for in `#linkKey` is 1; this is what 1 of cost counts for, more than any number of hops. */
  readonly #costUnit: number;
  /** By link: cost and one hop in one number, which orders paths by RT-30 and RT-31. */
  readonly #linkKey: Float64Array;
  /** By site: where its links begin in `#links`; they go on to where the next site's begin. */
  readonly #firstLink: Int32Array;
  /** Cheapest first, then in name order: parallel links yield to the first (AS-02). */
  readonly #links: Int32Array;
  /** By link: where its sites begin in `#sites`. */
  readonly #firstSite: Int32Array;
  readonly #sites: Int32Array;
  /** By link: the last search that has looked at it. */
  readonly #seenBy: Int32Array;
  #search = 0;
  readonly #key: Float64Array;
  /** A binary heap of the sites to be settled, nearest on top, and each site's place in it. */
  readonly #heap: Int32Array;
  readonly #place: Int32Array;

  constructor(topology: Topology, linkUp: Uint8Array | undefined) {
    const { sites, siteLinks } = topology;
    this.#costUnit = 2 ** Math.ceil(Math.log2(sites.length + 1));
    this.#linkKey = Float64Array.from(siteLinks, (link) => link.cost * this.#costUnit + 1);
    this.linkLimit = Float64Array.from(siteLinks, (link) => link.maxMessageSizeBytes);
    const linksOfSite: number[][] = sites.map(() => []);
    for (const link of siteLinks) {
      if (linkUp !== undefined && linkUp[link.index] === 0) continue;
      for (const site of link.sites) linksOfSite[site]!.push(link.index);
    }
    for (const own of linksOfSite) own.sort((a, b) => siteLinks[a]!.cost - siteLinks[b]!.cost || a - b);
    [this.#firstLink, this.#links] = flatten(linksOfSite);
    [this.#firstSite, this.#sites] = flatten(siteLinks.map((link) => link.sites));
    this.#seenBy = new Int32Array(siteLinks.length);
    this.#key = new Float64Array(sites.length);
    this.#heap = new Int32Array(sites.length);
    this.#place = new Int32Array(sites.length);
  }

  /**
   * Dijkstra's algorithm over (cost, hops, name). A link joins all its sites alike, so only the first of them to be
   * settled can offer the others anything: each link is looked at once.
   */
  explore(source: number): PathRow {
    const count = this.#heap.length;
    const before = new Int32Array(count).fill(-1);
    const linkTo = new Int32Array(count).fill(-1);
    const firstLink = this.#firstLink;
    const links = this.#links;
    const firstSite = this.#firstSite;
    const sites = this.#sites;
    const linkKey = this.#linkKey;
    const seenBy = this.#seenBy;
    const key = this.#key.fill(Number.POSITIVE_INFINITY);
    const heap = this.#heap;
    const place = this.#place.fill(-1);
    const search = ++this.#search;

    let size = 1;
    heap[0] = source;
    key[source] = 0;
    while (size > 0) {
      const site: number = heap[0]!;
      const moved: number = heap[--size]!;
      let at = 0;
      for (let child = 1; child < size; child = 2 * at + 1) {
        if (child + 1 < size && isNearer(key, heap[child + 1]!, heap[child]!)) child++;
        const other = heap[child]!;
        if (!isNearer(key, other, moved)) break;
        heap[at] = other;
        place[other] = at;
        at = child;
      }
      heap[at] = moved;
      place[moved] = at;

      const end = firstLink[site + 1]!;
      for (let l: number = firstLink[site]!; l < end; l++) {
        const link = links[l]!;
        if (seenBy[link] === search) continue;
        seenBy[link] = search;
        const nextKey = key[site]! + linkKey[link]!;
        const last = firstSite[link + 1]!;
        for (let s = firstSite[link]!; s < last; s++) {
          const next = sites[s]!;
          // RT-32: at equal cost and hops the lower name before it.
          if (nextKey > key[next]! || (nextKey === key[next]! && site >= before[next]!)) continue;
          key[next] = nextKey;
          before[next] = site;
          linkTo[next] = link;
          // Into the heap, or up in it.
          let up = place[next]! === -1 ? size++ : place[next]!;
          while (up > 0) {
            const parent = (up - 1) >> 1;
            const other = heap[parent]!;
            if (!isNearer(key, next, other)) break;
            heap[up] = other;
            place[other] = up;
            up = parent;
          }
          heap[up] = next;
          place[next] = up;
        }
      }
    }
    const hops = new Int32Array(count).fill(-1);
    const cost = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
    for (let site = 0; site < count; site++) {
      if (key[site]! === Number.POSITIVE_INFINITY) continue;
      cost[site] = Math.floor(key[site]! / this.#costUnit);
      hops[site] = key[site]! - cost[site]! * this.#costUnit;
    }
    return { cost, hops, before, link: linkTo };
  }
}

/** By cost and hops, then by name: the order in which sites are settled. */
function isNearer(key: Float64Array, a: number, b: number): boolean {
  return key[a]! < key[b]! || (key[a]! === key[b]! && a < b);
}

/** Lists one after another, and where each begins; one entry more says where the last ends. */
function flatten(lists: readonly (readonly number[])[]): [first: Int32Array, all: Int32Array] {
  const first = new Int32Array(lists.length + 1);
  lists.forEach((list, index) => {
    first[index + 1] = first[index]! + list.length;
  });
  return [first, Int32Array.from(lists.flat())];
}
