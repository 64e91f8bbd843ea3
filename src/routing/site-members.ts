import type { Tier, TierReason } from './next-hop.js';

/** Servers that share a site and are tried alike: members of a group, or all of the site that take mail. */
export class SiteMembers {
  readonly site: number;
  /** In name order. */
  readonly servers: readonly number[];
  /** Those asked for so far: three at most, so that going through them is quicker than a `Map`. */
  readonly #tiers: Tier[] = [];

  constructor(site: number, servers: readonly number[]) {
    this.site = site;
    this.servers = servers;
  }

  /** The tier that these servers make up: for a reason always the same object, which many lists have in common. */
  as(reason: TierReason): Tier {
    const tiers = this.#tiers;
    for (let place = 0; place < tiers.length; place++) {
      if (tiers[place]!.reason === reason) return tiers[place]!;
    }
    const tier = { reason, site: this.site, servers: this.servers };
    tiers.push(tier);
    return tier;
  }
}
