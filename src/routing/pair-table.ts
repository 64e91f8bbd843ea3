/** Larger tables are kept by the pairs that occur: 16 MB. */
const largestFlat = 1 << 22;
/** Where a row's entries begin, its hash shift, how many it holds; one to spare, so that a row is 16 bytes. */
const perRow = 4;
/** Hash shift of rows that hold nothing: they all share the two entries at the beginning, which stay empty. */
const shiftOfEmpty = 31;
/** Hash shift of a row's first entries: eight of them. */
const firstShift = 29;
/** Entries at first, in all rows together. */
const firstEntries = 1 << 10;

/**
 * Whole numbers other than 0 by pairs of whole numbers from 0. A small table is an array over all pairs: one load a
 * look-up. A large one takes space for the pairs it holds. Each of its rows is a hash table of its own (open
 * addressing, linear probing) in one array for all: rows are servers or sites, and who asks for one pair soon asks for
 * others of that row, which then lie side by side.
 */
export class PairTable {
  readonly #columns: number;
  readonly #flat: Int32Array | null;
  readonly #rows: Int32Array;
  /** Column and value in turn, so that a look-up touches one place in memory. A value of 0 ends a search. */
  #entries: Int32Array;
  /** Where the part of `#entries` begins that no row has had yet. */
  #unused = 4;
  /** By hash shift: where entries begin that a row has grown out of, all of them 0. */
  readonly #left: number[][] = [];

  /** @param columns - Infinity: not known beforehand */
  constructor(rows: number, columns: number) {
    this.#columns = columns;
    this.#flat = rows * columns <= largestFlat ? new Int32Array(rows * columns) : null;
    this.#rows = new Int32Array(this.#flat === null ? perRow * rows : 0);
    for (let row = 0; row < this.#rows.length; row += perRow) this.#rows[row + 1] = shiftOfEmpty;
    this.#entries = new Int32Array(this.#flat === null ? 2 * firstEntries : 0);
  }

  /** 0: nothing was set. */
  get(row: number, column: number): number {
    if (this.#flat !== null) return this.#flat[row * this.#columns + column]!;
    return this.#entries[this.#placeOf(row * perRow, column) + 1]!;
  }

  set(row: number, column: number, value: number): void {
    if (this.#flat !== null) {
      this.#flat[row * this.#columns + column] = value;
      return;
    }
    const own = row * perRow;
    let place = this.#placeOf(own, column);
    if (this.#entries[place + 1] === 0) {
      const shift = this.#rows[own + 1]!;
      if (shift === shiftOfEmpty || 2 * this.#rows[own + 2]! >= 2 ** (32 - shift)) {
        this.#grow(own, shift === shiftOfEmpty ? firstShift : shift - 1);
        place = this.#placeOf(own, column);
      }
      this.#rows[own + 2]! += 1;
    }
    this.#entries[place] = column;
    this.#entries[place + 1] = value;
  }

  /** Where a column of a row is, or would be. */
  #placeOf(own: number, column: number): number {
    const entries = this.#entries;
    const begin = this.#rows[own]!;
    const shift = this.#rows[own + 1]!;
    // Fibonacci hashing: the upper bits of the product depend on all of the column.
    let slot = Math.imul(column, 0x9e37_79b1) >>> shift;
    let place = begin + 2 * slot;
    while (entries[place + 1] !== 0 && entries[place] !== column) {
      slot = (slot + 1) & (0xffff_ffff >>> shift);
      place = begin + 2 * slot;
    }
    return place;
  }

  /** Gives a row room for twice as many entries. */
  #grow(own: number, shift: number): void {
    const former = this.#rows[own]!;
    const formerShift = this.#rows[own + 1]!;
    this.#rows[own] = this.#room(shift);
    this.#rows[own + 1] = shift;
    if (formerShift === shiftOfEmpty) return;
    const end = former + 2 ** (33 - formerShift);
    for (let place = former; place < end; place += 2) {
      if (this.#entries[place + 1] === 0) continue;
      const moved = this.#placeOf(own, this.#entries[place]!);
      this.#entries[moved] = this.#entries[place]!;
      this.#entries[moved + 1] = this.#entries[place + 1]!;
    }
    this.#entries.fill(0, former, end);
    this.#left[formerShift] ??= [];
    this.#left[formerShift].push(former);
  }

  /** Where entries for a hash shift may begin; all of them are 0. */
  #room(shift: number): number {
    const left = this.#left[shift]?.pop();
    if (left !== undefined) return left;
    const begin = this.#unused;
    this.#unused += 2 ** (33 - shift);
    if (this.#unused > this.#entries.length) {
      const larger = new Int32Array(2 ** Math.ceil(Math.log2(this.#unused)));
      larger.set(this.#entries);
      this.#entries = larger;
    }
    return begin;
  }
}
