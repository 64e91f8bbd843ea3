#!/usr/bin/env node
import { existsSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { CommandEntry, Terminal } from './command.js';
import { runCommandLine } from './command-line.js';
import { watchOutput } from './watch-output.js';

/**
 * Every command: one entry here, one file in commands/, loaded only when used so that `--help` is quick:
 * `check: { usage: 'check <file>', describe: '…', load: () => import('./commands/check.js') }`.
 */
export const commands = {
  capacity: {
    usage: 'capacity <scenario>',
    describe: 'how much fits before a threshold breaks, or how little will do',
    load: () => import('./commands/capacity.js'),
  },
  check: {
    usage: 'check <file>',
    describe: 'all problems of an organization or scenario file, and what Setup would refuse',
    load: () => import('./commands/check.js'),
  },
  compare: {
    usage: 'compare <a> <b>',
    describe: 'whether a result is better than another, or that is noise',
    load: () => import('./commands/compare.js'),
  },
  diff: {
    usage: 'diff <a> <b>',
    describe: 'what changes in routing between two organizations, for whom, by which rule',
    load: () => import('./commands/diff.js'),
  },
  explain: {
    usage: 'explain <topic>',
    describe: 'what a rule, an assumption or an exit code means, and where it comes from',
    load: () => import('./commands/explain.js'),
  },
  init: {
    usage: 'init [folder]',
    describe: 'a commented organization and scenario to start from',
    load: () => import('./commands/init.js'),
  },
  merge: {
    usage: 'merge <result..>',
    describe: 'the shards of a sweep as one result',
    load: () => import('./commands/merge.js'),
  },
  report: {
    usage: 'report <result>',
    describe: 'a result as a page to look at, or as Markdown or JUnit XML for CI systems',
    load: () => import('./commands/report.js'),
  },
  failures: {
    usage: 'failures <file>',
    describe: 'which single failure, or pair of failures, hurts most, and why',
    load: () => import('./commands/failures.js'),
  },
  route: {
    usage: 'route <file>',
    describe: 'which way a message goes, and where it waits while servers are down',
    load: () => import('./commands/route.js'),
  },
  schema: {
    usage: 'schema <kind>',
    describe: 'the JSON Schema of organization or scenario files',
    load: () => import('./commands/schema.js'),
  },
  simulate: {
    usage: 'simulate <scenario>',
    describe: 'what happens under this load, with these outages and database moves',
    load: () => import('./commands/simulate.js'),
  },
  sweep: {
    usage: 'sweep <scenario>',
    describe: 'what the result looks like over a range of settings',
    load: () => import('./commands/sweep.js'),
  },
} as const satisfies Record<string, CommandEntry>;

/** Runs one command line and resolves to its exit code; never rejects. */
export function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  return runCommandLine(Object.values<CommandEntry>(commands), argv, terminal);
}

const startedAs = process.argv[1];
if (startedAs !== undefined && isThisFile(startedAs)) {
  watchOutput(process.stdout, process.stderr, (exitCode) => process.exit(exitCode));
  // Set rather than exit: standard output may still be on its way.
  process.exitCode = await main(process.argv.slice(2), process);
}

/** A bin is a symbolic link. */
function isThisFile(path: string): boolean {
  return existsSync(path) && realpathSync(path) === fileURLToPath(import.meta.url);
}
