import { longerFloat64, longerInt32 } from './columns.js';

/** Keys and places of the entries of heaps, by entry. Heaps may share columns, as long as each entry is in one of them. */
export class HeapColumns {
  key = new Float64Array(0);
  /** Decides between equal keys; no two entries of a heap have the same. */
  order = new Float64Array(0);
  /** Where in its heap an entry is; meaningless for one that is in none. */
  place = new Int32Array(0);

  /** Makes room for the entries 0 to `last`. */
  reserve(last: number): void {
    if (last < this.key.length) return;
    const size = Math.max(64, 2 * this.key.length, last + 1);
    this.key = longerFloat64(this.key, size);
    this.order = longerFloat64(this.order, size);
    this.place = longerInt32(this.place, size);
  }
}

/**
 * A binary heap of small integers by key, the smallest first, that can change the key of an entry and take out any
 * entry without searching for it (which heap-js cannot).
 */
export class IndexedHeap {
  readonly #columns: HeapColumns;
  readonly #entries: number[] = [];

  constructor(columns: HeapColumns) {
    this.#columns = columns;
  }

  get size(): number {
    return this.#entries.length;
  }

  /** The entry with the smallest key; undefined if there is none. */
  get first(): number | undefined {
    return this.#entries[0];
  }

  /** The entries, in an order that depends on nothing but what was done to the heap. */
  get entries(): readonly number[] {
    return this.#entries;
  }

  /** Adds an entry, for which there is room in the columns, and that is in no heap of these columns. */
  push(entry: number, key: number, order: number): void {
    this.#columns.key[entry] = key;
    this.#columns.order[entry] = order;
    this.#entries.push(entry);
    this.#rise(entry, this.#entries.length - 1);
  }

  /** Gives an entry another key. */
  update(entry: number, key: number): void {
    const { key: keys, place } = this.#columns;
    const before = keys[entry]!;
    keys[entry] = key;
    if (key < before) this.#rise(entry, place[entry]!);
    else if (key > before) this.#sink(entry, place[entry]!);
  }

  /** Takes out an entry that is in the heap. */
  remove(entry: number): void {
    const at = this.#columns.place[entry]!;
    const last = this.#entries.pop()!;
    if (last === entry) return;
    this.#sink(last, at);
    this.#rise(last, this.#columns.place[last]!);
  }

  clear(): void {
    this.#entries.length = 0;
  }

  #before(a: number, b: number): boolean {
    const { key, order } = this.#columns;
    return key[a]! < key[b]! || (key[a] === key[b] && order[a]! < order[b]!);
  }

  #rise(entry: number, from: number): void {
    const entries = this.#entries;
    const { place } = this.#columns;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = entries[parent]!;
      if (!this.#before(entry, above)) break;
      entries[at] = above;
      place[above] = at;
      at = parent;
    }
    entries[at] = entry;
    place[entry] = at;
  }

  #sink(entry: number, from: number): void {
    const entries = this.#entries;
    const { place } = this.#columns;
    const size = entries.length;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && this.#before(entries[child + 1]!, entries[child]!)) child++;
      const below = entries[child]!;
      if (!this.#before(below, entry)) break;
      entries[at] = below;
      place[below] = at;
      at = child;
    }
    entries[at] = entry;
    place[entry] = at;
  }
}
