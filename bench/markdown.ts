import type { BenchResult } from './measure.js';

/** The results as a Markdown table, in columns that line up. */
export function markdownTable(results: readonly BenchResult[]): string {
  const rows = [
    ['bench', 'value', 'unit', 'range', 'workload, samples, machine'],
    ...results.map(({ name, value, unit, range, extra }) => [name, shown(value), unit, range, extra]),
  ].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const isNumber = (column: number) => column === 1 || column === 3;
  const line = (row: readonly string[]): string => {
    const cells = row.map((cell, i) => (isNumber(i) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)));
    return `| ${cells.join(' | ')} |\n`;
  };
  const rule = widths.map((width, i) => (isNumber(i) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
  return line(rows[0]!) + line(rule) + rows.slice(1).map(line).join('');
}

/** Four figures or more, with thousands set apart. */
function shown(value: number): string {
  const digits = value >= 1000 ? 0 : Math.max(0, 3 - Math.floor(Math.log10(Math.max(value, 1e-6))));
  const [whole, fraction] = value.toFixed(digits).split('.');
  const grouped = whole!.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
