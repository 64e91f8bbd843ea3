import { CsvError, parse } from 'csv-parse/sync';
import { hintAt } from '../../topology/index.js';
import type { Decoding } from '../decoding.js';
import { describeValue } from '../schema/issues.js';
import { isAnyAddress, isSmtpAddress } from '../schema/leaves.js';
import { childOf } from '../source/path.js';
import { parseIsoTime } from '../units.js';
import { largestMessageBytes } from './message-size.js';
import type { ReplayMessage } from './replay.js';

const columns = ['time', 'from', 'to', 'size_bytes'] as const;
type Column = (typeof columns)[number];

/** A file of nothing but errors gets a readable answer. */
const mostRowProblems = 100;

interface Row {
  readonly record: readonly string[];
  readonly raw: string;
  /** Of its first line. */
  readonly line: number;
}

/**
 * Reads the messages of a replay file: CSV with a header and the columns `time` (ISO, or ms since the start), `from`,
 * `to` (addresses separated by spaces) and `size_bytes`, in any order. What is wrong is noted, row by row.
 */
export function readReplayTable(
  file: { readonly name: string; readonly content: Uint8Array },
  decoding: Decoding,
): ReplayMessage[] {
  return new ReplayTable(file.name, decoding).read(file.content);
}

class ReplayTable {
  readonly #file: string;
  readonly #decoding: Decoding;
  #problems = 0;

  constructor(file: string, decoding: Decoding) {
    this.#file = file;
    this.#decoding = decoding;
  }

  read(content: Uint8Array): ReplayMessage[] {
    const [header, ...rows] = this.#split(content);
    const places = this.#placesOf(header);
    if (places === undefined) return [];
    const messages = rows.flatMap((row) => this.#message(row, places) ?? []);
    const untold = this.#problems - mostRowProblems;
    if (untold > 0) {
      const last = { file: this.#file, line: rows.at(-1)?.line ?? 1, column: 1, path: '', hint: null };
      this.#decoding.problemElsewhere({ ...last, message: `there are ${untold} more problems in this file` });
    }
    return messages;
  }

  #split(content: Uint8Array): Row[] {
    const rows: Row[] = [];
    const keep = (row: unknown, { lines, raw = '' }: { lines: number; raw?: string | undefined }): null => {
      const text = raw.replace(/^[\r\n]+|[\r\n]+$/g, '');
      // With `info` and `raw` a row comes wrapped. A field in quotes may hold line ends; `lines` counts to the last.
      rows.push({
        record: childOf(row, 'record') as string[],
        raw: text,
        line: lines - (text.split('\n').length - 1),
      });
      return null;
    };
    try {
      parse(Buffer.from(content.buffer, content.byteOffset, content.byteLength), {
        bom: true,
        info: true,
        raw: true,
        relax_column_count: true,
        skip_empty_lines: true,
        on_record: keep,
      });
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      this.#note(Number(error['lines'] ?? 1), 1, '', `this is not CSV: ${error.message}`);
    }
    return rows;
  }

  /** The index of each column; undefined, noted, where the header does not name each of them once. */
  #placesOf(header: Row | undefined): Readonly<Record<Column, number>> | undefined {
    const names = header?.record.map((name) => name.trim().toLowerCase()) ?? [];
    const before = this.#problems;
    for (const [index, name] of names.entries()) {
      if (!(columns as readonly string[]).includes(name)) {
        this.#note(
          1,
          columnOf(header!, index),
          name,
          `unknown column ${JSON.stringify(name)}`,
          hintAt(name, columns),
        );
      } else if (names.indexOf(name) !== index) {
        this.#note(
          1,
          columnOf(header!, index),
          name,
          `the column ${JSON.stringify(name)} is here a second time`,
        );
      }
    }
    for (const name of columns) {
      if (!names.includes(name)) this.#note(1, 1, name, `the column ${JSON.stringify(name)} is missing`);
    }
    if (this.#problems > before) return undefined;
    return {
      time: names.indexOf('time'),
      from: names.indexOf('from'),
      to: names.indexOf('to'),
      size_bytes: names.indexOf('size_bytes'),
    };
  }

  #message(row: Row, places: Readonly<Record<Column, number>>): ReplayMessage | undefined {
    const before = this.#problems;
    const text = (column: Column): string => row.record[places[column]]?.trim() ?? '';
    const wrong = (column: Column, expected: string): void =>
      this.#note(
        row.line,
        columnOf(row, places[column]),
        column,
        `expected ${expected}, got ${describeValue(text(column) === '' ? undefined : text(column))}`,
      );
    // An unquoted comma in a field shifts all that follow it.
    const given = row.record.length;
    if (given > columns.length) {
      const message = `expected ${columns.length} fields, got ${given}`;
      this.#note(
        row.line,
        columnOf(row, columns.length),
        '',
        message,
        'a field with a comma stands in double quotes',
      );
      return undefined;
    }
    const atMs = this.#timeMs(text('time'));
    if (typeof atMs === 'string') wrong('time', atMs);
    const from = text('from');
    if (!isSmtpAddress(from)) wrong('from', 'an address');
    const to = text('to').split(/\s+/);
    if (!to.every(isAnyAddress)) wrong('to', 'one or more addresses, separated by spaces');
    const sizeBytes = /^\d+$/.test(text('size_bytes')) ? Number(text('size_bytes')) : Number.NaN;
    if (!(sizeBytes >= 1 && sizeBytes <= largestMessageBytes)) {
      wrong('size_bytes', `a number of bytes from 1 to ${largestMessageBytes}`);
    }
    return this.#problems > before || typeof atMs === 'string' ? undefined : { atMs, from, to, sizeBytes };
  }

  /** A time in ms since the scenario's start, or what would have been one. */
  #timeMs(text: string): number | string {
    const { startUtcMs, startHasDay } = this.#decoding.window;
    if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
    const utcMs = parseIsoTime(text);
    if (utcMs === undefined) return 'an ISO time (`2024-04-02T06:00:00Z`) or ms since the start';
    if (!startHasDay) return "ms since the start, since the scenario's start names no day";
    if (utcMs < startUtcMs) return "a time that is not before the scenario's start";
    return utcMs - startUtcMs;
  }

  #note(line: number, column: number, path: string, message: string, hint: string | null = null): void {
    this.#problems++;
    if (this.#problems > mostRowProblems) return;
    this.#decoding.problemElsewhere({ file: this.#file, line, column, path, message, hint });
  }
}

/** Where a row's field begins, from 1. */
function columnOf({ raw }: Row, field: number): number {
  let quoted = false;
  let fields = 0;
  for (const [index, character] of [...raw].entries()) {
    if (fields === field) return index + 1;
    if (character === '"') quoted = !quoted;
    else if (character === ',' && !quoted) fields++;
  }
  return fields === field ? raw.length + 1 : 1;
}
