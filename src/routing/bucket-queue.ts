/** Bits of a word, and how far a number is shifted to count words of bits. */
const wordBits = 32;
const wordShift = 5;

/**
 * A priority queue of small whole numbers for searches whose keys only grow (Dial's buckets): an item lies in the
 * bucket of its key, buckets stand in a circle and are emptied one after another, and their items come in any order. That is as
 * good as the exact order where every step of the search makes a key longer by at least a bucket's width: what lies in
 * the bucket that is being emptied is final then.
 *
 * Everything takes constant time but the way to the next bucket that holds something, which skips 1,024 empty ones at
 * a step. The hot path of routing: no allocation, one list node an item, whole numbers throughout.
 */
export class BucketQueue {
  /** A power of two, so that a key's bucket is exact. */
  readonly #perWidth: number;
  readonly #mask: number;
  /** By bucket: its first item, -1 where it is empty. By item: its neighbours in the bucket. */
  readonly #first: Int32Array;
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  /** A bit a bucket, and a bit a word of them. Set: there may be something; cleared when seen to be empty. */
  readonly #filled: Int32Array;
  readonly #filledWords: Int32Array;
  #current = 0;
  #size = 0;

  /**
   * @param items - they are 0 to `items` - 1
   * @param shortestStep - more than 0
   * @param longestStep - no key that is put in is further than this from that of the last item taken
   */
  constructor(items: number, shortestStep: number, longestStep: number) {
    const width = 2 ** Math.floor(Math.log2(shortestStep));
    const needed = Math.floor(longestStep / width) + 2;
    // At least one word of bits.
    const buckets = 2 ** Math.max(wordShift, Math.ceil(Math.log2(needed)));
    this.#perWidth = 1 / width;
    this.#mask = buckets - 1;
    this.#first = new Int32Array(buckets).fill(-1);
    this.#next = new Int32Array(items);
    this.#previous = new Int32Array(items);
    this.#filled = new Int32Array(buckets / wordBits);
    this.#filledWords = new Int32Array(Math.ceil(this.#filled.length / wordBits));
  }

  /** Begins a search with an item at key 0; the queue has to be empty. */
  start(item: number): void {
    this.#current = 0;
    this.put(item, 0);
  }

  /** Puts in an item that is not there. */
  put(item: number, key: number): void {
    this.#size++;
    this.#link(item, this.#bucketOf(key));
  }

  /** Gives an item that is there a smaller key. */
  advance(item: number, former: number, key: number): void {
    const from = this.#bucketOf(former);
    const to = this.#bucketOf(key);
    if (from === to) return;
    const previous = this.#previous[item]!;
    const next = this.#next[item]!;
    if (previous === -1) this.#first[from] = next;
    else this.#next[previous] = next;
    if (next !== -1) this.#previous[next] = previous;
    this.#link(item, to);
  }

  /** Takes an item out of the present bucket; -1 if it is empty. */
  take(): number {
    const item = this.#first[this.#current]!;
    if (item === -1) return -1;
    const next = this.#next[item]!;
    this.#first[this.#current] = next;
    if (next !== -1) this.#previous[next] = -1;
    this.#size--;
    return item;
  }

  /** Goes on to the next bucket that holds something; the present one has to be empty. False if none does. */
  moveOn(): boolean {
    if (this.#size === 0) return false;
    this.#findFilled();
    return true;
  }

  #bucketOf(key: number): number {
    // Truncates, and takes the lower bits of whatever is left, exactly up to 2^53.
    return (key * this.#perWidth) & this.#mask;
  }

  #link(item: number, bucket: number): void {
    const next = this.#first[bucket]!;
    this.#next[item] = next;
    this.#previous[item] = -1;
    this.#first[bucket] = item;
    if (next !== -1) {
      this.#previous[next] = item;
      return;
    }
    const word = bucket >> wordShift;
    this.#filled[word]! |= 1 << bucket;
    this.#filledWords[word >> wordShift]! |= 1 << word;
  }

  #findFilled(): void {
    const first = this.#first;
    const filled = this.#filled;
    let bucket = this.#current;
    while (first[bucket] === -1) {
      let word = bucket >> wordShift;
      filled[word]! &= ~(1 << bucket);
      // What is left of this word, then the next word with anything in it; the bits from here on come first.
      let bits = filled[word]! & (-1 << bucket);
      if (bits === 0) {
        word = this.#wordAfter(word);
        bits = filled[word]!;
      }
      bucket = (word << wordShift) + lowestBit(bits);
    }
    this.#current = bucket;
  }

  /** The next word in the circle with a bit set; the given one comes last. */
  #wordAfter(word: number): number {
    const filled = this.#filled;
    const filledWords = this.#filledWords;
    const last = filledWords.length - 1;
    let group = word >> wordShift;
    // Shifts count modulo 32.
    let bits = filledWords[group]! & (-2 << word);
    for (;;) {
      while (bits === 0) {
        group = group === last ? 0 : group + 1;
        bits = filledWords[group]!;
      }
      const found = (group << wordShift) + lowestBit(bits);
      if (filled[found] !== 0) return found;
      filledWords[group]! &= ~(1 << found);
      bits &= ~(1 << found);
    }
  }
}

/** The place of the lowest bit set. */
function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
