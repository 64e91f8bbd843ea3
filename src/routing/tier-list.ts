import type { Tier, TierReason } from './next-hop.js';

/** Tiers in order. A server stands in the first only that fits it; a tier without servers is left out. */
export class TierList {
  readonly #tiers: Tier[] = [];

  /** Those so far, in an array of their own that takes no more room than they need. */
  get tiers(): readonly Tier[] {
    return this.#tiers.slice();
  }

  /** @param candidates - servers of `site`; taken over as they are where none of them stands in a tier yet */
  add(reason: TierReason, site: number, candidates: readonly number[]): void {
    this.addTier({ reason, site, servers: candidates });
  }

  /** @param tier - likewise: kept as it is where none of its servers stands in a tier yet, so lists can share it */
  addTier(tier: Tier): void {
    let { servers } = tier;
    for (const earlier of this.#tiers) {
      if (earlier.site !== tier.site) continue;
      servers = servers.filter((server) => !earlier.servers.includes(server));
    }
    if (servers.length > 0) this.#tiers.push(servers === tier.servers ? tier : { ...tier, servers });
  }
}
