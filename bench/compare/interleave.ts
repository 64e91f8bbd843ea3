import { randomStreams } from '../../src/sim/kernel/index.js';
import { WrongAnswerError } from '../measure.js';
import type { PreparedSuite, PreparedWeighing, Suite } from '../suite.js';
import { median, type Pair } from './slow-down.js';

/** How much is measured in one process. */
export interface Extent {
  /** Each side runs so long before it counts, so that its code is compiled. */
  readonly warmUpMs: number;
  /** The least length of a slice; a slice is one run at least. */
  readonly sliceMs: number;
  /** Slices of both sides together; ends after `fewestPairs` at the earliest, where the bench weighs always. */
  readonly totalMs: number;
  readonly fewestPairs: number;
}

/** What one process found out about a bench. */
export interface Slices {
  /** CPU time of a slice in ms, or bytes where the bench weighs. */
  readonly pairs: readonly Pair[];
  readonly runsPerSlice: number;
  /** What a run does by each side's own count; 0 where the bench weighs. */
  readonly operations: readonly [base: number, head: number];
}

/** A bench of each build. */
export interface Sides {
  readonly base: Suite;
  readonly head: Suite;
}

/**
 * Runs a bench of two builds in turn, slice by slice, in this process. Which side begins a pair is drawn, so that neither
 * always finds what the other left behind; the young generation is collected before each slice, outside of the
 * time, so that nobody pays for the other's garbage. Time is CPU time of the whole process, garbage collection and
 * compilation on other threads included: a busy machine stretches the wall's.
 * @param first - the side that is set up first
 * @param seed - of the order of slices
 * @throws WrongAnswerError if an answer check fails
 */
export async function interleave(
  sides: Sides,
  first: keyof Sides,
  seed: string,
  extent: Extent,
  collectYoung: () => void,
): Promise<Slices> {
  const order = first === 'base' ? (['base', 'head'] as const) : (['head', 'base'] as const);
  const ready = new Map<keyof Sides, Side>();
  for (const side of order) ready.set(side, await makeReady(side, sides[side]));
  const base = ready.get('base')!;
  const head = ready.get('head')!;
  const uniform = randomStreams('bench:compare', 0)(`order ${seed}`);

  const runsPerSlice = await warmUp(base, head, extent, collectYoung);
  base.requireAnswer();
  head.requireAnswer();
  const pairs: Pair[] = [];
  let spentMs = 0;
  // A weight is nearly the same each time, and what another process takes is not in this one's time.
  const mayGoOn = !base.weighs && !head.weighs;
  while (pairs.length < extent.fewestPairs || (mayGoOn && spentMs < extent.totalMs)) {
    const startMs = cpuMs();
    const baseFirst = uniform() < 0.5;
    const one = await (baseFirst ? base : head).slice(runsPerSlice, collectYoung);
    const other = await (baseFirst ? head : base).slice(runsPerSlice, collectYoung);
    pairs.push(baseFirst ? [one, other] : [other, one]);
    spentMs += cpuMs() - startMs;
  }
  base.requireAnswer();
  head.requireAnswer();
  return { pairs, runsPerSlice, operations: [base.operations(), head.operations()] };
}

/** One side of a comparison, ready to run. */
interface Side {
  readonly weighs: boolean;
  /** Known when it has run. */
  readonly operations: () => number;
  /** What so many runs cost together, in ms of CPU time, or what the last weighed. */
  readonly slice: (runs: number, collectYoung: () => void) => Promise<number>;
  readonly requireAnswer: () => void;
}

async function makeReady(name: string, suite: Suite): Promise<Side> {
  // Less of the workload makes shorter slices, and more pairs of them.
  const prepared = await suite.setup(true);
  return 'weigh' in prepared ? weighing(name, prepared) : timing(name, prepared);
}

function timing(name: string, prepared: PreparedSuite): Side {
  return {
    weighs: false,
    operations: () => prepared.operations,
    slice: async (runs, collectYoung) => {
      collectYoung();
      const startMs = cpuMs();
      for (let n = 0; n < runs; n++) {
        const pending = prepared.run();
        if (pending !== undefined) await pending;
      }
      return cpuMs() - startMs;
    },
    requireAnswer: () => requireAnswer(name, prepared),
  };
}

function weighing(name: string, prepared: PreparedWeighing): Side {
  return {
    weighs: true,
    operations: () => 0,
    slice: async () => await prepared.weigh(),
    requireAnswer: () => requireAnswer(name, prepared),
  };
}

function requireAnswer(name: string, { check }: PreparedSuite | PreparedWeighing): void {
  const wrong = check();
  if (wrong !== undefined) throw new WrongAnswerError(`${name}: ${wrong}`);
}

/** Runs both sides in turn until each has had its time; gives the number of runs that fill a slice of the slower one. */
async function warmUp(base: Side, head: Side, extent: Extent, collectYoung: () => void): Promise<number> {
  if (base.weighs || head.weighs) {
    await base.slice(1, collectYoung);
    await head.slice(1, collectYoung);
    return 1;
  }
  const runs: [base: number[], head: number[]] = [[], []];
  let spentMs = 0;
  // Two runs at least: the first is interpreted for the greater part.
  while (spentMs < 2 * extent.warmUpMs || runs[0].length < 2) {
    const pair = [await base.slice(1, collectYoung), await head.slice(1, collectYoung)] as const;
    runs[0].push(pair[0]);
    runs[1].push(pair[1]);
    spentMs += pair[0] + pair[1];
  }
  const late = runs.map((times) => median(times.slice(times.length >> 1)));
  return Math.max(1, Math.ceil(extent.sliceMs / Math.max(...late, 1e-3)));
}

/** CPU time of this process so far, in ms. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
