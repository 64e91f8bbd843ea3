import type { Interval } from './results.js';
import { confidenceInterval } from './statistics.js';

/** Batches of one run: between 10 and 30 whatever its length (Schmeiser 1982). */
export const batchCount = 20;

/** The mean of one long run, from batches of it. */
export interface BatchMeans extends Interval {
  readonly batches: number;
  /** Correlation of neighbouring batch means: 0 when batches are long enough, near 1 when they are far too short. */
  readonly lag1: number;
  /**
   * Whether batch means pass for independent: the hypothesis is not rejected at 95 %. If not, the interval is narrower
   * than the truth, and the run too short for it.
   */
  readonly trusted: boolean;
}

/**
 * The interval of a mean from the batch means of one run, by Student's t; null with fewer than `batchCount` batches,
 * which are too few to judge whether they are independent.
 *
 * B. Schmeiser, Batch size effects in the analysis of simulation output, Operations Research 30 (1982) 556-568; the test
 * of independence is von Neumann's ratio, as G. S. Fishman, Grouping observations in digital simulation, Management
 * Science 24 (1978) 510-521 has it.
 * @param means - of batches of equal length, in order, warm-up left out
 */
export function batchMeans(means: readonly number[], confidence = 0.95): BatchMeans | null {
  const n = means.length;
  const interval = confidenceInterval(means, confidence);
  if (n < batchCount || interval === null) return null;
  if (interval.halfWidth === 0) return { ...interval, batches: n, lag1: 0, trusted: true };
  const mean = means.reduce((sum, each) => sum + each, 0) / n;
  const squares = means.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  const steps = means.reduce(
    (sum, each, place) => sum + (place === 0 ? 0 : (each - means[place - 1]!) ** 2),
    0,
  );
  // 1 - ratio / 2: about the correlation of neighbours, with mean 0 and variance (n - 2) / (n^2 - 1) if there is none.
  const lag1 = 1 - steps / (2 * squares);
  const trusted = lag1 <= normal95 * Math.sqrt((n - 2) / (n * n - 1));
  return { ...interval, batches: n, lag1, trusted };
}

/** The normal distribution's quantile of 95 %. */
const normal95 = 1.6448536269514722;

/** Deliveries of an interval of time, as a row of `latency.csv` has them. */
export interface LatencySample {
  /** The end of the interval. */
  readonly timeMs: number;
  readonly delivered: number;
  /** Of those delivered; whatever there is when none was. */
  readonly meanMs: number;
}

/** What one batch of a run has. */
export interface LatencyBatch {
  /** Of the recipients delivered in the batch; undefined when there were none. */
  readonly meanMs: number | undefined;
  readonly deliveredPerSecond: number;
}

/**
 * Cuts a run into batches of equally many sample intervals; what does not go into whole batches is left out at the
 * start. Empty when there are fewer intervals than batches.
 * @param samples - in order; those at `fromMs` and before, and those after `toMs`, are left out
 * @param fromMs - the end of the warm-up
 * @param toMs - when new mail ends: in the drain nothing is steady
 */
export function latencyBatches(
  samples: readonly LatencySample[],
  fromMs: number,
  toMs: number,
): readonly LatencyBatch[] {
  const kept: { readonly sample: LatencySample; readonly lengthMs: number }[] = [];
  let beganMs = 0;
  for (const sample of samples) {
    const lengthMs = sample.timeMs - beganMs;
    if (beganMs >= fromMs && sample.timeMs <= toMs) kept.push({ sample, lengthMs });
    beganMs = sample.timeMs;
  }
  const size = Math.floor(kept.length / batchCount);
  if (size === 0) return [];
  const rest = kept.length - size * batchCount;
  return Array.from({ length: batchCount }, (_, batch) => {
    const own = kept.slice(rest + batch * size, rest + (batch + 1) * size);
    const delivered = own.reduce((sum, { sample }) => sum + sample.delivered, 0);
    const latencyMs = own.reduce(
      (sum, { sample }) => sum + (sample.delivered > 0 ? sample.delivered * sample.meanMs : 0),
      0,
    );
    const seconds = own.reduce((sum, { lengthMs }) => sum + lengthMs, 0) / 1_000;
    return {
      meanMs: delivered > 0 ? latencyMs / delivered : undefined,
      deliveredPerSecond: delivered / seconds,
    };
  });
}
