import { grownFloat64 } from './growable-columns.js';

/**
 * Numbers that change in steps (queue lengths, busy slots), by small integer id: their integrals over time, and the
 * largest value. All are 0 until first set.
 */
export class TimeWeighted {
  readonly #fromMs: number;
  #value = new Float64Array(0);
  #changedMs = new Float64Array(0);
  #integral = new Float64Array(0);
  #integralBefore = new Float64Array(0);
  #max = new Float64Array(0);

  /** @param fromMs - the integral that counts begins here; what comes before is kept apart */
  constructor(fromMs: number) {
    this.#fromMs = fromMs;
  }

  /** Ids known so far are 0 to this less 1. */
  get size(): number {
    return this.#value.length;
  }

  value(id: number): number {
    return this.#value[id] ?? 0;
  }

  /** When the value last changed, or was set. */
  changedMs(id: number): number {
    return this.#changedMs[id] ?? 0;
  }

  /** The largest value in the whole run. */
  max(id: number): number {
    return this.#max[id] ?? 0;
  }

  set(id: number, atMs: number, value: number): void {
    if (id >= this.#value.length) this.#grow(id);
    this.#account(id, atMs);
    this.#value[id] = value;
    if (value > this.#max[id]!) this.#max[id] = value;
  }

  /** The integral from `fromMs` to `endMs`, which no change may lie behind. */
  integral(id: number, endMs: number): number {
    if (id >= this.#value.length) return 0;
    this.#account(id, endMs);
    return this.#integral[id]!;
  }

  /** The integral from 0 to `endMs`, which no change may lie behind. */
  wholeIntegral(id: number, endMs: number): number {
    if (id >= this.#value.length) return 0;
    this.#account(id, endMs);
    return this.#integralBefore[id]! + this.#integral[id]!;
  }

  #account(id: number, atMs: number): void {
    const sinceMs = this.#changedMs[id]!;
    const value = this.#value[id]!;
    if (sinceMs >= this.#fromMs) {
      this.#integral[id]! += value * (atMs - sinceMs);
    } else {
      const beforeMs = Math.min(atMs, this.#fromMs) - sinceMs;
      this.#integralBefore[id]! += value * beforeMs;
      this.#integral[id]! += value * (atMs - sinceMs - beforeMs);
    }
    this.#changedMs[id] = atMs;
  }

  #grow(id: number): void {
    this.#value = grownFloat64(this.#value, id);
    this.#changedMs = grownFloat64(this.#changedMs, id);
    this.#integral = grownFloat64(this.#integral, id);
    this.#integralBefore = grownFloat64(this.#integralBefore, id);
    this.#max = grownFloat64(this.#max, id);
  }
}
