import { confidenceInterval, figuresOf } from '../../src/measure/index.js';
import { meanLatencyMs, queueScenario } from './queue-scenario.js';
import { runForComparison } from './trial-run.js';

/** How often intervals of the mean latency hold the truth. */
export interface Coverage {
  readonly seeds: number;
  readonly covered: number;
  /** The mean of all estimates as a share of the truth, and half of its own 95 % interval. */
  readonly estimate: number;
  readonly estimateHalfWidth: number;
  /** Half width as a share of the truth, averaged. */
  readonly halfWidth: number;
  /** Warm-ups, in mean service times: the least, the middle one, the largest; and how often none was found. */
  readonly warmUps: readonly [number, number, number];
  readonly notFound: number;
}

export interface CoverageOptions {
  readonly seeds: number;
  /** In mean service times. */
  readonly length: number;
  readonly replications: number;
  readonly warmUp: 'auto' | number;
  readonly onSeed?: (seed: number) => void;
}

const load = 0.8;

/** M/M/1 at 80 % load, each seed a run of its own: how many 95 % intervals hold the mean latency of theory. */
export async function measureCoverage(options: CoverageOptions): Promise<Coverage> {
  const { seeds, length, replications, warmUp } = options;
  const truth = meanLatencyMs(load);
  const estimates: number[] = [];
  const warmUps: number[] = [];
  let covered = 0;
  let notFound = 0;
  let halfWidths = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const scenario = queueScenario({ load, length, seed: `coverage ${seed}`, replications, warmUp });
    const result = await runForComparison(scenario, replications);
    const means = result.replications.map((each) => figuresOf([each], result).deliveryLatency.meanMs);
    const interval = confidenceInterval(means)!;
    if (Math.abs(interval.mean - truth) <= interval.halfWidth) covered++;
    if (result.warmUpFound === false) notFound++;
    estimates.push(interval.mean / truth);
    halfWidths += interval.halfWidth / truth;
    warmUps.push(result.warmUpMs / 1_000);
    options.onSeed?.(seed);
  }
  const estimate = confidenceInterval(estimates);
  const sorted = warmUps.toSorted((a, b) => a - b);
  return {
    seeds,
    covered,
    estimate: estimate?.mean ?? estimates[0]!,
    estimateHalfWidth: estimate?.halfWidth ?? Number.POSITIVE_INFINITY,
    halfWidth: halfWidths / seeds,
    warmUps: [sorted[0]!, sorted[Math.floor(seeds / 2)]!, sorted.at(-1)!],
    notFound,
  };
}
