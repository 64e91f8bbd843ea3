import type { Topology } from '../topology/index.js';
import type { AddressSpaceClass, AddressSpaceEntry, Coverage } from './address-space.js';
import type { DeliveryGroups } from './delivery-group.js';
import type { SitePaths } from './least-cost-path.js';

/** An address space as a server sees it, with what CN-01 weighs among equally specific ones. */
interface Candidate {
  readonly entry: AddressSpaceEntry;
  /** RT-30: site links to the nearest source site, plus the address space. */
  readonly aggregateCost: number;
  /** -1 for this server itself, 0 for another of this site, else the hops to the nearest source site. */
  readonly distance: number;
}

const noSite = -1;

/**
 * The choice among connectors that cover a domain (CN-01 to CN-09). In order: the most specific address space, the
 * lowest aggregate cost, the nearest, the lowest name. The one used for a message is the first that is large enough
 * for it (CN-02): there is no balancing across connectors (CN-09). Left out are scoped connectors of other sites
 * (CN-06, DC-11) and those without a source server in reach (AS-07). The source site of an Edge's connector is the one it
 * is subscribed to (RT-57).
 *
 * A choice is a list in which each connector takes larger messages than those before it. The first that takes more
 * than some size is then the best of all that do, so that lists can be merged.
 */
export class ConnectorSelector {
  readonly #topology: Topology;
  readonly #paths: SitePaths;
  readonly #groups: DeliveryGroups;
  /** By server: the connectors it is a source of. */
  readonly #sourceOf = new Map<number, number[]>();
  /** By address space class, then by site: the choice of servers that are no source. */
  readonly #choicesOfSites: Map<number, readonly Candidate[]>[] = [];

  constructor(topology: Topology, paths: SitePaths, groups: DeliveryGroups) {
    this.#topology = topology;
    this.#paths = paths;
    this.#groups = groups;
    for (const { index, edgeSite } of topology.connectors) {
      // RT-58: an Edge's connector is no server's own, not even in the site it is subscribed to.
      if (edgeSite !== -1) continue;
      for (const member of this.#groupOf(index).members) {
        const own = this.#sourceOf.get(member);
        if (own === undefined) this.#sourceOf.set(member, [index]);
        else own.push(index);
      }
    }
  }

  /** Whether a server hands over to a connector itself, or to the Edges that do. */
  isSource(server: number, connector: number): boolean {
    const { edgeSite } = this.#topology.connectors[connector]!;
    if (edgeSite !== -1) return this.#topology.servers[server]!.site === edgeSite;
    return this.#sourceOf.get(server)?.includes(connector) ?? false;
  }

  /** The connectors a server may come to use for a domain: a message takes the first that is large enough. */
  choose(server: number, { classes }: Coverage): readonly AddressSpaceEntry[] {
    const chosen: AddressSpaceEntry[] = [];
    let largest = -1;
    for (const each of classes) {
      if (largest === Number.POSITIVE_INFINITY) break;
      for (const { entry } of this.#chooseInClass(server, each)) {
        if (this.#limitOf(entry) <= largest) continue;
        chosen.push(entry);
        largest = this.#limitOf(entry);
      }
    }
    return chosen;
  }

  #chooseInClass(server: number, { id, entries, byConnector }: AddressSpaceClass): readonly Candidate[] {
    const { site } = this.#topology.servers[server]!;
    let bySite = this.#choicesOfSites[id];
    if (bySite === undefined) {
      bySite = new Map();
      this.#choicesOfSites[id] = bySite;
    }
    let ofSite = bySite.get(site);
    if (ofSite === undefined) {
      const seen: Candidate[] = [];
      for (const entry of entries) {
        const candidate = this.#seenFromSite(site, entry);
        if (candidate !== undefined) seen.push(candidate);
      }
      ofSite = this.#ascend(seen);
      bySite.set(site, ofSite);
    }
    const own: Candidate[] = [];
    for (const connector of this.#sourceOf.get(server) ?? []) {
      const entry = byConnector.get(connector);
      if (entry !== undefined) own.push({ entry, aggregateCost: entry.cost, distance: -1 });
    }
    return own.length === 0 ? ofSite : this.#ascend([...own, ...ofSite]);
  }

  /** The best candidate, the best of those that take more than it, and so on. */
  #ascend(candidates: readonly Candidate[]): readonly Candidate[] {
    const ascending: Candidate[] = [];
    let largest = -1;
    for (;;) {
      let best: Candidate | undefined;
      for (const candidate of candidates) {
        if (this.#limitOf(candidate.entry) <= largest) continue;
        if (best === undefined || compareCandidates(candidate, best) < 0) best = candidate;
      }
      if (best === undefined) return ascending;
      ascending.push(best);
      largest = this.#limitOf(best.entry);
    }
  }

  #seenFromSite(site: number, entry: AddressSpaceEntry): Candidate | undefined {
    const { members, receivers } = this.#groupOf(entry.connector);
    const { edgeSite } = this.#topology.connectors[entry.connector]!;
    if (edgeSite === site) return { entry, aggregateCost: entry.cost, distance: 0 };
    if (this.#topology.connectors[entry.connector]!.scoped) {
      const isHere = members.some((member) => this.#topology.servers[member]!.site === site);
      if (!isHere) return undefined;
    }
    let nearest = noSite;
    for (const each of receivers) {
      if (this.#paths.hops(site, each.site) < 0) continue;
      if (nearest === noSite || this.#paths.compareTargets(site, each.site, nearest) < 0) nearest = each.site;
    }
    if (nearest === noSite) return undefined;
    const aggregateCost = this.#paths.cost(site, nearest) + entry.cost;
    return { entry, aggregateCost, distance: this.#paths.hops(site, nearest) };
  }

  #limitOf({ connector }: AddressSpaceEntry): number {
    return this.#topology.connectors[connector]!.maxMessageSizeBytes;
  }

  #groupOf(connector: number) {
    return this.#groups.groups[this.#groups.ofConnector[connector]!]!;
  }
}

/** Negative if `a` is preferred. A connector's index stands for its name (UN-02). */
function compareCandidates(a: Candidate, b: Candidate): number {
  return (
    a.aggregateCost - b.aggregateCost ||
    a.distance - b.distance ||
    a.entry.connector - b.entry.connector ||
    a.entry.cost - b.entry.cost
  );
}
