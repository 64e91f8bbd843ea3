import type { Tier, TierReason } from './next-hop.js';

/** Tiers that many lists have in common: one object for a reason and a list of servers. */
export class SharedTiers {
  readonly #tiers = new Map<readonly number[], Tier[]>();

  /** @param servers - of `site`; the same array means the same servers */
  get(reason: TierReason, site: number, servers: readonly number[]): Tier {
    const known = this.#tiers.get(servers);
    for (const tier of known ?? []) if (tier.reason === reason) return tier;
    const tier = { reason, site, servers };
    if (known === undefined) this.#tiers.set(servers, [tier]);
    else known.push(tier);
    return tier;
  }
}

/** Tiers in order. A server stands in the first only that fits it; a tier without servers is left out. */
export class TierList {
  readonly #shared: SharedTiers;
  readonly #tiers: Tier[] = [];

  constructor(shared: SharedTiers) {
    this.#shared = shared;
  }

  /** Those so far, in an array of their own that takes no more room than they need. */
  get tiers(): readonly Tier[] {
    return this.#tiers.slice();
  }

  /** @param candidates - servers of `site`; taken over as they are where none of them stands in a tier yet */
  add(reason: TierReason, site: number, candidates: readonly number[]): void {
    let servers = candidates;
    for (const earlier of this.#tiers) {
      if (earlier.site === site) servers = servers.filter((server) => !earlier.servers.includes(server));
    }
    if (servers.length === 0) return;
    this.#tiers.push(
      servers === candidates ? this.#shared.get(reason, site, servers) : { reason, site, servers },
    );
  }
}
