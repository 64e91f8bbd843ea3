import { type Connector, normalizeName } from '../../topology/index.js';
import { AddressSpaces } from '../address-space.js';
import { type DeliveryGroup, receiversInSite } from '../delivery-group.js';
import type { OutsideDestination } from './diff-destinations.js';
import type { DiffSide } from './diff-side.js';
import type { Translation } from './matching.js';

/**
 * Finds ways that are surely the same before and after, without asking for them: of the pairs of a large organization
 * most, when a part of it changes. The way from a site to a delivery group outside it depends on the group, on the
 * paths to the group's sites and on the receivers and hub flags of the sites passed, on nothing else (RT-33 to RT-41);
 * that to an outside address on these for all connectors that cover it (CN-01). What is not found here is compared.
 */
export class UnchangedWays {
  readonly #before: DiffSide;
  readonly #after: DiffSide;
  readonly #translation: Translation;
  /** By site before: its hub flag and receivers are other ones after. */
  readonly #siteDiffers: Uint8Array;
  readonly #alikeGroups = new Map<string, boolean>();
  readonly #spacesBefore: AddressSpaces;
  readonly #spacesAfter: AddressSpaces;
  /** By destination: the sites its connectors are chosen by, if both sides treat it alike; else null. */
  readonly #alikeSpaces = new Map<OutsideDestination, readonly number[] | null>();
  /** By site before: 1 if the way there from the site at hand is another, or passes a site that differs. */
  #touched = new Uint8Array(0);

  constructor(before: DiffSide, after: DiffSide, translation: Translation) {
    this.#before = before;
    this.#after = after;
    this.#translation = translation;
    this.#siteDiffers = Uint8Array.from(before.topology.sites, ({ index }) => Number(this.#differs(index)));
    const isKnown = ({ origin }: Connector) => origin !== 'edge-inbound';
    this.#spacesBefore = new AddressSpaces(before.topology, isKnown);
    this.#spacesAfter = new AddressSpaces(after.topology, isKnown);
  }

  /** Turns to the ways from a site; -1 where it is not on one of the sides. */
  leaveFrom(siteBefore: number, siteAfter: number): void {
    this.#touched = new Uint8Array(this.#before.topology.sites.length);
    if (siteBefore === -1 || siteAfter === -1 || this.#translation.sites[siteBefore] !== siteAfter) {
      this.#touched.fill(1);
      return;
    }
    const known = new Uint8Array(this.#touched.length);
    known[siteBefore] = 1;
    for (let site = 0; site < known.length; site++) this.#touch(siteBefore, siteAfter, site, known);
  }

  /** From outside the group on both sides. */
  areAlike(before: DeliveryGroup, after: DeliveryGroup): boolean {
    return (
      this.#isAlikeGroup(before, after) && before.receivers.every(({ site }) => this.#touched[site] === 0)
    );
  }

  /** From a server that is no Edge; whatever it is to the connectors, its peer after is the same to them. */
  areAlikeOutside(destination: OutsideDestination): boolean {
    let sites = this.#alikeSpaces.get(destination);
    if (sites === undefined) {
      sites = this.#examineSpace(destination);
      this.#alikeSpaces.set(destination, sites);
    }
    return sites?.every((site) => this.#touched[site] === 0) ?? false;
  }

  /** Follows the path back until what is known already. */
  #touch(sourceBefore: number, sourceAfter: number, target: number, known: Uint8Array): void {
    const waiting: number[] = [];
    const { paths } = this.#before;
    let site = target;
    while (site !== -1 && known[site] === 0) {
      waiting.push(site);
      site = paths.siteBefore(sourceBefore, site);
    }
    let touched = site !== -1 && this.#touched[site] === 1;
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      touched ||= this.#siteDiffers[next] === 1 || !this.#isSameStep(sourceBefore, sourceAfter, next);
      known[next] = 1;
      this.#touched[next] = Number(touched);
    }
  }

  #isSameStep(sourceBefore: number, sourceAfter: number, site: number): boolean {
    const { sites } = this.#translation;
    const [before, after] = [this.#before.paths, this.#after.paths];
    const other = sites[site]!;
    const from = before.siteBefore(sourceBefore, site);
    return (
      before.hops(sourceBefore, site) === after.hops(sourceAfter, other) &&
      before.cost(sourceBefore, site) === after.cost(sourceAfter, other) &&
      this.#translation.isSameSite(from, after.siteBefore(sourceAfter, other)) &&
      before.maxMessageSizeBytes(sourceBefore, site) === after.maxMessageSizeBytes(sourceAfter, other)
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
    const key = `${before.index} ${after.index}`;
    const known = this.#alikeGroups.get(key);
    if (known !== undefined) return known;
    const { sites, servers } = this.#before.topology;
    const others = this.#after.topology;
    const alike =
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
      });
    this.#alikeGroups.set(key, alike);
    return alike;
  }

  /** The sites of the source servers of all connectors that cover it, before. */
  #examineSpace({ before, after }: OutsideDestination): readonly number[] | null {
    if (before.kind !== 'outside' || after.kind !== 'outside') return null;
    const entriesBefore = this.#spacesBefore.cover(before.type, before.domain).classes;
    const entriesAfter = this.#spacesAfter.cover(after.type, after.domain).classes;
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

function isSameName(a: string, b: string): boolean {
  return a === b || normalizeName(a) === normalizeName(b);
}
