import { stringify } from 'csv-stringify/sync';
import { type Cell, type TableName, tableColumns } from '../../measure/index.js';

const options = {
  record_delimiter: 'unix',
  // A name like `=cmd()` is text to us, and a formula to a spreadsheet. Numbers are left as they are.
  escape_formulas: true,
} as const;

/** The first line of a table's file. */
export function csvHeader(table: TableName): string {
  return csvRows([tableColumns[table]]);
}

/** Rows as CSV, lines ended by LF; text is quoted where it must be, and made harmless for spreadsheets. */
export function csvRows(rows: readonly (readonly Cell[])[]): string {
  return stringify(rows as Cell[][], options);
}
