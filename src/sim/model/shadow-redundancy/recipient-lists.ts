import { grown, longerInt32 } from '../columns.js';
import { none } from '../message-store.js';

/** Up to so many recipients a list has room for just these; a longer one is rounded up by an eighth at the most. */
const longestExact = 32;

/**
 * Lists of recipients that are written once, read and freed: in one pool, each in one piece behind its length, 4 bytes a
 * recipient and 4 a list. A freed place waits for the next list of its size.
 */
export class RecipientLists {
  /** Of a list its length, then the recipients; of a freed place, first, the next one of its size. */
  #numbers = new Int32Array(0);
  /** From here on nothing has ever stood. */
  #end = 0;
  /** By size: the place freed last. */
  readonly #free: number[] = [];

  /**
   * @param recipients - at least one
   * @returns the list, by number, from 0
   */
  make(recipients: readonly number[]): number {
    const { length } = recipients;
    const size = sizeOf(length);
    let list = this.#free[size] ?? none;
    if (list === none) list = this.#addPlace(roomOf(size));
    else this.#free[size] = this.#numbers[list]!;
    this.#numbers[list] = length;
    this.#numbers.set(recipients, list + 1);
    return list;
  }

  read(list: number): readonly number[] {
    const first = list + 1;
    return [...this.#numbers.subarray(first, first + this.#numbers[list]!)];
  }

  free(list: number): void {
    const size = sizeOf(this.#numbers[list]!);
    while (this.#free.length <= size) this.#free.push(none);
    this.#numbers[list] = this.#free[size]!;
    this.#free[size] = list;
  }

  #addPlace(room: number): number {
    const place = this.#end;
    this.#end += 1 + room;
    const old = this.#numbers.length;
    if (this.#end > old) this.#numbers = longerInt32(this.#numbers, Math.max(grown(old), this.#end));
    return place;
  }
}

/** The size of the place for a list, by number: below `longestExact` its length, then eight sizes to the double. */
function sizeOf(length: number): number {
  if (length <= longestExact) return length;
  const shift = stepOf(length);
  return (shift << 4) + Math.ceil(length / 2 ** shift);
}

/** Recipients that a place of a size has room for. */
function roomOf(size: number): number {
  if (size <= longestExact) return size;
  // From 9 to 16 steps.
  const steps = ((size - 1) & 15) + 1;
  return steps << ((size - steps) >> 4);
}

/** Lists of this length and more are rounded up to so many bits less. */
function stepOf(length: number): number {
  return 28 - Math.clz32(length - 1);
}
