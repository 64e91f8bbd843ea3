import type { DayShape } from './kind.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** 1970-01-01 was a Thursday; days count from Monday. */
const weekdayOfEpoch = 3;
const weekendShare = 0.15;

/** Weight of each UTC hour of a working day. */
const hourWeights: Readonly<Record<DayShape, readonly number[]>> = {
  flat: hours(() => 1),
  // WL-03: hours 06 to 18 weigh 1, the others 0.12.
  'office-day': hours((hour) => (hour >= 6 && hour < 18 ? 1 : 0.12)),
  // WL-03, the option with two humps (09 to 11, 14 to 16) and a dip at noon; the weights are A-two-humps.
  'two-humps': hours((hour) => {
    if (hour < 6 || hour >= 18) return 0.12;
    if ((hour >= 9 && hour < 11) || (hour >= 14 && hour < 16)) return 1.6;
    return hour === 12 || hour === 13 ? 0.5 : 0.8;
  }),
};

/**
 * The times of a Poisson process whose rate follows the day: hour by hour constant, weekends at 0.15 of it unless
 * the shape is flat (WL-03). By inversion of the summed rate, so that each time takes one draw.
 */
export class DailyArrivals {
  readonly #weights: readonly number[];
  readonly #flat: boolean;
  readonly #startUtcMs: number;
  /** Messages a ms at weight 1. */
  readonly #ratePerMs: number;

  /**
   * @param startUtcMs - simulated 0 in ms since 1970 UTC
   * @param perDay - mean messages of a working day
   */
  constructor(shape: DayShape, startUtcMs: number, perDay: number) {
    this.#weights = hourWeights[shape];
    this.#flat = shape === 'flat';
    this.#startUtcMs = startUtcMs;
    this.#ratePerMs = perDay / (this.#weights.reduce((sum, weight) => sum + weight, 0) * hourMs);
  }

  /**
   * The first arrival after `fromMs`, an exponential amount of summed rate later.
   * @param u - uniform in [0, 1)
   * @returns ms since the simulation's start; Infinity at rate 0
   */
  next(fromMs: number, u: number): number {
    if (this.#ratePerMs <= 0) return Number.POSITIVE_INFINITY;
    let owed = -Math.log(1 - u) / this.#ratePerMs;
    let atMs = fromMs;
    for (;;) {
      const utcMs = this.#startUtcMs + atMs;
      const untilHourEndsMs = hourMs - (((utcMs % hourMs) + hourMs) % hourMs);
      const weight = this.#weightAt(utcMs);
      if (owed <= weight * untilHourEndsMs) return atMs + owed / weight;
      owed -= weight * untilHourEndsMs;
      atMs += untilHourEndsMs;
    }
  }

  /** Arrivals expected between two times, in ms since the simulation's start. */
  expected(fromMs: number, toMs: number): number {
    let weightedMs = 0;
    for (let atMs = fromMs; atMs < toMs; ) {
      const utcMs = this.#startUtcMs + atMs;
      const untilMs = Math.min(toMs, atMs + hourMs - (((utcMs % hourMs) + hourMs) % hourMs));
      weightedMs += this.#weightAt(utcMs) * (untilMs - atMs);
      atMs = untilMs;
    }
    return weightedMs * this.#ratePerMs;
  }

  #weightAt(utcMs: number): number {
    const day = Math.floor(utcMs / dayMs);
    const weight = this.#weights[Math.floor((utcMs - day * dayMs) / hourMs)]!;
    const weekday = (((day + weekdayOfEpoch) % 7) + 7) % 7;
    return !this.#flat && weekday >= 5 ? weight * weekendShare : weight;
  }
}

function hours(weight: (hour: number) => number): readonly number[] {
  return Array.from({ length: 24 }, (_, hour) => weight(hour));
}
