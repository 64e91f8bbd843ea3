import type { Topology } from '../../topology/index.js';
import type { Simulation } from '../kernel/index.js';
import type { MessageStore } from './message-store.js';
import type { TransportObserver } from './observer.js';

/**
 * How much each Transport service has in its queue database (QU-02): the messages it has accepted and not yet handed
 * on, a copy for each queue. Shadow copies and Safety Net are not modelled yet.
 */
export class QueueDatabases {
  readonly #simulation: Simulation;
  readonly #store: MessageStore;
  readonly #observer: TransportObserver;
  readonly #bytes: Float64Array;
  #released: ((server: number) => void) | null = null;

  constructor(simulation: Simulation, topology: Topology, store: MessageStore, observer: TransportObserver) {
    this.#simulation = simulation;
    this.#store = store;
    this.#observer = observer;
    this.#bytes = new Float64Array(topology.servers.length);
  }

  /** From now on `released` is told of each server that lets go of a copy; null: nobody is. */
  watch(released: ((server: number) => void) | null): void {
    this.#released = released;
  }

  /** The copy's server has stored it. */
  hold(copy: number): void {
    this.#change(copy, 1);
  }

  /** The copy's server has handed it on, or it has ended there. */
  release(copy: number): void {
    this.#change(copy, -1);
    if (this.#released !== null && this.#store.copyServer[copy]! >= 0) {
      this.#released(this.#store.copyServer[copy]!);
    }
  }

  /** What a server has stored now. */
  bytes(server: number): number {
    return this.#bytes[server]!;
  }

  #change(copy: number, sign: number): void {
    const server = this.#store.copyServer[copy]!;
    if (server < 0) return;
    this.#bytes[server]! += sign * this.#store.messageSizeBytes[this.#store.copyMessage[copy]!]!;
    this.#observer.queueDatabaseBytes(this.#simulation.nowMs, server, this.#bytes[server]!);
  }
}
