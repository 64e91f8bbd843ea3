import type { Tier, TierReason } from './next-hop.js';

/** Tiers that many lists have in common: one object for a reason and a list of servers. */
class SharedTiers {
  readonly #tiers = new Map<readonly number[], Tier[]>();

  /** @param servers - of `site`; the same array means the same servers */
  get(reason: TierReason, site: number, servers: readonly number[]): Tier {
    const known = this.#tiers.get(servers);
    for (const tier of known ?? []) if (tier.reason === reason) return tier;
    const tier = { reason, site, servers };
    this.#tiers.set(servers, known === undefined ? [tier] : [...known, tier]);
    return tier;
  }
}

/**
 * Tiers in order. A server stands in the first only that fits it; a tier without servers is left out. One object makes
 * many lists, one after another.
 */
export class TierList {
  readonly #shared = new SharedTiers();
  readonly #tiers: Tier[] = [];
  #count = 0;

  /** @param candidates - servers of `site`; taken over as they are where none of them stands in a tier yet */
  add(reason: TierReason, site: number, candidates: readonly number[]): void {
    if (candidates.length > 0) this.addTier(this.#shared.get(reason, site, candidates));
  }

  /** @param tier - likewise */
  addTier(tier: Tier): void {
    let { servers } = tier;
    for (let place = 0; place < this.#count; place++) {
      const earlier = this.#tiers[place]!;
      if (earlier.site !== tier.site) continue;
      servers = servers.filter((server) => !earlier.servers.includes(server));
    }
    if (servers.length === 0) return;
    this.#tiers[this.#count++] = servers === tier.servers ? tier : { ...tier, servers };
  }

  /** The list, which then begins anew. */
  take(): readonly Tier[] {
    const tiers = this.#tiers.slice(0, this.#count);
    this.#count = 0;
    return tiers;
  }
}
