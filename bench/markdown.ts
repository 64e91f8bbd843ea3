import type { BenchResult } from './measure.js';

/** The results as a Markdown table, in columns that line up. */
export function markdownTable(results: readonly BenchResult[]): string {
  const header = ['bench', 'value', 'unit', 'range', 'workload, samples, machine'];
  const rows = results.map(({ name, value, unit, range, extra }) => [name, shown(value), unit, range, extra]);
  return table(header, rows, [1, 3]);
}

/**
 * A Markdown table in columns that line up.
 * @param numbers - the columns that are set to the right
 */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  numbers: readonly number[],
): string {
  const cells = [header, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = header.map((_, column) => Math.max(3, ...cells.map((row) => row[column]!.length)));
  const isNumber = (column: number) => numbers.includes(column);
  const line = (row: readonly string[]): string => {
    const padded = row.map((cell, i) => (isNumber(i) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)));
    return `| ${padded.join(' | ')} |\n`;
  };
  const rule = widths.map((width, i) => (isNumber(i) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
  return line(cells[0]!) + line(rule) + cells.slice(1).map(line).join('');
}

/** Four figures or more, with thousands set apart. */
export function shown(value: number): string {
  const digits = value >= 1000 ? 0 : Math.max(0, 3 - Math.floor(Math.log10(Math.max(value, 1e-6))));
  const [whole, fraction] = value.toFixed(digits).split('.');
  const grouped = whole!.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
