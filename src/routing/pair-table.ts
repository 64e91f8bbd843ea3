/** Larger tables are kept by the pairs that occur: 16 MB. */
const largestFlat = 1 << 22;
const smallestBits = 6;

/**
 * Whole numbers other than 0 by pairs of whole numbers from 0. A small table is an array over all pairs: one load a
 * look-up. A large one is a hash table (open addressing, linear probing) and takes space for the pairs it holds.
 */
export class PairTable {
  readonly #columns: number;
  readonly #flat: Int32Array | null;
  /** Key and value in turn, so that a look-up touches one place in memory. */
  #entries: Float64Array;
  #bits = smallestBits;
  #count = 0;

  /** @param columns - Infinity: not known beforehand */
  constructor(rows: number, columns: number) {
    this.#columns = Number.isFinite(columns) ? columns : 2 ** 32;
    this.#flat = rows * columns <= largestFlat ? new Int32Array(rows * columns) : null;
    this.#entries = new Float64Array(this.#flat === null ? 2 ** (smallestBits + 1) : 0);
  }

  /** 0: nothing was set. */
  get(row: number, column: number): number {
    const key = row * this.#columns + column;
    return this.#flat !== null ? this.#flat[key]! : this.#entries[this.#placeOf(key) + 1]!;
  }

  set(row: number, column: number, value: number): void {
    const key = row * this.#columns + column;
    if (this.#flat !== null) {
      this.#flat[key] = value;
      return;
    }
    if (2 * this.#count >= 2 ** this.#bits) this.#grow();
    const place = this.#placeOf(key);
    if (this.#entries[place + 1] === 0) this.#count++;
    this.#entries[place] = key;
    this.#entries[place + 1] = value;
  }

  /** Where a key is, or would be. */
  #placeOf(key: number): number {
    const entries = this.#entries;
    const mask = entries.length - 1;
    const high = Math.imul((key / 0x1_0000_0000) | 0, 0x85eb_ca6b);
    // Fibonacci hashing: the upper bits of the product depend on all of the key.
    let place = (Math.imul((key | 0) ^ high, 0x9e37_79b1) >>> (32 - this.#bits)) * 2;
    while (entries[place + 1] !== 0 && entries[place] !== key) place = (place + 2) & mask;
    return place;
  }

  #grow(): void {
    const former = this.#entries;
    this.#bits++;
    this.#entries = new Float64Array(2 * former.length);
    for (let place = 0; place < former.length; place += 2) {
      if (former[place + 1] === 0) continue;
      const moved = this.#placeOf(former[place]!);
      this.#entries[moved] = former[place]!;
      this.#entries[moved + 1] = former[place + 1]!;
    }
  }
}
