import type { z } from 'zod';
import { closestName, hintAt } from '../../topology/index.js';
import { type PathSegment, valueAt } from '../source/path.js';
import { notYetBuiltMark } from './objects.js';

/** What a schema found wrong with a value, in our words. */
export interface ShapeProblem {
  /** To the value that is wrong; to a key that is unknown or missing. */
  readonly path: readonly PathSegment[];
  readonly kind: 'wrong' | 'unknown-key' | 'missing' | 'not-yet-built';
  readonly message: string;
  readonly hint: string | null;
}

/** Translates the issues of a failed parse of `root`. */
export function explainIssues(root: unknown, issues: readonly z.core.$ZodIssue[]): ShapeProblem[] {
  return issues.flatMap((issue) => explain(root, issue, []));
}

function explain(root: unknown, issue: z.core.$ZodIssue, base: readonly PathSegment[]): ShapeProblem[] {
  const path = [...base, ...(issue.path as PathSegment[])];
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key, index) => unknownKey(path, key, issue.message, index < mostHints));
  if (issue.code === 'invalid_union') {
    const branch = likeliestBranch(issue.errors);
    if (branch !== undefined) return branch.flatMap((each) => explain(root, each, path));
  }
  const [message = '', hint = null] = issue.message.split('\n');
  if (saysNotYetBuilt(issue)) {
    return [{ path, kind: 'not-yet-built', message, hint }];
  }
  const value = valueAt(root, path);
  if (value === undefined) {
    const key = JSON.stringify(path.at(-1) ?? '');
    return [{ path, kind: 'missing', message: `${key} is missing: ${message}`, hint }];
  }
  return [
    {
      path,
      kind: 'wrong',
      message: `${message}, got ${describeValue(value)}`,
      hint: hint ?? wordHint(issue, value),
    },
  ];
}

function saysNotYetBuilt(issue: z.core.$ZodIssue): boolean {
  return issue.code === 'custom' && issue.params?.['mark'] === notYetBuiltMark;
}

/** Of one mapping: with more unknown keys it is something else altogether. */
const mostHints = 100;

/** `known` is what strictObject says: the known keys, one a line, and words on keys, as `!key word`. */
function unknownKey(
  path: readonly PathSegment[],
  key: string,
  known: string,
  withHint: boolean,
): ShapeProblem {
  const lines = known.split('\n');
  const own = lines.find((each) => each.startsWith(`!${key} `))?.slice(key.length + 2);
  const keys = lines.filter((each) => !each.startsWith('!'));
  return {
    path: [...path, key],
    kind: 'unknown-key',
    message: `unknown key ${JSON.stringify(key)}`,
    hint: own ?? (withHint ? hintAt(key, keys) : null),
  };
}

/** Of the ways to read a value, the one that its author meant: the only one that got past the first look. */
function likeliestBranch(branches: readonly (readonly z.core.$ZodIssue[])[]) {
  const refused = branches.find((issues) => issues.some(saysNotYetBuilt));
  if (refused !== undefined) return refused;
  const entered = branches.filter((issues) =>
    issues.every((issue) => issue.path.length > 0 || issue.code === 'unrecognized_keys'),
  );
  const knowing = entered.filter((issues) => issues.every((issue) => issue.code !== 'unrecognized_keys'));
  const candidates = knowing.length > 0 ? knowing : entered;
  return candidates.length === 1 ? candidates[0] : undefined;
}

/** Help with one of several words: a slip of the pen, or a text that reads as a number (`behavior: 2013`). */
function wordHint(issue: z.core.$ZodIssue, value: unknown): string | null {
  if (issue.code !== 'invalid_value') return null;
  if (typeof value === 'string') return slipHint(value, issue.values.map(String));
  return issue.values.includes(String(value)) ? `put it in quotes: "${value}"` : null;
}

/** `did you mean "arrivals"?` where one of the words is close. */
export function slipHint(word: string, words: readonly string[]): string | null {
  const closest = closestName(word, words);
  return closest === undefined ? null : `did you mean "${closest}"?`;
}

const longestShown = 60;

/** A value as an error message shows it. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value !== 'string') return String(value);
  return JSON.stringify(value.length > longestShown ? `${value.slice(0, longestShown)}…` : value);
}
