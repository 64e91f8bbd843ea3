/** Marks a free place of the table. */
const free = -1;

/**
 * A column that few slots have a value in: a hash table with open addressing, which allocates nothing once it has grown. A Map
 * whose entries come and go makes a new table every few of them.
 */
export class SparseColumn {
  /** How many slots have a value. */
  size = 0;
  #slots = new Int32Array(8).fill(free);
  #values = new Float64Array(8);
  #mask = 7;
  readonly #usual: number;

  /** @param usual - the value of all other slots, which takes no place */
  constructor(usual: number) {
    this.#usual = usual;
  }

  get(slot: number): number {
    if (this.size === 0) return this.#usual;
    const at = this.#find(slot);
    return this.#slots[at] === free ? this.#usual : this.#values[at]!;
  }

  set(slot: number, value: number): void {
    if (value === this.#usual) {
      this.clear(slot);
      return;
    }
    let at = this.#find(slot);
    if (this.#slots[at] === free) {
      // At most half full, so that a search is short.
      if (this.size * 2 > this.#mask) {
        this.#grow();
        at = this.#find(slot);
      }
      this.#slots[at] = slot;
      this.size++;
    }
    this.#values[at] = value;
  }

  /** The slot has the usual value from now on. */
  clear(slot: number): void {
    if (this.size === 0) return;
    let hole = this.#find(slot);
    const slots = this.#slots;
    if (slots[hole] === free) return;
    this.size--;
    // What stands behind moves up where it would not be found across the hole.
    for (let at = (hole + 1) & this.#mask; slots[at] !== free; at = (at + 1) & this.#mask) {
      const home = this.#home(slots[at]!);
      if (((at - home) & this.#mask) < ((at - hole) & this.#mask)) continue;
      slots[hole] = slots[at]!;
      this.#values[hole] = this.#values[at]!;
      hole = at;
    }
    slots[hole] = free;
  }

  /** Where a slot stands, or would. */
  #find(slot: number): number {
    const slots = this.#slots;
    let at = this.#home(slot);
    while (slots[at] !== free && slots[at] !== slot) at = (at + 1) & this.#mask;
    return at;
  }

  /** Fibonacci hashing: the upper bits of the product, as neighbouring slots are used together. */
  #home(slot: number): number {
    return (Math.imul(slot, 0x9e3779b1) >>> 7) & this.#mask;
  }

  #grow(): void {
    const slots = this.#slots;
    const values = this.#values;
    this.#slots = new Int32Array(slots.length * 2).fill(free);
    this.#values = new Float64Array(slots.length * 2);
    this.#mask = this.#slots.length - 1;
    for (let from = 0; from < slots.length; from++) {
      if (slots[from] === free) continue;
      const at = this.#find(slots[from]!);
      this.#slots[at] = slots[from]!;
      this.#values[at] = values[from]!;
    }
  }
}
