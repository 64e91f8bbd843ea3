import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { BuildError, buildCommit } from './compare/builds.js';
import { median } from './compare/slow-down.js';

/** The last commit of the first version: the walking skeleton with its tests. */
const firstVersion = '4c2a87d';
/** What the first version knew, and nothing else. */
const scenario = 'bench/scenarios/small-day.yaml';
/** How much slower than the first version the model may be. */
const slowestRatio = 0.8;

const usage = `npm run bench:first-version -- [options]

  Runs bench/scenarios/small-day.yaml with the first version and with this one, in turn, and compares events a second.
  Exits 5 when the median ratio is below ${slowestRatio}.

  --base <commit>  the other version (default ${firstVersion})
  --pairs <n>      so many runs of each (default 7)
  --help           print this and stop
`;

interface Engine {
  readonly events: number;
  readonly eventsPerSecond: number;
}

const { values } = parseArgs({
  options: {
    base: { type: 'string', default: firstVersion },
    pairs: { type: 'string', default: '7' },
    help: { type: 'boolean', default: false },
  },
});
const pairs = Number(values.pairs);
if (values.help) process.stdout.write(usage);
else if (!Number.isInteger(pairs) || pairs < 1) {
  refuse(`--pairs is a whole number from 1, not "${values.pairs}"`);
} else {
  try {
    process.exitCode = compare(values.base, pairs);
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    refuse(error.message);
  }
}

function refuse(why: string): void {
  process.stderr.write(`bench:first-version: ${why}\n\n${usage}`);
  process.exitCode = 2;
}

function compare(base: string, count: number): number {
  const root = process.cwd();
  const other = buildCommit(base);
  const ratios: number[] = [];
  for (let pair = 1; pair <= count; pair++) {
    // Whoever runs first in a pair may find a warmer machine: they take turns.
    const [before, after] =
      pair % 2 === 1
        ? [run(other, 'first'), run(root, 'this')]
        : [run(root, 'this'), run(other, 'first')].reverse();
    const ratio = after!.eventsPerSecond / before!.eventsPerSecond;
    ratios.push(ratio);
    process.stdout.write(
      `pair ${pair}: ${base} ${Math.round(before!.eventsPerSecond)} events/s (${before!.events}), ` +
        `this ${Math.round(after!.eventsPerSecond)} events/s (${after!.events}), ratio ${ratio.toFixed(3)}\n`,
    );
  }
  const ratio = median(ratios);
  process.stdout.write(`median ratio ${ratio.toFixed(3)}, at least ${slowestRatio} is asked for\n`);
  return ratio < slowestRatio ? 5 : 0;
}

function run(folder: string, name: string): Engine {
  const out = resolve('results/bench/versions', `run-${name}`);
  const program = join(folder, 'dist/src/cli/main.js');
  const args = [program, 'simulate', resolve(scenario), '--quiet', '--out', out];
  execFileSync(process.execPath, args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  return JSON.parse(readFileSync(join(out, 'engine.json'), 'utf8')) as Engine;
}
