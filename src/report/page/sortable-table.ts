import { formatCount } from '../formats/quantities.js';
import { html, type Markup, nothing } from './html-text.js';

/** A figure as it is shown, with the number that it is sorted by. */
export interface Figure {
  readonly shown: string;
  readonly value: number;
}

export type TableCell = string | Figure;

export interface TableColumn {
  readonly title: string;
  /** Figures stand to the right, and are sorted from the top first. */
  readonly figures?: true;
}

/** More rows than that nobody reads; the files of the result have them all. */
const mostRows = 150;

/** Characters of a cell from which on it may break into lines. */
const longCell = 48;

/**
 * What may be wider or longer than its place scrolls in it, by keys, too.
 * @param name - for those who do not see it
 */
export function scrolling(name: string, content: Markup, classes = ''): Markup {
  return html`<div class="scroll${classes}" role="region" aria-label="${name}" tabindex="0">${content}</div>`;
}

/**
 * A table whose head sorts it. Of many rows the first ones.
 * @param rows - as they are to stand at first, the most important on top
 * @param name - what it is a table of, for those who do not see where it stands
 * @param file - which has all rows
 * @param sortedBy - the column by which they are, from the top; undefined: by none
 */
export function sortableTable(
  name: string,
  columns: readonly TableColumn[],
  rows: readonly (readonly TableCell[])[],
  file: string,
  sortedBy?: number,
): Markup {
  if (rows.length === 0) return nothing;
  const note =
    rows.length > mostRows
      ? html`<p class="note">The first ${formatCount(mostRows)} of ${formatCount(rows.length)}; <code>${file}</code> has all.</p>`
      : nothing;
  const table = html`<table class="sorts"><thead><tr>${columns.map(
    ({ title, figures }, index) =>
      html`<th scope="col"${figures ? html` class="n"` : ''}${
        index === sortedBy ? html` aria-sort="${figures ? 'descending' : 'ascending'}"` : ''
      }><button type="button">${title}</button></th>`,
  )}</tr></thead><tbody>
${rows.slice(0, mostRows).map((row) => html`<tr>${row.map(tableCell)}</tr>\n`)}</tbody></table>`;
  return html`${scrolling(name, table, ' tall')}${note}`;
}

/** A table without a head to sort by: of each row its name, a figure, and what it counts. */
export function plainTable(name: string, rows: readonly (readonly [string, string, string])[]): Markup {
  const lines = rows.map(
    ([head, figure, what]) =>
      html`<tr><th scope="row">${head}</th><td class="n">${figure}</td><td>${what}</td></tr>`,
  );
  return scrolling(name, html`<table><tbody>${lines}</tbody></table>`);
}

function tableCell(cell: TableCell): Markup {
  if (typeof cell === 'string')
    return cell.length > longCell ? html`<td class="long">${cell}</td>` : html`<td>${cell}</td>`;
  const { shown, value } = cell;
  // What is shown may be the number itself.
  const same = Number(shown.replaceAll(',', '')) === value;
  return html`<td class="n"${same ? '' : html` data-v="${String(Number(value.toPrecision(6)))}"`}>${shown}</td>`;
}
