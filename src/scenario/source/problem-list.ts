import type { Problem } from '../problem.js';
import type { ShapeProblem } from '../schema/issues.js';
import { type PathSegment, PathWriter } from './path.js';
import { type SourceTree, setOptionFile } from './source-tree.js';
import type { SourceProblem } from './yaml-source.js';

/** Collects everything wrong with (or doubtful about) a tree of input, each with its place. */
export class ProblemList {
  readonly #tree: SourceTree;
  readonly #paths = new PathWriter();
  readonly #entries: { readonly order: number; readonly problem: Problem }[] = [];

  constructor(tree: SourceTree) {
    this.#tree = tree;
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
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
    this.#entries.push({ order, problem });
  }

  /** In the order of the files, and of the places in them. */
  inFileOrder(): Problem[] {
    return this.#entries
      .sort(
        (a, b) => a.order - b.order || a.problem.line - b.problem.line || a.problem.column - b.problem.column,
      )
      .map(({ problem }) => problem);
  }

  #note(path: readonly PathSegment[], part: 'key' | 'value', message: string, hint: string | null): void {
    const { file, line, column, order, doubtful } = this.#tree.locate(path, part);
    if (doubtful) return;
    this.addElsewhere({ file, line, column, path: this.#spell(path), message, hint }, order);
  }

  #spell(path: readonly PathSegment[]): string {
    return this.#paths.write(this.#tree.value, path);
  }
}
