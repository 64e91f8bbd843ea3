import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** What rule ids begin with. */
const numbered = [
  ...['RT', 'SR', 'AS', 'CN', 'RR', 'MW', 'QU', 'MI', 'NDR', 'MD', 'SH', 'SN', 'BP', 'SZ', 'LG', 'ES', 'IV'],
  ...['DC', 'UN', 'FR', 'WE', 'CAP', 'WL', 'WHATIF'],
];
/** Sections that are cited as a whole, besides those of numbered rules. */
const whole = ['AM', 'DS', 'HA', 'MF', 'MR', 'MT', 'NP', 'PL', 'PQ', 'RS', 'TH'];

const numberedId = `(?:${numbered.join('|')})-\\d{2}`;
const anyId = `(?:${numberedId}|${[...numbered, ...whole].join('|')})`;

/** A file and what stands in it. */
export interface SourceFile {
  /** Below the folder asked for. */
  readonly path: string;
  readonly text: string;
}

/** All TypeScript files of a folder and its folders. */
export function sourceFiles(folder: string): readonly SourceFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') }));
}

/**
 * The rules that a text cites, each once: every numbered id, wherever it stands (of `RT-23b` the `RT-23`), and sections
 * without a number where a whole string is made of ids: `'DS'`, `'MI, CAP-65'`.
 */
export function citedRules(text: string): readonly string[] {
  const single = text.match(new RegExp(`\\b${numberedId}(?!\\d)`, 'g')) ?? [];
  const lists = text.match(new RegExp(`(?<=(['"\`]))${anyId}(?:, ${anyId})*(?=\\1)`, 'g')) ?? [];
  return [...new Set([...single, ...lists.flatMap((list) => list.split(', '))])];
}

/**
 * The rules that the title of a test leads with: `RT-31: …`, `RT-38, RT-39: …`, `RT-37 to RT-41: …`, `DS 5.2.3: …`.
 * None for a title that names rules later on only.
 */
export function leadingRules(title: string): readonly string[] {
  const head = new RegExp(`^${anyId}[a-z]?(?:(?:,| and| to) ${anyId}[a-z]?)*(?= [\\d.]+:|:)`).exec(
    title,
  )?.[0];
  if (head === undefined) return [];
  return head.split(/, | and /).flatMap((part) => {
    const [first = '', last] = part.split(' to ').map((id) => id.replace(/(?<=\d)[a-z]$/, ''));
    return last === undefined ? [first] : range(first, last);
  });
}

function range(first: string, last: string): readonly string[] {
  const [prefix, from] = first.split('-');
  const [, to] = last.split('-');
  return Array.from(
    { length: Number(to) - Number(from) + 1 },
    (_, n) => `${prefix}-${String(Number(from) + n).padStart(2, '0')}`,
  );
}

/**
 * The titles of all tests in a file, as they are written: of a template the part before its first place; where a title
 * of `test.each` begins with `%s`, the first text of each row that stands there. Tests that are skipped have none.
 */
export function testTitles({ path, text }: SourceFile): readonly string[] {
  const titles: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) titles.push(...titlesOfCall(node));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest));
  return titles;
}

function titlesOfCall({ expression, arguments: [first] }: ts.CallExpression): readonly string[] {
  const title = first === undefined ? undefined : beginningOf(first);
  if (title === undefined) return [];
  if (isTest(expression)) return [title];
  // `test.each(rows)(title, …)`
  if (!ts.isCallExpression(expression) || !ts.isPropertyAccessExpression(expression.expression)) return [];
  const { expression: callee, name } = expression.expression;
  if (!isTest(callee) || (name.text !== 'each' && name.text !== 'for')) return [];
  return title.startsWith('%s') ? firstTexts(expression.arguments[0]) : [title];
}

function isTest(node: ts.Node): boolean {
  return ts.isIdentifier(node) && (node.text === 'test' || node.text === 'it');
}

function beginningOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  return ts.isTemplateExpression(node) ? node.head.text : undefined;
}

function firstTexts(rows: ts.Node | undefined): readonly string[] {
  if (rows === undefined || !ts.isArrayLiteralExpression(rows)) return [];
  return rows.elements.flatMap((row) => {
    const first = ts.isArrayLiteralExpression(row) ? row.elements[0] : row;
    const title = first === undefined ? undefined : beginningOf(first);
    // A row holds the id alone; the colon is the title's.
    return title === undefined ? [] : [title.includes(':') ? title : `${title}:`];
  });
}
