import { type EventHandle, noEvent, type Simulation } from '../kernel/index.js';
import type { Settings } from './settings.js';

/**
 * Which of its peers each server believes dead (AS-14): a failed connection puts a peer on the list of the dead. These
 * are probed apart from all mail, every `livenessProbeInterval`, and leave the list when one answers; so does a peer
 * that takes a session meanwhile (assumption A-liveness-probe).
 */
export class PeerLiveness {
  readonly #simulation: Simulation;
  readonly #serverCount: number;
  readonly #settingsOf: (server: number) => Settings;
  readonly #answers: (from: number, peer: number) => boolean;
  /** The slot of each pair of a server and a peer that it believes dead: few, and only while something is. */
  readonly #dead = new Map<number, number>();
  readonly #probeKind: number;
  // Columns, by slot.
  readonly #pairs: number[] = [];
  readonly #probes: EventHandle[] = [];
  readonly #free: number[] = [];

  /** @param answers - whether a peer would take a connection from a server now */
  constructor(
    simulation: Simulation,
    serverCount: number,
    settingsOf: (server: number) => Settings,
    answers: (from: number, peer: number) => boolean,
  ) {
    this.#simulation = simulation;
    this.#serverCount = serverCount;
    this.#settingsOf = settingsOf;
    this.#answers = answers;
    this.#probeKind = simulation.addKind((slot) => this.#probe(slot));
  }

  /** Nobody believes anybody dead. */
  get areAllAlive(): boolean {
    return this.#dead.size === 0;
  }

  believesDead(from: number, peer: number): boolean {
    return this.#dead.has(from * this.#serverCount + peer);
  }

  /**
   * Puts equal servers into the order in which `from` tries them: the living by turns, then the dead by turns, so that
   * the living share evenly. `order` is left as it is where nobody is believed dead.
   */
  putInOrder(from: number, servers: readonly number[], turn: number, order: number[]): void {
    const living = servers.filter((server) => !this.believesDead(from, server));
    if (living.length === servers.length) return;
    const dead = servers.filter((server) => this.believesDead(from, server));
    for (let place = 0; place < living.length; place++) order.push(living[(turn + place) % living.length]!);
    for (let place = 0; place < dead.length; place++) order.push(dead[(turn + place) % dead.length]!);
  }

  /** A connection has failed. */
  failed(from: number, peer: number): void {
    const pair = from * this.#serverCount + peer;
    if (this.#dead.has(pair)) return;
    const slot = this.#free.pop() ?? this.#pairs.length;
    this.#pairs[slot] = pair;
    this.#dead.set(pair, slot);
    this.#schedule(slot);
  }

  /** A session stands. */
  answered(from: number, peer: number): void {
    this.#forget(from * this.#serverCount + peer);
  }

  /** A server has stopped: what it believed was in memory. */
  forgetAll(from: number): void {
    if (this.#dead.size === 0) return;
    for (let peer = 0; peer < this.#serverCount; peer++) this.#forget(from * this.#serverCount + peer);
  }

  #forget(pair: number): void {
    const slot = this.#dead.get(pair);
    if (slot === undefined) return;
    this.#simulation.cancel(this.#probes[slot]!);
    this.#probes[slot] = noEvent;
    this.#dead.delete(pair);
    this.#free.push(slot);
  }

  #schedule(slot: number): void {
    const from = Math.floor(this.#pairs[slot]! / this.#serverCount);
    const intervalMs = this.#settingsOf(from).transport.livenessProbeInterval;
    this.#probes[slot] = this.#simulation.schedule(intervalMs, this.#probeKind, slot);
  }

  #probe(slot: number): void {
    const pair = this.#pairs[slot]!;
    const from = Math.floor(pair / this.#serverCount);
    if (this.#answers(from, pair % this.#serverCount)) this.#forget(pair);
    else this.#schedule(slot);
  }
}
