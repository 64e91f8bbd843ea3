import type { NextHop, RoutingTables } from '../routing/index.js';
import type { Aftermath } from './failures-aftermath.js';
import type { WalkFacts } from './failures-walk-facts.js';
import type { Ways } from './failures-ways.js';

/** What becomes of mail on a server. */
export const fates = {
  unknown: 0,
  /** It is being found out: who asks again goes round in circles. */
  asked: 1,
  /** It gets there as it does when nothing has failed. */
  arrives: 2,
  /** It gets there another way: by another tier, over other links, or to another server's copy. */
  detours: 3,
  /** It waits somewhere, or goes round in circles. */
  stuck: 4,
} as const;

/** Why mail does not go on from a server. */
export type Obstacle =
  /** Of all that may take it, nobody is up and can be reached. */
  | { readonly kind: 'nobody-takes-it'; readonly server: number; readonly hop: NextHop }
  /** The server with the database cannot be reached. */
  | { readonly kind: 'holder-out-of-reach'; readonly server: number; readonly holder: number }
  | { readonly kind: 'connector-failed'; readonly server: number; readonly connector: number }
  /** RT-43. */
  | { readonly kind: 'no-front-end'; readonly server: number; readonly connector: number }
  | { readonly kind: 'circle'; readonly server: number }
  | { readonly kind: 'no-route'; readonly server: number };

/** The tier by which each server hands mail on when nothing has failed; -1 where none takes it. */
export type UsualTiers = Int16Array;

interface WalkOptions {
  readonly holder: number;
  readonly hasMoved: boolean;
  readonly usual: UsualTiers | null;
  readonly facts: WalkFacts | null;
  readonly since: { readonly walk: Walk; readonly open: Uint8Array } | null;
}

/**
 * Where mail for some destinations gets to from every server, by a search along the servers that may take it. Of equal
 * servers any may be drawn (RT-37): mail is said to arrive only where it does from all of them.
 */
export class Walk {
  /** When nothing has failed: the tier that takes mail, by server asked so far; -1: none, or none is needed. */
  readonly tiers: UsualTiers;
  readonly #facts: WalkFacts | null;
  readonly #since: WalkOptions['since'];
  readonly #tables: RoutingTables;
  readonly #ways: Ways;
  readonly #aftermath: Aftermath;
  readonly #holder: number;
  readonly #hasMoved: boolean;
  readonly #usual: UsualTiers | null;
  readonly #fates: Uint8Array;
  readonly #behindFrontEnds = new Map<number, readonly number[]>();
  readonly #obstacles = new Map<number, Obstacle>();

  /**
   * @param holder - the server that has the databases asked about mounted; -1 for other destinations
   * @param hasMoved - they are active on another server than usual
   * @param usual - null while it is being found out
   * @param facts - where it notes what it asks: `holdsUnder` and `openUnder` need it; null: nowhere
   * @param since - a walk whose answers are taken over but for the servers that are open again
   */
  constructor(
    tables: RoutingTables,
    ways: Ways,
    aftermath: Aftermath,
    { holder, hasMoved, usual, facts, since }: WalkOptions,
  ) {
    this.#tables = tables;
    this.#ways = ways;
    this.#aftermath = aftermath;
    this.#holder = holder;
    this.#hasMoved = hasMoved;
    this.#usual = usual;
    const { length } = tables.topology.servers;
    this.#facts = facts;
    this.tiers = usual ?? new Int16Array(length).fill(-1);
    this.#since = since;
    if (since === null) this.#fates = new Uint8Array(length);
    else {
      this.#fates = since.walk.#fates.slice();
      for (let server = 0; server < length; server++) {
        if (since.open[server] === 1) this.#fates[server] = fates.unknown;
      }
    }
  }

  /** One of `fates`: arrives, detours or stuck. */
  from(server: number): number {
    const known = this.#fates[server]!;
    if (known === fates.asked) {
      if (this.#facts !== null) this.#facts.isCircular = true;
      this.#obstacles.set(server, { kind: 'circle', server });
      return fates.stuck;
    }
    if (known !== fates.unknown) return known;
    this.#fates[server] = fates.asked;
    const fate = this.#goOn(server);
    this.#fates[server] = fate;
    return fate;
  }

  /** What stops mail that starts on a server it does not arrive from. */
  obstacleFrom(server: number): Obstacle {
    this.from(server);
    return this.#obstacleAt(server) ?? { kind: 'no-route', server };
  }

  #obstacleAt(server: number): Obstacle | undefined {
    const known = this.#obstacles.get(server);
    if (known !== undefined || this.#since === null) return known;
    return this.#since.walk.#obstacleAt(server);
  }

  /**
   * Whether all that it has asked has the same answers after another failure, of which its own is a part: mail from
   * each server asked then comes to the same, for the same reason.
   */
  holdsUnder(aftermath: Aftermath): boolean {
    return this.#facts?.holdUnder(aftermath, this.#aftermath) === true;
  }

  /**
   * Where mail may come to something else after another failure, of which its own is a part: 1 by server. Null: that
   * was not noted.
   */
  openUnder(aftermath: Aftermath): Uint8Array | null {
    return this.#facts?.openUnder(aftermath, this.#aftermath) ?? null;
  }

  #goOn(server: number): number {
    const { kind, destinations, hops } = this.#ways;
    if (kind === 'expansion-server' && destinations[0] === server) return fates.arrives;
    const hop = hops[server];
    if (hop === null || hop === undefined) return this.#stop({ kind: 'no-route', server });
    switch (hop.kind) {
      case 'mailbox':
        return this.#write(server);
      case 'outside':
        return this.#handOver(server, hop);
      case 'relay':
        return this.#relay(server, hop);
    }
  }

  #stop(obstacle: Obstacle): number {
    this.#obstacles.set(obstacle.server, obstacle);
    return fates.stuck;
  }

  #write(server: number): number {
    const holder = this.#holder;
    if (!this.#canReach(server, holder)) {
      return this.#stop({ kind: 'holder-out-of-reach', server, holder });
    }
    const isOther = this.#hasMoved || this.#takesOtherLinks(server, holder);
    return isOther ? fates.detours : fates.arrives;
  }

  #handOver(server: number, { destination, proxyServers }: NextHop): number {
    const { connectors } = this.#aftermath;
    const connector = destination.index;
    this.#facts?.askedForConnector(server, connector);
    if (connectors.has(connector)) return this.#stop({ kind: 'connector-failed', server, connector });
    const isOpen = proxyServers === null || proxyServers.some((each) => this.#canReach(server, each));
    return isOpen ? fates.arrives : this.#stop({ kind: 'no-front-end', server, connector });
  }

  #relay(server: number, hop: NextHop): number {
    const { servers } = this.#tables.topology;
    const { connectors } = this.#aftermath;
    const isEdge = servers[server]!.isEdge;
    // What an Edge passes inwards uses up its connector there.
    if (isEdge) this.#facts?.askedForConnector(server, hop.destination.index);
    if (isEdge && connectors.has(hop.destination.index)) {
      return this.#stop({ kind: 'connector-failed', server, connector: hop.destination.index });
    }
    const tier = hop.tiers.findIndex(({ servers: equal }) =>
      equal.some((by) => this.#takes(server, by, hop)),
    );
    if (this.#usual === null) this.tiers[server] = tier;
    if (tier === -1) return this.#stop({ kind: 'nobody-takes-it', server, hop });
    const { servers: equal } = hop.tiers[tier]!;
    let isOther = this.#usual !== null && this.#usual[server] !== tier;
    isOther ||= this.#takesOtherLinks(server, equal[0]!);
    for (const by of equal) {
      if (!this.#takes(server, by, hop)) continue;
      for (const next of hop.proxyServers?.includes(by) ? this.#behind(server, by) : [by]) {
        // An Edge is done with what it has handed inside, unless somebody there is meant.
        if (isEdge && !servers[next]!.isEdge && this.#ways.kind === 'address-space') continue;
        this.#facts?.follows(server, next);
        const fate = this.from(next);
        if (fate === fates.stuck) {
          this.#obstacles.set(server, this.#obstacleAt(next) ?? { kind: 'circle', server: next });
          return fates.stuck;
        }
        isOther ||= fate === fates.detours;
      }
    }
    return isOther ? fates.detours : fates.arrives;
  }

  /** @param forFrontEnd - asked by the Front End Transport of `server` */
  #canReach(server: number, other: number, forFrontEnd = false): boolean {
    this.#facts?.askedFor(server, other, forFrontEnd);
    return this.#aftermath.acceptance.canReach(server, other);
  }

  #takesOtherLinks(server: number, other: number): boolean {
    this.#facts?.askedFor(server, other, false);
    return this.#aftermath.takesOtherLinks(server, other);
  }

  #takes(server: number, by: number, { proxyServers }: NextHop): boolean {
    if (!this.#canReach(server, by)) return false;
    return proxyServers === null || !proxyServers.includes(by) || this.#behind(server, by).length > 0;
  }

  /** RT-60: the servers that the Front End Transport which an Edge sends to may choose, all alike. */
  #behind(server: number, frontEnd: number): readonly number[] {
    this.#facts?.followsFrontEnd(server, frontEnd);
    const known = this.#behindFrontEnds.get(frontEnd);
    if (known !== undefined) return known;
    const found = this.#selectBehind(frontEnd);
    this.#behindFrontEnds.set(frontEnd, found);
    return found;
  }

  #selectBehind(frontEnd: number): readonly number[] {
    const { kind, destinations } = this.#ways;
    const considered = Int32Array.from(kind === 'databases' ? destinations.slice(0, 1) : []);
    const { tiers } = this.#tables.selectTransport('front-end', frontEnd, considered, considered.length);
    for (const { servers } of tiers) {
      const able = servers.filter((each) => this.#canReach(frontEnd, each, true));
      if (able.length > 0) return able;
    }
    return [];
  }
}
