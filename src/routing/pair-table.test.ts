import { expect, test } from 'vitest';
import { PairTable } from './pair-table.js';

test.each([
  ['small, flat', 100, 100],
  ['large', 100_000, 100],
  ['of unknown width', 1_000, Number.POSITIVE_INFINITY],
])('a table %s gives back what was set, and 0 for what was not', (_what, rows, columns) => {
  const table = new PairTable(rows, columns);
  const expected = new Map<string, number>();
  const widest = Math.min(columns, 50_000_000);
  for (let n = 1; n <= 20_000; n++) {
    const row = (n * 7_919) % rows;
    const column = (n * 104_729) % widest;
    table.set(row, column, -n);
    expected.set(`${row} ${column}`, -n);
  }
  for (const [pair, value] of expected) {
    const [row, column] = pair.split(' ').map(Number);
    expect(table.get(row!, column!)).toBe(value);
  }
  const unset = [...Array(rows).keys()].find((row) => !expected.has(`${row} 1`))!;
  expect(table.get(unset, 1)).toBe(0);
});
