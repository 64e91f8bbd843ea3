/** Larger tables are kept by the pairs that occur: 16 MB. */
const largestFlat = 1 << 22;
/** A row's place in `#cells`, its hash shift, how many pairs it holds; one to spare, so that all lie in one place. */
const perRow = 4;
/** The hash shift of a row that is an array over all columns. */
const full = 0;
/** The hash shift of rows that hold nothing: they share the first two slots, which stay empty. */
const shiftOfEmpty = 31;
/** The hash shift of a row's first slots: eight of them. */
const firstShift = 29;
const cellsAtFirst = 1 << 12;

/**
 * Whole numbers other than 0 by pairs of whole numbers from 0. A small table is an array over all pairs: one load a
 * look-up. A large one takes space for the pairs it holds, all rows in one array of cells. A row with few pairs is a
 * hash table (open addressing, linear probing; a slot is two cells, column and value), one with many an array over
 * all columns: nothing is searched there, so that the processor can work on many look-ups at once, which is worth
 * more than the space. Rows are servers or sites: who asks for one pair soon asks for others of the same row.
 */
export class PairTable {
  readonly #columns: number;
  readonly #flat: Int32Array | null;
  readonly #rows: Int32Array;
  #cells: Int32Array;
  /** Where the cells begin that no row has had yet. */
  #unused = 4;
  /** By hash shift: the places that rows have grown out of, their cells all 0. */
  readonly #left: number[][] = [];

  /** @param columns - Infinity: not known beforehand */
  constructor(rows: number, columns: number) {
    this.#columns = columns;
    this.#flat = rows * columns <= largestFlat ? new Int32Array(rows * columns) : null;
    this.#rows = new Int32Array(this.#flat === null ? perRow * rows : 0);
    for (let own = 0; own < this.#rows.length; own += perRow) this.#rows[own + 1] = shiftOfEmpty;
    this.#cells = new Int32Array(this.#flat === null ? cellsAtFirst : 0);
  }

  /** 0: nothing was set. */
  get(row: number, column: number): number {
    if (this.#flat !== null) return this.#flat[row * this.#columns + column]!;
    const own = row * perRow;
    if (this.#rows[own + 1] === full) return this.#cells[this.#rows[own]! + column]!;
    return this.#cells[this.#slotOf(own, column) + 1]!;
  }

  set(row: number, column: number, value: number): void {
    if (this.#flat !== null) {
      this.#flat[row * this.#columns + column] = value;
      return;
    }
    const own = row * perRow;
    if (this.#rows[own + 1] !== full && this.get(row, column) === 0) this.#makeRoom(own);
    if (this.#rows[own + 1] === full) {
      this.#cells[this.#rows[own]! + column] = value;
      return;
    }
    const slot = this.#slotOf(own, column);
    this.#cells[slot] = column;
    this.#cells[slot + 1] = value;
  }

  /** The slot of a hashed row where a column is, or would be: the first of two cells. */
  #slotOf(own: number, column: number): number {
    const cells = this.#cells;
    const begin = this.#rows[own]!;
    const shift = this.#rows[own + 1]!;
    // Fibonacci hashing: the upper bits of the product depend on all of the column.
    let slot = Math.imul(column, 0x9e37_79b1) >>> shift;
    let place = begin + 2 * slot;
    // A value of 0 ends the search: nothing is ever taken out.
    while (cells[place + 1] !== 0 && cells[place] !== column) {
      slot = (slot + 1) & (0xffff_ffff >>> shift);
      place = begin + 2 * slot;
    }
    return place;
  }

  /** Counts a new pair of a hashed row; half of the slots stay empty. */
  #makeRoom(own: number): void {
    const shift = this.#rows[own + 1]!;
    const count = ++this.#rows[own + 2]!;
    if (shift === shiftOfEmpty) {
      this.#rows[own] = this.#takeSlots(firstShift);
      this.#rows[own + 1] = firstShift;
    } else if (2 * count > slotsOf(shift)) {
      // The next size would take a quarter of all columns.
      if (16 * slotsOf(shift) >= this.#columns) this.#becomeFull(own);
      else this.#grow(own);
    }
  }

  #grow(own: number): void {
    const begin = this.#rows[own]!;
    const shift = this.#rows[own + 1]!;
    this.#rows[own] = this.#takeSlots(shift - 1);
    this.#rows[own + 1] = shift - 1;
    const cells = this.#cells;
    for (let place = begin; place < begin + 2 * slotsOf(shift); place += 2) {
      if (cells[place + 1] === 0) continue;
      const slot = this.#slotOf(own, cells[place]!);
      cells[slot] = cells[place]!;
      cells[slot + 1] = cells[place + 1]!;
    }
    this.#leaveSlots(begin, shift);
  }

  #becomeFull(own: number): void {
    const begin = this.#rows[own]!;
    const shift = this.#rows[own + 1]!;
    const all = this.#takeCells(this.#columns);
    this.#rows[own] = all;
    this.#rows[own + 1] = full;
    const cells = this.#cells;
    for (let place = begin; place < begin + 2 * slotsOf(shift); place += 2) {
      if (cells[place + 1] !== 0) cells[all + cells[place]!] = cells[place + 1]!;
    }
    this.#leaveSlots(begin, shift);
  }

  #takeSlots(shift: number): number {
    return this.#left[shift]?.pop() ?? this.#takeCells(2 * slotsOf(shift));
  }

  #leaveSlots(begin: number, shift: number): void {
    this.#cells.fill(0, begin, begin + 2 * slotsOf(shift));
    this.#left[shift] ??= [];
    this.#left[shift].push(begin);
  }

  /** @returns where cells begin that are all 0 */
  #takeCells(count: number): number {
    const begin = this.#unused;
    this.#unused += count;
    if (this.#unused > this.#cells.length) {
      const more = new Int32Array(2 ** Math.ceil(Math.log2(this.#unused)));
      more.set(this.#cells);
      this.#cells = more;
    }
    return begin;
  }
}

function slotsOf(shift: number): number {
  return 2 ** (32 - shift);
}
