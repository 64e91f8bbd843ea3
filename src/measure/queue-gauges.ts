import { grownFloat64 } from './growable-columns.js';
import { TimeWeighted } from './time-weighted.js';

/** Rates of queues are averages over this time (QU-09). */
const rateWindowMs = 60_000;

/** Both sides of Little's law for one queue over a whole replication, unscaled: L T and the sum of waits. */
export interface LittlesLaw {
  /** The queue's length, integrated over time. */
  readonly lengthMs: number;
  /** The waits of all messages that left, from the stamps on them. */
  readonly waitedMs: number;
  /** The most that messages still there can have waited: since the queue was last empty. */
  readonly openMs: number;
}

/** Lengths, rates and waits of queues by small integer id, from the facts that a model reports. */
export class QueueGauges {
  readonly lengths: TimeWeighted;
  readonly #sampleEveryMs: number;
  /** Changes count for the rates of the next sample from here on. */
  #ratesFromMs: number;
  #sampledMs = 0;
  #held = new Float64Array(0);
  #net = new Float64Array(0);
  #emptyMs = new Float64Array(0);
  #waitedMs = new Float64Array(0);
  #left = new Float64Array(0);
  #oldestMs = new Float64Array(0);

  constructor(warmUpMs: number, sampleEveryMs: number) {
    this.lengths = new TimeWeighted(warmUpMs);
    this.#sampleEveryMs = sampleEveryMs;
    this.#ratesFromMs = sampleEveryMs - rateWindowMs;
  }

  setLength(id: number, atMs: number, length: number): void {
    if (id >= this.#held.length) this.#grow(id);
    const before = this.lengths.value(id);
    this.lengths.set(id, atMs, length);
    if (length > 0 || before > 0) this.#held[id] = 1;
    if (length === 0) this.#emptyMs[id] = atMs;
    if (atMs > this.#ratesFromMs) this.#net[id]! += before - length;
  }

  /** A message left, having entered the queue at `enteredMs` and the organization at `submittedMs`. */
  leave(id: number, atMs: number, enteredMs: number, submittedMs: number): void {
    if (id >= this.#held.length) this.#grow(id);
    this.#left[id]!++;
    this.#waitedMs[id]! += atMs - enteredMs;
    this.noteAge(id, atMs - submittedMs);
  }

  noteAge(id: number, ageMs: number): void {
    if (id >= this.#held.length) this.#grow(id);
    if (ageMs > this.#oldestMs[id]!) this.#oldestMs[id] = ageMs;
  }

  /** The largest age noted. */
  maxAgeMs(id: number): number {
    return this.#oldestMs[id] ?? 0;
  }

  /** Whether the queue holds something, or held something since the last sample. */
  wasHolding(id: number): boolean {
    return this.#held[id] === 1;
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
    return windowMs > 0 ? (this.#net[id] ?? 0) / (windowMs / 1_000) : 0;
  }

  /** A sample has been taken. */
  sampled(atMs: number): void {
    for (let id = 0; id < this.#held.length; id++) {
      this.#held[id] = this.lengths.value(id) > 0 ? 1 : 0;
    }
    this.#net.fill(0);
    this.#sampledMs = atMs;
    this.#ratesFromMs = atMs + this.#sampleEveryMs - rateWindowMs;
  }

  /** Null when no message that left was stamped: then there is nothing to hold against the lengths. */
  littlesLaw(id: number, endMs: number): LittlesLaw | null {
    if ((this.#left[id] ?? 0) === 0) return null;
    return {
      lengthMs: this.lengths.wholeIntegral(id, endMs),
      waitedMs: this.#waitedMs[id]!,
      openMs: this.lengths.value(id) * (endMs - this.#emptyMs[id]!),
    };
  }

  #grow(id: number): void {
    this.#held = grownFloat64(this.#held, id);
    this.#net = grownFloat64(this.#net, id);
    this.#emptyMs = grownFloat64(this.#emptyMs, id);
    this.#waitedMs = grownFloat64(this.#waitedMs, id);
    this.#left = grownFloat64(this.#left, id);
    this.#oldestMs = grownFloat64(this.#oldestMs, id);
  }
}
