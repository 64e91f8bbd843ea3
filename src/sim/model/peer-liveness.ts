import { type EventHandle, noEvent, type Simulation } from '../kernel/index.js';
import { services } from './server-states.js';
import type { Settings } from './settings.js';

const serviceCount = services.length;

/**
 * Which services of its peers each server believes dead (AS-14): a failed connection puts one on the list of the dead,
 * for all services of the server that believes it.
 * These are probed apart from all mail, every `livenessProbeInterval`, and leave the list when one answers; so does one
 * that takes a session meanwhile (assumption A-liveness-probe). A peer's Transport and its front end are two.
 */
export class PeerLiveness {
  readonly #simulation: Simulation;
  readonly #serverCount: number;
  readonly #settingsOf: (server: number) => Settings;
  readonly #answers: (from: number, peer: number, service: number) => boolean;
  /** By server, peer and service believed dead: a slot. Few, and only while something is. */
  readonly #dead = new Map<number, number>();
  readonly #probeKind: number;
  // Columns, by slot.
  readonly #pairs: number[] = [];
  readonly #probes: EventHandle[] = [];
  readonly #free: number[] = [];

  /** @param answers - whether a service of a peer would take a connection from a server now */
  constructor(
    simulation: Simulation,
    serverCount: number,
    settingsOf: (server: number) => Settings,
    answers: (from: number, peer: number, service: number) => boolean,
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

  believesDead(from: number, peer: number, service: number): boolean {
    return this.#dead.has(this.#pair(from, peer, service));
  }

  /**
   * Puts equal servers into the order in which `from` tries them: the living by turns, then the dead by turns, so that
   * the living share evenly. `order` is left as it is where nobody is believed dead.
   * @param serviceOf - the service of a server that is asked
   */
  putInOrder(
    from: number,
    servers: readonly number[],
    turn: number,
    order: number[],
    serviceOf: (server: number) => number,
  ): void {
    const isDead = (server: number) => this.believesDead(from, server, serviceOf(server));
    const dead = servers.filter(isDead);
    if (dead.length === 0) return;
    const living = servers.filter((server) => !isDead(server));
    for (let place = 0; place < living.length; place++) order.push(living[(turn + place) % living.length]!);
    for (let place = 0; place < dead.length; place++) order.push(dead[(turn + place) % dead.length]!);
  }

  /** A connection has failed. */
  failed(from: number, peer: number, service: number): void {
    const pair = this.#pair(from, peer, service);
    if (this.#dead.has(pair)) return;
    const slot = this.#free.pop() ?? this.#pairs.length;
    this.#pairs[slot] = pair;
    this.#dead.set(pair, slot);
    this.#schedule(slot);
  }

  /** A session stands. */
  answered(from: number, peer: number, service: number): void {
    this.#forget(this.#pair(from, peer, service));
  }

  /** A server has stopped: what it believed was in memory. */
  forgetAll(from: number): void {
    if (this.#dead.size === 0) return;
    const perServer = this.#serverCount * serviceCount;
    for (let pair = from * perServer; pair < (from + 1) * perServer; pair++) this.#forget(pair);
  }

  #pair(from: number, peer: number, service: number): number {
    return (from * this.#serverCount + peer) * serviceCount + service;
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
    const from = Math.floor(this.#pairs[slot]! / (this.#serverCount * serviceCount));
    const intervalMs = this.#settingsOf(from).transport.livenessProbeInterval;
    this.#probes[slot] = this.#simulation.schedule(intervalMs, this.#probeKind, slot);
  }

  #probe(slot: number): void {
    const pair = this.#pairs[slot]!;
    const service = pair % serviceCount;
    const servers = Math.floor(pair / serviceCount);
    const peer = servers % this.#serverCount;
    const from = Math.floor(servers / this.#serverCount);
    if (this.#answers(from, peer, service)) this.#forget(pair);
    else this.#schedule(slot);
  }
}
