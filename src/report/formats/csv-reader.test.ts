import { expect, test } from 'vitest';
import { csvRows } from './csv.js';
import { CsvReader } from './csv-reader.js';

function readInChunks(text: string, size: number): (readonly string[])[] {
  const rows: (readonly string[])[] = [];
  const reader = new CsvReader((cells) => rows.push(cells));
  for (let at = 0; at < text.length; at += size) reader.push(text.slice(at, at + size));
  reader.end();
  return rows;
}

const rows = [
  ['replication', 'server', 'text'],
  ['1', 'B1', ''],
  ['1', '=cmd()', '550 "quoted", with a comma'],
  ['2', "it's", 'two\nlines'],
  ['3', '<script>alert(1)</script>', '""'],
  ['4', '', '-'],
];

test.each([1, 2, 3, 7, 10_000])('what was written comes back, in chunks of %i characters', (size) => {
  expect(readInChunks(csvRows(rows), size)).toEqual(rows);
});

test('the row that a killed run was writing is left out', () => {
  expect(readInChunks('a,b\n1,2\n3,', 4)).toEqual([
    ['a', 'b'],
    ['1', '2'],
  ]);
});

test('a file without line ends is refused before it fills the memory', () => {
  const reader = new CsvReader(() => {});
  expect(() => reader.push('x'.repeat(1_000_001))).toThrow('this is no table of a result');
});
