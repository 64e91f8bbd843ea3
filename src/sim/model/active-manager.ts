import type { Topology } from '../../topology/index.js';
import type { Settings } from './settings.js';

/**
 * Where the active copy of each database is, and what each server believes about it (MD-01). A server keeps an
 * answer for `activeManager.cacheAge`, counted from the fetch, and asks again when it next needs it; between a move
 * and that moment it sends to the old holder. Redirects come from nothing else.
 */
export class ActiveManager {
  readonly #active: Int32Array;
  readonly #databaseCount: number;
  readonly #cacheAgeMs: Float64Array;
  /** By server, made when it first asks: the believed holder of each database, and when it was fetched. */
  readonly #believed: (Int32Array | undefined)[] = [];
  readonly #fetchedMs: (Float64Array | undefined)[] = [];

  constructor(topology: Topology, settingsOf: (server: number) => Settings) {
    this.#databaseCount = topology.databases.length;
    this.#active = Int32Array.from(topology.databases, (database) => database.copies[0]!);
    this.#cacheAgeMs = Float64Array.from(
      topology.servers,
      (_, server) => settingsOf(server).activeManager.cacheAge,
    );
  }

  /** The server whose copy is active now: what Active Manager answers when asked. */
  activeServer(database: number): number {
    return this.#active[database]!;
  }

  /** Records an activation. Only faults call this. */
  activate(database: number, server: number): void {
    this.#active[database] = server;
  }

  /** The holder that `server` believes in now; asks Active Manager where its answer has grown old. */
  believedServer(server: number, database: number, nowMs: number): number {
    const fetched = this.#fetchedMs[server];
    if (fetched !== undefined && nowMs - fetched[database]! < this.#cacheAgeMs[server]!) {
      return this.#believed[server]![database]!;
    }
    return this.fetch(server, database, nowMs);
  }

  /** How long `server` believes an answer, ms. */
  cacheAgeMs(server: number): number {
    return this.#cacheAgeMs[server]!;
  }

  /** The Transport service of `server` has stopped: what it believed was in its memory. */
  forget(server: number): void {
    this.#fetchedMs[server]?.fill(Number.NEGATIVE_INFINITY);
  }

  /** Asks Active Manager and keeps the answer. */
  fetch(server: number, database: number, nowMs: number): number {
    let believed = this.#believed[server];
    let fetched = this.#fetchedMs[server];
    if (believed === undefined || fetched === undefined) {
      believed = new Int32Array(this.#databaseCount);
      fetched = new Float64Array(this.#databaseCount).fill(Number.NEGATIVE_INFINITY);
      this.#believed[server] = believed;
      this.#fetchedMs[server] = fetched;
    }
    const holder = this.#active[database]!;
    believed[database] = holder;
    fetched[database] = nowMs;
    return holder;
  }
}
