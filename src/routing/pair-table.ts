/** Larger tables are kept by the pairs that occur: 16 MB. */
const largestFlat = 1 << 22;
const smallestCapacity = 64;

/**
 * Whole numbers other than 0 by pairs of whole numbers from 0. A small table is an array over all pairs: one load a
 * look-up. A large one is a hash table (open addressing, linear probing) and takes space for the pairs it holds.
 */
export class PairTable {
  readonly #columns: number;
  readonly #flat: Int32Array | null;
  #keys = new Float64Array(0);
  #values = new Int32Array(0);
  #count = 0;

  /** @param columns - Infinity: not known beforehand */
  constructor(rows: number, columns: number) {
    this.#columns = Number.isFinite(columns) ? columns : 2 ** 32;
    this.#flat = rows * columns <= largestFlat ? new Int32Array(rows * columns) : null;
    if (this.#flat === null) this.#resize(smallestCapacity);
  }

  /** 0: nothing was set. */
  get(row: number, column: number): number {
    if (this.#flat !== null) return this.#flat[row * this.#columns + column]!;
    return this.#values[this.#placeOf(row * this.#columns + column)]!;
  }

  set(row: number, column: number, value: number): void {
    const key = row * this.#columns + column;
    if (this.#flat !== null) {
      this.#flat[key] = value;
      return;
    }
    if (2 * this.#count >= this.#values.length) this.#resize(2 * this.#values.length);
    const place = this.#placeOf(key);
    if (this.#values[place] === 0) this.#count++;
    this.#keys[place] = key;
    this.#values[place] = value;
  }

  /** Where a key is, or would be. */
  #placeOf(key: number): number {
    const mask = this.#values.length - 1;
    let hash = Math.imul(key | 0, 0x9e37_79b1) ^ Math.imul((key / 0x1_0000_0000) | 0, 0x85eb_ca6b);
    hash ^= hash >>> 15;
    for (let place = hash & mask; ; place = (place + 1) & mask) {
      if (this.#values[place] === 0 || this.#keys[place] === key) return place;
    }
  }

  #resize(capacity: number): void {
    const keys = this.#keys;
    const values = this.#values;
    this.#keys = new Float64Array(capacity);
    this.#values = new Int32Array(capacity);
    for (let place = 0; place < values.length; place++) {
      if (values[place] === 0) continue;
      const moved = this.#placeOf(keys[place]!);
      this.#keys[moved] = keys[place]!;
      this.#values[moved] = values[place]!;
    }
  }
}
