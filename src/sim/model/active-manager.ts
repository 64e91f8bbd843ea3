import type { Topology } from '../../topology/index.js';
import { none } from './message-store.js';
import type { Network } from './network.js';
import type { ServerStates } from './server-states.js';
import type { Settings } from './settings.js';

/**
 * Where the active copy of each database is, and what each server believes about it (MD-01). A server keeps an
 * answer for `activeManager.cacheAge`, counted from the fetch, and asks again when it next needs it; between a move
 * and that moment it sends to the old holder. Redirects come from nothing else.
 *
 * Asked is a member of the database's DAG that is up and can be reached; one that is not of the DAG's majority knows
 * what held when it was parted from it (assumption A-active-manager-answers).
 */
export class ActiveManager {
  readonly #topology: Topology;
  readonly #states: ServerStates;
  readonly #network: Network;
  readonly #active: Int32Array;
  readonly #databaseCount: number;
  readonly #cacheAgeMs: Float64Array;
  /** By server, made when it first asks: the believed holder of each database, and when it was fetched. */
  readonly #believed: (Int32Array | undefined)[] = [];
  readonly #fetchedMs: (Float64Array | undefined)[] = [];
  /** By server, while it is not of its DAG's majority: the holders as of when it was parted from it, and when. */
  readonly #partedFrom: (Int32Array | undefined)[] = [];
  readonly #partedMs: Float64Array;

  constructor(
    topology: Topology,
    settingsOf: (server: number) => Settings,
    states: ServerStates,
    network: Network,
  ) {
    this.#topology = topology;
    this.#states = states;
    this.#network = network;
    this.#databaseCount = topology.databases.length;
    this.#active = Int32Array.from(topology.databases, (database) => database.copies[0]!);
    this.#cacheAgeMs = Float64Array.from(
      topology.servers,
      (_, server) => settingsOf(server).activeManager.cacheAge,
    );
    this.#partedMs = new Float64Array(topology.servers.length);
  }

  /** The server whose copy is active now, or was when the database last had an active copy. */
  activeServer(database: number): number {
    return this.#active[database]!;
  }

  /** Records an activation. */
  activate(database: number, server: number): void {
    this.#active[database] = server;
  }

  /** A member has been parted from its DAG's majority, or has stopped: it learns of no activation any more. */
  part(member: number, nowMs: number): void {
    this.#partedFrom[member] = this.#active.slice();
    this.#partedMs[member] = nowMs;
  }

  /** A member is of its DAG's majority again and knows what all know. */
  join(member: number): void {
    this.#partedFrom[member] = undefined;
  }

  /**
   * What Active Manager answers when `server` asks where a database is active; `none` if no member answers. The
   * members of the majority know; without one of them, it is the member that was parted from them last.
   */
  answerTo(server: number, database: number): number {
    const { dag, copies } = this.#topology.databases[database]!;
    if (dag < 0) return copies[0]!;
    let latest = none;
    for (const member of this.#topology.dags[dag]!.members) {
      if (!this.#reaches(server, member)) continue;
      if (this.#partedFrom[member] === undefined) return this.#active[database]!;
      if (latest === none || this.#partedMs[member]! > this.#partedMs[latest]!) latest = member;
    }
    return latest === none ? none : this.#partedFrom[latest]![database]!;
  }

  /** The holder that `server` believes in now; asks Active Manager where its answer has grown old. */
  believedServer(server: number, database: number, nowMs: number): number {
    const fetched = this.#fetchedMs[server];
    if (fetched !== undefined && nowMs - fetched[database]! < this.#cacheAgeMs[server]!) {
      return this.#believed[server]![database]!;
    }
    return this.fetch(server, database, nowMs);
  }

  /** When what `server` believes of a database has grown old, or had; -Infinity if it has never asked. */
  agesOutMs(server: number, database: number): number {
    const fetched = this.#fetchedMs[server];
    return fetched === undefined ? Number.NEGATIVE_INFINITY : fetched[database]! + this.#cacheAgeMs[server]!;
  }

  /** How long `server` believes an answer, ms. */
  cacheAgeMs(server: number): number {
    return this.#cacheAgeMs[server]!;
  }

  /** The Transport service of `server` has stopped: what it believed was in its memory. */
  forget(server: number): void {
    this.#believed[server]?.set(this.#firstCopies());
    this.#fetchedMs[server]?.fill(Number.NEGATIVE_INFINITY);
  }

  /**
   * Asks Active Manager and keeps the answer. Without one the server goes on with what it believed, at first the copy
   * of highest preference, and asks again the next time.
   */
  fetch(server: number, database: number, nowMs: number): number {
    let believed = this.#believed[server];
    let fetched = this.#fetchedMs[server];
    if (believed === undefined || fetched === undefined) {
      believed = this.#firstCopies();
      fetched = new Float64Array(this.#databaseCount).fill(Number.NEGATIVE_INFINITY);
      this.#believed[server] = believed;
      this.#fetchedMs[server] = fetched;
    }
    const holder = this.answerTo(server, database);
    if (holder === none) return believed[database]!;
    believed[database] = holder;
    fetched[database] = nowMs;
    return holder;
  }

  #reaches(server: number, member: number): boolean {
    if (!this.#states.isUp(member)) return false;
    const { servers } = this.#topology;
    return server === member || this.#network.connected(servers[server]!.site, servers[member]!.site);
  }

  #firstCopies(): Int32Array {
    return Int32Array.from(this.#topology.databases, (database) => database.copies[0]!);
  }
}
