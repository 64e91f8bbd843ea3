import { grownFloat64 } from './growable-columns.js';
import { TimeWeighted } from './time-weighted.js';

/** Rates of queues are averages over this time (QU-09). */
const rateWindowMs = 60_000;

/** The numbers of a queue stand side by side, so that a change touches one line of the processor's cache. */
const stride = 8;
const heldAt = 0;
const netAt = 1;
const emptyAt = 2;
const waitedAt = 3;
const leftAt = 4;
const oldestAt = 5;

/** Both sides of Little's law for one queue over a whole replication, unscaled: L T and the sum of waits. */
export interface LittlesLaw {
  /** The queue's length, integrated over time. */
  readonly lengthMs: number;
  /** The waits of all messages that left, from the stamps on them. */
  readonly waitedMs: number;
  /** The most that messages still there can have waited: since the queue was last empty. */
  readonly openMs: number;
}

/**
 * Lengths, rates and waits of queues by small integer id, from the facts that a model reports.
 *
 * Each change of a length comes here, of thousands of queues in turn, so what counts is memory that has not been touched for
 * long: eight doubles a queue in one array, a line of the cache, beside the five of `TimeWeighted` in another. Sums instead of
 * lists: a rate is what the length has lost since the last minute of a sample interval began, waits and ages are taken from
 * the stamps on what leaves. Only samples go over all queues.
 */
export class QueueGauges {
  readonly lengths: TimeWeighted;
  readonly #sampleEveryMs: number;
  /** Changes count for the rates of the next sample from here on. */
  #ratesFromMs: number;
  #sampledMs = 0;
  #numbers = new Float64Array(0);

  constructor(warmUpMs: number, sampleEveryMs: number) {
    this.lengths = new TimeWeighted(warmUpMs);
    this.#sampleEveryMs = sampleEveryMs;
    this.#ratesFromMs = sampleEveryMs - rateWindowMs;
  }

  setLength(id: number, atMs: number, length: number): void {
    const numbers = this.#numbersOf(id);
    const base = id * stride;
    const before = this.lengths.value(id);
    this.lengths.set(id, atMs, length);
    if (length > 0 || before > 0) numbers[base + heldAt] = 1;
    if (length === 0) numbers[base + emptyAt] = atMs;
    if (atMs > this.#ratesFromMs) numbers[base + netAt]! += before - length;
  }

  /** A message left, having entered the queue at `enteredMs` and the organization at `submittedMs`. */
  leave(id: number, atMs: number, enteredMs: number, submittedMs: number): void {
    const numbers = this.#numbersOf(id);
    const base = id * stride;
    numbers[base + leftAt]!++;
    numbers[base + waitedAt]! += atMs - enteredMs;
    const ageMs = atMs - submittedMs;
    if (ageMs > numbers[base + oldestAt]!) numbers[base + oldestAt] = ageMs;
  }

  noteAge(id: number, ageMs: number): void {
    const numbers = this.#numbersOf(id);
    const place = id * stride + oldestAt;
    if (ageMs > numbers[place]!) numbers[place] = ageMs;
  }

  /** The largest age noted. */
  maxAgeMs(id: number): number {
    return this.#numbers[id * stride + oldestAt] ?? 0;
  }

  /** Whether the queue holds something, or held something since the last sample. */
  wasHolding(id: number): boolean {
    return this.#numbers[id * stride + heldAt] === 1;
  }

  /** Whether the queue has ever held something. */
  hasHeld(id: number): boolean {
    return this.lengths.max(id) > 0;
  }

  /**
   * Messages a second out less messages a second in, until the sample at `atMs`, over the last minute, or since the
   * last sample where that is less. Rule: QU-09.
   */
  velocity(id: number, atMs: number): number {
    const windowMs = Math.min(rateWindowMs, atMs - this.#sampledMs);
    return windowMs > 0 ? (this.#numbers[id * stride + netAt] ?? 0) / (windowMs / 1_000) : 0;
  }

  /** A sample has been taken. */
  sampled(atMs: number): void {
    const numbers = this.#numbers;
    for (let id = 0, base = 0; base < numbers.length; id++, base += stride) {
      numbers[base + heldAt] = this.lengths.value(id) > 0 ? 1 : 0;
      numbers[base + netAt] = 0;
    }
    this.#sampledMs = atMs;
    this.#ratesFromMs = atMs + this.#sampleEveryMs - rateWindowMs;
  }

  /** Null when no message that left was stamped: then there is nothing to hold against the lengths. */
  littlesLaw(id: number, endMs: number): LittlesLaw | null {
    const base = id * stride;
    if ((this.#numbers[base + leftAt] ?? 0) === 0) return null;
    return {
      lengthMs: this.lengths.wholeIntegral(id, endMs),
      waitedMs: this.#numbers[base + waitedAt]!,
      openMs: this.lengths.value(id) * (endMs - this.#numbers[base + emptyAt]!),
    };
  }

  #numbersOf(id: number): Float64Array {
    const base = id * stride;
    if (base >= this.#numbers.length) this.#numbers = grownFloat64(this.#numbers, base + stride - 1);
    return this.#numbers;
  }
}
