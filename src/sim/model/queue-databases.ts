import type { Topology } from '../../topology/index.js';
import type { Simulation } from '../kernel/index.js';
import type { MessageStore } from './message-store.js';
import type { TransportObserver } from './observer.js';

/** What a queue database holds (QU-02, CAP-13): queues, shadow copies, both kinds of Safety Net. */
export const storedAs = { queue: 0, shadow: 1, safetyNet: 2, count: 3 } as const;

/**
 * How much each Transport service has in its queue database (QU-02): the messages it has accepted and not yet handed
 * on, a copy for each queue; shadow copies; what Safety Net keeps of it.
 */
export class QueueDatabases {
  readonly #simulation: Simulation;
  readonly #store: MessageStore;
  readonly #observer: TransportObserver;
  /** `storedAs.count` numbers a server. */
  readonly #bytes: Float64Array;
  readonly #totalBytes: Float64Array;
  #released: ((server: number) => void) | null = null;
  #changed: ((server: number, totalBytes: number) => void) | null = null;
  #left: ((copy: number) => void) | null = null;

  constructor(simulation: Simulation, topology: Topology, store: MessageStore, observer: TransportObserver) {
    this.#simulation = simulation;
    this.#store = store;
    this.#observer = observer;
    this.#bytes = new Float64Array(topology.servers.length * storedAs.count);
    this.#totalBytes = new Float64Array(topology.servers.length);
  }

  /** From now on `released` is told of each server that lets go of a copy; null: nobody is. */
  watch(released: ((server: number) => void) | null): void {
    this.#released = released;
  }

  /** From now on `changed` is told, after each change of what is in queues or in all, how many bytes a server has stored in all. */
  whenChanged(changed: (server: number, totalBytes: number) => void): void {
    this.#changed = changed;
  }

  /** From now on `left` is told of each copy that its server has seen off. */
  whenLeft(left: (copy: number) => void): void {
    this.#left = left;
  }

  /** The copy's server has stored it. */
  hold(copy: number): void {
    const server = this.#store.copyServer[copy]!;
    if (server >= 0) this.add(server, storedAs.queue, this.#sizeBytes(copy));
  }

  /** The copy's server has handed it on, or it has ended there. */
  release(copy: number): void {
    const server = this.#store.copyServer[copy]!;
    if (server < 0) return;
    this.add(server, storedAs.queue, -this.#sizeBytes(copy));
    if (this.#left !== null) this.#left(copy);
    if (this.#released !== null) this.#released(server);
  }

  /** A server has shadow copies of so many bytes in its Safety Net now: it stores as much as before. */
  moveShadows(server: number, bytes: number): void {
    this.#bytes[server * storedAs.count + storedAs.shadow]! -= bytes;
    this.#bytes[server * storedAs.count + storedAs.safetyNet]! += bytes;
  }

  /** As `release`, for what the copy's server has handed on and keeps in its Safety Net (SN-01): it stores as much as before. */
  moveToSafetyNet(copy: number): void {
    const server = this.#store.copyServer[copy]!;
    const bytes = this.#sizeBytes(copy);
    this.#bytes[server * storedAs.count + storedAs.queue]! -= bytes;
    this.#bytes[server * storedAs.count + storedAs.safetyNet]! += bytes;
    if (this.#changed !== null) this.#changed(server, this.#totalBytes[server]!);
    if (this.#left !== null) this.#left(copy);
    if (this.#released !== null) this.#released(server);
  }

  /** The copy's server does not have it any more, though it has not seen it off. */
  drop(copy: number): void {
    this.add(this.#store.copyServer[copy]!, storedAs.queue, -this.#sizeBytes(copy));
  }

  /**
   * A server stores `bytes` more, or, negative, less.
   * @param as - one of `storedAs`
   */
  add(server: number, as: number, bytes: number): void {
    this.#bytes[server * storedAs.count + as]! += bytes;
    this.#totalBytes[server]! += bytes;
    const totalBytes = this.#totalBytes[server]!;
    this.#observer.queueDatabaseBytes(this.#simulation.nowMs, server, totalBytes);
    if (this.#changed !== null) this.#changed(server, totalBytes);
  }

  /**
   * What a server has stored now.
   * @param as - one of `storedAs`; the queues by default
   */
  bytes(server: number, as: number = storedAs.queue): number {
    return this.#bytes[server * storedAs.count + as]!;
  }

  /** All that a server has stored now. */
  totalBytes(server: number): number {
    return this.#totalBytes[server]!;
  }

  #sizeBytes(copy: number): number {
    return this.#store.messageSizeBytes[this.#store.copyMessage[copy]!]!;
  }
}
