/**
 * How long a queue has been in Retry: for any stretch of time since it last held nothing, so that its messages need
 * not remember what the clock showed when they came.
 */
export class RetryClock {
  // Of each time that it was in Retry: when it began, and how long all of them before had been.
  readonly #beganMs: number[] = [];
  readonly #beforeMs: number[] = [];
  /** How long the last of them was; -1 while it lasts. */
  #lastMs = 0;

  /** Whether `sinceMs` may be anything but 0. */
  get hasBegun(): boolean {
    return this.#beganMs.length > 0;
  }

  begin(nowMs: number): void {
    const count = this.#beganMs.length;
    this.#beforeMs.push(count === 0 ? 0 : this.#beforeMs[count - 1]! + this.#lastMs);
    this.#beganMs.push(nowMs);
    this.#lastMs = -1;
  }

  /** Retry ends, if it lasts. */
  end(nowMs: number): void {
    if (this.#lastMs < 0) this.#lastMs = nowMs - this.#beganMs[this.#beganMs.length - 1]!;
  }

  /** Nobody asks any more about the time before now. */
  forget(): void {
    const last = this.#beganMs.length - 1;
    if (last < 0) return;
    const beganMs = this.#beganMs[last]!;
    this.#beganMs.length = 0;
    this.#beforeMs.length = 0;
    if (this.#lastMs < 0) this.begin(beganMs);
    else this.#lastMs = 0;
  }

  /** Time in Retry from `fromMs` until now. */
  sinceMs(fromMs: number, nowMs: number): number {
    return this.#beganMs.length === 0 ? 0 : this.#untilMs(nowMs) - this.#untilMs(fromMs);
  }

  /** Time in Retry until `ms`. */
  #untilMs(ms: number): number {
    const last = this.#beganMs.length - 1;
    let index = last;
    if (ms < this.#beganMs[last]!) {
      // The first that begins later, by halves; what asks about a time has mostly come not long ago.
      let low = 0;
      for (let high = last; low < high; ) {
        const middle = (low + high) >> 1;
        if (this.#beganMs[middle]! > ms) high = middle;
        else low = middle + 1;
      }
      if (low === 0) return 0;
      index = low - 1;
    }
    const beforeMs = this.#beforeMs[index]!;
    const sinceMs = ms - this.#beganMs[index]!;
    if (index < last) return beforeMs + Math.min(sinceMs, this.#beforeMs[index + 1]! - beforeMs);
    return beforeMs + (this.#lastMs < 0 ? sinceMs : Math.min(sinceMs, this.#lastMs));
  }
}
