/** Something that is to happen. */
export interface Due {
  readonly atMs: number;
  readonly run: () => void;
}

/** The clear version of a simulation's clock: what is to happen stands in a list in order of time, then of coming. */
export class ClearAgenda {
  #due: Due[] = [];
  nowMs = 0;

  /** @param delayMs - from now, rounded to the clock's ticks */
  at(delayMs: number, run: () => void): Due {
    const due = { atMs: this.nowMs + Math.round(delayMs * 1_024) / 1_024, run };
    const later = this.#due.findIndex(({ atMs }) => atMs > due.atMs);
    this.#due.splice(later === -1 ? this.#due.length : later, 0, due);
    return due;
  }

  cancel(due: Due | null): void {
    this.#due = this.#due.filter((each) => each !== due);
  }

  runUntil(endMs: number): void {
    for (let due = this.#due[0]; due !== undefined && due.atMs <= endMs; due = this.#due[0]) {
      this.#due.shift();
      this.nowMs = due.atMs;
      due.run();
    }
    this.nowMs = endMs;
  }
}
