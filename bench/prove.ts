import { mkdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chooseBenches } from './choose-benches.js';
import { findBuild, stageBuild } from './compare/builds.js';
import { main as compare, fullExtent } from './compare/compare-main.js';
import type { Comparison } from './compare/comparison.js';
import type { Slices } from './compare/interleave.js';
import { type Plant, plantSlowDown, plants } from './compare/planted-build.js';
import { measureInOneProcess } from './compare/slices-process.js';
import { estimateSlowDown, type SlowDown } from './compare/slow-down.js';
import { table } from './markdown.js';
import { suites } from './suites/index.js';
import { writeWhole } from './write-whole.js';

const usage = `npm run bench:prove -- [options]

  Shows what bench:compare is good for: it finds a slow-down of 10 % that is planted in a copy of this build, in the
  routing look-up and in the event loop, and it says nothing when this build is compared with itself, twenty times, by
  the benches that measure these two. Exits 1 when it misses a slow-down or gives a false alarm.

  --only <prefix>  compare with itself by the benches whose name starts so instead; may be given several times
  --all            compare with itself by all benches: takes hours
  --runs <n>       compare with itself so often (default 20)
  --plant <name>   plant only this: ${Object.keys(plants).join(' or ')}
  --plants <n>     look for each planted slow-down so often (default 3)
  --out <folder>   where prove.json and prove.md go (default results/bench)
  --help           print this and stop
`;

/** The slow-down that is planted, and how far from it the plant may be measured. */
const planted = { ratio: 1.1, tolerance: 0.01 };
/** The standard error of that measurement: on a busy machine the tries differ, and it takes more of them. */
const largestError = 0.005;
const calibratingRounds = 4;
const fewestCalibrations = 3;
const mostCalibrations = 12;

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    all: { type: 'boolean', default: false },
    runs: { type: 'string', default: '20' },
    plant: { type: 'string' },
    plants: { type: 'string', default: '3' },
    out: { type: 'string', default: 'results/bench' },
    help: { type: 'boolean', default: false },
  },
});
const say = (text: string) => process.stderr.write(text);
const dist = findBuild('.');
const folder = resolve('results/bench/prove');

if (values.help) process.stdout.write(usage);
else {
  const wrong = wrongOption();
  if (wrong === undefined)
    process.exitCode = await prove(Number(values.runs), Number(values.plants), benchesOf(values), values.out);
  else {
    process.stderr.write(`bench:prove: ${wrong}\n\n${usage}`);
    process.exitCode = 2;
  }
}

/** The benches by which a build is compared with itself; none: all of them. */
function benchesOf({ all, only }: { readonly all: boolean; readonly only: readonly string[] }) {
  if (all || only.length > 0) return only;
  return Object.values<Plant>(plants).map(({ bench }) => bench);
}

/** What is wrong with the command line, if anything is. */
function wrongOption(): string | undefined {
  const { runs, plants: plantRuns, plant, only, all } = values;
  if (all && only.length > 0) return '--all and --only are two things';
  for (const [name, text] of Object.entries({ runs, plants: plantRuns })) {
    if (!/^\d+$/.test(text)) return `--${name} is a whole number, not "${text}"`;
  }
  if (plant !== undefined && !Object.hasOwn(plants, plant))
    return `"${plant}" is not planted; there are ${Object.keys(plants).join(', ')}`;
  const benches = chooseBenches(Object.keys(suites), only);
  if ('wrong' in benches) return benches.wrong;
  return Number(runs) + Number(plantRuns) > 0 ? undefined : 'no trials are asked for';
}

/** One run of `bench:compare`, as it went. */
interface Trial {
  /** What was planted; undefined when a build was compared with itself. */
  readonly planted?: {
    readonly what: string;
    readonly steps: number;
    readonly measured: number;
    /** The standard error of that. */
    readonly error: number;
  };
  readonly exitCode: number;
  readonly expected: number;
  readonly cases: Comparison['cases'];
}

async function prove(runs: number, looks: number, only: readonly string[], out: string): Promise<number> {
  const trials: Trial[] = [];
  for (const [name, plant] of Object.entries<Plant>(plants)) {
    if (looks === 0 || (values.plant !== undefined && values.plant !== name)) continue;
    const { slow, ...calibrated } = await calibrate(plant);
    for (let look = 1; look <= looks; look++) {
      say(`${plant.what} slowed down, ${look} of ${looks}: `);
      const found = await compareBuilds(slow, [plant.bench]);
      trials.push({ planted: { what: plant.what, ...calibrated }, expected: 5, ...found });
      report(trials, out);
    }
  }
  for (let run = 1; run <= runs; run++) {
    say(`the same build, ${run} of ${runs}\n`);
    trials.push({ expected: 0, ...(await compareBuilds(dist, only)) });
    report(trials, out);
  }
  return trials.every(({ exitCode, expected }) => exitCode === expected) ? 0 : 1;
}

/**
 * Finds out how much to plant for a tenth: what is lost grows with the steps, by a slope that all tries together tell
 * better than the last, and that more tries tell better where they differ.
 */
async function calibrate(plant: Plant) {
  let steps = 18;
  const sum = { steps: 0, loss: 0 };
  const slopes: number[] = [];
  for (let tries = 1; ; tries++) {
    const slow = plantSlowDown(dist, join(folder, 'planted'), plant, steps);
    const { ratio } = await slowDownOf(slow, plant.bench);
    sum.steps += steps;
    sum.loss += ratio - 1;
    slopes.push((ratio - 1) / steps);
    const slope = Math.max(sum.loss / sum.steps, 1e-4);
    const measured = 1 + slope * steps;
    const error = standardError(slopes) * steps;
    say(
      `${plant.what}: ${steps} steps make it ${ratio.toFixed(3)} times as slow; ` +
        `by all tries ${measured.toFixed(3)}, standard error ${error.toFixed(3)}\n`,
    );
    const isTenth = Math.abs(measured - planted.ratio) <= planted.tolerance;
    if (tries >= fewestCalibrations && isTenth && (error <= largestError || tries === mostCalibrations)) {
      return { slow, steps, measured, error };
    }
    if (tries === mostCalibrations) throw new Error(`no slow-down of ${planted.ratio} could be planted`);
    steps = Math.max(1, Math.round((planted.ratio - 1) / slope));
  }
}

/** Of the mean; Infinity of one alone. */
function standardError(values: readonly number[]): number {
  if (values.length < 2) return Number.POSITIVE_INFINITY;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}

async function slowDownOf(slow: string, bench: string): Promise<SlowDown> {
  const base = stageBuild(dist, join(folder, 'base'));
  const head = stageBuild(slow, join(folder, 'head'));
  const rounds: Slices[] = [];
  for (let round = 0; round < calibratingRounds; round++) {
    const first = round % 2 === 0 ? 'base' : 'head';
    const seed = `calibration ${round}`;
    const answer = await measureInOneProcess({ base, head, bench, first, seed, extent: fullExtent });
    if (!('slices' in answer)) throw new Error(JSON.stringify(answer));
    rounds.push(answer.slices);
  }
  return estimateSlowDown(rounds.map(({ pairs }) => pairs));
}

async function compareBuilds(head: string, only: readonly string[]) {
  const args = [dist, head, '--out', folder, ...only.flatMap((prefix) => ['--only', prefix])];
  const exitCode = await compare(args, {
    out: () => {},
    err: say,
    listBenches: async () => Object.keys(suites),
    measure: measureInOneProcess,
  });
  const { cases } = JSON.parse(readFileSync(join(folder, 'compare.json'), 'utf8')) as Comparison;
  return { exitCode, cases };
}

function report(trials: readonly Trial[], out: string): void {
  const rows = trials.flatMap((trial, index) =>
    trial.cases.map((each) => [
      `${index + 1}`,
      trial.planted === undefined ? 'nothing' : trial.planted.what,
      trial.planted === undefined
        ? ''
        : `${trial.planted.measured.toFixed(3)} ± ${trial.planted.error.toFixed(3)}`,
      each.name,
      each.verdict,
      ...('ratio' in each
        ? [each.ratio, each.low, each.high].map((ratio) => ratio.toFixed(3))
        : ['', '', '']),
    ]),
  );
  const right = trials.filter(({ exitCode, expected }) => exitCode === expected).length;
  const header = ['trial', 'planted', 'as calibrated', 'bench', 'verdict', 'ratio', 'low', 'high'];
  const machine = `Node.js ${process.versions.node}, ${cpus()[0]?.model.trim() ?? 'unknown processor'}`;
  const text = `${right} of ${trials.length} trials as expected; ${machine}.\n\n${table(header, rows, [0, 2, 5, 6, 7])}`;
  mkdirSync(out, { recursive: true });
  writeWhole(join(out, 'prove.json'), `${JSON.stringify(trials, null, 2)}\n`);
  writeWhole(join(out, 'prove.md'), text);
}
