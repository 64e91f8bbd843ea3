/** Observations in a batch of MSER-5. */
const batchSize = 5;
/** Batches that are always kept: of the last few the criterion is small by chance. */
const keptBatches = 5;
/** With fewer batches there is nothing to tell a warm-up from noise. */
const fewestBatches = 10;

/** Where a series is cut. */
export interface Truncation {
  /** Observations to leave out at the start: a multiple of five. */
  readonly observations: number;
  /**
   * Whether what is left is a steady state as far as the method can tell. If not, the criterion was still falling in
   * the second half of the series, or the series is too short: it should go on for longer.
   */
  readonly found: boolean;
}

/**
 * Finds the warm-up of a series by MSER-5: of batches of five observations, leave out so many at the start that the
 * squared deviations of the rest from their mean, divided by the square of how many they are, become least. That is the
 * width of the confidence interval of the mean: leaving out the start lowers the variance while it is biased, and costs
 * observations. A minimum in the second half is no answer.
 *
 * K. P. White, An effective truncation heuristic for bias reduction in simulation output, Simulation 69 (1997) 323-334;
 * K. P. White, M. J. Cobb, S. C. Spratt, A comparison of five steady-state truncation heuristics for simulation, Winter
 * Simulation Conference 2000, 755-760.
 */
export function truncateWarmUp(series: readonly number[]): Truncation {
  const batches = Array.from(
    { length: Math.floor(series.length / batchSize) },
    (_, batch) =>
      series.slice(batch * batchSize, (batch + 1) * batchSize).reduce((sum, each) => sum + each, 0) /
      batchSize,
  );
  if (batches.length < fewestBatches) return { observations: 0, found: false };
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let cut = 0; cut <= batches.length - keptBatches; cut++) {
    const criterion = squaredError(batches.slice(cut));
    if (criterion < least) {
      least = criterion;
      best = cut;
    }
  }
  return { observations: best * batchSize, found: best <= batches.length / 2 };
}

function squaredError(kept: readonly number[]): number {
  const mean = kept.reduce((sum, each) => sum + each, 0) / kept.length;
  return kept.reduce((sum, each) => sum + (each - mean) ** 2, 0) / kept.length ** 2;
}
