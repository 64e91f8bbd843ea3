import type { Problem } from '../problem.js';
import type { ShapeProblem } from '../schema/issues.js';
import { type PathSegment, PathWriter } from './path.js';
import { type SourceTree, setOptionFile } from './source-tree.js';
import type { SourceProblem } from './yaml-source.js';

/** Problems that are reported; of what is more, only the number. */
export const mostReported = 1_000;
/** Problems that are kept, of which the first in the order of the files are reported. */
const mostKept = 20 * mostReported;

/** Takes what is wrong with the values of a tree. */
export type ProblemSink = Pick<ProblemList, 'add' | 'addShape'>;

/** Collects everything wrong with (or doubtful about) a tree of input, each with its place. */
export class ProblemList {
  readonly #tree: SourceTree;
  readonly #paths = new PathWriter();
  readonly #entries: { readonly order: number; readonly problem: Problem }[] = [];
  #count = 0;

  constructor(tree: SourceTree) {
    this.#tree = tree;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** How many there are. */
  get count(): number {
    return this.#count;
  }

  /** True of what a `--set` put where it is. */
  isSetByOption(path: readonly PathSegment[]): boolean {
    return this.#tree.locate(path, 'value').file === setOptionFile;
  }

  /** Notes a problem of the value at a path of the tree. */
  add(path: readonly PathSegment[], message: string, hint: string | null = null): void {
    this.#note(path, 'value', message, hint);
  }

  /** Notes what a schema found, unless it only follows from the text's not being YAML. */
  addShape(base: readonly PathSegment[], { path, kind, message, hint }: ShapeProblem): void {
    if (kind === 'missing' && this.#tree.broken) return;
    this.#note([...base, ...path], kind === 'unknown-key' ? 'key' : 'value', message, hint);
  }

  /** Notes what kept a text from being sound YAML; `base` is where its data hangs in the tree. */
  addSource(base: readonly PathSegment[], file: string, order: number, problem: SourceProblem): void {
    const { line, column, path, message, hint } = problem;
    this.addElsewhere({ file, line, column, path: this.#spell([...base, ...path]), message, hint }, order);
  }

  /** Notes a problem whose place is not in the tree; `order` counts files. */
  addElsewhere(problem: Problem, order = Number.MAX_SAFE_INTEGER): void {
    this.#count++;
    if (this.#isFull) return;
    this.#entries.push({ order, problem });
  }

  get #isFull(): boolean {
    return this.#entries.length >= mostKept;
  }

  /** In the order of the files, and of the places in them; at most `mostReported`, and how many more there are. */
  inFileOrder(): Problem[] {
    const shown = this.#entries
      .sort(
        (a, b) => a.order - b.order || a.problem.line - b.problem.line || a.problem.column - b.problem.column,
      )
      .slice(0, mostReported)
      .map(({ problem }) => problem);
    const last = shown.at(-1);
    const more = this.#count - shown.length;
    if (last === undefined || more === 0) return shown;
    return [...shown, { ...last, path: '', message: `… and ${more} more`, hint: null }];
  }

  #note(path: readonly PathSegment[], part: 'key' | 'value', message: string, hint: string | null): void {
    const { file, line, column, order, doubtful } = this.#tree.locate(path, part);
    if (doubtful) return;
    if (this.#isFull) {
      this.#count++;
      return;
    }
    this.addElsewhere({ file, line, column, path: this.#spell(path), message, hint }, order);
  }

  #spell(path: readonly PathSegment[]): string {
    return this.#paths.write(this.#tree.value, path);
  }
}
