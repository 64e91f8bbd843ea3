/*
 * A bucket is named by the top bits of a double: its exponent and `subBits` bits of its mantissa. Simulated times are
 * multiples of 2^-10 ms, so that nothing between 0 and that can occur; what does goes into bucket 0.
 */
const subBits = 8;
const smallest = 2 ** -10;
const shift = 20 - subBits;
/** The index a value of `smallest` would have, less the one that it gets. */
const offset = ((1_023 - 10) << subBits) - 1;

const scratch = new Float64Array(1);
const words = new Uint32Array(scratch.buffer);
const highWord = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;

/** Bound of the relative error of a quantile: half of a bucket's width. */
export const quantileError = 2 ** -(subBits + 1);

/** A histogram as results keep it. */
export interface HistogramData {
  readonly count: number;
  readonly sum: number;
  /** 0 when there are no values. */
  readonly min: number;
  readonly max: number;
  /** Bucket, count, bucket, count, …, by rising bucket; empty buckets are left out. */
  readonly buckets: readonly number[];
}

/**
 * Counts values from 0 up in buckets of equal relative width (log-linear, 256 an octave). Quantiles are off by at most
 * `quantileError` of their value (0.2 %); count, minimum and maximum are exact, and so is the sum of dyadic times.
 * Adding two histograms gives what one histogram of all values would be.
 */
export class Histogram {
  #counts = new Float64Array(64 << subBits);
  #count = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = 0;

  static of(parts: readonly HistogramData[]): Histogram {
    const histogram = new Histogram();
    for (const part of parts) histogram.add(part);
    return histogram;
  }

  get count(): number {
    return this.#count;
  }

  get sum(): number {
    return this.#sum;
  }

  /** The largest value, exactly; 0 when there is none. */
  get max(): number {
    return this.#max;
  }

  /** @param value - finite, at least 0 */
  record(value: number): void {
    const bucket = bucketOf(value);
    if (bucket >= this.#counts.length) this.#grow(bucket);
    this.#counts[bucket]!++;
    this.#count++;
    this.#sum += value;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
  }

  add(data: HistogramData): void {
    const { buckets } = data;
    if (data.count === 0) return;
    const last = buckets[buckets.length - 2]!;
    if (last >= this.#counts.length) this.#grow(last);
    for (let place = 0; place < buckets.length; place += 2) {
      this.#counts[buckets[place]!]! += buckets[place + 1]!;
    }
    this.#count += data.count;
    this.#sum += data.sum;
    this.#min = Math.min(this.#min, data.min);
    this.#max = Math.max(this.#max, data.max);
  }

  /**
   * The smallest recorded value that at least the share `q` of all values do not exceed (nearest rank).
   * @param q - above 0, at most 1
   * @param endless - further values, larger than any recorded; Infinity is the answer when the rank falls among them
   * @returns 0 without any values
   */
  quantile(q: number, endless = 0): number {
    const all = this.#count + endless;
    if (all === 0) return 0;
    // Less a trifle: 0.1 * 30 is more than 3 in doubles.
    const rank = Math.max(1, Math.ceil(q * all - 1e-9));
    if (rank > this.#count) return Number.POSITIVE_INFINITY;
    if (rank === this.#count) return this.#max;
    let below = 0;
    for (let bucket = 0; bucket < this.#counts.length; bucket++) {
      below += this.#counts[bucket]!;
      if (below >= rank) return Math.min(this.#max, Math.max(this.#min, middleOf(bucket)));
    }
    return this.#max;
  }

  toData(): HistogramData {
    const buckets: number[] = [];
    this.#counts.forEach((count, bucket) => {
      if (count > 0) buckets.push(bucket, count);
    });
    return {
      count: this.#count,
      sum: this.#sum,
      min: this.#count === 0 ? 0 : this.#min,
      max: this.#max,
      buckets,
    };
  }

  #grow(bucket: number): void {
    const grown = new Float64Array(Math.max(bucket + 1, this.#counts.length * 2));
    grown.set(this.#counts);
    this.#counts = grown;
  }
}

function bucketOf(value: number): number {
  if (value < smallest) return 0;
  scratch[0] = value;
  return (words[highWord]! >>> shift) - offset;
}

/** The middle of a bucket's range. */
function middleOf(bucket: number): number {
  if (bucket === 0) return 0;
  return (edgeOf(bucket) + edgeOf(bucket + 1)) / 2;
}

function edgeOf(bucket: number): number {
  const index = bucket - 1;
  const octave = Math.floor(index / 2 ** subBits);
  return smallest * 2 ** octave * (1 + (index % 2 ** subBits) / 2 ** subBits);
}
