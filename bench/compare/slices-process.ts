import { execFile } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { WrongAnswerError } from '../measure.js';
import type { Suite } from '../suite.js';
import { type Extent, interleave, type Sides, type Slices } from './interleave.js';

/** What one process is to measure. */
export interface Assignment {
  /** The module of suites of each build, under paths of their own. */
  readonly base: string;
  readonly head: string;
  readonly bench: string;
  /** The side that is loaded and set up first. */
  readonly first: keyof Sides;
  readonly seed: string;
  readonly extent: Extent;
}

/** What came of it; `skipped` says why the bench cannot be compared. */
export type SlicesAnswer =
  | { readonly slices: Slices }
  | { readonly skipped: string }
  | { readonly wrong: string }
  | { readonly failed: string };

const program = fileURLToPath(new URL('../compare-slices.js', import.meta.url));

/** Measures slices of both builds in a fresh process that holds both. */
export async function measureInOneProcess(assignment: Assignment): Promise<SlicesAnswer> {
  const args = ['--preserve-symlinks', program, JSON.stringify(assignment)];
  return await new Promise((done) => {
    execFile(process.execPath, args, { maxBuffer: 2 ** 28 }, (error, stdout, stderr) => {
      done(error === null ? (JSON.parse(stdout) as SlicesAnswer) : { failed: stderr || error.message });
    });
  });
}

/** In that process: measures and says what came of it, as JSON. */
export async function answerAssignment(text: string): Promise<string> {
  return JSON.stringify(await answer(JSON.parse(text) as Assignment));
}

async function answer({ base, head, bench, first, seed, extent }: Assignment): Promise<SlicesAnswer> {
  try {
    const load = async (path: string) =>
      ((await import(pathToFileURL(path).href)) as { suites: Record<string, Suite> }).suites[bench];
    const loaded =
      first === 'base'
        ? [await load(base), await load(head)]
        : [await load(head), await load(base)].reverse();
    const [before, after] = loaded;
    if (before === undefined || after === undefined) {
      return { skipped: `the ${before === undefined ? 'base' : 'head'} has no such bench` };
    }
    if (before.unit !== after.unit) return { skipped: `measured in ${before.unit} and in ${after.unit}` };
    if (before.workload !== after.workload) return { skipped: 'the two have different workloads' };
    return {
      slices: await interleave({ base: before, head: after }, first, seed, extent, youngCollection()),
    };
  } catch (error) {
    if (error instanceof WrongAnswerError) return { wrong: error.message };
    return { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** Collects what died young. */
function youngCollection(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new Error('this Node.js cannot collect garbage on demand');
  return () => collect({ type: 'minor' });
}
