import { invariant } from './invariant.js';
import { normalQuantile } from './normal-quantile.js';

/**
 * A distribution sampled by inverse transform: one uniform number makes one sample, and the larger the number the
 * larger the sample (or equal). So two runs fed with the same uniforms stay comparable whatever their parameters.
 */
export interface Distribution {
  /** The expected value, of the distribution as sampled. */
  readonly mean: number;
  /**
   * The quantile at `u`.
   * @param u - in [0, 1)
   * @returns finite, 0 or more
   */
  sample(u: number): number;
}

/**
 * @param mean - finite, 0 or more
 * @throws InvariantError on any other mean
 */
export function exponential(mean: number): Distribution {
  invariant(isAmount(mean), () => `an exponential distribution cannot have the mean ${mean}`);
  // Subtracted from 0, lest a u of 0 give -0.
  return { mean, sample: (u) => 0 - mean * Math.log(1 - u) };
}

/**
 * Always the same value.
 * @param value - finite, 0 or more
 * @throws InvariantError on any other value
 */
export function deterministic(value: number): Distribution {
  invariant(isAmount(value), () => `${value} is not a value to return always`);
  return { mean: value, sample: () => value };
}

/**
 * Evenly between two bounds.
 * @throws InvariantError unless 0 <= lo <= hi < Infinity
 */
export function uniform(lo: number, hi: number): Distribution {
  invariant(isAmount(lo) && isAmount(hi) && lo <= hi, () => `no uniform distribution from ${lo} to ${hi}`);
  const width = hi - lo;
  return { mean: lo + width / 2, sample: (u) => lo + width * u };
}

/**
 * The log-normal distribution of a mean and a coefficient of variation (standard deviation over mean).
 * @param mean - finite, 0 or more
 * @param cv - finite, 0 or more; 0 gives the mean always
 * @throws InvariantError on other parameters
 */
export function lognormalByCv(mean: number, cv: number): Distribution {
  invariant(isAmount(mean) && isAmount(cv), () => `no log-normal distribution of mean ${mean}, cv ${cv}`);
  if (mean === 0 || cv === 0) return deterministic(mean);
  const variance = Math.log(1 + cv * cv);
  return lognormal(Math.log(mean) - variance / 2, Math.sqrt(variance), mean);
}

/**
 * The log-normal distribution of a median and a 95th percentile, as latency tables give them.
 * @throws InvariantError unless 0 < median <= p95 < Infinity
 */
export function lognormalByQuantile(median: number, p95: number): Distribution {
  invariant(
    median > 0 && p95 >= median && p95 < Number.POSITIVE_INFINITY,
    () => `no log-normal distribution of median ${median}, 95th percentile ${p95}`,
  );
  if (p95 === median) return deterministic(median);
  const sigma = Math.log(p95 / median) / normalQuantile(0.95);
  return lognormal(Math.log(median), sigma, median * Math.exp((sigma * sigma) / 2));
}

function lognormal(mu: number, sigma: number, mean: number): Distribution {
  // The largest u below 1 lies 8.2 standard deviations above the middle.
  invariant(
    mean < Number.POSITIVE_INFINITY && mu + 8.3 * sigma < 709,
    () => `a log-normal distribution of mu ${mu}, sigma ${sigma} leaves the range of numbers`,
  );
  return { mean, sample: (u) => Math.exp(mu + sigma * normalQuantile(u)) };
}

/**
 * The index of a weight, each drawn in proportion to its weight, one of weight 0 never.
 * @param weights - finite, 0 or more, in any unit; at least one above 0
 * @throws InvariantError on other weights
 */
export function discrete(weights: ArrayLike<number>): Distribution {
  const upTo = new Float64Array(weights.length);
  let total = 0;
  let moment = 0;
  let last = -1;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    invariant(isAmount(weight), () => `${weight} is not a weight`);
    if (weight > 0) last = i;
    total += weight;
    moment += weight * i;
    upTo[i] = total;
  }
  invariant(total > 0 && total < Number.POSITIVE_INFINITY, 'no weight is above 0, or their sum is too large');
  const sample = (u: number): number => {
    const target = u * total;
    // The first index whose cumulated weight exceeds the target. Rounding can lift the target to the total.
    let lo = 0;
    let hi = last;
    while (lo < hi) {
      const middle = (lo + hi) >>> 1;
      if (upTo[middle]! > target) hi = middle;
      else lo = middle + 1;
    }
    return lo;
  };
  return { mean: moment / total, sample };
}

/**
 * Classes of sizes, log-uniform inside each: how measured sizes are given (WL-07, WL-08 of the capacity figures).
 * @param bounds - increasing, above 0; class i lies between bounds[i] and bounds[i + 1], so one more than classes
 * @param cumulativeShares - the share of all samples in the classes up to and with this one; not decreasing, the
 *   last 1
 * @throws InvariantError on other parameters
 */
export function logUniformClasses(
  bounds: readonly number[],
  cumulativeShares: readonly number[],
): Distribution {
  const classes = cumulativeShares.length;
  invariant(
    classes > 0 && bounds.length === classes + 1 && cumulativeShares[classes - 1] === 1,
    'log-uniform classes need a bound more than shares, and a last share of 1',
  );
  const logBounds = new Float64Array(classes + 1);
  const shares = new Float64Array(cumulativeShares);
  let mean = 0;
  for (let i = 0; i <= classes; i++) {
    const bound = bounds[i]!;
    invariant(
      bound < Number.POSITIVE_INFINITY && bound > (i === 0 ? 0 : bounds[i - 1]!),
      'the bounds of log-uniform classes increase from above 0',
    );
    logBounds[i] = Math.log(bound);
    if (i === 0) continue;
    const share = shares[i - 1]! - (i === 1 ? 0 : shares[i - 2]!);
    invariant(share >= 0, 'cumulative shares do not decrease, from 0');
    mean += (share * (bound - bounds[i - 1]!)) / (logBounds[i]! - logBounds[i - 1]!);
  }
  const sample = (u: number): number => {
    let index = 0;
    while (shares[index]! <= u) index += 1;
    const below = index === 0 ? 0 : shares[index - 1]!;
    const position = (u - below) / (shares[index]! - below);
    return Math.exp(logBounds[index]! + position * (logBounds[index + 1]! - logBounds[index]!));
  };
  return { mean, sample };
}

function isAmount(value: number): boolean {
  return value >= 0 && value < Number.POSITIVE_INFINITY;
}
