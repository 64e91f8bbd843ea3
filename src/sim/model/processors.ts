/** What a core would finish later than this it never does: forty years, twice the longest run (assumption A-longest-work). */
const neverMs = 14_610 * 86_400_000;

/**
 * The processors of all servers: equal cores that work off one run queue, first come, first served (assumption
 * A-run-queue). The finish of a piece of work is known when it is handed in, from the times at which the cores become
 * free (Kiefer and Wolfowitz, On the theory of queues with many servers, 1955), so that a processor needs no events.
 */
export class Processors {
  readonly #begin: Int32Array;
  /** Cores of all servers behind one another: when each has finished all that it was given, ms. */
  readonly #freeMs: Float64Array;
  readonly #givenMs: Float64Array;

  /** @param cores - by server, 1 or more */
  constructor(cores: ArrayLike<number>) {
    this.#begin = new Int32Array(cores.length + 1);
    for (let server = 0; server < cores.length; server++) {
      this.#begin[server + 1] = this.#begin[server]! + cores[server]!;
    }
    this.#freeMs = new Float64Array(this.#begin[cores.length]!);
    this.#givenMs = new Float64Array(cores.length);
  }

  /**
   * Hands in a piece of work now.
   * @param nowMs - never earlier than in the call before
   * @returns ms until it is done, the wait for a core included
   */
  run(server: number, workMs: number, nowMs: number): number {
    if (workMs === 0) return 0;
    const end = this.#begin[server + 1]!;
    let core = this.#begin[server]!;
    let freeMs = this.#freeMs[core]!;
    // Cores are equal, so any idle one will do.
    for (let other = core + 1; other < end && freeMs > nowMs; other++) {
      if (this.#freeMs[other]! >= freeMs) continue;
      core = other;
      freeMs = this.#freeMs[other]!;
    }
    const startMs = Math.max(freeMs, nowMs);
    const finishMs = Math.min(startMs + workMs, neverMs);
    this.#freeMs[core] = finishMs;
    this.#givenMs[server]! += finishMs - startMs;
    return finishMs - nowMs;
  }

  /** The server has stopped: what its cores had not done yet is never done. */
  stop(server: number, nowMs: number): void {
    this.#givenMs[server]! -= this.#outstandingMs(server, nowMs);
    this.#freeMs.fill(nowMs, this.#begin[server]!, this.#begin[server + 1]!);
  }

  /** Work done until now, in ms of one core. */
  doneMs(server: number, nowMs: number): number {
    return this.#givenMs[server]! - this.#outstandingMs(server, nowMs);
  }

  #outstandingMs(server: number, nowMs: number): number {
    let outstandingMs = 0;
    for (let core = this.#begin[server]!; core < this.#begin[server + 1]!; core++) {
      outstandingMs += Math.max(0, this.#freeMs[core]! - nowMs);
    }
    return outstandingMs;
  }
}
