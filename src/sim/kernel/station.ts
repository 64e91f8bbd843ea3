import { type Discipline, fifo, type WaitingLine } from './disciplines.js';
import { type EventKind, noEvent } from './future-event-list.js';
import { InvariantError, invariant } from './invariant.js';
import type { Simulation } from './simulation.js';

export interface StationOptions {
  /** Number of servers working side by side, 1 or more. */
  readonly servers: number;
  /** In which order the waiting are served. Default: first come, first served. */
  readonly discipline?: Discipline;
  /** How long the service of an entity takes, in ms; asked when the service starts. */
  readonly serviceTimeMs: (entity: number) => number;
  /** An entity has been served and has left. */
  readonly completed: (entity: number) => void;
  /** The service of an entity has started. */
  readonly started?: (entity: number) => void;
}

/**
 * Servers and a waiting line. An entity is a whole number from 0 to 2^31 - 1.
 *
 * When a service ends its server is free again, then the next waiting entity starts, and only then `completed` is
 * called: an entity sent straight back queues up behind those who wait. Everything at an instant is in a fixed
 * order; nothing is allocated once the line has found its size.
 */
export class Station {
  /** Number of servers. */
  readonly servers: number;
  readonly #simulation: Simulation;
  readonly #serviceTimeMs: (entity: number) => number;
  readonly #completed: (entity: number) => void;
  readonly #started: ((entity: number) => void) | undefined;
  readonly #line: WaitingLine;
  readonly #endOfService: EventKind;
  /** By server: the entity in service or -1, its priority, the event that ends it, which start it was. */
  readonly #entity: Int32Array;
  readonly #priority: Int32Array;
  readonly #ending: Float64Array;
  readonly #startNumber: Float64Array;
  /** The idle servers, a stack. */
  readonly #idle: Int32Array;
  #idleCount: number;
  #starts = 0;
  #isRunning = true;
  #isVisiting = false;

  constructor(simulation: Simulation, options: StationOptions) {
    const { servers } = options;
    invariant(Number.isInteger(servers) && servers >= 1, () => `a station cannot have ${servers} servers`);
    this.servers = servers;
    this.#simulation = simulation;
    this.#serviceTimeMs = options.serviceTimeMs;
    this.#completed = options.completed;
    this.#started = options.started;
    this.#line = (options.discipline ?? fifo)();
    this.#endOfService = simulation.addKind((server) => this.#serviceEnded(server));
    this.#entity = new Int32Array(servers).fill(-1);
    this.#priority = new Int32Array(servers);
    this.#ending = new Float64Array(servers).fill(noEvent);
    this.#startNumber = new Float64Array(servers);
    this.#idle = Int32Array.from({ length: servers }, (_, i) => servers - 1 - i);
    this.#idleCount = servers;
  }

  /** Number of entities waiting. */
  get waiting(): number {
    return this.#line.length;
  }

  /** Number of entities in service. */
  get busy(): number {
    return this.servers - this.#idleCount;
  }

  /** False from `stop` to `start`. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  /**
   * An entity comes in: its service starts at once if a server is idle, else it waits.
   * @param priority - for disciplines that know priorities, the lower first; default 0
   * @throws InvariantError if the discipline does not have that priority
   */
  arrive(entity: number, priority = 0): void {
    if (!(entity >= 0 && (entity | 0) === entity)) throw this.#broken(`${entity} is no entity`);
    if (this.#isVisiting) throw this.#broken('an entity arrived during a visit');
    if (this.#isRunning && this.#idleCount > 0) {
      // An idle server means that nobody waits, so nobody is overtaken.
      this.#begin(entity, priority);
    } else {
      this.#line.add(entity, priority);
    }
  }

  /**
   * Visits all entities present: those in service, by server, then the waiting, in their order. The visitor must
   * change nothing here.
   */
  forEach(visit: (entity: number) => void): void {
    this.#visit(() => {
      for (const entity of this.#entity) if (entity >= 0) visit(entity);
      this.#line.forEach(visit);
    });
  }

  /**
   * Takes out all entities present, in the order of `forEach`, unserved: `completed` is not called. The visitor
   * must change nothing here.
   */
  removeAll(visit: (entity: number) => void): void {
    this.#visit(() => {
      for (let server = 0; server < this.servers; server++) {
        const entity = this.#entity[server]!;
        if (entity < 0) continue;
        this.#interrupt(server);
        visit(entity);
      }
      while (this.#line.length > 0) visit(this.#line.take());
    });
  }

  /**
   * A breakdown: services under way are broken off and their entities go back to the head of the line, in the order
   * in which they had started; no service starts before `start`. Arrivals wait. Without effect if already stopped.
   */
  stop(): void {
    if (this.#isVisiting) throw this.#broken('stopped during a visit');
    if (!this.#isRunning) return;
    this.#isRunning = false;
    const inService: number[] = [];
    for (let server = 0; server < this.servers; server++)
      if (this.#entity[server]! >= 0) inService.push(server);
    inService.sort((a, b) => this.#startNumber[b]! - this.#startNumber[a]!);
    for (const server of inService) {
      this.#line.putBack(this.#entity[server]!, this.#priority[server]!);
      this.#interrupt(server);
    }
  }

  /**
   * The end of a breakdown: the first in the line start, each service from its beginning, with a service time asked
   * anew. Without effect if running.
   */
  start(): void {
    if (this.#isVisiting) throw this.#broken('started during a visit');
    if (this.#isRunning) return;
    this.#isRunning = true;
    while (this.#isRunning && this.#idleCount > 0 && this.#line.length > 0) this.#beginNext();
  }

  #serviceEnded(server: number): void {
    const entity = this.#entity[server]!;
    this.#release(server);
    if (this.#line.length > 0) this.#beginNext();
    this.#completed(entity);
  }

  #beginNext(): void {
    const entity = this.#line.take();
    this.#begin(entity, this.#line.takenPriority);
  }

  #begin(entity: number, priority: number): void {
    const server = this.#idle[--this.#idleCount]!;
    this.#entity[server] = entity;
    this.#priority[server] = priority;
    this.#startNumber[server] = this.#starts++;
    this.#ending[server] = this.#simulation.schedule(this.#serviceTimeMs(entity), this.#endOfService, server);
    if (this.#started !== undefined) this.#started(entity);
  }

  #interrupt(server: number): void {
    this.#simulation.cancel(this.#ending[server]!);
    this.#release(server);
  }

  #release(server: number): void {
    this.#entity[server] = -1;
    this.#ending[server] = noEvent;
    this.#idle[this.#idleCount++] = server;
  }

  #visit(walk: () => void): void {
    if (this.#isVisiting) throw this.#broken('a visit inside a visit');
    this.#isVisiting = true;
    try {
      walk();
    } finally {
      this.#isVisiting = false;
    }
  }

  #broken(what: string): InvariantError {
    return new InvariantError(`station at ${this.#simulation.nowMs} ms: ${what}`);
  }
}
