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
}

/** What was found at a value. */
export interface JudgedValue {
  readonly verdict: Verdict;
  readonly summary: Pick<RunSummary, 'thresholds' | 'replications'>;
  readonly tier: SaturatedTier | null;
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
 * @returns null when `judge` was stopped
 */
export async function findCapacity(
  { vary, range, smallest, precision }: CapacityQuestion,
  judge: (amount: number) => Promise<JudgedValue | null>,
): Promise<Capacity | null> {
  const { unit } = range;
  const steps: CapacityStep[] = [];
  const look = async (amount: number): Promise<JudgedValue | null> => {
    const judged = await judge(amount);
    if (judged === null) return null;
    const { verdict, summary } = judged;
    const value = capacityValueAsJson({ amount, unit });
    steps.push({ value, verdict, replications: summary.replications });
    return judged;
  };
  const answer = (
    amount: number | null,
    limit: { amount: number; judged: JudgedValue } | null,
  ): Capacity => ({
    mailflow: 'capacity/1',
    vary,
    wanted: smallest ? 'smallest' : 'largest',
    value: amount === null ? null : capacityValueAsJson({ amount, unit }),
    steps,
    limitedBy:
      limit === null
        ? null
        : {
            value: capacityValueAsJson({ amount: limit.amount, unit }),
            thresholds: limit.judged.summary.thresholds.filter(({ verdict }) => verdict !== 'pass'),
            tier: limit.judged.tier,
          },
  });

  let [good, bad] = smallest ? [range.high, range.low] : [range.low, range.high];
  const easiest = await look(good);
  if (easiest === null) return null;
  if (easiest.verdict !== 'pass') return answer(null, { amount: good, judged: easiest });
  if (good === bad) return answer(good, null);
  const hardest = await look(bad);
  if (hardest === null) return null;
  if (hardest.verdict === 'pass') return answer(bad, null);
  let beyond = hardest;
  for (;;) {
    const middle = between(range, Math.min(good, bad), Math.max(good, bad), precision);
    if (middle === undefined) return answer(good, { amount: bad, judged: beyond });
    const judged = await look(middle);
    if (judged === null) return null;
    if (judged.verdict === 'pass') good = middle;
    else [bad, beyond] = [middle, judged];
  }
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
