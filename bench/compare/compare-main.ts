import { mkdirSync, rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chooseBenches } from '../choose-benches.js';
import { writeWhole } from '../write-whole.js';
import { BuildError, findBuild, stageBuild } from './builds.js';
import { type Comparison, type ComparisonCase, comparisonTable } from './comparison.js';
import type { Extent, Slices } from './interleave.js';
import type { Assignment, SlicesAnswer } from './slices-process.js';
import { estimateSlowDown, judge } from './slow-down.js';

const usage = `npm run bench:compare -- <base build> <head build> [options]

  Runs each bench of both builds in interleaved slices of one process, several processes after one another, and
  compares the CPU time of a run. Exits 5 when a bench of the head is slower by more than the tolerance, and the whole
  99 % interval says so; 1 when an answer is wrong.

  <build>               a folder with compiled code (dist), the project's folder that holds it, or a commit
  --only <prefix>       only the benches whose name starts so; may be given several times
  --tolerance <percent> how much slower is no regression (default 5)
  --rounds <n>          at most so many processes a bench (default 24); fewer where the answer is clear before
  --quick               less of all: shows that it works, the figures are rough
  --out <folder>        where compare.json and compare.md go (default results/bench)
  --help                print this and stop
`;

/** So many rounds at least to say that the head is not slower, and to say that it is. */
const fewestRounds = { same: 4, slower: 12 };
/** What is measured in a process: long runs make few pairs, and it is processes that count. */
export const fullExtent: Extent = { warmUpMs: 300, sliceMs: 10, totalMs: 1_000, fewestPairs: 3 };
const quickExtent: Extent = { warmUpMs: 20, sliceMs: 1, totalMs: 20, fewestPairs: 2 };

/** What the program needs from outside. */
export interface CompareContext {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** The names of the benches of a module of suites. */
  readonly listBenches: (suitesModule: string) => Promise<readonly string[]>;
  readonly measure: (assignment: Assignment) => Promise<SlicesAnswer>;
}

/**
 * The comparing program: writes `compare.json` and `compare.md`.
 * @param args - the command line, without the program
 * @returns the exit code: 0, 1 if a bench failed or gave a wrong answer, 2 if the command line is wrong, 5 if a bench
 *   became slower
 */
export async function main(args: readonly string[], context: CompareContext): Promise<number> {
  let options: Options;
  try {
    options = parse(args);
  } catch (error) {
    context.err(`bench:compare: ${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return 2;
  }
  if (options.help) {
    context.out(usage);
    return 0;
  }
  const folder = resolve('results/bench/compared', String(process.pid));
  try {
    const modules = {
      base: stageBuild(findBuild(options.base), join(folder, 'base')),
      head: stageBuild(findBuild(options.head), join(folder, 'head')),
    };
    return await compareBuilds(modules, options, context);
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    context.err(`bench:compare: ${error.message}\n`);
    return 2;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A module of suites of each side. */
interface Modules {
  readonly base: string;
  readonly head: string;
}

async function compareBuilds(modules: Modules, options: Options, context: CompareContext): Promise<number> {
  const { base, head, only, tolerancePercent, quick, out } = options;
  // What the head has lost, or calls by another name, is told, too.
  const names = [
    ...new Set([...(await context.listBenches(modules.head)), ...(await context.listBenches(modules.base))]),
  ];
  const benches = chooseBenches(names, only);
  if ('wrong' in benches) {
    context.err(`bench:compare: ${benches.wrong}\n`);
    return 2;
  }
  const cases: ComparisonCase[] = [];
  for (const bench of benches.chosen) {
    context.err(`${bench} …`);
    const found = await compareBench(bench, modules, options, context.measure);
    context.err(` ${found.verdict}${found.verdict === 'failed' ? `: ${found.note}` : ''}\n`);
    cases.push(found);
  }
  const comparison: Comparison = {
    mailflow: 'bench-compare/1',
    base,
    head,
    tolerancePercent,
    quick,
    machine: `Node.js ${process.versions.node}, ${cpus()[0]?.model.trim() ?? 'unknown processor'}`,
    cases,
  };
  const table = comparisonTable(comparison);
  mkdirSync(out, { recursive: true });
  writeWhole(join(out, 'compare.json'), `${JSON.stringify(comparison, null, 2)}\n`);
  writeWhole(join(out, 'compare.md'), table);
  context.out(table);
  if (cases.some(({ verdict }) => verdict === 'failed')) return 1;
  return cases.some(({ verdict }) => verdict === 'slower') ? 5 : 0;
}

/**
 * Compares one bench, process by process, until it is clear whether the head is slower. That it is needs more processes
 * than that it is not, so that looking often does not make a slow-down out of chance.
 */
async function compareBench(
  bench: string,
  modules: Modules,
  { quick, mostRounds, tolerancePercent }: Options,
  measure: CompareContext['measure'],
): Promise<ComparisonCase> {
  const rounds: Slices[] = [];
  for (;;) {
    const round = rounds.length;
    const answer = await measure({
      ...modules,
      bench,
      first: round % 2 === 0 ? 'base' : 'head',
      seed: `${bench} ${round}`,
      extent: quick ? quickExtent : fullExtent,
    });
    if ('skipped' in answer) return { name: bench, verdict: 'skipped', note: answer.skipped };
    if ('wrong' in answer) return { name: bench, verdict: 'failed', note: `wrong answer, ${answer.wrong}` };
    if ('failed' in answer) return { name: bench, verdict: 'failed', note: answer.failed };
    rounds.push(answer.slices);
    // Each side is set up first equally often.
    if (rounds.length < fewestRounds.same || rounds.length % 2 !== 0) continue;
    const slowDown = estimateSlowDown(rounds.map(({ pairs }) => pairs));
    const verdict = judge(slowDown, tolerancePercent / 100);
    const isClear = verdict !== 'unclear' && (verdict !== 'slower' || rounds.length >= fewestRounds.slower);
    if (!isClear && rounds.length < mostRounds) continue;
    const [base, head] = answer.slices.operations;
    return {
      name: bench,
      verdict,
      ...slowDown,
      rounds: rounds.length,
      pairs: rounds.reduce((sum, { pairs }) => sum + pairs.length, 0),
      note: base === head ? '' : `operations of a run: ${base} and ${head}`,
    };
  }
}

interface Options {
  readonly base: string;
  readonly head: string;
  readonly only: readonly string[];
  readonly tolerancePercent: number;
  readonly mostRounds: number;
  readonly quick: boolean;
  readonly out: string;
  readonly help: boolean;
}

function parse(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    strict: true,
    allowPositionals: true,
    options: {
      only: { type: 'string', multiple: true, default: [] },
      tolerance: { type: 'string', default: '5' },
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      out: { type: 'string', default: 'results/bench' },
      help: { type: 'boolean', default: false },
    },
  });
  const [base = '', head = '', ...more] = positionals;
  const { only, quick, out, help } = values;
  const tolerancePercent = Number(values.tolerance);
  const mostRounds = Number(values.rounds ?? (quick ? 4 : 24));
  if (!help) {
    if (base === '' || head === '' || more.length > 0)
      throw new Error('two builds are compared: base and head');
    if (only.includes('')) throw new Error('--only needs the beginning of a name');
    if (out === '') throw new Error('--out needs a folder');
    if (values.tolerance === '' || !(tolerancePercent >= 0 && tolerancePercent < 100)) {
      throw new Error('--tolerance is a percentage from 0 to below 100');
    }
    if (!Number.isInteger(mostRounds) || mostRounds < fewestRounds.same || mostRounds % 2 !== 0) {
      throw new Error('--rounds is an even number, 4 or more: each build is set up first equally often');
    }
  }
  return { base, head, only, tolerancePercent, mostRounds, quick, out, help };
}
