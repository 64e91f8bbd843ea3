import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shareOf } from '../../tests/random-share.js';
import { AnswerTable } from './answer-table.js';

/** The smallest answer there may be, those around 0, and the largest. */
const edges = [-3, -2, -1, 0, 1, 2 ** 31 - 5];
const largest = 2 ** 20;

/** What a pair's answer follows from: two pairs that come before it, if there are any. */
function before(row: number, column: number): readonly (readonly [row: number, column: number])[] {
  if (row + column === 0 || (row * 7 + column) % 5 === 0) return [];
  const up = Math.floor(row / 2);
  const left = Math.floor(column / 3);
  return [
    [up, column === 0 ? 0 : column - 1],
    [row === 0 ? 0 : row - 1, left],
  ];
}

function combine(row: number, column: number, answers: readonly number[]): number {
  const mixed = answers.reduce((sum, answer) => (sum * 31 + answer) % largest, row * 131 + column * 17);
  return mixed % 4 === 0 ? edges[(row + column) % edges.length]! : (mixed % 2_000) - 3;
}

/** The clear version of a table: a map of what is known, by the text of the pair. */
class ClearAnswers {
  readonly #known = new Map<string, number>();
  readonly #workOut: (row: number, column: number) => number;

  constructor(workOut: (row: number, column: number) => number) {
    this.#workOut = workOut;
  }

  get(row: number, column: number): number {
    const pair = `${row} ${column}`;
    if (!this.#known.has(pair)) this.#known.set(pair, this.#workOut(row, column));
    return this.#known.get(pair)!;
  }
}

type Answers = Pick<AnswerTable, 'get'>;

/** Answers that follow from others; `asked` are the pairs that were worked out, in the order of their ends. */
function answersOf(open: (workOut: (row: number, column: number) => number) => Answers) {
  const asked: string[] = [];
  const answers: Answers = open((row, column) => {
    const others = before(row, column).map(([r, c]) => answers.get(r, c));
    asked.push(`${row} ${column}`);
    return combine(row, column, others);
  });
  return { answers, asked };
}

const question = fc.tuple(fc.nat(10_000), fc.oneof(fc.nat(12), fc.nat(400), fc.nat(1_000_000)));

test.each([
  ['small', 60, 50, 50],
  ['large, its rows hashed', 4_000, 2_000, 2_000],
  ['of unknown width', 300, Number.POSITIVE_INFINITY, 100_000],
])(
  'a table %s gives the answers of a map, works out each pair once and in the same order, asked for on the way or not',
  (_, rows, columns, widest) => {
    fc.assert(
      fc.property(fc.array(question, { minLength: 20, maxLength: 120, size: 'max' }), (questions) => {
        const tuned = answersOf((workOut) => new AnswerTable(rows, columns, workOut));
        const clear = answersOf((workOut) => new ClearAnswers(workOut));
        for (const [row, column] of questions) {
          const pair = [row % rows, column % widest] as const;
          expect(tuned.answers.get(...pair)).toBe(clear.answers.get(...pair));
        }
        expect(tuned.asked).toEqual(clear.asked);
        expect(new Set(tuned.asked).size).toBe(tuned.asked.length);
      }),
      { seed: 1, numRuns: shareOf(40) },
    );
  },
);

test('each answer at an edge is kept: it is worked out once, however often it is asked for', () => {
  for (const edge of edges) {
    let times = 0;
    const table = new AnswerTable(10, 10, () => {
      times++;
      return edge;
    });
    for (let each = 0; each < 3; each++) expect(table.get(4, 7)).toBe(edge);
    expect(times).toBe(1);
  }
});
