import { type Connector, normalizeName } from '../../topology/index.js';
import { AddressSpaces } from '../address-space.js';
import { type DeliveryGroup, receiversInSite } from '../delivery-group.js';
import type { OutsideDestination } from './diff-destinations.js';
import type { DiffSide } from './diff-side.js';
import type { Translation } from './matching.js';

/** An address space that both sides treat alike: the sites whose nearness its connectors are chosen by. */
interface AlikeSpace {
  readonly sitesBefore: readonly number[];
  /** Connectors whose own servers decide otherwise than the rest of their sites. */
  readonly edgeSitesBefore: ReadonlySet<number>;
  /** Groups of the connectors, as indexes before. */
  readonly groupsBefore: ReadonlySet<number>;
}

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
  readonly #alikeSpaces = new Map<OutsideDestination, AlikeSpace | null>();
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

  /** From servers that are no Edges. */
  areAlikeOutside(destination: OutsideDestination, server: number): boolean {
    let space = this.#alikeSpaces.get(destination);
    if (space === undefined) {
      space = this.#examineSpace(destination);
      this.#alikeSpaces.set(destination, space);
    }
    if (space === null) return false;
    const { topology, groups } = this.#before;
    if (space.edgeSitesBefore.has(topology.servers[server]!.site)) return false;
    for (const group of space.groupsBefore) if (groups.groups[group]!.members.includes(server)) return false;
    return space.sitesBefore.every((site) => this.#touched[site] === 0);
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

  #examineSpace({ before, after }: OutsideDestination): AlikeSpace | null {
    if (before.kind !== 'outside' || after.kind !== 'outside') return null;
    const entriesBefore = this.#spacesBefore.cover(before.type, before.domain).classes;
    const entriesAfter = this.#spacesAfter.cover(after.type, after.domain).classes;
    if (entriesBefore.length !== entriesAfter.length) return null;
    const sites = new Set<number>();
    const edgeSites = new Set<number>();
    const ownGroups = new Set<number>();
    for (const [rank, { entries }] of entriesBefore.entries()) {
      const others = entriesAfter[rank]!.entries;
      if (entries.length !== others.length) return null;
      for (const [place, { connector, cost, space }] of entries.entries()) {
        const other = others[place]!;
        if (cost !== other.cost || space !== other.space) return null;
        const own = this.#before.topology.connectors[connector]!;
        if (!this.#isAlikeConnector(own, this.#after.topology.connectors[other.connector]!)) return null;
        const group = this.#groupOf(this.#before, connector);
        const groupAfter = this.#groupOf(this.#after, other.connector);
        if (!this.#isAlikeGroup(group, groupAfter)) return null;
        for (const { site } of group.receivers) sites.add(site);
        if (own.edgeSite === -1) ownGroups.add(group.index);
        else edgeSites.add(own.edgeSite);
      }
    }
    return { sitesBefore: [...sites], edgeSitesBefore: edgeSites, groupsBefore: ownGroups };
  }

  /** As far as servers that are no sources of it can tell. */
  #isAlikeConnector(before: Connector, after: Connector): boolean {
    return (
      isSameName(before.name, after.name) &&
      before.scoped === after.scoped &&
      before.maxMessageSizeBytes === after.maxMessageSizeBytes &&
      this.#translation.isSameSite(before.edgeSite, after.edgeSite)
    );
  }

  #groupOf({ groups }: DiffSide, connector: number): DeliveryGroup {
    return groups.groups[groups.ofConnector[connector]!]!;
  }
}

function isSameName(a: string, b: string): boolean {
  return a === b || normalizeName(a) === normalizeName(b);
}
