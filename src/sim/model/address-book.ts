import {
  expandGroup,
  forwardedDeliveries,
  hasDeliveryRules,
  isExpandedOn,
  type ResolvedAddress,
  resolveAddress,
  resolveOnEdge,
  resolveRecipient,
} from '../../routing/index.js';
import { normalizeName, type Topology } from '../../topology/index.js';
import type { AddressSeries } from './address-series.js';
import { longerInt32 } from './columns.js';
import { none } from './message-store.js';
import type { NdrReason } from './observer.js';
import type { RoutingConfigurations } from './routing-configurations.js';

/** What the categorizer does with an address that is no mailbox. */
interface Entry {
  readonly resolved: ResolvedAddress;
  /** The recipient that a contact's chain ends at, or that another spelling means inside the organization; else `none`. */
  readonly standsFor: number;
  /** The domain of an outside address; else `none`. */
  readonly domain: number;
}

/** Somebody who gets mail for a mailbox, or the mailbox on the way to them that returns it. */
export interface Delivery {
  readonly recipient: number;
  /** Null: they get it. */
  readonly failure: NdrReason | null;
}

interface KnownSeries {
  readonly series: AddressSeries;
  /** The id of the address at place 0 and behind it those of the others, but for the addresses known before. */
  readonly firstId: number;
  /** By place. */
  readonly ids: Int32Array;
  /** By domain: the first address not known before, which stands for all others of these. */
  readonly typicalIds: Int32Array;
}

/**
 * Addresses by number: those of the recipient directory keep their ids, all others (outside, unknown, malformed) get
 * the next free one when they are first met, those of a series together. Each is resolved once (RT-09), of a series one
 * for each domain: what no directory has comes down to its domain.
 */
export class AddressBook {
  readonly #topology: Topology;
  readonly #routing: RoutingConfigurations;
  readonly #mailboxCount: number;
  readonly #directoryCount: number;
  /** By id less the directory's; undefined: an address of a series that nobody has asked for yet. */
  readonly #foreign: (string | undefined)[] = [];
  readonly #foreignIds = new Map<string, number>();
  readonly #series: KnownSeries[] = [];
  /** By id less the number of mailboxes. */
  readonly #entries: (Entry | undefined)[] = [];
  /** By id, of addresses that an Edge has met: the domain as it sees it, plus 2. */
  #domainsOnEdge = new Int32Array(0);
  /** The members of each group as each server expands it. */
  readonly #members = new Map<number, Int32Array>();

  constructor(routing: RoutingConfigurations) {
    this.#routing = routing;
    this.#topology = routing.initial.topology;
    this.#mailboxCount = this.#topology.recipients.mailboxCount;
    this.#directoryCount = this.#topology.recipients.count;
  }

  /** The id of any address, without regard to case. */
  intern(address: string): number {
    const text = address.toUpperCase().startsWith('SMTP:') ? address.slice('SMTP:'.length) : address;
    const known = this.#topology.recipients.find(text);
    if (known >= 0) return known;
    const key = normalizeName(text);
    const met = this.#foreignIds.get(key) ?? this.#idInSeries(key);
    if (met !== undefined) return met;
    const id = this.#directoryCount + this.#foreign.length;
    this.#foreign.push(text);
    this.#foreignIds.set(key, id);
    return id;
  }

  /** The ids of a series, by place: of what is known already that which it has, directory or not. */
  internSeries(series: AddressSeries): Int32Array {
    const known = this.#series.find((each) => each.series.name === series.name);
    if (known !== undefined) return known.ids;
    const { addresses } = this.#topology.recipients;
    const firstId = this.#directoryCount + this.#foreign.length;
    const ids = Int32Array.from({ length: series.size }, (_, place) => firstId + place);
    const keep = (key: string, id: number) => {
      const place = series.placeOf(key);
      if (place !== -1) ids[place] = id;
    };
    for (const [key, id] of this.#foreignIds) keep(key, id);
    for (let id = 0; id < this.#directoryCount; id++) keep(normalizeName(addresses[id]!), id);
    const typicalIds = new Int32Array(series.domainCount).fill(none);
    for (let place = 0; place < series.size; place++) {
      const domain = place % series.domainCount;
      if (typicalIds[domain] === none && ids[place] === firstId + place) typicalIds[domain] = firstId + place;
      this.#foreign.push(undefined);
    }
    this.#series.push({ series, firstId, ids, typicalIds });
    return ids;
  }

  address(id: number): string {
    if (id < this.#directoryCount) return this.#topology.recipients.addresses[id]!;
    const known = this.#foreign[id - this.#directoryCount];
    if (known !== undefined) return known;
    const { series, firstId } = this.#seriesOf(id)!;
    const address = series.address(id - firstId);
    this.#foreign[id - this.#directoryCount] = address;
    return address;
  }

  /** Whether somebody with a mailbox in the organization has the address. */
  isInside(id: number): boolean {
    return id < this.#mailboxCount;
  }

  /** The recipient that is meant: a contact stands for whom it leads to (RR-07). */
  meant(id: number): number {
    if (id < this.#mailboxCount) return id;
    const { standsFor } = this.#entry(id);
    return standsFor === none ? id : standsFor;
  }

  /** What an address that is no mailbox comes down to. */
  kind(id: number): ResolvedAddress['kind'] {
    return this.#entry(id).resolved.kind;
  }

  /** The outside domain of an address, as `RoutingConfigurations` numbers it. */
  domain(id: number): number {
    return this.#entry(id).domain;
  }

  /**
   * The domain of an address as an Edge sees it, which has no directory (RT-56); numbered as for `domain`. `none` for what
   * is no address.
   */
  domainOnEdge(id: number): number {
    const known = this.#domainsOnEdge[id] ?? 0;
    return known === 0 ? this.#findDomainOnEdge(id) : known - 2;
  }

  #findDomainOnEdge(id: number): number {
    const typical = this.#typicalOf(id);
    let domain = none;
    if (typical !== id) {
      domain = this.domainOnEdge(typical);
    } else {
      const resolved = resolveOnEdge(this.address(id));
      if (resolved.kind === 'outside') domain = this.#routing.internDomain(resolved.type, resolved.domain);
    }
    if (id >= this.#domainsOnEdge.length) {
      const size = Math.max(id + 1, 2 * this.#domainsOnEdge.length, this.#directoryCount);
      this.#domainsOnEdge = longerInt32(this.#domainsOnEdge, size);
    }
    this.#domainsOnEdge[id] = domain + 2;
    return domain;
  }

  /** The server that expands a group; `none`: whichever categorizes. */
  expansionServer(id: number): number {
    const { resolved } = this.#entry(id);
    return resolved.kind === 'distribution-group' ? resolved.expansionServer : none;
  }

  isGroup(id: number): boolean {
    return id >= this.#mailboxCount && this.kind(id) === 'distribution-group';
  }

  /** Why an address cannot be resolved; only for kind `ndr`. */
  failure(id: number): NdrReason | null {
    const { resolved } = this.#entry(id);
    return resolved.kind === 'ndr' ? resolved.ndr : null;
  }

  /** Whether the address is a group that `server` expands itself (RR-02, RT-17). */
  isExpandedAt(id: number, server: number): boolean {
    if (id < this.#mailboxCount) return false;
    const { resolved } = this.#entry(id);
    return resolved.kind === 'distribution-group' && isExpandedOn(resolved.expansionServer, server);
  }

  /** Whether mail for somebody goes elsewhere, or is taken from some senders only (RR-07). */
  hasDeliveryRules(id: number): boolean {
    return id < this.#mailboxCount && hasDeliveryRules(this.#topology, id);
  }

  /**
   * What mail for a mailbox comes down to, each once; nobody where a loop has brought it round (RR-06, RR-07). None of
   * it is to be forwarded again.
   * @param sender - an id; `none` for notifications, which every mailbox takes
   */
  deliveries(mailbox: number, sender: number): readonly Delivery[] {
    const from = sender === none ? undefined : this.address(sender);
    return forwardedDeliveries(this.#topology, mailbox, from).map(({ resolved }): Delivery => {
      switch (resolved.kind) {
        case 'ndr':
          return { recipient: this.intern(resolved.address), failure: resolved.ndr };
        case 'outside':
          // Whom a contact leads to, as everywhere else: who is met by both names is one.
          return { recipient: this.intern(resolved.address), failure: null };
        default:
          return { recipient: resolved.recipient, failure: null };
      }
    });
  }

  /** The ids of a group's members and theirs, as `server` expands it; each once (RR-06). */
  members(group: number, server: number): Int32Array {
    const topology = this.#topology;
    const key = group * topology.servers.length + server;
    const known = this.#members.get(key);
    if (known !== undefined) return known;
    const ids = expandGroup(topology, group, server).map(({ resolved }) => this.#targetOf(resolved));
    const members = Int32Array.from(new Set(ids));
    this.#members.set(key, members);
    return members;
  }

  /**
   * The ids of the mailboxes that an address comes to, ascending, each once: through groups and theirs wherever they are
   * expanded, and through contacts; forwarding left out.
   */
  mailboxesOf(id: number): Int32Array {
    const met = new Set<number>();
    const open = [this.meant(id)];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (met.has(next)) continue;
      met.add(next);
      if (!this.isGroup(next)) continue;
      const server = Math.max(0, this.expansionServer(next));
      for (const member of this.members(next, server)) open.push(this.meant(member));
    }
    return Int32Array.from([...met].filter((each) => this.isInside(each))).sort();
  }

  #entry(id: number): Entry {
    const index = id - this.#mailboxCount;
    return this.#entries[index] ?? this.#makeEntry(id);
  }

  #makeEntry(id: number): Entry {
    const index = id - this.#mailboxCount;
    // Without holes, which would make a look-up a search.
    while (this.#entries.length <= index) this.#entries.push(undefined);
    const typical = this.#typicalOf(id);
    if (typical !== id) {
      const entry = this.#entry(typical);
      this.#entries[index] = entry;
      return entry;
    }
    const topology = this.#topology;
    const resolved =
      id < this.#directoryCount ? resolveRecipient(topology, id) : resolveAddress(topology, this.address(id));
    const target = this.#targetOf(resolved);
    const entry: Entry = {
      resolved,
      // Generated addresses outside share an entry: each stands for itself.
      standsFor:
        target !== id && (target < this.#directoryCount || id < this.#directoryCount) ? target : none,
      domain: resolved.kind === 'outside' ? this.#routing.internDomain(resolved.type, resolved.domain) : none,
    };
    this.#entries[index] = entry;
    return entry;
  }

  /** Who gets what is addressed so: by a contact, whom it leads to (RR-07). */
  #targetOf(resolved: ResolvedAddress): number {
    return resolved.kind === 'mailbox' || resolved.kind === 'distribution-group'
      ? resolved.recipient
      : this.intern(resolved.address);
  }

  /** The series that made the id. */
  #seriesOf(id: number): KnownSeries | undefined {
    return this.#series.find(({ series, firstId }) => id >= firstId && id < firstId + series.size);
  }

  /** The address that stands for an id in its series; else the id itself. */
  #typicalOf(id: number): number {
    const known = this.#seriesOf(id);
    return known === undefined ? id : known.typicalIds[(id - known.firstId) % known.series.domainCount]!;
  }

  #idInSeries(key: string): number | undefined {
    for (const { series, ids } of this.#series) {
      const place = series.placeOf(key);
      if (place !== -1) return ids[place]!;
    }
    return undefined;
  }
}
