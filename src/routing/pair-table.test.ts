import { expect, test } from 'vitest';
import { PairTable } from './pair-table.js';

/** Pairs in all parts of a table, some of them more than once; most in the first row. */
function* pairs(rows: number, columns: number): Generator<[row: number, column: number]> {
  for (let n = 0; n < 8_000; n++) yield [(n * 7_919) % rows, (n * 104_729) % columns];
  for (let n = 0; n < 4_000; n++) yield [0, (n * 13) % Math.min(columns, 2_000)];
}

test.each([
  ['small, an array over all pairs', 100, 100, 100],
  ['large, its rows hashed', 100_000, 100, 100],
  ['large, one row grown from slot to slot to an array over all columns', 300, 20_000, 20_000],
  ['large, one row with all columns set', 3_000, 1_500, 1_500],
  ['of unknown width', 1_000, Number.POSITIVE_INFINITY, 50_000_000],
])('a table %s gives back what was set last, and 0 for what was not', (_what, rows, columns, widest) => {
  const table = new PairTable(rows, columns);
  const expected = new Map<number, number>();
  const wrong: string[] = [];
  const compare = (row: number, column: number) => {
    const found = table.get(row, column);
    const right = expected.get(row * widest + column) ?? 0;
    if (found !== right) wrong.push(`${row} ${column}: ${found}, not ${right}`);
  };
  let value = 0;
  for (const [row, column] of pairs(rows, widest)) {
    compare(row, column);
    table.set(row, column, --value);
    expected.set(row * widest + column, value);
  }
  for (const pair of expected.keys()) compare(Math.floor(pair / widest), pair % widest);
  for (let row = 0; row < rows; row += 1 + Math.floor(rows / 100)) {
    for (let column = 0; column < Math.min(widest, 3_000); column++) compare(row, column);
  }
  expect(wrong).toEqual([]);
});

test.each([
  ['of unknown width', Number.POSITIVE_INFINITY],
  ['whose rows become arrays over all columns', 1_500],
])('in a table %s what a row has grown out of is empty for the row that takes it', (_what, width) => {
  const table = new PairTable(3_000, width);
  const columns = Array.from({ length: 100 }, (_, n) => n * 13);
  for (const row of [0, 1, 2]) {
    for (const [place, column] of columns.entries()) {
      table.set(row, column, 1_000 * row + place + 1);
      const read = columns.map((each) => table.get(row, each));
      expect(read).toEqual(columns.map((_, other) => (other <= place ? 1_000 * row + other + 1 : 0)));
    }
  }
});
