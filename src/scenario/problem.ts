import { plainLine } from '../topology/index.js';

/** One thing wrong with an input file: where it stands, what was expected, and what would do. */
export interface Problem {
  /** The file as the user named it, or `--set`. */
  readonly file: string;
  /** From 1; for `--set`, the how manieth of them. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** Dotted, from the file's root: lists are entered by an element's name, or its index. Empty: the whole file. */
  readonly path: string;
  readonly message: string;
  readonly hint: string | null;
}

/** Bad input: every problem at once, in the order in which they stand in the files. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
  readonly problems: readonly Problem[];
  /** What is doubtful besides, in the same order; does not count as a problem. */
  readonly warnings: readonly Problem[];

  constructor(problems: readonly Problem[], warnings: readonly Problem[] = []) {
    super(problems.map(formatProblem).join('\n'));
    this.problems = problems;
    this.warnings = warnings;
  }
}

/** `file:line:column path: message (hint)` in one line that is safe to show: names and texts are those of others. */
export function formatProblem({ file, line, column, path, message, hint }: Problem): string {
  const place = `${file}:${line}:${column}${path === '' ? '' : ` ${path}`}`;
  return plainLine(`${place}: ${message}${hint === null ? '' : ` (${hint})`}`);
}
