import { CsvError, parse } from 'csv-parse/sync';
import { type Problem, ScenarioError } from './problem.js';
import { PathWriter } from './source/path.js';
import { largestFileBytes, type Position, readYaml } from './source/yaml-source.js';

/** A value that a setting takes: as data, and as the text behind the equals sign of `--set`. */
export interface PlannedValue {
  readonly value: unknown;
  readonly text: string;
}

/** One `--vary <path>=<v1,v2,…>`, taken apart. */
export interface Variation {
  readonly path: string;
  /** At least one, no two the same. */
  readonly values: readonly PlannedValue[];
}

/** One point of a plan: what is set, by path. */
export interface PlannedPoint extends Position {
  readonly set: ReadonlyMap<string, PlannedValue>;
}

/** How problems call the option. */
export const variationFile = '--vary';

/**
 * Takes `--vary` texts apart: a path, and values in YAML with commas between them; commas in quotes, brackets and
 * braces belong to a value.
 * @throws ScenarioError for those that are none, that give a value twice, or a path that another one has
 */
export function readVariations(texts: readonly string[]): readonly Variation[] {
  const problems: Problem[] = [];
  const taken = new Set<string>();
  const variations = texts.map((text, index): Variation => {
    const parts = splitOutsideQuotes(text, '=', 2);
    const path = parts[0] ?? '';
    const note = (message: string, hint: string | null = null): void => {
      problems.push({ file: variationFile, line: index + 1, column: 1, path, message, hint });
    };
    if (parts.length < 2 || path === '') {
      note('expected `<path>=<v1,v2,…>`', 'such as `organization.siteLinks.BF.cost=10,20,40`');
      return { path, values: [] };
    }
    if (taken.has(path)) note('is varied twice', 'give all its values in one `--vary`');
    taken.add(path);
    const values = splitOutsideQuotes(parts[1]!, ',').map((each): PlannedValue => {
      const trimmed = each.trim();
      if (trimmed === '') note('a value is missing', 'values have commas between them: `10,20,40`');
      const { value, problems: found } = readYaml(trimmed, 'value');
      for (const { message, hint } of found) note(message, hint);
      return { value, text: trimmed };
    });
    const seen = new Set<string>();
    for (const { value, text: each } of values) {
      const key = JSON.stringify(value ?? null);
      if (seen.has(key)) note(`has the value ${each} twice`);
      seen.add(key);
    }
    return { path, values };
  });
  if (problems.length > 0) throw new ScenarioError(problems);
  return variations;
}

/**
 * Decodes a plan of settings: CSV (a file whose name ends in `.csv`: paths in the header, a row a point) or YAML and JSON
 * (a list of mappings from paths to values). Nothing is said of whether the paths lead anywhere.
 * @param file - how problems call it
 * @throws ScenarioError with what is wrong
 */
export function decodePlan(content: Uint8Array, file: string): readonly PlannedPoint[] {
  const points = /\.csv$/i.test(file) ? readCsvPlan(content, file) : readYamlPlan(content, file);
  const places = new Map<string, number>();
  const problems: Problem[] = [];
  if (points.length === 0) problems.push(problemAt(file, { line: 1, column: 1 }, 'there is no point in it'));
  for (const point of points) {
    const key = JSON.stringify([...point.set].map(([path, { value }]) => [path, value ?? null]).sort(byPath));
    const earlier = places.get(key);
    if (earlier !== undefined)
      problems.push(problemAt(file, point, `is the same point as that of line ${earlier}`));
    places.set(key, point.line);
  }
  if (problems.length > 0) throw new ScenarioError(problems);
  return points;
}

function byPath([a]: readonly unknown[], [b]: readonly unknown[]): number {
  return String(a) < String(b) ? -1 : 1;
}

function problemAt(file: string, { line, column }: Position, message: string, path = ''): Problem {
  return { file, line, column, path, message, hint: null };
}

function readYamlPlan(content: Uint8Array, file: string): PlannedPoint[] {
  const source = readYaml(content);
  const { value, problems } = source;
  if (problems.length > 0) {
    const paths = new PathWriter();
    throw new ScenarioError(
      problems.map(({ path, ...problem }) => ({ ...problem, file, path: paths.write(value, path) })),
    );
  }
  if (!Array.isArray(value)) {
    throw new ScenarioError([
      {
        ...problemAt(file, source.locate([], 'value'), 'expected a list of points'),
        hint: 'a point is a mapping: `- { organization.siteLinks.BF.cost: 20 }`',
      },
    ]);
  }
  const wrong: Problem[] = [];
  const points = value.map((point: unknown, index): PlannedPoint => {
    const place = source.locate([index], 'value');
    if (typeof point !== 'object' || point === null || Array.isArray(point)) {
      wrong.push(problemAt(file, place, 'expected a mapping from paths to values', String(index)));
      return { ...place, set: new Map() };
    }
    const entries = Object.entries(point as Record<string, unknown>);
    return {
      ...place,
      set: new Map(
        entries.map(([path, each]) => [path, { value: each, text: JSON.stringify(each ?? null) }]),
      ),
    };
  });
  if (wrong.length > 0) throw new ScenarioError(wrong);
  return points;
}

function readCsvPlan(content: Uint8Array, file: string): PlannedPoint[] {
  const fail = (line: number, message: string): never => {
    throw new ScenarioError([problemAt(file, { line, column: 1 }, message)]);
  };
  if (content.length > largestFileBytes) fail(1, 'expected a file of at most 8 MiB');
  const rows: { readonly record: readonly string[]; readonly line: number }[] = [];
  const keep = (record: readonly string[], { lines }: { readonly lines: number }): null => {
    rows.push({ record, line: lines });
    return null;
  };
  try {
    parse(Buffer.from(content), { bom: true, skip_empty_lines: true, on_record: keep });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return fail(Number(error['lines'] ?? 1), `expected CSV: ${error.message}`);
  }
  const [header, ...body] = rows;
  const paths = header?.record.map((each) => each.trim()) ?? [];
  const twice = paths.find((path, index) => paths.indexOf(path) !== index);
  if (paths.includes('')) fail(1, 'a path is missing in the header');
  if (twice !== undefined) fail(1, `the header names ${JSON.stringify(twice)} twice`);
  return body.map(({ record, line }) => ({
    line,
    column: 1,
    set: new Map(
      paths.map((path, index): [string, PlannedValue] => {
        const text = record[index]!.trim();
        const { value, problems } = readYaml(text, 'value');
        if (problems.length > 0) fail(line, `${path}: ${problems[0]!.message}`);
        return [path, { value: value ?? null, text }];
      }),
    ),
  }));
}

/**
 * Splits a text at a character that stands outside quotes, brackets and braces.
 * @param most - parts; the last one holds the rest
 */
function splitOutsideQuotes(text: string, at: string, most = Number.POSITIVE_INFINITY): string[] {
  const parts: string[] = [];
  let begin = 0;
  let depth = 0;
  let quote = '';
  for (let index = 0; index < text.length && parts.length + 1 < most; index++) {
    const character = text[index]!;
    if (quote !== '') {
      if (character === '\\' && quote === '"') index++;
      else if (character === quote) quote = '';
      continue;
    }
    // An apostrophe within a word is one.
    if (character === '"' || (character === "'" && /^\s*$/.test(text.slice(begin, index)))) quote = character;
    else if ('[{'.includes(character)) depth++;
    else if (']}'.includes(character)) depth--;
    else if (character === at && depth <= 0) {
      parts.push(text.slice(begin, index));
      begin = index + 1;
    }
  }
  return [...parts, text.slice(begin)];
}
