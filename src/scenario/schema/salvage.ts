import type { z } from 'zod';
import type { PathSegment } from '../source/path.js';
import { childOf, nameOf, valueAt } from '../source/path.js';
import { explainIssues, type ShapeProblem } from './issues.js';

/** What is left of a value when everything that has the wrong shape is cut out of it. */
export interface Salvaged<T> {
  /** Undefined when nothing is left. */
  readonly value: T | undefined;
  /** Every shape problem of the whole value. */
  readonly problems: readonly ShapeProblem[];
  /** Elements of lists that were cut out: the path of the list, and the element's `name` or `address`. */
  readonly cut: readonly { readonly list: readonly PathSegment[]; readonly name: string | undefined }[];
  /** The path in the file of a path in `value`, whose lists may be shorter. */
  originalPath(path: readonly PathSegment[]): PathSegment[];
}

/** Keys whose value others depend on: without it the element would give rise to problems that it does not have. */
const decisiveKeys = new Set([
  ...['version', 'roles', 'count', 'kind'],
  // Of which an element needs exactly one.
  ...['profile', 'sentPerDay', 'messagesPerSecond', 'perMailboxPerDay', 'at', 'database', 'nextHopDomain'],
  ...['below', 'at-most', 'above', 'at-least', 'equals'],
]);

/** Each pass cuts at least one thing; more passes than levels are never needed. */
const mostPasses = 64;

/**
 * Parses a value; where it fails, cuts out what is wrong and parses again, so that what is sound can be checked
 * further and all problems are found at once. An unknown key, or one that is not built, loses only itself; a wrong
 * value loses its key where that has a default, else the element of the list it is in.
 * @param replacements - for keys of the root that cannot be missing, what to go on with
 */
export function parseWhatIsSound<S extends z.ZodType>(
  schema: S,
  root: unknown,
  replacements: Readonly<Record<string, unknown>>,
): Salvaged<z.output<S>> {
  const first = parse(schema, root);
  if (first === undefined)
    return { value: undefined, problems: [tooMuch], cut: [], originalPath: (path) => [...path] };
  if (first.success) {
    return { value: first.data, problems: [], cut: [], originalPath: (path) => [...path] };
  }
  const problems = explainIssues(root, first.error.issues);
  const above = new Set<string>();
  for (const { path } of problems) addPathsAbove(path, above);
  const pruning = new Pruning(root, replacements);
  let remaining = problems;
  for (let pass = 0; pass < mostPasses; pass++) {
    for (const problem of remaining) pruning.cutOut(problem);
    pruning.finishPass();
    const parsed = parse(schema, pruning.root);
    if (parsed === undefined) break;
    if (parsed.success) {
      return {
        value: parsed.data,
        problems,
        cut: pruning.cut,
        originalPath: (path) => pruning.originalPath(path),
      };
    }
    remaining = explainIssues(pruning.root, parsed.error.issues);
    // What is missing now was cut out, or what held it is no longer whole; anything else has come to light by it.
    for (const { path, ...problem } of remaining) {
      const original = pruning.originalPath(path);
      if (problem.kind === 'missing' || above.has(JSON.stringify(original))) continue;
      problems.push({ ...problem, path: original });
      addPathsAbove(original, above);
    }
  }
  return { value: undefined, problems, cut: pruning.cut, originalPath: (path) => [...path] };
}

const tooMuch: ShapeProblem = {
  path: [],
  kind: 'wrong',
  message: 'expected less that is wrong: there is more of it than can be told',
  hint: null,
};

/** Undefined where a list holds so much that is wrong that the validator cannot hand all of it on in one call. */
function parse<S extends z.ZodType>(
  schema: S,
  value: unknown,
): z.ZodSafeParseResult<z.output<S>> | undefined {
  try {
    return schema.safeParse(value);
  } catch (error) {
    // Values are nested 64 deep at most: nothing else exhausts the stack.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Adds the paths of all that a value is in. */
function addPathsAbove(path: readonly PathSegment[], above: Set<string>): void {
  for (let length = 0; length < path.length; length++) above.add(JSON.stringify(path.slice(0, length)));
}

/** A copy of a value that loses parts, and remembers which elements of its lists are left. */
class Pruning {
  readonly root: unknown;
  readonly cut: { readonly list: readonly PathSegment[]; readonly name: string | undefined }[] = [];
  readonly #replacements: Readonly<Record<string, unknown>>;
  /** For each list of the copy, the index in the file of each element left. */
  readonly #indexes = new Map<unknown, number[]>();
  readonly #doomed = new Map<unknown[], Set<number>>();

  constructor(root: unknown, replacements: Readonly<Record<string, unknown>>) {
    this.#replacements = replacements;
    const copy = this.#copy(root);
    this.root =
      typeof copy === 'object' && copy !== null && !Array.isArray(copy) ? copy : { ...replacements };
  }

  #copy(value: unknown): unknown {
    if (Array.isArray(value)) {
      const list = value.map((each) => this.#copy(each));
      this.#indexes.set(
        list,
        list.map((_, index) => index),
      );
      return list;
    }
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, this.#copy(each)]));
  }

  /** Paths of one pass are those of the copy as the pass began. */
  cutOut({ path, kind }: ShapeProblem): void {
    const key = path.at(-1);
    if (key === undefined) return;
    if (kind === 'unknown-key' || kind === 'not-yet-built') this.#drop(path);
    else if (path.length === 1) this.#replace(String(key));
    else if (kind === 'missing' || decisiveKeys.has(String(key)) || typeof key === 'number') {
      this.#dropElement(path);
    } else this.#drop(path);
  }

  #replace(key: string): void {
    const root = this.root as Record<string, unknown>;
    if (Object.hasOwn(this.#replacements, key)) root[key] = this.#replacements[key];
    else delete root[key];
  }

  #drop(path: readonly PathSegment[]): void {
    const parent = valueAt(this.root, path.slice(0, -1));
    const key = path.at(-1)!;
    if (Array.isArray(parent)) this.#dropElement(path);
    else if (typeof parent === 'object' && parent !== null) delete (parent as Record<string, unknown>)[key];
  }

  /** Drops the element of the outermost list that the path leads through; without a list, the root's key. */
  #dropElement(path: readonly PathSegment[]): void {
    const at = path.findIndex((segment) => typeof segment === 'number');
    if (at === -1) {
      this.#replace(String(path[0]));
      return;
    }
    const list = valueAt(this.root, path.slice(0, at));
    if (!Array.isArray(list)) return;
    const index = Number(path[at]);
    const doomed = this.#doomed.get(list) ?? new Set<number>();
    this.#doomed.set(list, doomed);
    if (doomed.has(index)) return;
    doomed.add(index);
    const address = childOf(list[index], 'address');
    this.cut.push({
      list: path.slice(0, at),
      name: nameOf(list[index]) ?? (typeof address === 'string' ? address : undefined),
    });
  }

  finishPass(): void {
    for (const [list, doomed] of this.#doomed) {
      const indexes = this.#indexes.get(list)!;
      const left = [...list.keys()].filter((index) => !doomed.has(index));
      left.forEach((from, to) => {
        list[to] = list[from];
        indexes[to] = indexes[from]!;
      });
      list.length = left.length;
      indexes.length = left.length;
    }
    this.#doomed.clear();
  }

  originalPath(path: readonly PathSegment[]): PathSegment[] {
    let value: unknown = this.root;
    return path.map((segment) => {
      const indexes = typeof segment === 'number' ? this.#indexes.get(value) : undefined;
      value = childOf(value, segment);
      return indexes?.[Number(segment)] ?? segment;
    });
  }
}
