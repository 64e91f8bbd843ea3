/** A count by name, as results keep it; lists are ordered by name (code units). */
export interface NamedCount {
  readonly name: string;
  readonly count: number;
}

/** Counts by name. For rare facts: looks a text up each time. */
export class NamedCounts {
  readonly #counts = new Map<string, number>();

  add(name: string, count = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + count);
  }

  toData(): readonly NamedCount[] {
    return [...this.#counts]
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([name, count]) => ({ name, count }));
  }
}

/** The counts of several parts together. */
export function mergeNamedCounts(parts: readonly (readonly NamedCount[])[]): readonly NamedCount[] {
  const sum = new NamedCounts();
  for (const part of parts) for (const { name, count } of part) sum.add(name, count);
  return sum.toData();
}

export function totalOf(counts: readonly NamedCount[]): number {
  return counts.reduce((sum, { count }) => sum + count, 0);
}

/** As the summary has it: `fromEntries` makes own properties even of a name like `__proto__`. */
export function toRecord(counts: readonly NamedCount[]): Readonly<Record<string, number>> {
  return Object.fromEntries(counts.map(({ name, count }) => [name, count]));
}
