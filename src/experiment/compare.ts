import {
  batchCount,
  batchMeans,
  confidenceInterval,
  directionOf,
  type Figures,
  figuresOf,
  type LatencySample,
  latencyBatches,
  type MetricDirection,
  metricReader,
  type ReplicationResult,
} from '../measure/index.js';
import { comparableMetrics } from './compare-metrics.js';

/** Pairs of replications that a comparison should have; with fewer it says that they are few. */
export const wantedPairs = 20;

/**
 * Pairs from which equal differences tell anything: that six pairs fall to one side by chance has a probability of 2 / 2^6,
 * 3.1 % (the sign test); of five it is 6.3 %.
 */
const pairsForEqualDifferences = 6;

/** A result as `compare` takes it. */
export interface ComparedResult {
  readonly version: string;
  readonly scenario: { readonly name: string; readonly sha256: string };
  readonly seed: string;
  readonly warmUpMs: number;
  /** False where `warmUp: auto` found no steady state. */
  readonly warmUpFound?: boolean | undefined;
  readonly durationMs: number;
  /** Metrics of its thresholds. */
  readonly thresholdMetrics: readonly string[];
  readonly replications: readonly ReplicationResult[];
  /** `latency.csv` of the first replication: for batch means, where there is one only. */
  readonly latency: readonly LatencySample[];
}

/** What a difference is: `same` within the tolerance, `unclear` where the interval is too wide to tell. */
export type ComparisonVerdict = 'better' | 'worse' | 'same' | 'unclear';

/** One metric of both sides, each averaged over the replications that are compared. */
export interface MetricComparison {
  readonly metric: string;
  readonly a: number;
  readonly b: number;
  /** b less a. */
  readonly difference: number;
  /** Of the interval of the difference; null where there is nothing to take one from. */
  readonly halfWidth: number | null;
  /** Of b against a. */
  readonly verdict: ComparisonVerdict;
}

/** A metric without a direction: it tells that two designs differ, not which is the better one. */
export interface FigureComparison extends Omit<MetricComparison, 'verdict'> {
  readonly verdict: 'same' | 'different' | 'unclear';
}

/** What `compare` answers (design section 3). */
export interface Comparison {
  readonly mailflow: 'compare/1';
  /** Share of a's value within which a difference does not matter. */
  readonly tolerance: number;
  /** That all intervals together hold the true differences. */
  readonly confidence: number;
  /** What intervals are taken from; null: there are none. */
  readonly intervals: 'replications' | 'batch-means' | null;
  /** Replications that both sides have. */
  readonly pairs: number;
  /** Numbers of the replications that only one side has: left out. */
  readonly leftOut: { readonly a: readonly number[]; readonly b: readonly number[] };
  /** By how much pairing narrows the interval of the mean latency, compared with unpaired runs; null without it. */
  readonly pairing: number | null;
  readonly warnings: readonly string[];
  readonly metrics: readonly MetricComparison[];
  readonly figures: readonly FigureComparison[];
}

/** A metric's values on both sides, pair by pair. */
interface Samples {
  readonly metric: string;
  readonly direction: MetricDirection | null;
  readonly a: readonly number[];
  readonly b: readonly number[];
  /** Replications do not tell, batches of one run do. */
  readonly batched: boolean;
}

const confidence = 0.95;

/**
 * Compares two results, replication by replication: those of the same number and seed had the same mail and the same
 * draws, so that most of what is chance in each is not in their difference (common random numbers).
 *
 * The intervals hold together with 95 %: by Bonferroni each of the n metrics that have a direction and vary gets
 * 1 - 0.05 / n; a metric without a direction, which decides nothing, gets 95 %. `worse` and `better`: the whole interval
 * lies beyond the tolerance; `same`: within it; else `unclear`. Fewer than `pairsForEqualDifferences` pairs that all
 * differ by the same amount have no interval: that they have no spread is no certainty.
 * @param tolerance - a share of a's value, at least 0
 */
export function compareResults(a: ComparedResult, b: ComparedResult, tolerance = 0.02): Comparison {
  const { pairs, leftOut } = pairUp(a, b);
  const figuresA = pairs.map(([each]) => figuresOf([each], a));
  const figuresB = pairs.map(([, each]) => figuresOf([each], b));
  const batched = pairs.length === 1 ? batchedSamples(a, b) : [];
  const all = comparableMetrics([...a.thresholdMetrics, ...b.thresholdMetrics], figuresA, figuresB).flatMap(
    ({ metric, path }) => {
      const own = batched.find((each) => each.metric === metric);
      return own ?? samplesOf(metric, path, figuresA, figuresB) ?? [];
    },
  );
  const deciding = all.filter((each) => each.direction !== null);
  const varying = deciding.filter((each) => new Set(differencesOf(each)).size > 1).length;
  const joint = 1 - (1 - confidence) / Math.max(1, varying);
  const metrics = deciding.map((each) => judge(each, tolerance, joint));
  const figures = all
    .filter((each) => each.direction === null)
    .map((each): FigureComparison => {
      const { verdict, ...rest } = judge(each, tolerance, confidence);
      return { ...rest, verdict: verdict === 'better' || verdict === 'worse' ? 'different' : verdict };
    });
  const hasIntervals = metrics.some(({ halfWidth }) => halfWidth !== null);
  return {
    mailflow: 'compare/1',
    tolerance,
    confidence,
    intervals: !hasIntervals ? null : pairs.length > 1 ? 'replications' : 'batch-means',
    pairs: pairs.length,
    leftOut,
    pairing: pairingGain(all.find(({ metric }) => metric === 'deliveryLatency.meanMs')),
    warnings: warningsOf(a, b, pairs.length),
    metrics,
    figures,
  };
}

function pairUp(a: ComparedResult, b: ComparedResult) {
  const ofB = new Map(b.replications.map((each) => [each.replication, each]));
  const pairs = a.replications.flatMap((each): (readonly [ReplicationResult, ReplicationResult])[] => {
    const other = ofB.get(each.replication);
    return other === undefined ? [] : [[each, other]];
  });
  const paired = new Set(pairs.map(([{ replication }]) => replication));
  const alone = ({ replications }: ComparedResult) =>
    replications.map(({ replication }) => replication).filter((each) => !paired.has(each));
  return { pairs, leftOut: { a: alone(a), b: alone(b) } };
}

/** Pairs in which one side has nothing to take the metric from are left out; undefined if that is all of them. */
function samplesOf(
  metric: string,
  path: readonly string[],
  figuresA: readonly Figures[],
  figuresB: readonly Figures[],
): Samples | undefined {
  const a: number[] = [];
  const b: number[] = [];
  // What is named by its place in a list is what stands there in the first replication of a.
  const read = metricReader(path, figuresA[0]!);
  figuresA.forEach((ofA, pair) => {
    const ofB = figuresB[pair]!;
    const valueA = read(ofA);
    const valueB = read(ofB);
    if (valueA === undefined || valueB === undefined) return;
    a.push(valueA);
    b.push(valueB);
  });
  return a.length === 0 ? undefined : { metric, direction: directionOf(metric), a, b, batched: false };
}

/** The two metrics that batches of a run tell of, where both runs have them: batches pair up by time. */
function batchedSamples(a: ComparedResult, b: ComparedResult): readonly Samples[] {
  const fromMs = Math.max(a.warmUpMs, b.warmUpMs);
  const toMs = Math.min(a.durationMs, b.durationMs);
  const batchesA = latencyBatches(a.latency, fromMs, toMs);
  const batchesB = latencyBatches(b.latency, fromMs, toMs);
  if (batchesA.length < batchCount || batchesB.length < batchCount) return [];
  return (['meanMs', 'deliveredPerSecond'] as const).flatMap((field): Samples[] => {
    const valuesA = batchesA.map((each) => each[field]).filter((value) => value !== undefined);
    const valuesB = batchesB.map((each) => each[field]).filter((value) => value !== undefined);
    if (valuesA.length < batchCount || valuesB.length < batchCount) return [];
    const metric = field === 'meanMs' ? 'deliveryLatency.meanMs' : 'throughput.deliveredPerSecond';
    return [{ metric, direction: directionOf(metric), a: valuesA, b: valuesB, batched: true }];
  });
}

function differencesOf({ a, b }: Samples): readonly number[] {
  return a.map((value, pair) => b[pair]! - value);
}

function judge(samples: Samples, tolerance: number, level: number): MetricComparison {
  const a = mean(samples.a);
  const b = mean(samples.b);
  const difference = b - a;
  const halfWidth = halfWidthOf(samples, level);
  return {
    metric: samples.metric,
    a,
    b,
    difference,
    halfWidth,
    verdict: verdictOf(difference, halfWidth, tolerance * Math.abs(a), samples.direction),
  };
}

function halfWidthOf(samples: Samples, level: number): number | null {
  const differences = differencesOf(samples);
  if (!samples.batched) {
    if (differences.length < pairsForEqualDifferences && areEqualButNotZero(samples, differences))
      return null;
    return confidenceInterval(differences, level)?.halfWidth ?? null;
  }
  const batches = batchMeans(differences, level);
  return batches?.trusted === true ? batches.halfWidth : null;
}

/** Equal but for what rounding makes of them. */
function areEqualButNotZero({ a, b }: Samples, differences: readonly number[]): boolean {
  const largest = Math.max(...a.map(Math.abs), ...b.map(Math.abs));
  const spread = Math.max(...differences) - Math.min(...differences);
  return spread <= 1e-9 * largest && differences.some((each) => each !== 0);
}

function verdictOf(
  difference: number,
  halfWidth: number | null,
  margin: number,
  direction: MetricDirection | null,
): ComparisonVerdict {
  if (halfWidth === null) return difference === 0 ? 'same' : 'unclear';
  if (Math.abs(difference) + halfWidth <= margin) return 'same';
  if (Math.abs(difference) - halfWidth <= margin) return 'unclear';
  return difference > 0 === (direction === 'higher') ? 'better' : 'worse';
}

/** How many times as wide the interval of the difference would be if both sides had been run by themselves. */
function pairingGain(samples: Samples | undefined): number | null {
  if (samples === undefined || samples.a.length < 2) return null;
  const paired = variance(differencesOf(samples));
  const apart = variance(samples.a) + variance(samples.b);
  return paired > 0 && apart > 0 ? Math.sqrt(apart / paired) : null;
}

function warningsOf(a: ComparedResult, b: ComparedResult, pairs: number): readonly string[] {
  const warnings: string[] = [];
  const differ = (what: string, ofA: string, ofB: string, so: string) => {
    if (ofA !== ofB)
      warnings.push(`${what} differ, ${JSON.stringify(ofA)} and ${JSON.stringify(ofB)}: ${so}`);
  };
  differ('the scenarios', a.scenario.name, b.scenario.name, 'is this the same question?');
  differ(
    'the seeds',
    a.seed,
    b.seed,
    'replications have no random numbers in common, and intervals are wider',
  );
  differ('the versions', a.version, b.version, 'a difference may be that of the simulators');
  differ(
    'the durations',
    `${a.durationMs} ms`,
    `${b.durationMs} ms`,
    'counts are of different spans of time',
  );
  differ('the warm-ups', `${a.warmUpMs} ms`, `${b.warmUpMs} ms`, 'latencies are of different mail');
  for (const [side, result] of [
    ['a', a],
    ['b', b],
  ] as const) {
    if (result.warmUpFound === false) warnings.push(`no steady state was found in ${side}: it is too short`);
  }
  if (pairs === 0) warnings.push('no replication is on both sides: there is nothing to compare');
  else if (pairs < wantedPairs) {
    const few = pairs === 1 ? 'one replication' : `${pairs} replications`;
    warnings.push(
      `${few} on both sides: with \`simulate --replications ${wantedPairs}\` intervals are narrower`,
    );
  }
  return warnings;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0) / values.length;
}

function variance(values: readonly number[]): number {
  const centre = mean(values);
  return values.reduce((sum, each) => sum + (each - centre) ** 2, 0) / (values.length - 1);
}
