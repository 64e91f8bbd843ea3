import { PairTable } from './pair-table.js';

/** Answers are kept as their number plus this, so that the zeros of a new table mean "not asked yet". */
const answerOffset = 4;

/**
 * Whole numbers from -3 by pairs of whole numbers from 0: each worked out when it is first asked for, and kept.
 *
 * All tables leave the working out to one call, which therefore has many targets and is never compiled into those who
 * ask. A look-up stays short enough to be compiled into its callers' loops.
 */
export class AnswerTable {
  readonly #kept: PairTable;
  readonly #workOut: (row: number, column: number) => number;

  /**
   * @param columns - Infinity: not known beforehand
   * @param workOut - asked once a pair; may ask for other pairs
   */
  constructor(rows: number, columns: number, workOut: (row: number, column: number) => number) {
    this.#kept = new PairTable(rows, columns);
    this.#workOut = workOut;
  }

  get(row: number, column: number): number {
    const kept = this.#kept.get(row, column);
    return kept !== 0 ? kept - answerOffset : this.#ask(row, column);
  }

  #ask(row: number, column: number): number {
    const workOut = this.#workOut;
    const answer = workOut(row, column);
    this.#kept.set(row, column, answer + answerOffset);
    return answer;
  }
}
