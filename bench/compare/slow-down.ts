import { randomStreams } from '../../src/sim/kernel/index.js';

/** What the two sides of a pair of slices took, in the same unit; less is better. */
export type Pair = readonly [base: number, head: number];

/** How much slower the head is: head over base, 1.1 for a tenth slower, with a bootstrap interval. */
export interface SlowDown {
  readonly ratio: number;
  /** The interval of the ratio at `confidence`. */
  readonly low: number;
  readonly high: number;
}

/** Of the interval: twenty times a dozen benches are to stay silent. */
export const confidence = 0.99;
const resamples = 2_000;

/**
 * Estimates the slow-down from pairs of neighbouring slices: the median of the ratios. The interval is a bootstrap of
 * rounds (processes), each with all of its pairs: where the engine places code and data differs from process to process
 * by more than the pairs of one process show, and a resampling of pairs would not know. The same measurements give the
 * same interval: its random numbers are seeded.
 * @param rounds - pairs by process; two rounds at least, each with a pair or more
 */
export function estimateSlowDown(rounds: readonly (readonly Pair[])[]): SlowDown {
  const ratios = rounds.map((pairs) => Float64Array.from(pairs, ([base, head]) => head / base));
  const uniform = randomStreams('bench:compare', 0)('bootstrap');
  const medians = new Float64Array(resamples);
  const sample = new Float64Array(ratios.length * Math.max(...ratios.map((round) => round.length)));
  for (let n = 0; n < resamples; n++) {
    let used = 0;
    for (let drawn = 0; drawn < ratios.length; drawn++) {
      const round = ratios[Math.floor(uniform() * ratios.length)]!;
      sample.set(round, used);
      used += round.length;
    }
    medians[n] = medianOfSorted(sample.subarray(0, used).sort());
  }
  medians.sort();
  const tail = Math.floor((resamples * (1 - confidence)) / 2);
  return {
    ratio: median(ratios.flatMap((round) => [...round])),
    low: medians[tail]!,
    high: medians[resamples - 1 - tail]!,
  };
}

/**
 * - `slower`: by more than the tolerance, the whole interval says so
 * - `faster`: likewise
 * - `same`: not slower by more than the tolerance, the whole interval says so
 * - `unclear`: the interval holds the tolerance
 */
export type Verdict = 'slower' | 'faster' | 'same' | 'unclear';

/** @param tolerance - 0.05 for five per cent */
export function judge({ low, high }: SlowDown, tolerance: number): Verdict {
  if (low > 1 + tolerance) return 'slower';
  if (high < 1 / (1 + tolerance)) return 'faster';
  return high < 1 + tolerance ? 'same' : 'unclear';
}

/** The middle of some numbers, of which there is at least one. */
export function median(values: readonly number[] | Float64Array): number {
  return medianOfSorted(Float64Array.from(values).sort());
}

function medianOfSorted(sorted: Float64Array): number {
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
