import type { LinkSlowdown } from '../../../src/sim/model/link-conditions.js';
import type { Organization, SiteLinkDescription } from '../../../src/topology/index.js';
import { leastCostPath, linkBetween, neighboursOf, type SimplePath } from '../../oracle/simple-paths.js';

/** What is between two sites now. */
export interface ClearConnection {
  readonly from: string;
  readonly to: string;
  readonly isConnected: boolean;
  /** By name, in order. */
  readonly links: readonly string[];
  readonly latencyMs: number;
  readonly isLimited: boolean;
}

const parted = { isConnected: false, links: [], latencyMs: Number.POSITIVE_INFINITY, isLimited: false };

/**
 * The clear version of `Network`: lists of what is out and slow, and every answer worked out of them when it is asked
 * for, over all chains of links that there are (AS-04, RT-30 to RT-32, A-site-outage-links, A-slowdowns-worst).
 */
export class ClearNetwork {
  readonly #sites: readonly string[];
  readonly #links: readonly SiteLinkDescription[];
  readonly #anyPath: boolean;
  /** By name, as often as they are out. */
  readonly #linksOut: string[] = [];
  readonly #sitesOut: string[] = [];
  readonly #slowdowns: { readonly link: string; readonly slowdown: LinkSlowdown }[] = [];

  constructor({ sites, siteLinks, network }: Organization) {
    this.#sites = sites.map(({ name }) => name);
    this.#links = siteLinks;
    this.#anyPath = network === 'any-path';
  }

  beginLinkOutage(link: string): void {
    this.#linksOut.push(link);
  }

  endLinkOutage(link: string): void {
    this.#linksOut.splice(this.#linksOut.indexOf(link), 1);
  }

  beginSiteOutage(site: string): void {
    this.#sitesOut.push(site);
  }

  endSiteOutage(site: string): void {
    this.#sitesOut.splice(this.#sitesOut.indexOf(site), 1);
  }

  beginSlowdown(link: string, slowdown: LinkSlowdown): void {
    this.#slowdowns.push({ link, slowdown });
  }

  endSlowdown(slowdown: LinkSlowdown): void {
    const place = this.#slowdowns.findIndex((each) => each.slowdown === slowdown);
    this.#slowdowns.splice(place, 1);
  }

  /** What is between all pairs of sites. */
  between(): readonly ClearConnection[] {
    const up = this.#linksUp();
    // With `least-cost-path` what is out changes no path: traffic waits until all of its path is up again.
    const links = this.#anyPath ? up : this.#links;
    const neighbours = neighboursOf(this.#sites, links);
    return this.#sites.flatMap((from) =>
      this.#sites.map((to) => this.#over(leastCostPath(neighbours, from, to), links, up, from, to)),
    );
  }

  #over(
    path: SimplePath | undefined,
    all: readonly SiteLinkDescription[],
    up: readonly SiteLinkDescription[],
    from: string,
    to: string,
  ): ClearConnection {
    const links = path?.sites.slice(1).map((site, step) => linkBetween(all, path.sites[step]!, site)!) ?? [];
    const passes =
      path !== undefined &&
      links.every(({ name }) => up.some((link) => link.name === name)) &&
      (from === to || !path.sites.some((site) => this.#sitesOut.includes(site)));
    if (!passes) return { from, to, ...parted };
    return {
      ...{ from, to },
      isConnected: true,
      links: links.map(({ name }) => name),
      latencyMs: links.reduce((sum, link) => sum + this.#worst(link, 'latencyMs', Math.max), 0),
      isLimited: links.some(
        (link) =>
          this.#worst(link, 'bandwidthBitsPerSecond', Math.min) < Number.POSITIVE_INFINITY ||
          this.#worst(link, 'loss', Math.max) > 0,
      ),
    };
  }

  /** Links that are not out, with those of their sites that are not; the rest join nothing. */
  #linksUp(): readonly SiteLinkDescription[] {
    return this.#links
      .filter(({ name }) => !this.#linksOut.includes(name))
      .map((link) => ({ ...link, sites: link.sites.filter((site) => !this.#sitesOut.includes(site)) }))
      .filter(({ sites }) => sites.length > 1);
  }

  /** What a link has now: the worst of what slowdowns name; if none does, its own. */
  #worst(link: SiteLinkDescription, key: keyof LinkSlowdown, worst: (...values: number[]) => number): number {
    const named = this.#slowdowns
      .filter((each) => each.link === link.name)
      .flatMap(({ slowdown: { [key]: value } }) => (value === undefined ? [] : [value]));
    if (named.length > 0) return worst(...named);
    const own = { loss: 0, bandwidthBitsPerSecond: Number.POSITIVE_INFINITY, ...link };
    return own[key] ?? Number.POSITIVE_INFINITY;
  }
}
