import type { RunSummary, ThresholdResult, Verdict } from '../measure/index.js';
import { between, type CapacityRange, capacityValueAsJson } from './capacity-values.js';
import type { SaturatedTier } from './saturated-tier.js';

/** A value that was tried. */
export interface CapacityStep {
  /** With its unit, if it has one. */
  readonly value: number | string;
  /** `undecided`: of the most replications allowed; it counts as one at which the thresholds do not hold. */
  readonly verdict: Verdict;
  readonly replications: number;
}

/** What keeps the value from going further. */
export interface CapacityLimit {
  /** The nearest value at which the thresholds do not hold. */
  readonly value: number | string;
  /** Those that do not hold there. */
  readonly thresholds: readonly ThresholdResult[];
  /** The tier with the highest utilization there; null where nothing is known of any. */
  readonly tier: SaturatedTier | null;
}

/** `capacity/1` (design section 3). */
export interface Capacity {
  readonly mailflow: 'capacity/1';
  /** The path that was varied. */
  readonly vary: string;
  readonly wanted: 'largest' | 'smallest';
  /** The largest (smallest) value at which every threshold holds; null: there is none in the range. */
  readonly value: number | string | null;
  /** In the order in which they were tried. */
  readonly steps: readonly CapacityStep[];
  /** Null where the thresholds hold in the whole range. */
  readonly limitedBy: CapacityLimit | null;
  /**
   * The busiest tier at the value found, if it is offered more than it can do, by more than the precision: its queue grows,
   * and the thresholds hold because the run ends before it has grown too far. Else null.
   */
  readonly overloaded: SaturatedTier | null;
}

/** What was found at a value. */
export interface JudgedValue {
  readonly verdict: Verdict;
  readonly summary: Pick<RunSummary, 'thresholds' | 'replications'>;
  /** The tier that has most to do there; asked for where the answer tells of it alone. */
  findTier(): SaturatedTier | null;
}

/** What is looked for: between which values, how exactly. */
export interface CapacityQuestion {
  readonly vary: string;
  readonly range: CapacityRange;
  /** The smallest value that will do is wanted: servers, threads; not the largest, load. */
  readonly smallest: boolean;
  /** The search ends when the value is known to this share of itself; of counts, to the next. */
  readonly precision: number;
}

/**
 * Searches for the largest (smallest) value at which every threshold holds: both ends of the range first, then always
 * halfway between what held and what did not. Right where more of the value makes it harder (easier) throughout.
 * @param judge - tries an amount; null: it was stopped
 * @param onStep - told of each value that was tried to its end
 * @returns null when `judge` was stopped
 */
export async function findCapacity(
  { vary, range, smallest, precision }: CapacityQuestion,
  judge: (amount: number) => Promise<JudgedValue | null>,
  onStep: (step: CapacityStep) => void = () => undefined,
): Promise<Capacity | null> {
  const { unit } = range;
  const steps: CapacityStep[] = [];
  const look = async (amount: number): Promise<JudgedValue | null> => {
    const judged = await judge(amount);
    if (judged === null) return null;
    const { verdict, summary } = judged;
    const value = capacityValueAsJson({ amount, unit });
    const step = { value, verdict, replications: summary.replications };
    steps.push(step);
    onStep(step);
    return judged;
  };
  const answer = (found: TriedValue | null, limit: TriedValue | null): Capacity => {
    const tier = found?.judged.findTier() ?? null;
    return {
      mailflow: 'capacity/1',
      vary,
      wanted: smallest ? 'smallest' : 'largest',
      value: found === null ? null : capacityValueAsJson({ amount: found.amount, unit }),
      steps,
      limitedBy: limit === null ? null : limitAt(limit, unit),
      overloaded: (tier?.offered ?? 0) > 1 + precision ? tier : null,
    };
  };

  const [easiest, hardest] = smallest ? [range.high, range.low] : [range.low, range.high];
  const first = await look(easiest);
  if (first === null) return null;
  let good = { amount: easiest, judged: first };
  if (first.verdict !== 'pass') return answer(null, good);
  if (easiest === hardest) return answer(good, null);
  const last = await look(hardest);
  if (last === null) return null;
  let bad = { amount: hardest, judged: last };
  if (last.verdict === 'pass') return answer(bad, null);
  for (;;) {
    const [low, high] = smallest ? [bad, good] : [good, bad];
    const amount = between(range, low.amount, high.amount, precision);
    if (amount === undefined) return answer(good, bad);
    const judged = await look(amount);
    if (judged === null) return null;
    if (judged.verdict === 'pass') good = { amount, judged };
    else bad = { amount, judged };
  }
}

interface TriedValue {
  readonly amount: number;
  readonly judged: JudgedValue;
}

function limitAt({ amount, judged }: TriedValue, unit: string): CapacityLimit {
  return {
    value: capacityValueAsJson({ amount, unit }),
    thresholds: judged.summary.thresholds.filter(({ verdict }) => verdict !== 'pass'),
    tier: judged.findTier(),
  };
}

/** The verdict on all thresholds together: one that fails decides. */
export function verdictOnAll(thresholds: readonly ThresholdResult[]): Verdict {
  if (thresholds.some(({ verdict }) => verdict === 'fail')) return 'fail';
  return thresholds.every(({ verdict }) => verdict === 'pass') ? 'pass' : 'undecided';
}

/** So many replications decide first; twice as many each time that they do not. */
export const firstReplications = 5;

/** Beyond so many a value that is undecided counts as one at which the thresholds do not hold. */
export const mostReplicationsAStep = 40;
