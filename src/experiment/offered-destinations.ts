import { type NextHop, type ResolvedAddress, type RoutingTables, resolveMessage } from '../routing/index.js';

/** Somewhere that recipients of a stream of messages are. */
export interface Destination {
  readonly kind: 'database' | 'outside' | 'group';
  /** The database, the interned domain, or the server that expands the group. */
  readonly index: number;
  /** Address of a group, to be resolved where it is expanded. */
  readonly address: string;
  /** How likely each recipient after the first is here. */
  readonly share: number;
  /** Messages of the stream whose first recipient is here, or, with certain recipients, the recipients that are here. */
  readonly first: number;
  /** Of a database: the mailboxes, where they are certain and not too many to look at each. */
  readonly mailboxes: readonly number[];
}

/** Of more mailboxes in a place none is looked at by itself: the database has too much to do long before one has. */
const mostMailboxes = 1_000;

/** A destination that is nobody's first yet. */
export function destinationAt(kind: Destination['kind'], index: number, share: number): Destination {
  return { kind, index, address: '', share, first: 0, mailboxes: [] };
}

/** Where servers send what is expected, and what becomes of groups. */
export class OfferedDestinations {
  readonly #tables: RoutingTables;

  constructor(tables: RoutingTables) {
    this.#tables = tables;
  }

  /**
   * Destinations by where the server sends messages of a size for them: those of one queue with the same servers to try
   * share copies. Those that no route leads to are left out.
   */
  grouped(
    server: number,
    destinations: readonly Destination[],
    sizeBytes: number,
  ): ReadonlyMap<NextHop, readonly Destination[]> {
    const groups = new Map<NextHop, Destination[]>();
    /** By queue: the next hops that its groups stand for. */
    const ofQueues = new Map<number, NextHop[]>();
    for (const each of destinations) {
      const id = this.#nextHopOf(server, each, sizeBytes);
      if (id < 0) continue;
      const next = this.#tables.nextHop(id);
      const ofQueue = ofQueues.get(next.queue) ?? [];
      ofQueues.set(next.queue, ofQueue);
      const leader = ofQueue.find(({ tiers }) => tiers === next.tiers);
      if (leader === undefined) {
        ofQueue.push(next);
        groups.set(next, [each]);
      } else groups.get(leader)!.push(each);
    }
    return groups;
  }

  /**
   * A destination as the next server sees it: a group becomes its members where it is expanded.
   * @param scale - the part of the messages that come to that server
   */
  expanded(each: Destination, server: number, scale: number, sender?: string): readonly Destination[] {
    if (each.kind === 'group' && each.index === server) {
      return this.resolve([each.address], server, each.first * scale, sender);
    }
    return [{ ...each, first: each.first * scale }];
  }

  /**
   * Where certain recipients are, as the categorizer of a server resolves them; those it returns are left out.
   * @param messages - how many each of them gets
   */
  resolve(
    addresses: readonly string[],
    server: number,
    messages: number,
    sender?: string,
  ): readonly Destination[] {
    const found = new Map<string, Destination & { first: number; readonly mailboxes: number[] }>();
    for (const { address, resolved } of resolveMessage(this.#tables.topology, addresses, server, sender)) {
      const each = this.#destinationOf(address, resolved);
      if (each === undefined) continue;
      const { kind, index } = each;
      const name = kind === 'group' ? `${kind} ${index} ${address}` : `${kind} ${index}`;
      const before = found.get(name);
      if (before === undefined) found.set(name, { ...each, first: messages });
      else {
        before.first += messages;
        before.mailboxes.push(...each.mailboxes);
      }
    }
    for (const each of found.values()) if (each.mailboxes.length > mostMailboxes) each.mailboxes.length = 0;
    return [...found.values()];
  }

  #destinationOf(
    address: string,
    resolved: ResolvedAddress,
  ): (Destination & { readonly mailboxes: number[] }) | undefined {
    const { mailboxDatabase } = this.#tables.topology.recipients;
    switch (resolved.kind) {
      case 'mailbox':
        return {
          ...destinationAt('database', mailboxDatabase[resolved.recipient]!, 0),
          mailboxes: [resolved.recipient],
        };
      case 'outside':
        return {
          ...destinationAt('outside', this.#tables.internDomain(resolved.type, resolved.domain), 0),
          mailboxes: [],
        };
      case 'distribution-group':
        return { ...destinationAt('group', resolved.expansionServer, 0), address, mailboxes: [] };
      case 'ndr':
        return undefined;
    }
  }

  #nextHopOf(server: number, { kind, index }: Destination, sizeBytes: number): number {
    switch (kind) {
      case 'database':
        return this.#tables.toDatabase(server, index);
      case 'outside':
        return this.#tables.toOutside(server, index, sizeBytes);
      case 'group':
        return this.#tables.toExpansionServer(server, index);
    }
  }
}
