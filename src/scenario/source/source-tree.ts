import { childOf, type PathSegment } from './path.js';
import type { Position, YamlSource } from './yaml-source.js';

/** How problems call the options of the command line that change a scenario. */
export const setOptionFile = '--set';

/** Where a value came from. */
export interface Place extends Position {
  readonly file: string;
  /** Files are reported in the order in which they were opened. */
  readonly order: number;
  /** What the file says there is not to be trusted: it stopped being YAML before. */
  readonly doubtful: boolean;
}

interface Origin {
  /** The part of the tree that came from here. */
  readonly prefix: readonly PathSegment[];
  readonly file: string;
  readonly order: number;
  readonly source: YamlSource;
}

/** Plain data put together from files and `--set`, which knows where each part came from. */
export class SourceTree {
  value: unknown;
  readonly #origins: Origin[] = [];

  constructor(file: string, source: YamlSource) {
    this.mount([], file, source);
  }

  /** Puts a file's data in the place of a value; later ones win over earlier ones. Answers the file's order. */
  mount(prefix: readonly PathSegment[], file: string, source: YamlSource): number {
    const order = this.#origins.length;
    this.value = replaceAt(this.value, prefix, source.value);
    this.#origins.push({ prefix: [...prefix], file, order, source });
    return order;
  }

  /** The files whose data has a syntax error somewhere. */
  get broken(): boolean {
    return this.#origins.some(({ source }) => source.syntaxErrorAt !== undefined);
  }

  locate(path: readonly PathSegment[], part: 'key' | 'value'): Place {
    const origin = this.#origins.findLast(({ prefix }) => startsWith(path, prefix))!;
    const position = origin.source.locate(path.slice(origin.prefix.length), part);
    const error = origin.source.syntaxErrorAt;
    return {
      ...position,
      file: origin.file,
      order: origin.order,
      doubtful:
        error !== undefined &&
        (position.line > error.line || (position.line === error.line && position.column >= error.column)),
    };
  }
}

/** A copy of a value with another value at the end of a path; what is not on the path is shared. */
export function replaceAt(root: unknown, path: readonly PathSegment[], value: unknown): unknown {
  const [segment, ...rest] = path;
  if (segment === undefined) return value;
  const replaced = replaceAt(childOf(root, segment), rest, value);
  if (Array.isArray(root)) return root.with(Number(segment), replaced);
  return { ...(typeof root === 'object' && root !== null ? root : {}), [segment]: replaced };
}

function startsWith(path: readonly PathSegment[], prefix: readonly PathSegment[]): boolean {
  return prefix.length <= path.length && prefix.every((segment, index) => segment === path[index]);
}
