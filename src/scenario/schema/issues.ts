import type { z } from 'zod';
import { hintAt } from '../../topology/index.js';
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
    return issue.keys.map((key) => unknownKey(path, key, issue.message));
  if (issue.code === 'invalid_union') {
    const branch = likeliestBranch(issue.errors);
    if (branch !== undefined) return branch.flatMap((each) => explain(root, each, path));
  }
  const [message = '', hint = null] = issue.message.split('\n');
  if (issue.code === 'custom' && issue.params?.['mark'] === notYetBuiltMark) {
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
      hint: hint ?? quoteHint(issue, value),
    },
  ];
}

/** `known` is what strictObject says: the known keys, one a line, or `!` and a word on this key. */
function unknownKey(path: readonly PathSegment[], key: string, known: string): ShapeProblem {
  const own = known.startsWith('!') ? known.slice(1) : undefined;
  return {
    path: [...path, key],
    kind: 'unknown-key',
    message: `unknown key ${JSON.stringify(key)}`,
    hint: own ?? hintAt(key, known.split('\n')),
  };
}

/** Of the ways to read a value, the one that its author meant: the only one that got past the first look. */
function likeliestBranch(branches: readonly (readonly z.core.$ZodIssue[])[]) {
  const entered = branches.filter((issues) =>
    issues.every((issue) => issue.path.length > 0 || issue.code === 'unrecognized_keys'),
  );
  const knowing = entered.filter((issues) => issues.every((issue) => issue.code !== 'unrecognized_keys'));
  const candidates = knowing.length > 0 ? knowing : entered;
  return candidates.length === 1 ? candidates[0] : undefined;
}

/** A text that was meant but reads as a number: `behavior: 2013`. */
function quoteHint(issue: z.core.$ZodIssue, value: unknown): string | null {
  if (typeof value !== 'number' && typeof value !== 'boolean') return null;
  if (issue.code === 'invalid_value' && issue.values.includes(String(value))) {
    return `put it in quotes: "${value}"`;
  }
  return null;
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
