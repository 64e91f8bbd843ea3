import type { RoutingTables } from '../routing/index.js';
import type { Aftermath } from './failures-aftermath.js';

/**
 * The questions that a walk has had answered: is a server up, do two sites see each other and over which links, has a
 * connector failed. Nothing else of a failure makes a difference to it.
 */
export class WalkFacts {
  readonly #tables: RoutingTables;
  /** 1: whether this server is up; by server. */
  readonly #servers: Uint8Array;
  /** from * sites + to. */
  readonly #sitePairs = new Set<number>();
  readonly #connectors = new Set<number>();
  /** Null: not noted. */
  readonly #askers: Askers | null;

  /** @param notesAskers - which server has asked what, too: `openUnder` needs it */
  constructor(tables: RoutingTables, notesAskers: boolean) {
    this.#tables = tables;
    this.#servers = new Uint8Array(tables.topology.servers.length);
    this.#askers = notesAskers ? new Askers() : null;
  }

  /** Mail goes round in circles: what its obstacles are depends on where the walk began. */
  isCircular = false;

  askedFor(from: number, to: number, forFrontEnd: boolean): void {
    const { servers, sites } = this.#tables.topology;
    const asker = forFrontEnd ? this.#frontEndOf(from) : from;
    this.#servers[to] = 1;
    this.#askers?.servers.note(to, asker);
    const [source, target] = [servers[from]!.site, servers[to]!.site];
    if (source === target || source === -1 || target === -1) return;
    const pair = source * sites.length + target;
    this.#sitePairs.add(pair);
    this.#askers?.sitePairs.note(pair, asker);
  }

  askedForConnector(server: number, connector: number): void {
    this.#connectors.add(connector);
    this.#askers?.connectors.note(connector, server);
  }

  /** What becomes of mail on a server depends on what becomes of it on the next. */
  follows(server: number, next: number): void {
    this.#askers?.fates.note(next, server);
  }

  /** The same of what a Front End Transport may choose. */
  followsFrontEnd(server: number, frontEnd: number): void {
    this.#askers?.fates.note(this.#frontEndOf(frontEnd), server);
  }

  /** @param before - the failure of the walk: part of `now` */
  holdUnder(now: Aftermath, before: Aftermath): boolean {
    if (this.isCircular) return false;
    if (now.down.some((server) => this.#servers[server] === 1 && before.isUp(server))) return false;
    for (const connector of now.connectors) {
      if (this.#connectors.has(connector) && !before.connectors.has(connector)) return false;
    }
    if (now.network === before.network) return true;
    for (const pair of this.#sitePairs) if (this.#isOther(pair, now, before)) return false;
    return true;
  }

  /** Servers that have asked what has another answer now, and those whose mail they may get: 1 by server. */
  openUnder(now: Aftermath, before: Aftermath): Uint8Array | null {
    if (this.isCircular || this.#askers === null) return null;
    const open = new Uint8Array(2 * this.#servers.length);
    const left: number[] = [];
    const reopen = (askers: Iterable<number>): void => {
      for (const asker of askers) {
        if (open[asker] === 1) continue;
        open[asker] = 1;
        left.push(asker);
      }
    };
    for (const server of now.down) if (before.isUp(server)) reopen(this.#askers.servers.about(server));
    for (const connector of now.connectors) {
      if (!before.connectors.has(connector)) reopen(this.#askers.connectors.about(connector));
    }
    if (now.network !== before.network) {
      for (const pair of this.#sitePairs) {
        if (this.#isOther(pair, now, before)) reopen(this.#askers.sitePairs.about(pair));
      }
    }
    for (let next = left.pop(); next !== undefined; next = left.pop()) reopen(this.#askers.fates.about(next));
    return open;
  }

  #isOther(pair: number, now: Aftermath, before: Aftermath): boolean {
    const { length } = this.#tables.topology.sites;
    const [source, target] = [Math.floor(pair / length), pair % length];
    return (
      now.acceptance.connected(source, target) !== before.acceptance.connected(source, target) ||
      now.takesOtherLinksBetween(source, target) !== before.takesOtherLinksBetween(source, target)
    );
  }

  /** Behind the numbers of servers. */
  #frontEndOf(server: number): number {
    return this.#servers.length + server;
  }
}

/** Who has asked what: servers, and Front End Transports. */
class Askers {
  readonly servers = new AskersOfOneKind();
  readonly sitePairs = new AskersOfOneKind();
  readonly connectors = new AskersOfOneKind();
  /** What becomes of mail on a server. */
  readonly fates = new AskersOfOneKind();
}

class AskersOfOneKind {
  readonly #about = new Map<number, Set<number>>();

  note(what: number, asker: number): void {
    const known = this.#about.get(what);
    if (known === undefined) this.#about.set(what, new Set([asker]));
    else known.add(asker);
  }

  about(what: number): Iterable<number> {
    return this.#about.get(what) ?? nobody;
  }
}

const nobody: readonly number[] = [];
