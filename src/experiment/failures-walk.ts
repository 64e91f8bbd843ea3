import type { NextHop, RoutingTables } from '../routing/index.js';
import type { Aftermath } from './failures-aftermath.js';
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

/**
 * Where mail for some destinations gets to from every server, by a search along the servers that may take it. Of equal
 * servers any may be drawn (RT-37): mail is said to arrive only where it does from all of them.
 */
export class Walk {
  /** The tier that takes mail, by server asked so far; -1: none, or none is needed. */
  readonly tiers: UsualTiers;
  /** 1: what becomes of mail depends on whether this server is up; by server. */
  readonly consulted: Uint8Array;
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
   */
  constructor(
    tables: RoutingTables,
    ways: Ways,
    aftermath: Aftermath,
    { holder, hasMoved, usual }: { holder: number; hasMoved: boolean; usual: UsualTiers | null },
  ) {
    this.#tables = tables;
    this.#ways = ways;
    this.#aftermath = aftermath;
    this.#holder = holder;
    this.#hasMoved = hasMoved;
    this.#usual = usual;
    const { length } = tables.topology.servers;
    this.#fates = new Uint8Array(length);
    this.consulted = new Uint8Array(length);
    this.tiers = new Int16Array(length).fill(-1);
  }

  /** One of `fates`: arrives, detours or stuck. */
  from(server: number): number {
    const known = this.#fates[server]!;
    if (known === fates.asked) {
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
    return this.#obstacles.get(server) ?? { kind: 'no-route', server };
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
    const isOther = this.#hasMoved || this.#aftermath.takesOtherLinks(server, holder);
    return isOther ? fates.detours : fates.arrives;
  }

  #handOver(server: number, { destination, proxyServers }: NextHop): number {
    const { connectors } = this.#aftermath;
    const connector = destination.index;
    if (connectors.has(connector)) return this.#stop({ kind: 'connector-failed', server, connector });
    const isOpen = proxyServers === null || proxyServers.some((each) => this.#canReach(server, each));
    return isOpen ? fates.arrives : this.#stop({ kind: 'no-front-end', server, connector });
  }

  #relay(server: number, hop: NextHop): number {
    const { servers } = this.#tables.topology;
    const { connectors } = this.#aftermath;
    const isEdge = servers[server]!.isEdge;
    // What an Edge passes inwards uses up its connector there.
    if (isEdge && connectors.has(hop.destination.index)) {
      return this.#stop({ kind: 'connector-failed', server, connector: hop.destination.index });
    }
    const tier = hop.tiers.findIndex(({ servers: equal }) =>
      equal.some((by) => this.#takes(server, by, hop)),
    );
    this.tiers[server] = tier;
    if (tier === -1) return this.#stop({ kind: 'nobody-takes-it', server, hop });
    const { servers: equal } = hop.tiers[tier]!;
    let isOther = this.#usual !== null && this.#usual[server] !== tier;
    isOther ||= this.#aftermath.takesOtherLinks(server, equal[0]!);
    for (const by of equal) {
      if (!this.#takes(server, by, hop)) continue;
      for (const next of hop.proxyServers?.includes(by) ? this.#behind(by) : [by]) {
        // An Edge is done with what it has handed inside, unless somebody there is meant.
        if (isEdge && !servers[next]!.isEdge && this.#ways.kind === 'address-space') continue;
        const fate = this.from(next);
        if (fate === fates.stuck) {
          this.#obstacles.set(server, this.#obstacles.get(next) ?? { kind: 'circle', server: next });
          return fates.stuck;
        }
        isOther ||= fate === fates.detours;
      }
    }
    return isOther ? fates.detours : fates.arrives;
  }

  #canReach(server: number, other: number): boolean {
    this.consulted[other] = 1;
    return this.#aftermath.acceptance.canReach(server, other);
  }

  #takes(server: number, by: number, { proxyServers }: NextHop): boolean {
    if (!this.#canReach(server, by)) return false;
    return proxyServers === null || !proxyServers.includes(by) || this.#behind(by).length > 0;
  }

  /** RT-60: the servers that the Front End Transport which an Edge sends to may choose, all alike. */
  #behind(frontEnd: number): readonly number[] {
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
      const able = servers.filter((each) => this.#canReach(frontEnd, each));
      if (able.length > 0) return able;
    }
    return [];
  }
}
