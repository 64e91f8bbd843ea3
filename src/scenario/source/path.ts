import { normalizeName } from '../../topology/index.js';

/** A step from a mapping to one of its values (text), or from a list to one of its elements (number, from 0). */
export type PathSegment = string | number;

/** Writes paths; remembers the names in the lists that they lead through. */
export class PathWriter {
  readonly #names = new Map<readonly unknown[], ReadonlyMap<string, number>>();

  /**
   * Writes a path as messages and `--set` spell it: dotted; an element of a list by its `name` where it has one that
   * is unique in the list, else by its index; a name that would not read back as one step in double quotes.
   * @param root - the value that the path starts from; steps it does not have are written as they are
   */
  write(root: unknown, path: readonly PathSegment[]): string {
    let value = root;
    return path
      .map((segment) => {
        const list = value;
        value = childOf(value, segment);
        const name = Array.isArray(list) ? this.#uniqueName(list, value) : undefined;
        return quote(name ?? String(segment));
      })
      .join('.');
  }

  #uniqueName(list: readonly unknown[], element: unknown): string | undefined {
    const name = nameOf(element);
    if (name === undefined || name === '') return undefined;
    const names = this.#names.get(list) ?? countNames(list);
    this.#names.set(list, names);
    return names.get(normalizeName(name)) === 1 ? name : undefined;
  }
}

function countNames(list: readonly unknown[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const element of list) {
    const name = normalizeName(nameOf(element) ?? '');
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** The value one step down; undefined where there is none. */
export function childOf(value: unknown, segment: PathSegment): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined;
  return (value as Readonly<Record<PathSegment, unknown>>)[segment];
}

/** The value at the end of a path; undefined where there is none. */
export function valueAt(root: unknown, path: readonly PathSegment[]): unknown {
  return path.reduce(childOf, root);
}

/** The text of `name` in an element of a list; undefined if it has none. */
export function nameOf(element: unknown): string | undefined {
  const name = childOf(element, 'name');
  return typeof name === 'string' ? name : undefined;
}

function quote(step: string): string {
  return /^[^."\s=]+$/.test(step) ? step : JSON.stringify(step);
}

/**
 * Splits a dotted path; a step in double quotes is a JSON string and may hold dots.
 * @returns undefined if the text is no path: empty steps, an open quote
 */
export function splitPath(text: string): readonly string[] | undefined {
  const steps: string[] = [];
  const step = /("(?:[^"\\]|\\.)*"|[^."]+)(\.|$)/y;
  while (step.lastIndex < text.length) {
    const match = step.exec(text);
    if (match === null) return undefined;
    if (!match[1]!.startsWith('"')) steps.push(match[1]!);
    else {
      const unquoted = unquote(match[1]!);
      if (unquoted === undefined) return undefined;
      steps.push(unquoted);
    }
    if (match[2] === '') return steps;
  }
  return undefined;
}

function unquote(text: string): string | undefined {
  try {
    return JSON.parse(text) as string;
  } catch {
    return undefined;
  }
}
