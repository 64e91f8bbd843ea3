import { grownFloat64 } from './growable-columns.js';

/** The numbers of an id stand side by side, so that a change touches one line of the processor's cache. */
const stride = 8;
const valueAt = 0;
const changedAt = 1;
const integralAt = 2;
const beforeAt = 3;
const maxAt = 4;

/**
 * Numbers that change in steps (queue lengths, busy slots), by small integer id: their integrals over time, and the
 * largest value. All are 0 until first set.
 *
 * A change books what the former value has come to since it was set; nothing else is kept of the past, and nothing needs the
 * clock. Dyadic times make the sums exact, whatever the order of changes.
 */
export class TimeWeighted {
  readonly #fromMs: number;
  #numbers = new Float64Array(0);

  /** @param fromMs - the integral that counts begins here; what comes before is kept apart */
  constructor(fromMs: number) {
    this.#fromMs = fromMs;
  }

  value(id: number): number {
    return this.#numbers[id * stride + valueAt] ?? 0;
  }

  /** The largest value in the whole run. */
  max(id: number): number {
    return this.#numbers[id * stride + maxAt] ?? 0;
  }

  set(id: number, atMs: number, value: number): void {
    const base = id * stride;
    if (base >= this.#numbers.length) this.#numbers = grownFloat64(this.#numbers, base + stride - 1);
    const numbers = this.#numbers;
    this.#account(numbers, base, atMs);
    numbers[base + valueAt] = value;
    if (value > numbers[base + maxAt]!) numbers[base + maxAt] = value;
  }

  /** The integral from `fromMs` to `endMs`, which no change may lie behind. */
  integral(id: number, endMs: number): number {
    const base = id * stride;
    if (base >= this.#numbers.length) return 0;
    this.#account(this.#numbers, base, endMs);
    return this.#numbers[base + integralAt]!;
  }

  /** The integral from 0 to `endMs`, which no change may lie behind. */
  wholeIntegral(id: number, endMs: number): number {
    const base = id * stride;
    if (base >= this.#numbers.length) return 0;
    this.#account(this.#numbers, base, endMs);
    return this.#numbers[base + beforeAt]! + this.#numbers[base + integralAt]!;
  }

  #account(numbers: Float64Array, base: number, atMs: number): void {
    const sinceMs = numbers[base + changedAt]!;
    const value = numbers[base + valueAt]!;
    if (sinceMs >= this.#fromMs) {
      numbers[base + integralAt]! += value * (atMs - sinceMs);
    } else {
      const beforeMs = Math.min(atMs, this.#fromMs) - sinceMs;
      numbers[base + beforeAt]! += value * beforeMs;
      numbers[base + integralAt]! += value * (atMs - sinceMs - beforeMs);
    }
    numbers[base + changedAt] = atMs;
  }
}
