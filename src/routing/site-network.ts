import type { Topology } from '../topology/index.js';
import { BucketQueue } from './bucket-queue.js';

/** What one source site knows of all others; columns by site. */
export interface PathRow {
  /** Cost and hops in one number: `cost * costUnit + hops`, which orders paths by RT-30 and RT-31. Infinity: no path. */
  readonly key: Float64Array;
  /** The arm over which the path comes to a site; -1 for the source, and without a path. */
  readonly arm: Int32Array;
}

/**
 * The sites and the links between them, and the search for a site's least-cost paths. Of all that compiling does this
 * is run over most data: 1,000 sites with 5,000 links are ten million steps. Therefore flat lists throughout:
 *
 * - An *arm* is a site's end of a link: the same number says which site a path comes from, and by which link. Arms are
 *   in the order of their sites' names, those of a site the cheapest first, then in the order of their links' names.
 * - A path's length is one number, its key: comparing keys is comparing costs, then hops.
 * - The queue works in buckets as wide as the cheapest link, at constant cost a step.
 * - A link of two sites, the usual case, is nothing but the site at its other end. One of more sites (the default link
 *   of Active Directory may hold them all) joins all its sites alike, so only the nearest of them, by the same order as
 *   everything else, can offer the others anything. That one is in the first bucket that any of them is in, and known
 *   when the bucket is empty: each link is gone through once.
 * - What a neighbour knows of its paths says how long those of a site are at most. Longer ways are passed over, so that
 *   few sites come to be known at first by a way that is not the shortest, and change their bucket.
 */
export class SiteNetwork {
  /** What 1 of cost counts for in a key: more than any number of hops, and a power of two. */
  readonly costUnit: number;
  /** By arm. */
  readonly armSite: Int32Array;
  readonly armLink: Int32Array;
  /** By link. */
  readonly linkLimit: Float64Array;
  readonly #siteCount: number;
  /** By site: where its arms begin; they go on to where the next site's begin. */
  readonly #firstArm: Int32Array;
  /** By arm: the site at the other end; of a link of more than two sites -1 less the link's place in `#shared`. */
  readonly #armTarget: Int32Array;
  /** By arm: what the link adds to a key. */
  readonly #armKey: Float64Array;
  /** Links of more than two sites. */
  readonly #shared: readonly SharedLink[];
  /** Those that the present bucket has come to. */
  readonly #reached: SharedLink[] = [];
  readonly #queue: BucketQueue;

  /** @param linkUp - by link: 0 leaves it out; absent: all links count */
  constructor({ sites, siteLinks }: Topology, linkUp: Uint8Array | undefined) {
    this.#siteCount = sites.length;
    this.costUnit = 2 ** Math.ceil(Math.log2(sites.length + 1));
    this.linkLimit = Float64Array.from(siteLinks, (link) => link.maxMessageSizeBytes);
    const keys = siteLinks.map(({ cost }) => cost * this.costUnit + 1);
    const up = siteLinks.filter(({ index }) => linkUp === undefined || linkUp[index] !== 0);

    const linksOfSite: number[][] = sites.map(() => []);
    for (const link of up) for (const site of link.sites) linksOfSite[site]!.push(link.index);
    const arms = linksOfSite.flatMap((own, site) =>
      own.sort((a, b) => keys[a]! - keys[b]! || a - b).map((link) => ({ site, link })),
    );
    this.#firstArm = new Int32Array(sites.length + 1);
    linksOfSite.forEach((own, site) => {
      this.#firstArm[site + 1] = this.#firstArm[site]! + own.length;
    });

    const shared = up.filter((link) => link.sites.length !== 2);
    const placeInShared = new Map(shared.map(({ index }, place) => [index, place]));
    this.#shared = shared.map((link) => ({
      sites: link.sites,
      key: Number.POSITIVE_INFINITY,
      arm: -1,
      isDone: false,
    }));
    this.armSite = Int32Array.from(arms, ({ site }) => site);
    this.armLink = Int32Array.from(arms, ({ link }) => link);
    this.#armKey = Float64Array.from(arms, ({ link }) => keys[link]!);
    this.#armTarget = Int32Array.from(arms, ({ site, link }) => {
      const place = placeInShared.get(link);
      if (place !== undefined) return -1 - place;
      const [one, other] = siteLinks[link]!.sites;
      return one === site ? other! : one!;
    });
    const used = up.map(({ index }) => keys[index]!);
    const shortest = used.reduce((least, key) => Math.min(least, key), Number.POSITIVE_INFINITY);
    const longest = used.reduce((most, key) => Math.max(most, key), 1);
    this.#queue = new BucketQueue(sites.length, Math.min(shortest, longest), longest);
  }

  /**
   * Dijkstra's algorithm over (cost, hops, names): all paths from a site. A site may be settled before others at the
   * same distance, since every link costs something and so none of them lies behind another (AS-02).
   * @param source - -1: no site, from which no path leads
   * @param known - by site: the rows there are so far; a neighbour's spares much of the search
   */
  explore(source: number, known: readonly (PathRow | undefined)[] = []): PathRow {
    const firstArm = this.#firstArm;
    const armTarget = this.#armTarget;
    const armKey = this.#armKey;
    const key = new Float64Array(this.#siteCount).fill(Number.POSITIVE_INFINITY);
    const arm = new Int32Array(this.#siteCount).fill(-1);
    for (const link of this.#shared) {
      link.key = Number.POSITIVE_INFINITY;
      link.isDone = false;
    }

    if (source === -1) return { key, arm };
    this.#bound(key, source, known);
    key[source] = 0;
    this.#queue.start(source);
    do {
      for (let site = this.#queue.take(); site !== -1; site = this.#queue.take()) {
        const siteKey = key[site]!;
        const end = firstArm[site + 1]!;
        for (let own = firstArm[site]!; own < end; own++) {
          const target = armTarget[own]!;
          const targetKey = siteKey + armKey[own]!;
          if (target < 0) this.#reach(this.#shared[-1 - target]!, own, targetKey);
          else if (targetKey <= key[target]!) this.#offer(key, arm, target, own, targetKey);
        }
      }
      for (let link = this.#reached.pop(); link !== undefined; link = this.#reached.pop()) {
        link.isDone = true;
        for (const target of link.sites) {
          if (link.key <= key[target]!) this.#offer(key, arm, target, link.arm, link.key);
        }
      }
    } while (this.#queue.moveOn());
    return { key, arm };
  }

  /** Notes the nearest site of a large link. */
  #reach(link: SharedLink, own: number, targetKey: number): void {
    if (link.isDone || targetKey > link.key) return;
    if (link.key === Number.POSITIVE_INFINITY) this.#reached.push(link);
    else if (targetKey === link.key && own > link.arm) return;
    link.key = targetKey;
    link.arm = own;
  }

  /**
   * How long the paths from a site are at most, by what a neighbour knows: the way over that neighbour. Infinity where
   * nothing is known. As every bound is the length of a way that there is, the shortest is never longer.
   */
  #bound(bounds: Float64Array, source: number, known: readonly (PathRow | undefined)[]): void {
    for (let own = this.#firstArm[source]!; own < this.#firstArm[source + 1]!; own++) {
      const neighbour = this.#armTarget[own]!;
      const row = neighbour < 0 ? undefined : known[neighbour];
      if (row === undefined) continue;
      const { key } = row;
      const toNeighbour = this.#armKey[own]!;
      for (let site = 0; site < bounds.length; site++) bounds[site] = toNeighbour + key[site]!;
      return;
    }
  }

  /** A path that is no longer than the one known, or than its bound. */
  #offer(key: Float64Array, arm: Int32Array, target: number, own: number, targetKey: number): void {
    const known = key[target]!;
    const isNew = arm[target] === -1;
    if (targetKey === known && !isNew) {
      // RT-32: at equal cost and hops the lower name before it; of one site's links the lower name, too (AS-02).
      if (own < arm[target]!) arm[target] = own;
      return;
    }
    key[target] = targetKey;
    arm[target] = own;
    if (isNew) this.#queue.put(target, targetKey);
    else this.#queue.advance(target, known, targetKey);
  }
}

/** A link of more than two sites, and the nearest of them that a search has come to so far. */
interface SharedLink {
  readonly sites: readonly number[];
  /** What its other sites are offered from there; Infinity while the search has come to none. */
  key: number;
  /** The arm of the nearest site. */
  arm: number;
  /** Whether its sites have been offered what they can be. */
  isDone: boolean;
}
