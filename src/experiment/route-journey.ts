import {
  consideredRecipients,
  type DelayedFanOut,
  forwardedDeliveries,
  isExpandedOn,
  type NextHop,
  type NextHopSolutionKey,
  type ResolvedAddress,
  type RoutingTables,
  resolveAddress,
  type Tier,
} from '../routing/index.js';
import type { Topology } from '../topology/index.js';
import type { JourneyEnd } from './route-answer.js';
import { type Decision, decide } from './route-decision.js';
import type { Acceptance, Taker } from './route-outages.js';

/** A server that queues the message, by indexes. */
export interface Stop {
  readonly server: number;
  readonly queue: NextHopSolutionKey;
  /** Null: it stays there in Retry. */
  readonly taker: Taker | null;
}

export interface Journey {
  readonly stops: readonly Stop[];
  readonly end: { readonly outcome: JourneyEnd['outcome']; readonly server: number };
}

/** Somebody on the way. */
export interface Traveller {
  readonly address: string;
  readonly resolved: ResolvedAddress;
}

export interface JourneyOptions {
  readonly sizeBytes: number;
  readonly sender: string | undefined;
  /** By server. */
  readonly delayedFanOut: (server: number) => DelayedFanOut;
}

/** The present tiers of a next hop: a mailbox has the one server with the active copy. */
export function presentTiers({ topology }: RoutingTables, hop: NextHop): readonly Tier[] {
  if (hop.kind !== 'mailbox') return hop.tiers;
  const active = topology.databases[hop.destination.index]!.copies[0]!;
  return [{ reason: 'target-servers', site: topology.servers[active]!.site, servers: [active] }];
}

/**
 * What an address is to the first categorizer that looks at it: of a mailbox that forwards its mail, besides keeping it,
 * the mailbox itself.
 */
export function resolveOnArrival(
  topology: Topology,
  address: string,
  sender: string | undefined,
): ResolvedAddress {
  const resolved = resolveAddress(topology, address);
  return resolved.kind === 'mailbox'
    ? (forwardedDeliveries(topology, resolved.recipient, sender)[0]?.resolved ?? resolved)
    : resolved;
}

/** What a server decides of all recipients of one message together: single next hops, then where copies part. */
export function decideAll(
  tables: RoutingTables,
  server: number,
  travellers: readonly Traveller[],
  { sizeBytes, delayedFanOut }: Pick<JourneyOptions, 'sizeBytes' | 'delayedFanOut'>,
): readonly Decision[] {
  const decisions = travellers.map(({ resolved }) => decide(tables, server, resolved, sizeBytes));
  const nextHops = decisions.map((each) => (each.outcome === 'route' ? each.hop.id : -1));
  const planned = tables.fanOut(server, nextHops, delayedFanOut(server));
  return decisions.map((decision, place) =>
    decision.outcome === 'route' ? { outcome: 'route', hop: tables.nextHop(planned[place]!) } : decision,
  );
}

/**
 * The way of each recipient of a message from server to server, to its end. Each server that accepts categorizes anew
 * (RT-29); recipients that share a queue travel on together (RT-28). What comes back to a server it has been on goes
 * round in circles, and is returned (5.4.6). A group that the server reached expands ends there: its members go on
 * from there, each on a way of its own.
 */
export function followAll(
  tables: RoutingTables,
  acceptance: Acceptance,
  start: number,
  travellers: readonly Traveller[],
  options: JourneyOptions,
): readonly Journey[] {
  return new Travel(tables, acceptance, options).all(start, travellers);
}

/** Recipients that are on one server together, by their places in the question. */
interface Party {
  readonly server: number;
  readonly visited: ReadonlySet<number>;
  readonly members: readonly Member[];
}

interface Member {
  readonly place: number;
  readonly traveller: Traveller;
}

/** Recipients of one queue that the same server takes. */
interface Part {
  readonly hop: NextHop;
  readonly taker: Taker | undefined;
  readonly members: Member[];
}

class Travel {
  readonly #tables: RoutingTables;
  readonly #acceptance: Acceptance;
  readonly #options: JourneyOptions;
  readonly #stops: Stop[][] = [];
  readonly #ends: Journey['end'][] = [];

  constructor(tables: RoutingTables, acceptance: Acceptance, options: JourneyOptions) {
    this.#tables = tables;
    this.#acceptance = acceptance;
    this.#options = options;
  }

  all(start: number, travellers: readonly Traveller[]): readonly Journey[] {
    const members = travellers.map((traveller, place) => {
      this.#stops.push([]);
      return { place, traveller };
    });
    const parties: Party[] = [{ server: start, visited: new Set(), members }];
    for (let party = parties.pop(); party !== undefined; party = parties.pop()) {
      parties.push(...this.#goOn(party));
    }
    return this.#stops.map((stops, place) => ({ stops, end: this.#ends[place]! }));
  }

  #goOn({ server, visited, members }: Party): Party[] {
    if (visited.has(server)) {
      for (const { place } of members) this.#end(place, 'ndr', server);
      return [];
    }
    const going = members.filter(({ place, traveller: { resolved } }) => {
      const isHere = resolved.kind === 'distribution-group' && isExpandedOn(resolved.expansionServer, server);
      if (isHere) this.#end(place, 'delivered', server);
      return !isHere;
    });
    const travellers = going.map(({ traveller }) => traveller);
    const decisions = decideAll(this.#tables, server, travellers, this.#options);
    const copies = new Map<number, Member[]>();
    const hops = new Map<number, NextHop>();
    for (const [index, member] of going.entries()) {
      const decision = decisions[index]!;
      if (decision.outcome !== 'route') {
        this.#end(member.place, decision.outcome, server);
        continue;
      }
      const { hop } = decision;
      hops.set(member.place, hop);
      const copy = copies.get(hop.queue);
      if (copy === undefined) copies.set(hop.queue, [member]);
      else copy.push(member);
    }
    const onwards = new Set([...visited, server]);
    return [...copies.values()].flatMap((copy) =>
      this.#split(copy, hops).flatMap(({ hop, taker, members: together }) =>
        this.#handOn(hop, taker, together, onwards),
      ),
    );
  }

  /** Recipients of one queue go on together as far as their tiers lead them to the same server. */
  #split(copy: readonly Member[], hops: ReadonlyMap<number, NextHop>): readonly Part[] {
    const databases = this.#databasesOf(copy.map(({ traveller }) => traveller));
    const parts = new Map<number, Part>();
    for (const member of copy) {
      const hop = hops.get(member.place)!;
      const taker = this.#acceptance.takerOf(hop, presentTiers(this.#tables, hop), databases);
      this.#stops[member.place]!.push({ server: hop.server, queue: hop.key, taker: taker ?? null });
      const part = parts.get(taker?.server ?? -1);
      if (part === undefined) parts.set(taker?.server ?? -1, { hop, taker, members: [member] });
      else part.members.push(member);
    }
    return [...parts.values()];
  }

  /** One copy leaves a server: to its end, or to the server that queues it next. */
  #handOn(
    hop: NextHop,
    taker: Taker | undefined,
    members: readonly Member[],
    visited: ReadonlySet<number>,
  ): Party[] {
    if (taker === undefined) {
      for (const { place } of members) this.#end(place, 'retry', hop.server);
      return [];
    }
    if (hop.kind !== 'relay') {
      // RT-21: an older hub writes to the database itself, whoever holds it.
      const writer = hop.key.deliveryType === 'MapiDelivery' ? hop.server : taker.server;
      for (const { place, traveller } of members) {
        this.#end(place, this.#isFull(hop, traveller) ? 'ndr' : 'delivered', writer);
      }
      return [];
    }
    const databases = this.#databasesOf(members.map(({ traveller }) => traveller));
    const { servers } = this.#tables.topology;
    const entersFrontEnd = hop.proxyServers?.includes(taker.server) ?? false;
    const server = entersFrontEnd ? this.#acceptance.behindFrontEnd(taker.server, databases)! : taker.server;
    if (!servers[hop.server]!.isEdge || servers[server]!.isEdge) return [{ server, visited, members }];
    return this.#enterOrganization(server, visited, members);
  }

  /** MD-02: the store refuses what a full mailbox cannot hold (5.2.2). */
  #isFull({ kind }: NextHop, { resolved }: Traveller): boolean {
    const { mailboxQuotaExceeded } = this.#tables.topology.recipients;
    return (
      kind === 'mailbox' && resolved.kind === 'mailbox' && mailboxQuotaExceeded[resolved.recipient] === 1
    );
  }

  /** From an Edge the message comes to the first server that has the directory: recipients are resolved now. */
  #enterOrganization(server: number, visited: ReadonlySet<number>, members: Party['members']): Party[] {
    const { topology } = this.#tables;
    const known = members.map(({ place, traveller: { address } }) => ({
      place,
      traveller: { address, resolved: resolveOnArrival(topology, address, this.#options.sender) },
    }));
    return [{ server, visited, members: known }];
  }

  /** RT-48: what a front end goes by. On the way from an Edge addresses are not resolved yet. */
  #databasesOf(travellers: readonly Traveller[]): readonly number[] {
    const { recipients } = this.#tables.topology;
    const mailboxes = travellers
      .map(({ address, resolved }) =>
        resolved.kind === 'mailbox' ? resolved.recipient : recipients.find(address),
      )
      .filter((recipient) => recipient !== -1 && recipient < recipients.mailboxCount);
    return mailboxes.slice(0, consideredRecipients).map((mailbox) => recipients.mailboxDatabase[mailbox]!);
  }

  #end(place: number, outcome: JourneyEnd['outcome'], server: number): void {
    this.#ends[place] = { outcome, server };
  }
}
