/** A suite made ready: what is timed, and whether it does what it should. */
export interface PreparedSuite {
  /** What one call of `run` does, in operations of the suite. For `ms` it is for information only. */
  readonly operations: number;
  /** The work that is timed; called many times over. */
  readonly run: () => void | Promise<void>;
  /** Whether `run` gives a promise, which is then part of what is timed. */
  readonly isAsync?: boolean;
  /** Of a run that takes long: so many are timed, after the first. Else it goes by time. */
  readonly samples?: number;
  /**
   * The answer check, asked after the first run and after the last.
   * @returns what is wrong with the answer, or undefined if it is right
   */
  readonly check: () => string | undefined;
  /** What else a result is to say, asked once when all is measured and checked. */
  readonly remark?: () => string;
}

/** A suite that has its figure by itself: a weight, or the time of another process. */
export interface PreparedWeighing {
  /** The figure, in the suite's unit; called a few times over. */
  readonly weigh: () => number | Promise<number>;
  /** As in `PreparedSuite`. */
  readonly check: () => string | undefined;
}

/**
 * One benchmark: a workload with a known answer.
 * - `ops/s`: operations in a second, larger is better
 * - `ms`: time of one run, smaller is better
 * - `bytes`: smaller is better
 *
 * `setup` is not timed. With `quick` it takes less of the workload, enough for an answer that can be checked.
 */
export type Suite = {
  /** The workload in words: what is done, how much of it, and what the answer must be. */
  readonly workload: string;
} & (
  | {
      readonly unit: 'ops/s' | 'ms';
      readonly setup: (quick: boolean) => PreparedSuite | Promise<PreparedSuite>;
    }
  | {
      readonly unit: 'bytes' | 'ms';
      readonly setup: (quick: boolean) => PreparedWeighing | Promise<PreparedWeighing>;
    }
);
