import { Heap } from 'heap-js';
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

/** The kind that marks a cancelled entry. */
const cancelled = 0xffff;
const initialCapacity = 256;

/**
 * The future event list on heap-js: a binary heap of slot numbers, the keys beside it in typed arrays, so that
 * an event is not an object.
 *
 * - heap-js alone is not stable, hence the order key that no two events share.
 * - A cancelled event stays where it is, marked, and is dropped when it comes to the top; once more than half of
 *   the entries are dead the heap is rebuilt from the living. (heap-js could remove it only by a search.)
 * - The place of the event popped last stays open until the next call: an event that is pushed then, the usual
 *   case, goes there and is sifted once, instead of the last leaf first and then the new event.
 */
export class HeapEventList implements FutureEventList {
  poppedMs = 0;
  poppedKind: EventKind = 0;
  poppedSubject = 0;

  readonly #heap: Heap<number>;
  #atMs = new Float64Array(initialCapacity);
  #order = new Float64Array(initialCapacity);
  #kind = new Uint16Array(initialCapacity);
  #subject = new Int32Array(initialCapacity);
  #generation = new Uint16Array(initialCapacity);
  /** Slots free for use, a stack. */
  #free = new Int32Array(initialCapacity);
  #freeCount = 0;
  #slotCount = 0;
  #sequence = 0;
  #deadCount = 0;
  /** True while the heap's root is the entry popped last. */
  #rootIsOpen = false;

  constructor() {
    this.#heap = new Heap<number>((a, b) => {
      const atMs = this.#atMs;
      const aMs = atMs[a]!;
      const bMs = atMs[b]!;
      if (aMs < bMs) return -1;
      if (aMs > bMs) return 1;
      const order = this.#order;
      return order[a]! < order[b]! ? -1 : 1;
    });
  }

  get size(): number {
    return this.#heap.heapArray.length - this.#deadCount - (this.#rootIsOpen ? 1 : 0);
  }

  push(atMs: number, priority: number, kind: EventKind, subject: number): EventHandle {
    const slot = this.#freeCount > 0 ? this.#free[--this.#freeCount]! : this.#newSlot();
    this.#atMs[slot] = atMs;
    this.#order[slot] = priority * sequenceLimit + this.#sequence++;
    this.#kind[slot] = kind;
    this.#subject[slot] = subject;
    if (this.#rootIsOpen) {
      this.#rootIsOpen = false;
      this.#heap.replace(slot);
    } else {
      this.#heap.add(slot);
    }
    return handleOf(slot, this.#generation[slot]!);
  }

  peekMs(): number {
    this.#settle();
    const entries = this.#heap.heapArray;
    return entries.length === 0 ? Number.POSITIVE_INFINITY : this.#atMs[entries[0]!]!;
  }

  popUntil(lastMs: number): boolean {
    this.#settle();
    const entries = this.#heap.heapArray;
    if (entries.length === 0) return false;
    const slot = entries[0]!;
    if (this.#atMs[slot]! > lastMs) return false;
    this.#rootIsOpen = true;
    this.poppedMs = this.#atMs[slot]!;
    this.poppedKind = this.#kind[slot]!;
    this.poppedSubject = this.#subject[slot]!;
    this.#release(slot);
    return true;
  }

  cancel(handle: EventHandle): boolean {
    if (handle < 0) return false;
    const generation = handle & (generationLimit - 1);
    const slot = (handle - generation) / generationLimit;
    if (slot >= this.#slotCount || this.#generation[slot] !== generation) return false;
    if (this.#kind[slot] === cancelled) return false;
    this.#kind[slot] = cancelled;
    this.#deadCount += 1;
    if (this.#deadCount * 2 > this.#heap.heapArray.length) this.#rebuild();
    return true;
  }

  /** Closes the open root and drops the dead entries at the top: the root is then the earliest event, if any. */
  #settle(): void {
    if (this.#rootIsOpen) {
      this.#rootIsOpen = false;
      this.#heap.pop();
    }
    while (this.#deadCount > 0) {
      const slot = this.#heap.heapArray[0]!;
      if (this.#kind[slot] !== cancelled) return;
      this.#heap.pop();
      this.#deadCount -= 1;
      this.#release(slot);
    }
  }

  #rebuild(): void {
    const entries = this.#heap.heapArray;
    let kept = 0;
    for (let i = this.#rootIsOpen ? 1 : 0; i < entries.length; i++) {
      const slot = entries[i]!;
      if (this.#kind[slot] === cancelled) this.#release(slot);
      else entries[kept++] = slot;
    }
    entries.length = kept;
    this.#rootIsOpen = false;
    this.#deadCount = 0;
    if (kept > 1) this.#heap.init();
  }

  /** Makes every handle of the slot stale and the slot free, but for one whose generations are used up. */
  #release(slot: number): void {
    const generation = ++this.#generation[slot]!;
    // A slot that has had all its generations is not used again: an old handle could hit a new event.
    if (generation !== generationLimit - 1) this.#free[this.#freeCount++] = slot;
  }

  #newSlot(): number {
    if (this.#slotCount === this.#atMs.length) this.#grow();
    return this.#slotCount++;
  }

  #grow(): void {
    const capacity = this.#atMs.length * 2;
    if (capacity > slotLimit) throw new InvariantError(`more than ${slotLimit} events are pending`);
    this.#atMs = copyInto(new Float64Array(capacity), this.#atMs);
    this.#order = copyInto(new Float64Array(capacity), this.#order);
    this.#kind = copyInto(new Uint16Array(capacity), this.#kind);
    this.#subject = copyInto(new Int32Array(capacity), this.#subject);
    this.#generation = copyInto(new Uint16Array(capacity), this.#generation);
    this.#free = copyInto(new Int32Array(capacity), this.#free);
  }
}

function copyInto<A extends { set(source: A): void }>(target: A, source: A): A {
  target.set(source);
  return target;
}
