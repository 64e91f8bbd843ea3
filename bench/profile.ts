import { Session } from 'node:inspector/promises';
import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { compileScenario, runReplication } from '../src/experiment/index.js';
import { loadScenario } from '../src/runner/index.js';
import { ScenarioError } from '../src/scenario/index.js';
import { Simulation } from '../src/sim/kernel/index.js';

/*
 * Where the time of a run goes: what docs/performance.md says of profiles was written by this. Three runs of the same
 * replication after a first one, since each way of looking slows what it looks at.
 */

const usage = `npm run bench:profile -- [scenario] [options]

  Runs a scenario and prints, as Markdown: events a delivery by the file whose event it is, time by file, bytes
  allocated a delivery by file. Default: bench/scenarios/small-day.yaml.

  --until <hours>   so much simulated time (default: all)
  --rows <n>        rows a table (default 20)
  --help            print this and stop
`;

/** What waits, or starts the profiler itself. */
const ofTheProfiler: ReadonlySet<string> = new Set(['dispatch', '(idle)']);

interface Row {
  readonly name: string;
  readonly amount: number;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    until: { type: 'string' },
    rows: { type: 'string', default: '20' },
    help: { type: 'boolean', default: false },
  },
});
const rows = Number(values.rows);
const untilMs = values.until === undefined ? undefined : Number(values.until) * 3_600_000;
if (values.help) process.stdout.write(usage);
else if (!(rows >= 1) || (untilMs !== undefined && !(untilMs > 0)) || positionals.length > 1) {
  process.stderr.write(
    `bench:profile: one scenario, --rows from 1 and --until above 0, not "${process.argv.slice(2).join(' ')}"\n\n${usage}`,
  );
  process.exitCode = 2;
} else {
  try {
    await profile(positionals[0] ?? 'bench/scenarios/small-day.yaml');
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    process.stderr.write(`bench:profile: ${error.message}\n`);
    process.exitCode = 3;
  }
}

async function profile(file: string): Promise<void> {
  const { scenario } = loadScenario(resolve(file));
  const tables = compileScenario(scenario);
  const eventsByKind: number[] = [];
  const run = (onEvent?: (atMs: number, kind: number) => void) =>
    runReplication(scenario, tables, 1, { sink: () => {}, recordMessages: false, untilMs, onEvent });
  const warm = await run();
  const { delivered } = warm.result.recipients;

  const kinds = await withNamedKinds(() =>
    run((_atMs, kind) => {
      eventsByKind[kind] = (eventsByKind[kind] ?? 0) + 1;
    }),
  );
  print(
    `Events a delivery: ${(warm.events / delivered).toFixed(2)} (${warm.events} events, ${delivered} deliveries)`,
    'events a delivery',
    summed(kinds.map((name, kind) => ({ name, amount: (eventsByKind[kind] ?? 0) / delivered }))),
    3,
  );

  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  await run();
  const { profile: times } = await session.post('Profiler.stop');
  const nodes = new Map(times.nodes.map((node) => [node.id, node]));
  const samples = times.samples ?? [];
  const deltas = (times.timeDeltas ?? []).map((us, place) =>
    ofTheProfiler.has(nodes.get(samples[place]!)?.callFrame.functionName ?? '') ? 0 : us,
  );
  const totalUs = deltas.reduce((sum, us) => sum + us, 0);
  print(
    'Time by file, calls of others left out',
    '% of the run',
    summed(
      samples.map((id, place) => {
        const { url, functionName } = nodes.get(id)!.callFrame;
        return {
          name: fileOf(url) ?? functionName,
          amount: (100 * deltas[place]!) / totalUs,
        };
      }),
    ),
    1,
  );

  await session.post('HeapProfiler.enable');
  await session.post('HeapProfiler.startSampling', {
    samplingInterval: 4_096,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  });
  await run();
  const { profile: heap } = await session.post('HeapProfiler.stopSampling');
  session.disconnect();
  const allocated: Row[] = [];
  const open = [heap.head];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const { url, functionName } = node.callFrame;
    allocated.push({ name: fileOf(url) ?? functionName, amount: node.selfSize / delivered });
    open.push(...node.children);
  }
  const bytes = allocated.reduce((sum, { amount }) => sum + amount, 0);
  print(`Allocated a delivery: ${bytes.toFixed(0)} bytes`, 'bytes a delivery', summed(allocated), 1);
}

/** Runs something and returns, by kind of event, the file that asked the simulation for it; a station's is its owner's. */
async function withNamedKinds(run: () => Promise<unknown>): Promise<readonly string[]> {
  const names: string[] = [];
  const { addKind } = Simulation.prototype;
  Simulation.prototype.addKind = function named(this: Simulation, handler) {
    const kind = addKind.call(this, handler);
    const frames = (new Error().stack ?? '').split('\n').slice(2);
    const owner = frames.find((frame) => /\.js/.test(frame) && !frame.includes('/sim/kernel/'));
    names[kind] = fileOf(/file:\S+?\.js/.exec(owner ?? '')?.[0] ?? '') ?? 'unknown';
    return kind;
  };
  try {
    await run();
  } finally {
    Simulation.prototype.addKind = addKind;
  }
  return names;
}

/** A file of ours as the repository has it; undefined for what is not ours. */
function fileOf(url: string): string | undefined {
  const ours = /\/(src\/.*)\.js$/.exec(url)?.[1];
  if (ours !== undefined) return `${ours}.ts`;
  return /\/node_modules\/(.+)$/.exec(url)?.[1] ?? (url === '' ? undefined : basename(url));
}

function summed(parts: readonly Row[]): readonly Row[] {
  const sums = new Map<string, number>();
  for (const { name, amount } of parts) sums.set(name, (sums.get(name) ?? 0) + amount);
  return [...sums].map(([name, amount]) => ({ name, amount })).sort((a, b) => b.amount - a.amount);
}

function print(title: string, unit: string, all: readonly Row[], digits: number): void {
  const shown = all.slice(0, rows).map(({ name, amount }) => `| ${name} | ${amount.toFixed(digits)} |`);
  const rest = all.slice(rows).reduce((sum, { amount }) => sum + amount, 0);
  if (all.length > rows) shown.push(`| ${all.length - rows} others | ${rest.toFixed(digits)} |`);
  process.stdout.write(`### ${title}\n\n| | ${unit} |\n| --- | ---: |\n${shown.join('\n')}\n\n`);
}
