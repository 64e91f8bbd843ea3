import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type EventListKind, eventListKinds } from '../src/sim/kernel/index.js';
import { findBuild } from './compare/builds.js';
import { main as compare } from './compare/compare-main.js';
import type { Comparison } from './compare/comparison.js';
import { buildWithEventList } from './compare/event-list-build.js';
import { measureInOneProcess } from './compare/slices-process.js';
import { table } from './markdown.js';
import { suites } from './suites/index.js';
import { writeWhole } from './write-whole.js';

const [own, ...others] = eventListKinds;
/** The workloads of the kernel, and the whole model, small and large. */
const benches = [
  'kernel/mm1',
  'kernel/tandem',
  'kernel/hold-100000',
  'kernel/timeouts',
  'model/small-day',
  'model/large-day',
];

const usage = `npm run bench:event-lists -- [options]

  How many times as fast the default future event list (${own}) is as the others (${others.join(', ')}): each in a copy of
  this build in which it is the default, compared as bench:compare does. docs/decisions/0001 has what it found.

  --only <prefix>  only the benches whose name starts so (default: ${benches.join(', ')})
  --rounds <n>     at most so many processes a bench (default 12)
  --quick          less of all: shows that it works, the figures are rough
  --out <folder>   where event-lists.md and event-lists.json go (default results/bench)
  --help           print this and stop
`;

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string', default: '12' },
    quick: { type: 'boolean', default: false },
    out: { type: 'string', default: 'results/bench' },
    help: { type: 'boolean', default: false },
  },
});
const chosen = benches.filter((bench) => bench.startsWith(values.only ?? ''));
if (values.help) process.stdout.write(usage);
else if (chosen.length === 0 || values.out === '') {
  const wrong =
    chosen.length === 0 ? `none of its benches begins with "${values.only}"` : '--out needs a folder';
  process.stderr.write(`bench:event-lists: ${wrong}\n\n${usage}`);
  process.exitCode = 2;
} else process.exitCode = await compareLists();

async function compareLists(): Promise<number> {
  const folder = resolve('results/bench/event-lists', String(process.pid));
  const found = new Map<EventListKind, Comparison['cases']>();
  try {
    for (const kind of others) {
      const base = buildWithEventList(findBuild('.'), join(folder, kind), kind);
      const out = join(folder, 'compared');
      const limits = ['--rounds', values.rounds, '--tolerance', '0', ...(values.quick ? ['--quick'] : [])];
      const only = chosen.flatMap((bench) => ['--only', bench]);
      process.stderr.write(`${own} over ${kind}\n`);
      const exitCode = await compare([base, findBuild('.'), ...limits, ...only, '--out', out], {
        out: () => {},
        err: (text) => process.stderr.write(text),
        listBenches: async () => Object.keys(suites),
        measure: measureInOneProcess,
      });
      // Slower (5) is an answer, too.
      if (exitCode !== 0 && exitCode !== 5) return exitCode;
      found.set(kind, (JSON.parse(readFileSync(join(out, 'compare.json'), 'utf8')) as Comparison).cases);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  report(found);
  return 0;
}

function report(found: ReadonlyMap<EventListKind, Comparison['cases']>): void {
  const rows = chosen.map((bench) => [
    `\`${bench}\``,
    ...others.map((kind) => {
      const each = found.get(kind)!.find(({ name }) => name === bench);
      if (each === undefined || !('ratio' in each)) return each?.note ?? 'not measured';
      // Time of the default over time of the other: turned over it is a speed.
      const [speed, low, high] = [each.ratio, each.high, each.low].map((ratio) => (1 / ratio).toFixed(2));
      return `${speed} [${low} to ${high}], ${each.pairs} in ${each.rounds}`;
    }),
  ]);
  const header = ['bench', ...others.map((kind) => `${own} over \`${kind}\``)];
  const machine = `Node.js ${process.versions.node}, ${cpus()[0]?.model.trim() ?? 'unknown processor'}`;
  const text =
    `How many times as fast: median of pairs, 99 % interval, pairs in processes${values.quick ? '; quick, the figures are rough' : ''}; ` +
    `${machine}.\n\n${table(header, rows, [])}`;
  mkdirSync(values.out, { recursive: true });
  writeWhole(join(values.out, 'event-lists.json'), `${JSON.stringify(Object.fromEntries(found), null, 2)}\n`);
  writeWhole(join(values.out, 'event-lists.md'), text);
  process.stdout.write(text);
}
