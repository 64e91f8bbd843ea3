import type { SiteLink, Topology } from '../../topology/index.js';

/** The steps from site to site: which links join two sites, and what going from one to the other costs (AS-01, AS-02). */
export class SiteSteps {
  readonly #linksOfSite: readonly (readonly SiteLink[])[];

  constructor({ sites, siteLinks }: Topology) {
    const linksOfSite: SiteLink[][] = sites.map(() => []);
    for (const link of siteLinks) for (const site of link.sites) linksOfSite[site]!.push(link);
    this.#linksOfSite = linksOfSite;
  }

  /** In the order of their names. */
  linksOf(site: number): readonly SiteLink[] {
    return this.#linksOfSite[site]!;
  }

  /** Those that join two sites directly, in the order of their names. */
  linksBetween(a: number, b: number): readonly SiteLink[] {
    return this.#linksOfSite[a]!.filter(({ sites }) => sites.includes(b));
  }

  /** The cost of a way along neighbouring sites, by the cheapest links. */
  costOf(sites: readonly number[]): number {
    return sites
      .slice(1)
      .map((site, place) => Math.min(...this.linksBetween(sites[place]!, site).map(({ cost }) => cost)))
      .reduce((sum, cost) => sum + cost, 0);
  }
}
