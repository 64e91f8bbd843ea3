import { hintAt, normalizeName } from '../../topology/index.js';
import { childOf, nameOf, type PathSegment, splitPath } from './path.js';
import type { ProblemList } from './problem-list.js';
import { type SourceTree, setOptionFile } from './source-tree.js';
import { deepestNesting, readYaml, type YamlSource } from './yaml-source.js';

/** One `--set <path>=<value>`, taken apart. */
export interface SetOption {
  readonly path: string;
  readonly steps: readonly string[];
  readonly value: YamlSource;
  /** The how manieth it is, from 1. */
  readonly ordinal: number;
}

/** Takes `--set` texts apart; those that are none are noted, and left away. */
export function readSetOptions(texts: readonly string[], problems: ProblemList): SetOption[] {
  return texts.flatMap((text, index) => {
    const ordinal = index + 1;
    const equals = indexOfEquals(text);
    const path = text.slice(0, equals === -1 ? undefined : equals);
    const steps = splitPath(path);
    const wrong =
      equals === -1
        ? 'expected `<path>=<value>`'
        : steps === undefined
          ? 'the path is wrong: expected keys with dots between them, a key that holds dots in double quotes'
          : steps.length > deepestNesting
            ? `the path is wrong: expected at most ${deepestNesting} keys`
            : undefined;
    if (steps === undefined || wrong !== undefined) {
      const example = 'such as `organization.siteLinks.BF.cost=20`';
      note(problems, ordinal, 1, path, wrong ?? '', example);
      return [];
    }
    const value = readValue(text.slice(equals + 1), ordinal, equals + 2);
    for (const { column, message, hint } of value.problems) {
      note(problems, ordinal, column, path, message, hint);
    }
    return value.problems.length > 0 ? [] : [{ path, steps, value, ordinal }];
  });
}

/** Changes a tree by one option; a path that leads nowhere is noted. Keys that are not there yet are made. */
export function applySetOption(tree: SourceTree, option: SetOption, problems: ProblemList): void {
  const found = followSteps(tree.value, option.steps);
  if ('message' in found) note(problems, option.ordinal, 1, option.path, found.message, found.hint);
  else tree.mount(found.path, setOptionFile, wrap(option.value, found.missing));
}

/** Where steps lead. */
export interface FoundPath {
  /** Elements of lists by their index; ends with the first key that is not there yet, or with the last step. */
  readonly path: readonly PathSegment[];
  /** The steps behind `path`. */
  readonly missing: readonly string[];
}

/** Why steps lead nowhere. */
export interface NoPath {
  readonly message: string;
  readonly hint: string | null;
}

/**
 * Follows the steps of a dotted path from a value on: a list is entered by an element's `name` or index.
 * @param steps - one at least
 */
export function followSteps(root: unknown, steps: readonly string[]): FoundPath | NoPath {
  const path: PathSegment[] = [];
  let value = root;
  for (const [index, step] of steps.entries()) {
    if (Array.isArray(value)) {
      const element = indexIn(value, step);
      if (element === undefined) {
        const named = value.flatMap((each) => nameOf(each) ?? []);
        const hint = named.length > 0 ? hintAt(step, named) : `it has ${value.length} elements, from 0`;
        const where = steps.slice(0, index).join('.');
        return { message: `there is no element ${JSON.stringify(step)} in ${where}`, hint };
      }
      path.push(element);
      value = value[element];
    } else if (typeof value === 'object' && value !== null) {
      path.push(step);
      if (step === '__proto__') return { message: `unknown key ${JSON.stringify(step)}`, hint: null };
      if (!Object.hasOwn(value, step)) return { path, missing: steps.slice(index + 1) };
      value = childOf(value, step);
      if (value === null) value = {};
    } else {
      return { message: `${steps.slice(0, index).join('.')} has no keys and no elements`, hint: null };
    }
  }
  return { path, missing: [] };
}

function indexIn(list: readonly unknown[], step: string): number | undefined {
  const wanted = normalizeName(step);
  const named = list.findIndex((each) => normalizeName(nameOf(each) ?? '') === wanted);
  if (named !== -1) return named;
  return /^\d{1,9}$/.test(step) && Number(step) < list.length ? Number(step) : undefined;
}

/** The first equals sign outside double quotes; -1 if there is none. */
function indexOfEquals(text: string): number {
  let quoted = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (character === '\\' && quoted) index++;
    else if (character === '"') quoted = !quoted;
    else if (character === '=' && !quoted) return index;
  }
  return -1;
}

/** A value in YAML; everything in it stands where the option's value begins. */
function readValue(text: string, ordinal: number, firstColumn: number): YamlSource {
  const position = { line: ordinal, column: firstColumn };
  const place = { locate: () => position, syntaxErrorAt: undefined };
  if (text.trim() === '') return { value: null, problems: [], ...place };
  const { value, problems } = readYaml(text, 'value');
  return { value, problems: problems.map((problem) => ({ ...problem, ...position })), ...place };
}

/** The same source with its value under further keys. */
function wrap(source: YamlSource, keys: readonly string[]): YamlSource {
  const value = keys.reduceRight<unknown>((inner, key) => ({ [key]: inner }), source.value);
  return { ...source, value };
}

function note(
  problems: ProblemList,
  line: number,
  column: number,
  path: string,
  message: string,
  hint: string | null,
): void {
  problems.addElsewhere({ file: setOptionFile, line, column, path, message, hint });
}
