import {
  type EventHandle,
  type EventKind,
  type FutureEventList,
  generationLimit,
  handleOf,
  sequenceLimit,
  slotLimit,
} from './future-event-list.js';
import { InvariantError } from './invariant.js';

const arity = 4;
const initialCapacity = 256;

/**
 * The future event list as an indexed heap: a 4-ary heap of slot numbers whose times lie beside them, and for each
 * slot where in the heap it is, so that a cancelled event is taken out at once. The plain second opinion on the ladder.
 */
export class IndexedHeapEventList implements FutureEventList {
  poppedMs = 0;
  poppedKind: EventKind = 0;
  poppedSubject = 0;
  #size = 0;
  #sequence = 0;
  #work = 0;

  /** By place in the heap: no event comes before the one at (place - 1) / 4. */
  #atMs = new Float64Array(initialCapacity);
  #slots = new Int32Array(initialCapacity);
  /** By slot. */
  #order = new Float64Array(initialCapacity);
  #kind = new Uint16Array(initialCapacity);
  #subject = new Int32Array(initialCapacity);
  #place = new Int32Array(initialCapacity);
  #generation = new Uint16Array(initialCapacity);
  /** Slots free for use, a stack. */
  #free = new Int32Array(initialCapacity);
  #freeCount = 0;
  #slotCount = 0;

  get size(): number {
    return this.#size;
  }

  /** The work so far: how often an event was moved. The same in every run. */
  get work(): number {
    return this.#work;
  }

  push(atMs: number, priority: number, kind: EventKind, subject: number): EventHandle {
    const slot = this.#freeCount > 0 ? this.#free[--this.#freeCount]! : this.#newSlot();
    this.#order[slot] = priority * sequenceLimit + this.#sequence++;
    this.#kind[slot] = kind;
    this.#subject[slot] = subject;
    this.#rise(this.#size++, slot, atMs);
    return handleOf(slot, this.#generation[slot]!);
  }

  peekMs(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : this.#atMs[0]!;
  }

  popUntil(lastMs: number): boolean {
    if (this.#size === 0 || this.#atMs[0]! > lastMs) return false;
    const slot = this.#slots[0]!;
    this.poppedMs = this.#atMs[0]!;
    this.poppedKind = this.#kind[slot]!;
    this.poppedSubject = this.#subject[slot]!;
    this.#remove(slot);
    return true;
  }

  cancel(handle: EventHandle): boolean {
    if (handle < 0) return false;
    const generation = handle & (generationLimit - 1);
    const slot = (handle - generation) / generationLimit;
    if (slot >= this.#slotCount || this.#generation[slot] !== generation) return false;
    this.#remove(slot);
    return true;
  }

  /** The last of the heap takes the place of the event removed, and from there goes where it belongs. */
  #remove(slot: number): void {
    const place = this.#place[slot]!;
    const last = --this.#size;
    if (place !== last) {
      const lastSlot = this.#slots[last]!;
      const lastMs = this.#atMs[last]!;
      const parent = (place - 1) >> 2;
      if (place > 0 && this.#goesBefore(lastSlot, lastMs, parent)) this.#rise(place, lastSlot, lastMs);
      else this.#sink(place, lastSlot, lastMs);
    }
    const generation = ++this.#generation[slot]!;
    // A slot that has had all its generations is not used again: an old handle could hit a new event.
    if (generation !== generationLimit - 1) this.#free[this.#freeCount++] = slot;
  }

  /** Puts a slot at a place or nearer to the root, behind none that it goes before. */
  #rise(from: number, slot: number, atMs: number): void {
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 2;
      if (!this.#goesBefore(slot, atMs, parent)) break;
      this.#put(place, this.#slots[parent]!, this.#atMs[parent]!);
      place = parent;
    }
    this.#put(place, slot, atMs);
  }

  /** Puts a slot at a place or farther from the root, before none that goes before it. */
  #sink(from: number, slot: number, atMs: number): void {
    const size = this.#size;
    let place = from;
    for (;;) {
      let earliest = arity * place + 1;
      if (earliest >= size) break;
      const end = Math.min(earliest + arity, size);
      for (let child = earliest + 1; child < end; child++) {
        if (this.#goesBefore(this.#slots[child]!, this.#atMs[child]!, earliest)) earliest = child;
      }
      if (this.#goesBefore(slot, atMs, earliest)) break;
      this.#put(place, this.#slots[earliest]!, this.#atMs[earliest]!);
      place = earliest;
    }
    this.#put(place, slot, atMs);
  }

  #put(place: number, slot: number, atMs: number): void {
    this.#work += 1;
    this.#atMs[place] = atMs;
    this.#slots[place] = slot;
    this.#place[slot] = place;
  }

  #goesBefore(slot: number, atMs: number, place: number): boolean {
    const otherMs = this.#atMs[place]!;
    return atMs < otherMs || (atMs === otherMs && this.#order[slot]! < this.#order[this.#slots[place]!]!);
  }

  #newSlot(): number {
    if (this.#slotCount === this.#slots.length) this.#grow();
    return this.#slotCount++;
  }

  #grow(): void {
    const capacity = this.#slots.length * 2;
    if (capacity > slotLimit) throw new InvariantError(`more than ${slotLimit} events are pending`);
    this.#atMs = copyInto(new Float64Array(capacity), this.#atMs);
    this.#slots = copyInto(new Int32Array(capacity), this.#slots);
    this.#order = copyInto(new Float64Array(capacity), this.#order);
    this.#kind = copyInto(new Uint16Array(capacity), this.#kind);
    this.#subject = copyInto(new Int32Array(capacity), this.#subject);
    this.#place = copyInto(new Int32Array(capacity), this.#place);
    this.#generation = copyInto(new Uint16Array(capacity), this.#generation);
    this.#free = copyInto(new Int32Array(capacity), this.#free);
  }
}

function copyInto<A extends { set(source: A): void }>(target: A, source: A): A {
  target.set(source);
  return target;
}
