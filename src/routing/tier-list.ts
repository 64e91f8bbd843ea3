import type { Tier, TierReason } from './next-hop.js';

/** Tiers in order. A server stands in the first only that fits it; a tier without servers is left out. */
export class TierList {
  readonly tiers: Tier[] = [];
  readonly #placed = new Set<number>();

  /** @returns whether any of the candidates was still free */
  add(reason: TierReason, site: number, candidates: readonly number[]): boolean {
    const servers = candidates.filter((server) => !this.#placed.has(server));
    if (servers.length === 0) return false;
    for (const server of servers) this.#placed.add(server);
    this.tiers.push({ reason, site, servers });
    return true;
  }
}
