/** Larger tables are kept by the pairs that occur: 16 MB. */
const largestFlat = 1 << 22;
/** What `#hashed` has of a row: where its slots begin, the hash shift, how many pairs it holds; one to spare. */
const perRow = 4;
/** The hash shift of rows that hold nothing: they share the first two slots, which stay empty. */
const shiftOfEmpty = 31;
/** The hash shift of a row's first slots: eight of them. */
const firstShift = 29;
const cellsAtFirst = 1 << 12;

/**
 * Whole numbers other than 0 by pairs of whole numbers from 0. Rows are servers or sites: who asks for one pair soon
 * asks for others of the same row. All cells are in one array, which begins with a cell a row:
 *
 * - A full row is an array over all columns, and its first cell says where that begins. A look-up is two loads then and
 *   no search. Small tables have none but full rows.
 * - A hashed row takes space for the pairs it holds: open addressing, linear probing; a slot is two cells, column and
 *   value. So a row begins in a large table, and when it holds many pairs it becomes a full one: that is worth the space.
 *
 * Large tables do not fit in the processor's caches: a look-up waits for memory, and what counts is how many of them the
 * processor can have under way at a time. Hence the few steps of `get`, the same for small and large tables.
 */
export class PairTable {
  readonly #columns: number;
  /** Empty for a table of full rows. */
  readonly #hashed: Int32Array;
  /**
   * First for each row where its cells begin, one a column, or 0 while the row is hashed; then, in a large table, the two
   * slots that stay empty; then what rows have taken.
   */
  #cells: Int32Array;
  /** Where the cells begin that no row has had yet. */
  #unused: number;
  /** By hash shift: where slots begin that rows have grown out of; their cells are 0. */
  readonly #left: number[][] = [];

  /** @param columns - Infinity: not known beforehand */
  constructor(rows: number, columns: number) {
    this.#columns = columns;
    if (rows * columns <= largestFlat) {
      this.#hashed = new Int32Array(0);
      this.#unused = rows + rows * columns;
      this.#cells = new Int32Array(this.#unused);
      for (let row = 0; row < rows; row++) this.#cells[row] = rows + row * columns;
      return;
    }
    this.#hashed = new Int32Array(perRow * rows);
    for (let own = 0; own < this.#hashed.length; own += perRow) {
      this.#hashed[own] = rows;
      this.#hashed[own + 1] = shiftOfEmpty;
    }
    this.#unused = rows + 4;
    this.#cells = new Int32Array(rows + cellsAtFirst);
  }

  /** 0: nothing was set. */
  get(row: number, column: number): number {
    const cells = this.#cells;
    const full = cells[row]!;
    return full > 0 ? cells[full + column]! : cells[this.#slotOf(row * perRow, column) + 1]!;
  }

  set(row: number, column: number, value: number): void {
    const full = this.#cells[row]!;
    if (full > 0) this.#cells[full + column] = value;
    else this.#insert(row, column, value);
  }

  /** Sets a pair of a hashed row. */
  #insert(row: number, column: number, value: number): void {
    const own = row * perRow;
    const slot = this.#slotOf(own, column);
    if (this.#cells[slot + 1] === 0) {
      const shift = this.#hashed[own + 1]!;
      const count = this.#hashed[own + 2]! + 1;
      // At least half of the slots stay empty.
      if (shift === shiftOfEmpty || 2 * count > slotsOf(shift)) {
        this.#makeRoom(row, shift);
        this.set(row, column, value);
        return;
      }
      this.#hashed[own + 2] = count;
    }
    this.#cells[slot] = column;
    this.#cells[slot + 1] = value;
  }

  /** The slot where a column of a hashed row is, or would be: the first of two cells. */
  #slotOf(own: number, column: number): number {
    const cells = this.#cells;
    const begin = this.#hashed[own]!;
    const shift = this.#hashed[own + 1]!;
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

  #makeRoom(row: number, shift: number): void {
    if (shift === shiftOfEmpty) this.#rehash(row * perRow, firstShift);
    // The next size would take a quarter of the cells of a full row, or more.
    else if (16 * slotsOf(shift) >= this.#columns) this.#fill(row);
    else this.#rehash(row * perRow, shift - 1);
  }

  #rehash(own: number, shift: number): void {
    const former = this.#hashed[own]!;
    const formerShift = this.#hashed[own + 1]!;
    this.#hashed[own] = this.#left[shift]?.pop() ?? this.#takeCells(2 * slotsOf(shift));
    this.#hashed[own + 1] = shift;
    if (formerShift === shiftOfEmpty) return;
    const cells = this.#cells;
    for (let place = former; place < former + 2 * slotsOf(formerShift); place += 2) {
      if (cells[place + 1] === 0) continue;
      const slot = this.#slotOf(own, cells[place]!);
      cells[slot] = cells[place]!;
      cells[slot + 1] = cells[place + 1]!;
    }
    this.#leave(former, formerShift);
  }

  /** Makes a hashed row a full one. */
  #fill(row: number): void {
    const former = this.#hashed[row * perRow]!;
    const formerShift = this.#hashed[row * perRow + 1]!;
    const full = this.#takeCells(this.#columns);
    const cells = this.#cells;
    cells[row] = full;
    for (let place = former; place < former + 2 * slotsOf(formerShift); place += 2) {
      if (cells[place + 1] !== 0) cells[full + cells[place]!] = cells[place + 1]!;
    }
    this.#leave(former, formerShift);
  }

  #leave(former: number, shift: number): void {
    this.#cells.fill(0, former, former + 2 * slotsOf(shift));
    this.#left[shift] ??= [];
    this.#left[shift].push(former);
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
  return 1 << (32 - shift);
}
