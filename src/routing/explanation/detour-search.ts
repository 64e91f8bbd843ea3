import type { SiteLink, Topology } from '../../topology/index.js';
import { comparePaths, type SitePaths } from '../least-cost-path.js';
import type { SitePath } from '../next-hop.js';
import { SiteQueue } from './site-queue.js';
import type { SiteSteps } from './site-steps.js';

/** Stands for a place that has not been asked for yet. */
const unknown = -2;

/**
 * Finds the best path by other sites than the chosen one. It lacks at least one step of that, so it is the best of those
 * that are left when one step after another is barred.
 *
 * Barring a step changes the paths of those sites only that are reached by it, the sites *behind* it. So the search
 * begins at their edge: what all other sites can offer them is known. A step needs to be barred in the direction of the
 * path only: who goes through its far end first would come to the target sooner by not turning back.
 *
 * Any way to a site behind the step, and on from there the best way to the target, is a way without the step. So there
 * soon is a limit to what is of interest, and a site that is too far from both ends can be left alone altogether.
 */
export class DetourSearch {
  readonly #paths: SitePaths;
  readonly #steps: SiteSteps;
  readonly #siteCount: number;
  /** By site: what `#leavesAt` has found. */
  readonly #leaves: Int32Array;
  /** By site behind the barred step: cost and hops as in `SitePaths.lengths`, and the site before it. */
  readonly #key: Float64Array;
  readonly #before: Int32Array;
  readonly #queue = new SiteQueue();
  #source = -1;
  /** There is a path as long as this: what is longer is of no interest. */
  #limit = Number.POSITIVE_INFINITY;
  /** By site: how far it is from the source. */
  #fromSource: Float64Array = new Float64Array(0);
  /** By site: how far it is to the target. From behind a barred step nobody goes that way again. */
  #toTarget: Float64Array = new Float64Array(0);

  constructor({ sites }: Topology, paths: SitePaths, steps: SiteSteps) {
    this.#paths = paths;
    this.#steps = steps;
    this.#siteCount = sites.length;
    this.#leaves = new Int32Array(sites.length);
    this.#key = new Float64Array(sites.length);
    this.#before = new Int32Array(sites.length);
  }

  /** The second of all paths in the order of RT-30 to RT-32; undefined if there is but one, or none. */
  nextBest(source: number, target: number): SitePath | undefined {
    const chosen = this.#paths.sites(source, target);
    this.#leaves.fill(unknown);
    chosen.forEach((site, place) => {
      this.#leaves[site] = place;
    });
    this.#source = source;
    this.#fromSource = this.#paths.lengths(source);
    // Each link leads both ways.
    this.#toTarget = this.#paths.lengths(target);
    this.#limit = this.#firstLimit(chosen);
    const leaving = this.#sitesWithinLimit(chosen.length);
    let best: SitePath | undefined;
    const behind: number[] = [];
    // From the far end, where few sites are behind a step: what is found there limits the other searches.
    for (let place = chosen.length - 1; place > 0; place--) {
      for (const site of leaving[place]!) behind.push(site);
      const found = this.#around(chosen, place, behind);
      if (found !== undefined && (best === undefined || comparePaths(found, best) < 0)) best = found;
    }
    return best;
  }

  /** The length of the best way that comes back to the chosen path right behind the step that it lacks. */
  #firstLimit(chosen: readonly number[]): number {
    let limit = Number.POSITIVE_INFINITY;
    for (let place = 1; place < chosen.length; place++) {
      const site = chosen[place]!;
      for (const link of this.#steps.linksOf(site)) {
        const from = this.#nearestOutside(link, place, chosen[place - 1]!);
        if (from === -1) continue;
        limit = Math.min(limit, this.#fromSource[from]! + this.#keyOf(link) + this.#toTarget[site]!);
      }
    }
    return limit;
  }

  /** The sites that a path within the limit may lead over, by the place where the path to them leaves the chosen one. */
  #sitesWithinLimit(places: number): readonly (readonly number[])[] {
    const leaving: number[][] = Array.from({ length: places }, () => []);
    for (let site = 0; site < this.#siteCount; site++) {
      if (this.#isBeyondLimit(site)) continue;
      const place = this.#leavesAt(site);
      if (place !== -1) leaving[place]!.push(site);
    }
    return leaving;
  }

  #isBeyondLimit(site: number): boolean {
    return this.#fromSource[site]! + this.#toTarget[site]! > this.#limit;
  }

  /** The place on the chosen path where the path to a site leaves it; -1 without a path. */
  #leavesAt(site: number): number {
    let known = site;
    while (known !== -1 && this.#leaves[known] === unknown) {
      known = this.#paths.siteBefore(this.#source, known);
    }
    const place = known === -1 ? -1 : this.#leaves[known]!;
    for (let at = site; at !== known; at = this.#paths.siteBefore(this.#source, at)) this.#leaves[at] = place;
    return place;
  }

  /**
   * The best path without the step that leads to a place of the chosen path; undefined if there is none, or none within
   * the limit.
   */
  #around(chosen: readonly number[], place: number, behind: readonly number[]): SitePath | undefined {
    for (const site of behind) this.#key[site] = Number.POSITIVE_INFINITY;
    this.#queue.clear();
    this.#offerFromOutside(chosen, place, behind);
    const target = chosen.at(-1)!;
    const passedOn = new Set<SiteLink>();
    for (let site = this.#queue.take(); site !== -1; site = this.#queue.take()) {
      const { key } = this.#queue;
      if (key > this.#key[site]! || key + this.#toTarget[site]! > this.#limit) continue;
      if (site === target) return this.#pathFound(chosen, place);
      for (const link of this.#steps.linksOf(site)) {
        // The first site of a link is the nearest, by its name too: it offers the others the best.
        if (link.sites.length > 2) {
          if (passedOn.has(link)) continue;
          passedOn.add(link);
        }
        for (const other of link.sites) {
          if (this.#leavesAt(other) >= place) this.#offer(other, key + this.#keyOf(link), site);
        }
      }
    }
    return undefined;
  }

  /** Offers the sites behind a step what they can get from the others. */
  #offerFromOutside(chosen: readonly number[], place: number, behind: readonly number[]): void {
    const [barred, beyond] = [chosen[place - 1]!, chosen[place]!];
    const nearest = new Map<SiteLink, number>();
    for (const site of behind) {
      if (this.#isBeyondLimit(site)) continue;
      for (const link of this.#steps.linksOf(site)) {
        let from: number | undefined;
        if (site === beyond) from = this.#nearestOutside(link, place, barred);
        else if (link.sites.length === 2) from = this.#nearestOutside(link, place, -1);
        else {
          from = nearest.get(link) ?? this.#nearestOutside(link, place, -1);
          nearest.set(link, from);
        }
        if (from !== -1) this.#offer(site, this.#fromSource[from]! + this.#keyOf(link), from);
      }
    }
  }

  /** The nearest site of a link that is not behind the step, of equally near ones the first; -1 for none. */
  #nearestOutside({ sites }: SiteLink, place: number, barred: number): number {
    let nearest = -1;
    for (const site of sites) {
      if (site === barred || this.#leavesAt(site) >= place) continue;
      const order =
        nearest === -1 ? -1 : this.#fromSource[site]! - this.#fromSource[nearest]! || site - nearest;
      if (order < 0) nearest = site;
    }
    return nearest;
  }

  #offer(site: number, key: number, before: number): void {
    const known = this.#key[site]!;
    const length = key + this.#toTarget[site]!;
    if (key > known || length > this.#limit) return;
    this.#limit = length;
    if (key === known) {
      // RT-32, as in `SiteNetwork`.
      if (before < this.#before[site]!) this.#before[site] = before;
      return;
    }
    this.#key[site] = key;
    this.#before[site] = before;
    this.#queue.put(site, key);
  }

  #pathFound(chosen: readonly number[], place: number): SitePath {
    const target = chosen.at(-1)!;
    const key = this.#key[target]!;
    const inner: number[] = [];
    let site = target;
    for (; this.#leavesAt(site) >= place; site = this.#before[site]!) inner.push(site);
    const { costUnit } = this.#paths;
    return {
      sites: [...this.#paths.sites(chosen[0]!, site), ...inner.reverse()],
      cost: Math.floor(key / costUnit),
      hops: key % costUnit,
    };
  }

  #keyOf({ cost }: SiteLink): number {
    return cost * this.#paths.costUnit + 1;
  }
}
