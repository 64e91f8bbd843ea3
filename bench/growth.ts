import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { type Growth, goalsOf, growthMarkdown, growthPlot } from './growth/growth-report.js';
import type { GrowthPoint, QueuedPoint } from './growth/measure-growth.js';
import { writeWhole } from './write-whole.js';

const usage = `npm run bench:growth -- [options]

  How speed and memory go with size: events a second from a thousand to ten million messages and from 10 to 1,000
  servers, at the same load of each server, and the memory of waiting messages up to ten million, each point in a
  process of its own. CPU time, a quarter of an hour a round. Writes growth.json, growth.md and growth.svg.

  --most <n>      no more messages than that (default 10000000)
  --rounds <n>    each point so often, the median counts (default 3; points of more than a million messages once)
  --quick         up to 100,000 messages, one round: shows that it works
  --out <folder>  where the files go (default results/bench)
  --help          print this and stop
`;

const { values } = parseArgs({
  options: {
    most: { type: 'string' },
    rounds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    out: { type: 'string', default: 'results/bench' },
    help: { type: 'boolean', default: false },
  },
});
const most = Number(values.most ?? (values.quick ? 100_000 : 10_000_000));
const rounds = Number(values.rounds ?? (values.quick ? 1 : 3));
const serversOfMessages = 40;
const messagesOfServers = Math.min(most, 1_000_000);
const large = 1_000_000;

if (values.help) process.stdout.write(usage);
else if (!(most >= 1_000) || !(Number.isInteger(rounds) && rounds >= 1)) {
  process.stderr.write(
    `bench:growth: --most is a number from 1000 and --rounds a whole number from 1, not ${most} and ${rounds}\n\n${usage}`,
  );
  process.exitCode = 2;
} else await measureAll();

async function measureAll(): Promise<void> {
  const sizes = [1_000, 10_000, 100_000, 1_000_000, 10_000_000].filter((messages) => messages <= most);
  const growth: Growth = {
    mailflow: 'bench-growth/1',
    date: new Date().toISOString().slice(0, 10),
    machine: `Node.js ${process.versions.node}, ${cpus()[0]?.model.trim() ?? 'unknown processor'}`,
    rounds,
    byMessages: await medians(sizes.map((messages) => [serversOfMessages, messages])),
    byServers: await medians([10, 30, 100, 300, 1_000].map((servers) => [servers, messagesOfServers])),
    queued: await queuedPoints(sizes.filter((messages) => messages >= 100_000)),
  };
  mkdirSync(values.out, { recursive: true });
  writeWhole(join(values.out, 'growth.json'), `${JSON.stringify(growth, null, 2)}\n`);
  writeWhole(join(values.out, 'growth.md'), growthMarkdown(growth));
  writeWhole(join(values.out, 'growth.svg'), growthPlot(growth));
  process.stdout.write(growthMarkdown(growth));
  if (goalsOf(growth).some((goal) => goal.startsWith('NOT MET'))) process.stderr.write('a goal is not met\n');
}

/** Each size in turn, and that again: a machine that is busy for a while slows no size more than the others. */
async function medians(
  sizes: readonly (readonly [servers: number, messages: number])[],
): Promise<GrowthPoint[]> {
  const found: GrowthPoint[][] = sizes.map(() => []);
  for (let round = 1; round <= rounds; round++) {
    for (const [index, [servers, messages]] of sizes.entries()) {
      if (round > 1 && messages > large) continue;
      found[index]!.push((await measure(`${servers}`, `${messages}`)) as GrowthPoint);
    }
  }
  return found.map((points) => {
    const sorted = points.toSorted((a, b) => a.eventsPerSecond - b.eventsPerSecond);
    return sorted[sorted.length >> 1]!;
  });
}

async function queuedPoints(sizes: readonly number[]): Promise<QueuedPoint[]> {
  const found: QueuedPoint[] = [];
  for (const messages of sizes) found.push((await measure('queued', `${messages}`)) as QueuedPoint);
  return found;
}

async function measure(...args: readonly string[]): Promise<unknown> {
  process.stderr.write(`${args.join(' ')} …\n`);
  const program = fileURLToPath(new URL('growth-point.js', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args]);
  return JSON.parse(stdout);
}
