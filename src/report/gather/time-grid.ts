/** Points that a chart gets at most; no screen shows more of them apart. */
const mostBuckets = 400;

/**
 * Cuts simulated time from 0 on into buckets of one width: few enough to draw, however long the run. Should it be longer
 * than was thought, the width doubles; what was counted before then is merged pair by pair.
 */
export class TimeGrid {
  #widthMs: number;
  #doublings = 0;

  /**
   * @param sampleEveryMs - between two samples: the width is a multiple of it, so that no bucket lacks one
   * @param lengthMs - how long the run is thought to be
   */
  constructor(sampleEveryMs: number, lengthMs: number) {
    this.#widthMs = sampleEveryMs * Math.max(1, Math.ceil(lengthMs / sampleEveryMs / mostBuckets - 1e-9));
  }

  get widthMs(): number {
    return this.#widthMs;
  }

  /** How often the width has doubled. */
  get doublings(): number {
    return this.#doublings;
  }

  /** The bucket of a sample taken at the end of its interval: buckets take in their end, not their start. */
  bucketOf(timeMs: number): number {
    let bucket = Math.max(0, Math.ceil(timeMs / this.#widthMs - 1e-9) - 1);
    while (bucket >= mostBuckets) {
      this.#widthMs *= 2;
      this.#doublings++;
      bucket = Math.max(0, Math.ceil(timeMs / this.#widthMs - 1e-9) - 1);
    }
    return bucket;
  }
}

/** What a bucket has seen. */
export interface Bucket {
  readonly mean: number;
  readonly min: number;
  readonly max: number;
}

/** Values over time, by bucket of a grid: their mean, and the extremes, so that no peak is lost. */
export class TimeSeries {
  readonly #grid: TimeGrid;
  #doublings: number;
  #sums: number[] = [];
  #weights: number[] = [];
  #mins: number[] = [];
  #maxs: number[] = [];
  #largest = 0;
  #largestAtMs = 0;
  #counts: number[] = [];

  constructor(grid: TimeGrid) {
    this.#grid = grid;
    this.#doublings = grid.doublings;
  }

  /** The largest value of all, 0 at least. */
  get largest(): number {
    return this.#largest;
  }

  /** The end of the interval in which the largest value of all was first met; 0 when that is 0. */
  get largestAtMs(): number {
    return this.#largestAtMs;
  }

  /** Whether a bucket has seen more than one value: then it has a mean and extremes, and no value of its own. */
  get isMerged(): boolean {
    this.#follow();
    return this.#counts.some((count) => count > 1);
  }

  /** Adds a value, `weight` times into the mean. */
  add(timeMs: number, value: number, weight = 1): void {
    const bucket = this.#grid.bucketOf(timeMs);
    this.#follow();
    this.#sums[bucket] = (this.#sums[bucket] ?? 0) + value * weight;
    this.#weights[bucket] = (this.#weights[bucket] ?? 0) + weight;
    this.#mins[bucket] = Math.min(this.#mins[bucket] ?? value, value);
    this.#maxs[bucket] = Math.max(this.#maxs[bucket] ?? value, value);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    if (value > this.#largest) {
      this.#largest = value;
      this.#largestAtMs = timeMs;
    }
  }

  /** The buckets of the grid as it is in the end; undefined where there was no value. */
  buckets(count: number): (Bucket | undefined)[] {
    this.#follow();
    return Array.from({ length: count }, (_, bucket) => {
      const weight = this.#weights[bucket];
      if (weight === undefined) return undefined;
      return {
        mean: weight === 0 ? 0 : this.#sums[bucket]! / weight,
        min: this.#mins[bucket]!,
        max: this.#maxs[bucket]!,
      };
    });
  }

  #follow(): void {
    for (; this.#doublings < this.#grid.doublings; this.#doublings++) {
      const add = (a: number, b: number) => a + b;
      this.#sums = inPairs(this.#sums, add);
      this.#weights = inPairs(this.#weights, add);
      this.#counts = inPairs(this.#counts, add);
      this.#mins = inPairs(this.#mins, Math.min);
      this.#maxs = inPairs(this.#maxs, Math.max);
    }
  }
}

/** Sparse, as the list is. */
function inPairs(list: readonly number[], merge: (a: number, b: number) => number): number[] {
  const merged: number[] = [];
  list.forEach((value, index) => {
    const pair = index >> 1;
    const before = merged[pair];
    merged[pair] = before === undefined ? value : merge(before, value);
  });
  return merged;
}
