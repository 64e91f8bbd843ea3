import type { Tier } from './next-hop.js';

/**
 * Tiers in order. A server stands in the first only that fits it; a tier without servers is left out. One object makes
 * many lists, one after another.
 */
export class TierList {
  /** What is left of a tier where another precedes it in the same site: by that other, then by the tier. */
  readonly #rests = new Map<Tier, Map<Tier, Tier>>();
  readonly #tiers: Tier[] = [];
  #count = 0;

  /** @param tier - to be one object for all lists; taken over as it is where none of its servers stands in a tier yet */
  add(tier: Tier): void {
    let rest = tier;
    for (let place = 0; place < this.#count; place++) {
      const earlier = this.#tiers[place]!;
      if (earlier.site !== tier.site) continue;
      // The usual case: the same group, or the same whole site, for another reason.
      if (earlier.servers === rest.servers) return;
      rest = this.#without(rest, earlier);
    }
    if (rest.servers.length > 0) this.#tiers[this.#count++] = rest;
  }

  /** @param tier - likewise; none of its servers stands in a tier yet, so that there is nothing to look for */
  append(tier: Tier): void {
    if (tier.servers.length > 0) this.#tiers[this.#count++] = tier;
  }

  /** The list, which then begins anew. */
  take(): readonly Tier[] {
    const tiers = this.#tiers.slice(0, this.#count);
    this.#count = 0;
    return tiers;
  }

  /** A tier without the servers of an earlier one; the same object where nothing is to be taken away. */
  #without(tier: Tier, earlier: Tier): Tier {
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
