import type { Tier, TierReason } from './next-hop.js';

/** Tiers in order. A server stands in the first only that fits it; a tier without servers is left out. */
export class TierList {
  readonly tiers: Tier[] = [];

  /** @param candidates - servers of `site`; taken over as they are where none of them stands in a tier yet */
  add(reason: TierReason, site: number, candidates: readonly number[]): void {
    const earlier = this.tiers.filter((tier) => tier.site === site);
    const servers =
      earlier.length === 0
        ? candidates
        : candidates.filter((server) => !earlier.some((tier) => tier.servers.includes(server)));
    if (servers.length > 0) this.tiers.push({ reason, site, servers });
  }
}
