import { lstatSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { tableNames } from '../measure/index.js';
import { jobFilePattern } from './job-files.js';
import { readStart } from './read-start.js';
import { leftHalfWritten } from './replace-file.js';

/** Documents at the top of a result. */
export const documents = [
  'summary.json',
  'replications.json',
  'engine.json',
  'outline.json',
  'sweep.json',
  'plan.json',
] as const;

/** What a point of a sweep has. */
export const pointDocuments = ['summary.json', 'replications.json'] as const;

/** Says which run a partial folder belongs to, while it runs. */
export const ownerFile = '.owner';

/** The folder of what single jobs came to, while a result is not whole. */
export const jobsFolder = 'jobs';
export const pointsFolder = 'points';
const pointName = /^\d{4,}$/;

/** What `mailflow report` leaves in a result: it goes with the result that it tells of. */
export const reportFiles = { html: 'report.html', markdown: 'report.md', junit: 'report.xml' } as const;

const reportNames: ReadonlySet<string> = new Set(Object.values(reportFiles));

const atTop: ReadonlySet<string> = new Set([
  ownerFile,
  ...documents,
  ...tableNames.map((table) => `${table}.csv`),
  ...reportNames,
]);

/** Says of a name in a folder of ours whether it is ours, as a file and as a folder with names of its own. */
export interface Expected {
  file(name: string): boolean;
  folder(name: string): Expected | undefined;
}

const nothingBelow = { folder: () => undefined };
/** A folder of jobs. */
export const jobFiles: Expected = { file: (name) => jobFilePattern.test(name), ...nothingBelow };
const pointFiles: Expected = {
  file: (name) => (pointDocuments as readonly string[]).includes(name),
  ...nothingBelow,
};
const pointFolders: Expected = {
  file: () => false,
  folder: (name) => (pointName.test(name) ? pointFiles : undefined),
};
const result: Expected = {
  file: (name) => atTop.has(name) || reportNames.has(leftHalfWritten(name) ?? ''),
  folder: (name) => (name === jobsFolder ? jobFiles : name === pointsFolder ? pointFolders : undefined),
};

/** What may be in a folder of a kind. */
export function filesOf(kind: ResultKind): Expected {
  if (kind === 'run' || kind === 'sweep') return result;
  const files: readonly string[] = [ownerFile, `${kind}.json`, `${kind}.txt`];
  return { file: (name) => files.includes(name), ...nothingBelow };
}

/** The name of something in a folder that no run of ours wrote there; undefined if all is ours. */
export function foreignIn(path: string, expected: Expected): string | undefined {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (!entry.isDirectory()) {
      if (!expected.file(entry.name)) return entry.name;
      continue;
    }
    const below = expected.folder(entry.name);
    if (below === undefined) return entry.name;
    const foreign = foreignIn(join(path, entry.name), below);
    if (foreign !== undefined) return join(entry.name, foreign);
  }
  return undefined;
}

/**
 * Removes a folder in which all is ours, file by file, so that nothing else ever goes.
 * @param keep - a name at its top that stays, and the folder with it
 */
export function removeFolder(path: string, keep?: string): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.name === keep) continue;
    if (entry.isDirectory()) removeFolder(join(path, entry.name));
    else rmSync(join(path, entry.name));
  }
  if (keep === undefined || lstatSync(join(path, keep), { throwIfNoEntry: false }) === undefined)
    rmdirSync(path);
}

/** Commands whose answer can be kept in a folder. */
export const answerCommands = ['capacity', 'check', 'compare', 'diff', 'failures', 'route'] as const;
export type AnswerCommand = (typeof answerCommands)[number];
/** What such a folder holds. */
export type AnswerDocument = `${AnswerCommand}.${'json' | 'txt'}`;

/** What a folder of ours is the result of. */
export type ResultKind = 'run' | 'sweep' | AnswerCommand;

/** Which result of ours a folder holds; undefined if none: only such a one is ever replaced. */
export function resultKindOf(path: string): ResultKind | undefined {
  try {
    const summary: unknown = JSON.parse(readFileSync(join(path, 'summary.json'), 'utf8'));
    if (typeof summary === 'object' && summary !== null && 'mailflow' in summary) {
      return summary.mailflow === 'run/1' ? 'run' : undefined;
    }
  } catch {
    return (['sweep', ...answerCommands] as const).find((kind) => holds(path, kind));
  }
  return undefined;
}

/** The beginning is looked at: the whole may be too long to be read. */
function holds(path: string, kind: 'sweep' | AnswerCommand): boolean {
  try {
    const start = readStart(join(path, `${kind}.json`), 64);
    return /^\{\s*"mailflow":\s*"(\w+)\/1"/.exec(start)?.[1] === kind;
  } catch {
    return false;
  }
}
