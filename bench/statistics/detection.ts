import { type ComparedResult, type Comparison, compareResults } from '../../src/experiment/index.js';
import type { Scenario } from '../../src/scenario/index.js';
import { runForComparison } from './trial-run.js';

/** A scenario, and the same with a mean latency that is 5 % longer. */
export interface Plant {
  readonly before: (seed: string) => Scenario;
  readonly after: (seed: string) => Scenario;
}

/** What `compare` finds of a planted change, and of none. */
export interface Detection {
  readonly tries: number;
  /** Tries in which the mean latency of the planted side is called worse. */
  readonly found: number;
  /** The difference found, as a share, averaged over tries. */
  readonly difference: number;
  /** Comparisons of runs that differ in nothing but the seed. */
  readonly comparisonsOfEqual: number;
  /** Of these, those in which any metric is called worse or better. */
  readonly falseAlarms: number;
  readonly alarmingMetrics: readonly string[];
  /** How many times narrower the interval of the mean latency is by common random numbers: the middle of all tries. */
  readonly pairing: number;
  /** The same from half widths of tries with the same and with other seeds: the quotient of the middle ones. */
  readonly narrower: number;
}

const mean = 'deliveryLatency.meanMs';

/**
 * Compares before and after with the same seed, and before with before of the next seed, as often as told; the last
 * with the first, so that every run is in two comparisons of equal ones.
 * @param tries - from 2, for there to be a comparison of equal runs that are not the same
 * @param firstTry - which seeds to begin with
 */
export async function measureDetection(
  plant: Plant,
  tries: number,
  firstTry = 1,
  onTry: (soFar: {
    readonly number: number;
    readonly found: number;
    readonly falseAlarms: number;
  }) => void = () => {},
): Promise<Detection> {
  const pairings: number[] = [];
  const shares: number[] = [];
  const widths: { readonly paired: number[]; readonly apart: number[] } = { paired: [], apart: [] };
  const alarming: string[] = [];
  let found = 0;
  let falseAlarms = 0;
  const compareEqual = (before: ComparedResult, other: ComparedResult) => {
    const alarms = compareResults(before, other).metrics.filter(({ verdict }) => isAlarm(verdict));
    if (alarms.length > 0) falseAlarms++;
    alarming.push(...alarms.map(({ metric }) => metric));
  };
  let first: ComparedResult | undefined;
  let last: ComparedResult | undefined;
  for (let number = 1; number <= tries; number++) {
    const seed = `try ${firstTry - 1 + number}`;
    const before = await runForComparison(plant.before(seed));
    const after = await runForComparison(plant.after(seed));
    const changed = compareResults(before, after);
    const latency = of(changed);
    if (latency.verdict === 'worse') found++;
    shares.push(latency.difference / latency.a);
    pairings.push(changed.pairing ?? Number.NaN);
    widths.paired.push(latency.halfWidth!);
    if (last !== undefined) {
      widths.apart.push(of(compareResults(last, after)).halfWidth!);
      compareEqual(last, before);
    }
    first ??= before;
    last = before;
    onTry({ number, found, falseAlarms });
  }
  compareEqual(last!, first!);
  return {
    tries,
    found,
    difference: shares.reduce((sum, each) => sum + each, 0) / tries,
    comparisonsOfEqual: tries,
    falseAlarms,
    alarmingMetrics: alarming,
    pairing: middle(pairings),
    narrower: middle(widths.apart) / middle(widths.paired),
  };
}

function of({ metrics }: Comparison) {
  return metrics.find(({ metric }) => metric === mean)!;
}

function isAlarm(verdict: string): boolean {
  return verdict === 'worse' || verdict === 'better';
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
