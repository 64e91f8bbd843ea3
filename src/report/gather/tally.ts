/** What is counted under one name. */
export interface TallyEntry {
  readonly cells: readonly string[];
  readonly count: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** Names that are counted apart; more than that nobody reads, and memory has to have a bound. */
const mostNames = 5_000;

/** Counts rows by some of their cells. */
export class Tally {
  readonly #entries = new Map<
    string,
    { cells: readonly string[]; count: number; firstMs: number; lastMs: number }
  >();
  #others = 0;

  /** Names that are counted apart. */
  get size(): number {
    return this.#entries.size;
  }

  /** Rows that came when all names were taken. */
  get others(): number {
    return this.#others;
  }

  add(timeMs: number, cells: readonly string[]): void {
    const key = cells.join('\u0000');
    const entry = this.#entries.get(key);
    if (entry !== undefined) {
      entry.count++;
      entry.firstMs = Math.min(entry.firstMs, timeMs);
      entry.lastMs = Math.max(entry.lastMs, timeMs);
    } else if (this.#entries.size < mostNames) {
      this.#entries.set(key, { cells, count: 1, firstMs: timeMs, lastMs: timeMs });
    } else this.#others++;
  }

  /** Most first; of equal ones the one that came first. */
  entries(): readonly TallyEntry[] {
    return [...this.#entries.values()].sort((a, b) => b.count - a.count);
  }
}
