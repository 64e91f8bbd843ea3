import type { watchPrecision } from '../experiment/index.js';
import type { ReplicationResult } from '../measure/index.js';

/** Decides in the order of the replications, whichever is done first, how many of them are enough. */
export class PrecisionSearch {
  readonly #watch: ReturnType<typeof watchPrecision>;
  readonly #percent: number;
  readonly #resultOf: (replication: number) => ReplicationResult | undefined;
  #next = 1;
  #enough: number | undefined;

  /** @param resultOf - what a replication measured; undefined while it is not done */
  constructor(
    watch: ReturnType<typeof watchPrecision>,
    percent: number,
    resultOf: (replication: number) => ReplicationResult | undefined,
  ) {
    this.#watch = watch;
    this.#percent = percent;
    this.#resultOf = resultOf;
  }

  /** So many replications are precise enough, and no fewer; undefined while that is not known. */
  get enough(): number | undefined {
    return this.#enough;
  }

  /** Looks at what is new. Answers whether it is known how many are enough. */
  look(): boolean {
    while (this.#enough === undefined) {
      const result = this.#resultOf(this.#next);
      if (result === undefined) return false;
      this.#watch.add(result);
      if (this.#watch.isPrecise(this.#percent)) this.#enough = this.#next;
      this.#next++;
    }
    return true;
  }
}
