/**
 * Takes a table of a result apart again, however long it is: the inverse of `csvRows`, chunk by chunk. The quote that
 * keeps a spreadsheet from reading `=cmd()` as a formula is taken off again.
 */
export class CsvReader {
  readonly #onRow: (cells: readonly string[]) => void;
  #rest = '';
  /** Of `#rest`, what has been looked through, and whether that ended inside quotes. */
  #scanned = 0;
  #quoted = false;

  /** @param onRow - takes each row, the header first */
  constructor(onRow: (cells: readonly string[]) => void) {
    this.#onRow = onRow;
  }

  push(chunk: string): void {
    const text = this.#rest + chunk;
    let start = 0;
    let at = this.#scanned;
    let quote = text.indexOf('"', at);
    while (at < text.length) {
      const end = text.indexOf('\n', at);
      const stop = end === -1 ? text.length : end;
      for (; quote !== -1 && quote < stop; quote = text.indexOf('"', quote + 1)) this.#quoted = !this.#quoted;
      at = stop;
      if (end === -1) break;
      at = end + 1;
      if (this.#quoted) continue;
      if (end > start) this.#onRow(cellsOf(text.slice(start, end)));
      start = at;
    }
    this.#rest = text.slice(start);
    this.#scanned = at - start;
    if (this.#rest.length > longestRow) {
      throw new RangeError(`a row is longer than ${longestRow} characters: this is no table of a result`);
    }
  }

  /** The file is at its end; a last row without a line end was cut off, and is left out. */
  end(): void {
    this.#rest = '';
  }
}

const longestRow = 1_000_000;

function cellsOf(line: string): readonly string[] {
  if (!line.includes('"')) return line.includes("'") ? line.split(',').map(withoutEscape) : line.split(',');
  const cells: string[] = [];
  let at = 0;
  while (at <= line.length) {
    if (line[at] === '"') {
      let end = at + 1;
      while (end < line.length && (line[end] !== '"' || line[end + 1] === '"'))
        end += line[end] === '"' ? 2 : 1;
      cells.push(withoutEscape(line.slice(at + 1, end).replaceAll('""', '"')));
      at = end + 2;
    } else {
      const comma = line.indexOf(',', at);
      const end = comma === -1 ? line.length : comma;
      cells.push(withoutEscape(line.slice(at, end)));
      at = end + 1;
    }
  }
  return cells;
}

function withoutEscape(cell: string): string {
  return /^'[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/.test(cell) ? cell.slice(1) : cell;
}
