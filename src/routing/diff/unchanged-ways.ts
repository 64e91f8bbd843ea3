import type { Connector } from '../../topology/index.js';
import { AddressSpaces } from '../address-space.js';
import { type DeliveryGroup, receiversInSite } from '../delivery-group.js';
import type { DestinationClass, OutsideDestination } from './diff-destinations.js';
import type { DiffSide } from './diff-side.js';
import { isSameName, type Translation } from './matching.js';

/** What a class of destinations is reached by, where both sides have the same of it. */
interface AlikeReach {
  /** The sites of the delivery group; of outside addresses those of all connectors that cover them. By index before. */
  readonly sites: readonly number[];
  readonly isOutside: boolean;
}

/**
 * How ways from the site at hand compare: surely the same; by the same connectors, as far as connectors choose; or
 * unknown, so that the routes have to be compared.
 */
export type WayVerdict = 'alike' | 'same-connectors' | 'unknown';

/**
 * Finds ways that are surely the same before and after, without asking for them: of the pairs of a large organization
 * most, when a part of it changes. The way from a site to a delivery group outside it depends on the group, on the
 * paths to the group's sites and on the receivers and hub flags of the sites passed, on nothing else (RT-33 to RT-41).
 * Which connectors outside addresses leave by depends on the connectors that cover them and on how far their sites are
 * (CN-01). What is not found here is compared.
 */
export class UnchangedWays {
  readonly #before: DiffSide;
  readonly #after: DiffSide;
  readonly #translation: Translation;
  /** By site before: its hub flag and receivers are other ones after. */
  readonly #siteDiffers: Uint8Array;
  /** By class of destinations; null where the sides differ. */
  readonly #reaches: readonly (AlikeReach | null)[];
  /** By site before: 1 if it is not as far from the site at hand, or not by the same neighbour. */
  readonly #moved: Uint8Array;
  /** By site before: 1 if the way there from the site at hand is another, or passes a site that differs. */
  readonly #touched: Uint8Array;
  /** By class of destinations, from the site at hand. */
  readonly #verdicts = new Map<number, WayVerdict>();

  constructor(
    before: DiffSide,
    after: DiffSide,
    translation: Translation,
    destinations: readonly DestinationClass[],
  ) {
    this.#before = before;
    this.#after = after;
    this.#translation = translation;
    const { sites } = before.topology;
    this.#moved = new Uint8Array(sites.length);
    this.#touched = new Uint8Array(sites.length);
    this.#siteDiffers = Uint8Array.from(sites, ({ index }) => Number(this.#differs(index)));
    const isKnown = ({ origin }: Connector) => origin !== 'edge-inbound';
    const spaces = [before, after].map(({ topology }) => new AddressSpaces(topology, isKnown));
    this.#reaches = destinations.map((each) => this.#examine(each, spaces[0]!, spaces[1]!));
  }

  /** Turns to the ways from a site; -1 where it is not on one of the sides. */
  leaveFrom(siteBefore: number, siteAfter: number): void {
    this.#verdicts.clear();
    this.#moved.fill(1);
    this.#touched.fill(1);
    if (siteBefore === -1 || !this.#translation.isSameSite(siteBefore, siteAfter)) return;
    for (const site of this.#moved.keys()) {
      this.#moved[site] = Number(!this.#isSameStep(siteBefore, siteAfter, site));
    }
    const known = new Uint8Array(this.#touched.length);
    known[siteBefore] = 1;
    this.#touched[siteBefore] = 0;
    for (const site of known.keys()) this.#touch(siteBefore, siteAfter, site, known);
  }

  /**
   * From a server that is no Edge, and on both sides. It is in the group of databases and expansion servers on neither
   * side; whatever it is to connectors, its peer after is the same to them.
   * @param place - of the class of destinations
   */
  compare(place: number): WayVerdict {
    const known = this.#verdicts.get(place);
    if (known !== undefined) return known;
    const reach = this.#reaches[place]!;
    let verdict: WayVerdict = 'unknown';
    if (reach?.sites.every((site) => this.#touched[site] === 0) === true) verdict = 'alike';
    else if (reach?.isOutside === true && reach.sites.every((site) => this.#moved[site] === 0)) {
      verdict = 'same-connectors';
    }
    this.#verdicts.set(place, verdict);
    return verdict;
  }

  /** Whether the ways to a connector, which is alike on both sides, are surely the same. */
  isWayAlike(connector: number): boolean {
    return this.#groupOf(this.#before, connector).receivers.every(({ site }) => this.#touched[site] === 0);
  }

  #examine(
    { destinations, groupBefore, groupAfter }: DestinationClass,
    spacesBefore: AddressSpaces,
    spacesAfter: AddressSpaces,
  ): AlikeReach | null {
    const [destination] = destinations;
    if (destination!.kind === 'address-space') {
      const sites = this.#examineSpace(destination!, spacesBefore, spacesAfter);
      return sites && { sites, isOutside: true };
    }
    if (groupBefore === undefined || groupAfter === undefined) return null;
    if (!this.#isAlikeGroup(groupBefore, groupAfter)) return null;
    return { sites: groupBefore.receivers.map(({ site }) => site), isOutside: false };
  }

  /** Follows the path back until what is known already, or until it ends where no path leads. */
  #touch(sourceBefore: number, sourceAfter: number, target: number, known: Uint8Array): void {
    const waiting: number[] = [];
    const { paths } = this.#before;
    let site = target;
    while (known[site] === 0) {
      waiting.push(site);
      site = paths.siteBefore(sourceBefore, site);
    }
    let touched = this.#touched[site] === 1;
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      touched ||=
        this.#siteDiffers[next] === 1 ||
        this.#moved[next] === 1 ||
        this.#before.paths.maxMessageSizeBytes(sourceBefore, next) !==
          this.#after.paths.maxMessageSizeBytes(sourceAfter, this.#translation.sites[next]!);
      known[next] = 1;
      this.#touched[next] = Number(touched);
    }
  }

  #isSameStep(sourceBefore: number, sourceAfter: number, site: number): boolean {
    const other = this.#translation.sites[site]!;
    if (other === -1) return false;
    const [before, after] = [this.#before.paths, this.#after.paths];
    const from = before.siteBefore(sourceBefore, site);
    return (
      before.hops(sourceBefore, site) === after.hops(sourceAfter, other) &&
      before.cost(sourceBefore, site) === after.cost(sourceAfter, other) &&
      this.#translation.isSameSite(from, after.siteBefore(sourceAfter, other))
    );
  }

  #differs(site: number): boolean {
    const other = this.#translation.sites[site]!;
    if (other === -1) return true;
    const [before, after] = [this.#before.topology, this.#after.topology];
    return (
      before.sites[site]!.hub !== after.sites[other]!.hub ||
      !this.#translation.areSameServers(receiversInSite(before, site), receiversInSite(after, other))
    );
  }

  #isAlikeGroup(before: DeliveryGroup, after: DeliveryGroup): boolean {
    const { sites, servers } = this.#before.topology;
    const others = this.#after.topology;
    return (
      before.reference.kind === after.reference.kind &&
      isSameName(before.reference.name, after.reference.name) &&
      isSameName(before.relayKey.nextHopDomain, after.relayKey.nextHopDomain) &&
      this.#translation.areSameServers(before.members, after.members) &&
      before.members.every((member, place) => {
        const [site, other] = [servers[member]!.site, others.servers[after.members[place]!]!.site];
        return (
          this.#translation.isSameSite(site, other) &&
          sites[site]!.inboundMail === others.sites[other]!.inboundMail
        );
      })
    );
  }

  /** The sites of the source servers of all connectors that cover it, before. */
  #examineSpace(
    { before, after }: OutsideDestination,
    spacesBefore: AddressSpaces,
    spacesAfter: AddressSpaces,
  ): readonly number[] | null {
    if (before.kind !== 'outside' || after.kind !== 'outside') return null;
    const entriesBefore = spacesBefore.cover(before.type, before.domain).classes;
    const entriesAfter = spacesAfter.cover(after.type, after.domain).classes;
    if (entriesBefore.length !== entriesAfter.length) return null;
    const sites = new Set<number>();
    for (const [rank, { entries }] of entriesBefore.entries()) {
      const others = entriesAfter[rank]!.entries;
      if (entries.length !== others.length) return null;
      for (const [place, { connector, cost, space }] of entries.entries()) {
        const other = others[place]!;
        if (cost !== other.cost || space !== other.space) return null;
        if (!this.#isAlikeConnector(connector, other.connector)) return null;
        for (const { site } of this.#groupOf(this.#before, connector).receivers) sites.add(site);
      }
    }
    return [...sites];
  }

  #isAlikeConnector(index: number, indexAfter: number): boolean {
    const before = this.#before.topology.connectors[index]!;
    const after = this.#after.topology.connectors[indexAfter]!;
    return (
      isSameName(before.name, after.name) &&
      before.kind === after.kind &&
      before.scoped === after.scoped &&
      before.maxMessageSizeBytes === after.maxMessageSizeBytes &&
      before.smartHosts.join() === after.smartHosts.join() &&
      // Which front ends there are is not looked at here.
      !before.frontEndProxy &&
      !after.frontEndProxy &&
      this.#translation.isSameSite(before.edgeSite, after.edgeSite) &&
      this.#translation.areSameServers(before.sourceServers, after.sourceServers) &&
      this.#isAlikeGroup(this.#groupOf(this.#before, index), this.#groupOf(this.#after, indexAfter))
    );
  }

  #groupOf({ groups }: DiffSide, connector: number): DeliveryGroup {
    return groups.groups[groups.ofConnector[connector]!]!;
  }
}
