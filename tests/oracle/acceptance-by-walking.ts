import type { ServerDescription } from '../../src/topology/index.js';
import type { WalkedDecision } from './decision-by-walking.js';
import type { Landscape } from './landscape.js';
import { hasName, sameName } from './names.js';
import type { Acceptance, OracleTier, Outage } from './oracle-answer.js';
import { isEdge } from './server-roles.js';

/** Who takes mail while servers, sites and links are down. */
export class Up {
  readonly #land: Landscape;
  readonly #outage: Outage;

  constructor(land: Landscape, outage: Outage | undefined) {
    this.#land = land;
    this.#outage = outage ?? { servers: [], sites: [], links: [] };
  }

  /** A site that is down takes its servers with it; an Edge is none of them. */
  isUp(server: ServerDescription): boolean {
    const { servers, sites } = this.#outage;
    const site = this.#land.siteOf(server);
    if (hasName(servers, server.name)) return false;
    return isEdge(server) || site === undefined || !hasName(sites, site);
  }

  /** The first tier in which somebody accepts, and of its servers the first by name. */
  acceptor(from: ServerDescription, tiers: readonly OracleTier[]): Acceptance | null {
    for (const [place, tier] of tiers.entries()) {
      const server = tier.servers.find((name) => this.#reaches(from, this.#land.server(name)));
      if (server !== undefined) return { server, tier: place + 1 };
    }
    return null;
  }

  /** As `acceptor`; a proxied connector needs a front end besides (RT-43). */
  acceptorOf(from: ServerDescription, decision: WalkedDecision): Acceptance | null {
    if (decision.onward === 'outside' && decision.proxy !== undefined) {
      const fronts = decision.proxy.servers.map((name) => this.#land.server(name));
      if (!fronts.some((each) => this.isUp(each))) return null;
    }
    return this.acceptor(from, decision.tiers);
  }

  #reaches(from: ServerDescription, to: ServerDescription): boolean {
    return this.isUp(to) && this.areConnected(this.#land.siteOf(from)!, this.#land.siteOf(to)!);
  }

  #isLinkUp(link: { readonly name: string }): boolean {
    return !hasName(this.#outage.links, link.name);
  }

  /** A-site-outage-links: nothing comes from a site that is out, goes there or passes it; its links join the others. */
  #isSiteUp(site: string): boolean {
    return !hasName(this.#outage.sites, site);
  }

  /** Design section 6, links: any chain of links that are up, or every link of the least-cost path. */
  areConnected(source: string, target: string): boolean {
    if (sameName(source, target)) return true;
    if (this.#land.organization.network === 'least-cost-path') {
      const path = this.#land.pathBetween(source, target);
      if (path === undefined || !path.sites.every((site) => this.#isSiteUp(site))) return false;
      return this.#land.linksOf(path).every((link) => this.#isLinkUp(link));
    }
    if (!this.#isSiteUp(source)) return false;
    const reached = [source];
    for (const site of reached) {
      for (const link of this.#land.organization.siteLinks) {
        if (!this.#isLinkUp(link) || !hasName(link.sites, site)) continue;
        for (const other of link.sites)
          if (this.#isSiteUp(other) && !hasName(reached, other)) reached.push(other);
      }
    }
    return hasName(reached, target);
  }
}
