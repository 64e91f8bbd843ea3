import { invariant } from './invariant.js';

/**
 * The entities that wait at a station, in the order in which they will be served. An entity is a whole number of 32
 * bits. Holds them in typed arrays that double when full: no allocation otherwise.
 */
export interface WaitingLine {
  readonly length: number;
  /** Lets an entity queue up. Disciplines without priorities ignore the priority. */
  add(entity: number, priority: number): void;
  /** Puts an entity back where it will be the next of its priority to be served. */
  putBack(entity: number, priority: number): void;
  /** Takes out the next one to be served; its priority is then in `takenPriority`. There must be one. */
  take(): number;
  readonly takenPriority: number;
  /** Visits all in the order of service. The line must not change meanwhile. */
  forEach(visit: (entity: number) => void): void;
}

/** A queueing discipline: makes a station's empty waiting line. */
export type Discipline = () => WaitingLine;

/** First come, first served. */
export const fifo: Discipline = () => new FifoLine();

/** Last come, first served; the one in service stays. */
export const lifo: Discipline = () => new LifoLine();

/**
 * Non-preemptive priority: the lowest priority number first, first come first served within it; the one in service
 * stays.
 * @param levels - number of priorities, 0 to levels - 1
 */
export function nonPreemptivePriority(levels: number): Discipline {
  invariant(Number.isInteger(levels) && levels >= 1, 'a priority discipline needs one level or more');
  return () => new PriorityLine(levels);
}

const initialCapacity = 16;

/** A double-ended queue in a ring. */
class Ring {
  #entities = new Int32Array(initialCapacity);
  #first = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  addLast(entity: number): void {
    if (this.#length === this.#entities.length) this.#grow();
    this.#entities[(this.#first + this.#length++) & (this.#entities.length - 1)] = entity;
  }

  addFirst(entity: number): void {
    if (this.#length === this.#entities.length) this.#grow();
    this.#first = (this.#first - 1) & (this.#entities.length - 1);
    this.#length += 1;
    this.#entities[this.#first] = entity;
  }

  takeFirst(): number {
    if (this.#length === 0) invariant(false, 'nobody waits');
    const entity = this.#entities[this.#first]!;
    this.#first = (this.#first + 1) & (this.#entities.length - 1);
    this.#length -= 1;
    return entity;
  }

  forEach(visit: (entity: number) => void): void {
    const mask = this.#entities.length - 1;
    for (let i = 0; i < this.#length; i++) visit(this.#entities[(this.#first + i) & mask]!);
  }

  #grow(): void {
    const old = this.#entities;
    const grown = new Int32Array(old.length * 2);
    grown.set(old.subarray(this.#first));
    grown.set(old.subarray(0, this.#first), old.length - this.#first);
    this.#entities = grown;
    this.#first = 0;
  }
}

class FifoLine implements WaitingLine {
  readonly takenPriority = 0;
  readonly #ring = new Ring();

  get length(): number {
    return this.#ring.length;
  }

  add(entity: number): void {
    this.#ring.addLast(entity);
  }

  putBack(entity: number): void {
    this.#ring.addFirst(entity);
  }

  take(): number {
    return this.#ring.takeFirst();
  }

  forEach(visit: (entity: number) => void): void {
    this.#ring.forEach(visit);
  }
}

class LifoLine implements WaitingLine {
  readonly takenPriority = 0;
  readonly #ring = new Ring();

  get length(): number {
    return this.#ring.length;
  }

  add(entity: number): void {
    this.#ring.addFirst(entity);
  }

  putBack(entity: number): void {
    this.#ring.addFirst(entity);
  }

  take(): number {
    return this.#ring.takeFirst();
  }

  forEach(visit: (entity: number) => void): void {
    this.#ring.forEach(visit);
  }
}

class PriorityLine implements WaitingLine {
  takenPriority = 0;
  readonly #rings: readonly Ring[];
  #length = 0;

  constructor(levels: number) {
    this.#rings = Array.from({ length: levels }, () => new Ring());
  }

  get length(): number {
    return this.#length;
  }

  add(entity: number, priority: number): void {
    this.#ring(priority).addLast(entity);
    this.#length += 1;
  }

  putBack(entity: number, priority: number): void {
    this.#ring(priority).addFirst(entity);
    this.#length += 1;
  }

  take(): number {
    let priority = 0;
    while (priority < this.#rings.length - 1 && this.#rings[priority]!.length === 0) priority += 1;
    const entity = this.#rings[priority]!.takeFirst();
    this.takenPriority = priority;
    this.#length -= 1;
    return entity;
  }

  forEach(visit: (entity: number) => void): void {
    for (const ring of this.#rings) ring.forEach(visit);
  }

  #ring(priority: number): Ring {
    const ring = this.#rings[priority];
    invariant(ring !== undefined, 'an entity has a priority that its station does not know');
    return ring;
  }
}
