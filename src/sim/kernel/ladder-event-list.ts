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
import { LadderRung, orderNumber } from './ladder-rung.js';

/*
 * How an event goes through the ladder.
 *
 * From the top to the bottom of the ladder events are sorted more and more finely, each only when it comes near:
 *
 *   top      all that is later than `#topStartMs`, unsorted
 *   rungs    rows of buckets, each bucket an unsorted list; rung 0 is the coarsest. A rung cuts the top, or a bucket
 *            of the rung above it, into about as many buckets as there were events. Buckets are taken from the
 *            earliest to the latest; what is earlier than the `next` bucket of a rung has gone further down
 *   bottom   a few events, sorted
 *
 * So an event usually moves three times, whatever the number of events: into the top, a bucket, and the bottom.
 *
 * What keeps the order right:
 * - The bucket of an event is always found by the same expression, clamped to the rung, and only then compared with
 *   the next one to be taken. The expression never falls as the time rises, however it is rounded, so that buckets
 *   are in the order of their events. The bounds of a bucket in time are never computed.
 * - A crowd at one instant is cut by order numbers instead of times.
 * - An event exactly at `#topStartMs` belongs below the top: it may have to go before others there by priority.
 *
 * What keeps it fast:
 * - A rung is gone as soon as its last bucket is taken, before that bucket is cut in turn. Else steady pushes would
 *   pile up rungs that have one bucket left, and every push would go through all of them.
 * - A record is half a cache line, and what is cut or sorted stands in arrays of times and slots: the processor
 *   fetches many records at once, where a list makes it wait for one after the other.
 */

/** A record is 4 doubles, of which 2 are used, the time and the `orderNumber`, or 8 words of 32 bits, the other 4 used. */
const nextWord = 4;
const previousWord = 5;
const subjectWord = 6;
/** The slot's generation in the upper half, the event's kind in the lower half, which is 0 in a free slot. */
const identityWord = 7;

/** In the place of a list's next slot: there is none, or the record is in the top instead of a list. */
const endOfList = -1;
const isInTop = -2;

const oneGeneration = 0x1_0000;
/** No event has this generation: a slot that comes to it is not used again, as old handles could hit new events. */
const lastGeneration = 0xffff << 16;

/** While there is nothing else, the bottom takes all events up to so many. */
const fewEvents = 32;
/** The bottom is filled with whole buckets until it has so many … */
const enoughInBottom = 16;
/** … and never with more than this; pushes that exceed it turn it into a rung. */
const mostInBottom = 48;
/** Where the bottom starts when it is filled: pushes may need the room before it. */
const bottomStart = mostInBottom + 1;
const mostBuckets = 2 ** 20;

const initialSlots = 256;

/**
 * The future event list as a ladder queue (Tang, Goh and Thng, 2005) over records in one buffer: what a push, a pop
 * and a cancellation take does not depend on the number of events, nor on their ties and time scales. Cancelling takes
 * the event out at once.
 */
export class LadderEventList implements FutureEventList {
  poppedMs = 0;
  poppedKind: EventKind = 0;
  poppedSubject = 0;
  #size = 0;
  #sequence = 0;
  #work = 0;

  /** The records, by slot, as doubles and as words. Free ones are in a list. */
  #numbers = new Float64Array(0);
  #words = new Int32Array(0);
  #firstFree = endOfList;

  /** Pairs of time and slot, as in the bottom. */
  #top = new Float64Array(2 * initialSlots);
  #topCount = 0;
  #topStartMs = Number.NEGATIVE_INFINITY;

  /** From the coarsest to the finest; those from `#rungCount` on wait for their next use. */
  readonly #rungs: LadderRung[] = [];
  #rungCount = 0;
  /** The first slot of each bucket, rung after rung. A bucket that no rung has is empty. */
  #buckets = new Int32Array(initialSlots).fill(endOfList);

  /** Pairs from `#bottomFirst`, the earliest, to before `#bottomEnd`, with room before it for what comes earlier. */
  #bottom = new Float64Array(2 * initialSlots);
  #bottomFirst = bottomStart;
  #bottomEnd = bottomStart;

  get size(): number {
    return this.#size;
  }

  /** The work so far: how often an event was moved, or a rung or a bucket looked at. The same in every run. */
  get work(): number {
    return this.#work;
  }

  push(atMs: number, priority: number, kind: EventKind, subject: number): EventHandle {
    if (this.#firstFree === endOfList) this.#addSlots();
    const slot = this.#firstFree;
    const record = slot << 3;
    const words = this.#words;
    this.#firstFree = words[record + nextWord]!;
    const identity = words[record + identityWord]! | kind;
    words[record + identityWord] = identity;
    words[record + subjectWord] = subject | 0;
    this.#numbers[slot << 2] = atMs;
    this.#numbers[(slot << 2) + orderNumber] = priority * sequenceLimit + this.#sequence++;
    this.#size += 1;
    this.#place(slot);
    return handleOf(slot, identity >>> 16);
  }

  peekMs(): number {
    if (this.#bottomFirst === this.#bottomEnd) this.#fillBottom();
    return this.#bottomFirst === this.#bottomEnd
      ? Number.POSITIVE_INFINITY
      : this.#bottom[2 * this.#bottomFirst]!;
  }

  popUntil(lastMs: number): boolean {
    if (this.#bottomFirst === this.#bottomEnd) {
      if (this.#size === 0) return false;
      this.#fillBottom();
    }
    const first = this.#bottomFirst;
    const bottom = this.#bottom;
    const atMs = bottom[first << 1]!;
    if (atMs > lastMs) return false;
    this.#bottomFirst = first + 1;
    const slot = bottom[(first << 1) + 1]! | 0;
    const words = this.#words;
    const record = slot << 3;
    this.poppedMs = atMs;
    this.poppedKind = words[record + identityWord]! & 0xffff;
    this.poppedSubject = words[record + subjectWord]!;
    this.#release(slot);
    return true;
  }

  cancel(handle: EventHandle): boolean {
    if (handle < 0) return false;
    const generation = handle & (generationLimit - 1);
    const slot = (handle - generation) / generationLimit;
    const words = this.#words;
    const record = slot << 3;
    if (record >= words.length || words[record + identityWord]! >>> 16 !== generation) return false;
    const next = words[record + nextWord]!;
    if (this.#isInBottom(slot)) this.#removeFromBottom(slot);
    else if (next === isInTop) this.#removeFromTop(words[record + previousWord]!);
    else this.#unlink(words[record + previousWord]!, next);
    this.#release(slot);
    return true;
  }

  /** Puts a new event where it belongs. */
  #place(slot: number): void {
    const numbers = this.#numbers;
    const atMs = numbers[slot << 2]!;
    const rungCount = this.#rungCount;
    if (atMs > this.#topStartMs) {
      if (this.#topCount > 0 || rungCount > 0 || this.#bottomEnd - this.#bottomFirst >= fewEvents) {
        this.#addToTop(slot, atMs);
        return;
      }
      this.#topStartMs = atMs;
    }
    for (let level = 0; level < rungCount; level++) {
      const rung = this.#rungs[level]!;
      const bucket = rung.bucketOf(slot, atMs, numbers);
      if (bucket >= rung.next) {
        this.#work += level;
        this.#link(bucket, slot);
        return;
      }
    }
    this.#work += rungCount;
    this.#insertIntoBottom(slot, atMs);
    const inBottom = this.#bottomEnd - this.#bottomFirst;
    if (inBottom > mostInBottom) {
      this.#cut(this.#bottom, this.#bottomFirst, inBottom);
      this.#bottomFirst = this.#bottomEnd;
    }
  }

  #addToTop(slot: number, atMs: number): void {
    const index = this.#topCount++;
    if (2 * index === this.#top.length) this.#top = doubled(this.#top);
    this.#top[2 * index] = atMs;
    this.#top[2 * index + 1] = slot;
    this.#words[(slot << 3) + nextWord] = isInTop;
    this.#words[(slot << 3) + previousWord] = index;
  }

  #link(bucket: number, slot: number): void {
    const words = this.#words;
    const record = slot << 3;
    const next = this.#buckets[bucket]!;
    words[record + nextWord] = next;
    words[record + previousWord] = -1 - bucket;
    if (next >= 0) words[(next << 3) + previousWord] = slot;
    this.#buckets[bucket] = slot;
  }

  /** Takes a record out of its list: `previous` is a slot, or -1 - bucket. */
  #unlink(previous: number, next: number): void {
    const words = this.#words;
    if (next >= 0) words[(next << 3) + previousWord] = previous;
    if (previous >= 0) words[(previous << 3) + nextWord] = next;
    else this.#buckets[-1 - previous] = next;
  }

  #removeFromTop(index: number): void {
    // The last one takes the place.
    const top = this.#top;
    const last = --this.#topCount;
    const slot = top[2 * last + 1]!;
    top[2 * index] = top[2 * last]!;
    top[2 * index + 1] = slot;
    this.#words[(slot << 3) + previousWord] = index;
  }

  #insertIntoBottom(slot: number, atMs: number): void {
    const bottom = this.#bottom;
    const first = this.#bottomFirst << 1;
    const end = this.#bottomEnd << 1;
    // Those that go before it move one place to the front.
    let next = first;
    for (; next < end; next += 2) {
      const otherMs = bottom[next]!;
      if (otherMs > atMs || (otherMs === atMs && !this.#goesBefore(bottom[next + 1]!, slot))) break;
      bottom[next - 2] = otherMs;
      bottom[next - 1] = bottom[next + 1]!;
    }
    bottom[next - 2] = atMs;
    bottom[next - 1] = slot;
    this.#bottomFirst -= 1;
    this.#work += (next - first + 2) >> 1;
  }

  /** Of two events of one instant. */
  #goesBefore(slot: number, other: number): boolean {
    const numbers = this.#numbers;
    return numbers[(slot << 2) + orderNumber]! < numbers[(other << 2) + orderNumber]!;
  }

  /** What is not in the bottom comes after all that is. */
  #isInBottom(slot: number): boolean {
    const last = this.#bottomEnd - 1;
    if (last < this.#bottomFirst) return false;
    const atMs = this.#numbers[slot << 2]!;
    const lastMs = this.#bottom[2 * last]!;
    return atMs < lastMs || (atMs === lastMs && !this.#goesBefore(this.#bottom[2 * last + 1]!, slot));
  }

  #removeFromBottom(slot: number): void {
    const bottom = this.#bottom;
    const first = 2 * this.#bottomFirst++;
    let place = first;
    while (bottom[place + 1] !== slot) place += 2;
    this.#work += (place - first) >> 1;
    bottom.copyWithin(first + 2, first, place);
  }

  /** Fills the empty bottom; without effect if there is no event. */
  #fillBottom(): void {
    while (this.#rungCount > 0 || this.#topCount > 0) {
      const count = this.#rungCount > 0 ? this.#takeBuckets() : this.#takeTop();
      this.#work += count;
      if (count > mostInBottom) {
        this.#cut(this.#bottom, bottomStart, count);
      } else if (count > 0) {
        this.#bottomFirst = bottomStart;
        this.#bottomEnd = bottomStart + count;
        return;
      }
    }
  }

  /** Takes the whole top: into the bottom, or cut into a rung. Returns how many are in the bottom. */
  #takeTop(): number {
    const top = this.#top;
    const count = this.#topCount;
    let latestMs = top[0]!;
    for (let i = 1; i < count; i++) if (top[2 * i]! > latestMs) latestMs = top[2 * i]!;
    this.#topStartMs = latestMs;
    this.#topCount = 0;
    if (count > mostInBottom) {
      this.#cut(top, 0, count);
      return 0;
    }
    for (let i = 0; i < count; i++) this.#settle(top[2 * i + 1]!, top[2 * i]!, bottomStart + i);
    return count;
  }

  /**
   * Takes the next buckets of the finest rung into the bottom: until it has enough, or one bucket alone that has too
   * many, unsorted. The rung is gone if none are left. Returns how many are in the bottom.
   */
  #takeBuckets(): number {
    const rung = this.#rungs[this.#rungCount - 1]!;
    const buckets = this.#buckets;
    const numbers = this.#numbers;
    const words = this.#words;
    const end = rung.end;
    let count = 0;
    let bucket = rung.next;
    while (bucket < end && count < enoughInBottom) {
      const before = count;
      let slot = buckets[bucket]!;
      for (; slot !== endOfList && count < mostInBottom; slot = words[(slot << 3) + nextWord]!) {
        this.#settle(slot, numbers[slot << 2]!, bottomStart + count);
        count += 1;
      }
      if (slot !== endOfList) {
        // Too many: it has to be cut, unless the bottom has others to begin with.
        count = before;
        if (before > 0) break;
        count = this.#copyList(buckets[bucket]!);
      }
      buckets[bucket] = endOfList;
      bucket += 1;
    }
    this.#work += bucket - rung.next;
    rung.next = bucket;
    if (bucket === end) this.#rungCount -= 1;
    return count;
  }

  /**
   * Puts an event into the bottom that is being filled and sorted, to before `end`. Buckets come one after the other, so
   * that most events are at their places already.
   */
  #settle(slot: number, atMs: number, end: number): void {
    const bottom = this.#bottom;
    let place = end << 1;
    for (; place > bottomStart << 1; place -= 2) {
      const otherMs = bottom[place - 2]!;
      if (otherMs < atMs || (otherMs === atMs && this.#goesBefore(bottom[place - 1]!, slot))) break;
      bottom[place] = otherMs;
      bottom[place + 1] = bottom[place - 1]!;
    }
    bottom[place] = atMs;
    bottom[place + 1] = slot;
    this.#work += end - (place >> 1);
  }

  /** Copies a list into the bottom as it is; its length. */
  #copyList(first: number): number {
    const words = this.#words;
    let place = bottomStart;
    for (let slot = first; slot !== endOfList; slot = words[(slot << 3) + nextWord]!) {
      if (2 * place === this.#bottom.length) this.#bottom = doubled(this.#bottom);
      this.#bottom[2 * place] = this.#numbers[slot << 2]!;
      this.#bottom[2 * place + 1] = slot;
      place += 1;
    }
    return place - bottomStart;
  }

  /** Makes a rung below all others of the events in a part of two arrays, more than the bottom takes. */
  #cut(pairs: Float64Array, begin: number, count: number): void {
    const end = begin + count;
    let earliestMs = pairs[2 * begin]!;
    let latestMs = earliestMs;
    for (let i = begin + 1; i < end; i++) {
      const atMs = pairs[2 * i]!;
      if (atMs < earliestMs) earliestMs = atMs;
      if (atMs > latestMs) latestMs = atMs;
    }
    this.#work += count;
    const rung = this.#addRung(Math.min(count, mostBuckets));
    const span = rung.end - rung.first - 1;
    rung.startMs = earliestMs;
    rung.scale = span / (latestMs - earliestMs);
    if (rung.scale === Number.POSITIVE_INFINITY) this.#countByOrder(rung, pairs, begin, end);
    for (let i = begin; i < end; i++) {
      const slot = pairs[2 * i + 1]! | 0;
      this.#link(rung.bucketOf(slot, pairs[2 * i]!, this.#numbers), slot);
    }
  }

  #countByOrder(rung: LadderRung, pairs: Float64Array, begin: number, end: number): void {
    let lowest = Number.POSITIVE_INFINITY;
    let highest = Number.NEGATIVE_INFINITY;
    for (let i = begin; i < end; i++) {
      const order = this.#numbers[(pairs[2 * i + 1]! << 2) + orderNumber]!;
      if (order < lowest) lowest = order;
      if (order > highest) highest = order;
    }
    rung.orderStart = lowest;
    rung.orderScale = (rung.end - rung.first - 1) / (highest - lowest);
  }

  #addRung(size: number): LadderRung {
    const level = this.#rungCount++;
    if (level === this.#rungs.length) this.#rungs.push(new LadderRung());
    const first = level === 0 ? 0 : this.#rungs[level - 1]!.end;
    const end = first + size;
    if (end > this.#buckets.length) {
      const buckets = new Int32Array(Math.max(end, 2 * this.#buckets.length)).fill(endOfList);
      buckets.set(this.#buckets);
      this.#buckets = buckets;
    }
    const rung = this.#rungs[level]!;
    rung.first = first;
    rung.next = first;
    rung.end = end;
    return rung;
  }

  /** The slot is free, and every handle of it is stale. */
  #release(slot: number): void {
    const words = this.#words;
    const record = slot << 3;
    const identity = ((words[record + identityWord]! & ~0xffff) + oneGeneration) | 0;
    words[record + identityWord] = identity;
    this.#size -= 1;
    if (identity === lastGeneration) return;
    words[record + nextWord] = this.#firstFree;
    this.#firstFree = slot;
  }

  #addSlots(): void {
    const before = this.#words.length >> 3;
    const slots = Math.max(initialSlots, 2 * before);
    if (slots > slotLimit) throw new InvariantError(`more than ${slotLimit / 2} events are pending`);
    const words = new Int32Array(slots * 8);
    words.set(this.#words);
    for (let slot = before; slot < slots; slot++) {
      words[(slot << 3) + nextWord] = slot + 1 < slots ? slot + 1 : endOfList;
    }
    this.#words = words;
    this.#numbers = new Float64Array(words.buffer);
    this.#firstFree = before;
  }
}

function doubled(array: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * array.length);
  larger.set(array);
  return larger;
}
