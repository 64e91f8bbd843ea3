import type { Tier, TierReason } from './next-hop.js';

/** Tiers that many lists have in common: equal ones are, as a rule, one object. */
class SharedTiers {
  /** By their servers. */
  readonly #whole = new Map<readonly number[], readonly Tier[]>();
  /** What is left of a tier where another precedes it in the same site: by that other, then by the tier. */
  readonly #rests = new Map<Tier, Map<Tier, Tier>>();

  /** @param servers - of `site`; the same array means the same servers */
  get(reason: TierReason, site: number, servers: readonly number[]): Tier {
    const known = this.#whole.get(servers) ?? [];
    for (const tier of known) if (tier.reason === reason) return tier;
    const tier = { reason, site, servers };
    this.#whole.set(servers, [...known, tier]);
    return tier;
  }

  /** A tier without the servers of an earlier one in the same site; the same object where nothing is to be taken away. */
  without(tier: Tier, earlier: Tier): Tier {
    let rests = this.#rests.get(earlier);
    if (rests === undefined) {
      rests = new Map();
      this.#rests.set(earlier, rests);
    }
    let rest = rests.get(tier);
    if (rest === undefined) {
      const servers = tier.servers.filter((server) => !earlier.servers.includes(server));
      rest = servers.length === tier.servers.length ? tier : { ...tier, servers };
      rests.set(tier, rest);
    }
    return rest;
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

  /** @param tier - likewise; to be one object for all lists */
  addTier(tier: Tier): void {
    let rest = tier;
    for (let place = 0; place < this.#count; place++) {
      const earlier = this.#tiers[place]!;
      if (earlier.site === tier.site) rest = this.#shared.without(rest, earlier);
    }
    if (rest.servers.length > 0) this.#tiers[this.#count++] = rest;
  }

  /** The list, which then begins anew. */
  take(): readonly Tier[] {
    const tiers = this.#tiers.slice(0, this.#count);
    this.#count = 0;
    return tiers;
  }
}
