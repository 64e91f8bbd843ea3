import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { table } from './markdown.js';
import { binomialBounds } from './statistics/binomial-bounds.js';
import { type Coverage, measureCoverage } from './statistics/coverage.js';
import { type Detection, measureDetection } from './statistics/detection.js';
import { queuePlant, twoSitePlant } from './statistics/plants.js';
import { writeWhole } from './write-whole.js';

const usage = `npm run statistics -- [options]

  Shows what intervals and comparisons are worth:
  - coverage: M/M/1 at 80 % load, 200 seeds, warm-up found: 95 % intervals of the mean hold the truth in 90 to 99 %
  - warm-up: the same with short replications, warm-up found, and without one: what is left of the bias
  - queue, two-sites: compare finds a planted change of 5 % of the mean latency in at least 95 of 100 tries, and calls at
    most 5 of 100 comparisons of equal runs different
  Takes the better part of an hour. Exits 1 when one of them does not hold. Of fewer seeds or tries than these, shares
  are held against what the same probabilities may well give of so few (5 % to either side).

  --only <name>  only this: coverage, warm-up, queue or two-sites
  --seeds <n>    of coverage and warm-up (default 200)
  --tries <n>    of queue and two-sites (default 100)
  --first <n>    try to begin with, for parts of them (default 1)
  --out <folder> where <name>.json and <name>.md go (default results/statistics)
  --help         print this and stop
`;

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    seeds: { type: 'string', default: '200' },
    tries: { type: 'string', default: '100' },
    first: { type: 'string', default: '1' },
    out: { type: 'string', default: 'results/statistics' },
    help: { type: 'boolean', default: false },
  },
});
const seeds = Number(values.seeds);
const tries = Number(values.tries);
const first = Number(values.first);
const say = (text: string) => process.stderr.write(text);

/** What a part found: as JSON, as rows of a table, and whether it is as it should be. */
interface Finding {
  readonly figures: object;
  readonly rows: readonly (readonly [string, string])[];
  readonly holds: boolean;
}

const parts: Readonly<Record<string, () => Promise<Finding>>> = {
  coverage: async () => {
    const found = await measureCoverage({
      seeds,
      length: 10_000,
      replications: 10,
      warmUp: 'auto',
      onSeed: told,
    });
    return {
      figures: found,
      rows: coverageRows(found),
      holds: isWithin(found.covered, seeds, 0.9, 0.99, 200),
    };
  },
  'warm-up': async () => {
    const short = { seeds, length: 500, replications: 40, onSeed: told };
    const auto = await measureCoverage({ ...short, warmUp: 'auto' });
    const none = await measureCoverage({ ...short, warmUp: 0 });
    const rows = [
      ...coverageRows(auto).map(([what, figure]) => [`found: ${what}`, figure] as const),
      ...coverageRows(none).map(([what, figure]) => [`none: ${what}`, figure] as const),
    ];
    return {
      figures: { auto, none },
      rows,
      holds: Math.abs(1 - auto.estimate) < Math.abs(1 - none.estimate),
    };
  },
  queue: async () => detectionFinding(await measureDetection(queuePlant, tries, first, toldTry)),
  'two-sites': async () => detectionFinding(await measureDetection(twoSitePlant, tries, first, toldTry)),
};

if (values.help) process.stdout.write(usage);
else process.exitCode = await prove();

async function prove(): Promise<number> {
  mkdirSync(values.out, { recursive: true });
  let allHold = true;
  for (const [name, find] of Object.entries(parts)) {
    if (values.only !== undefined && values.only !== name) continue;
    say(`${name}\n`);
    const { figures, rows, holds } = await find();
    const text = `${table([name, holds ? 'holds' : 'DOES NOT HOLD'], rows, [])}`;
    writeWhole(join(values.out, `${name}.json`), `${JSON.stringify({ holds, ...figures }, null, 2)}\n`);
    writeWhole(join(values.out, `${name}.md`), text);
    process.stdout.write(`${text}\n`);
    allHold &&= holds;
  }
  return allHold ? 0 : 1;
}

function told(seed: number): void {
  if (seed % 10 === 0) say(`  ${seed} of ${seeds}\n`);
}

function toldTry(soFar: {
  readonly number: number;
  readonly found: number;
  readonly falseAlarms: number;
}): void {
  const { number, found, falseAlarms } = soFar;
  if (number % 5 === 0) say(`  ${number} of ${tries}: ${found} found, ${falseAlarms} false alarms\n`);
}

/** Of `enough` trials the share itself counts; of fewer, whether probabilities within the bounds may well give it. */
function isWithin(count: number, n: number, low: number, high: number, enough: number): boolean {
  if (n >= enough) return count >= low * n && count <= high * n;
  const { least, most } = binomialBounds(n, low, high);
  return count >= least && count <= most;
}

function coverageRows(found: Coverage): readonly (readonly [string, string])[] {
  const [least, middle, most] = found.warmUps;
  return [
    ['seeds', String(found.seeds)],
    ['intervals that hold the truth', `${found.covered} (${percent(found.covered / found.seeds)})`],
    [
      'mean of the estimates, of the truth',
      `${percent(found.estimate)} ± ${percent(found.estimateHalfWidth)}`,
    ],
    ['half width, of the truth', percent(found.halfWidth)],
    ['warm-ups, service times: least, middle, most', `${least}, ${middle}, ${most}`],
    ['no steady state found', String(found.notFound)],
  ];
}

function detectionFinding(found: Detection): Finding {
  const enough =
    isWithin(found.found, found.tries, 0.95, 1, 100) &&
    isWithin(found.falseAlarms, found.comparisonsOfEqual, 0, 0.05, 100);
  return {
    figures: found,
    rows: [
      ['tries', String(found.tries)],
      ['planted changes found', String(found.found)],
      ['difference of the mean latency', percent(found.difference)],
      ['comparisons of equal runs', String(found.comparisonsOfEqual)],
      ['false alarms', [found.falseAlarms, ...found.alarmingMetrics].join(' ')],
      ['interval narrower by pairing: in each try', `${found.pairing.toFixed(1)} times`],
      ['interval narrower than with other seeds', `${found.narrower.toFixed(1)} times`],
    ],
    holds: enough,
  };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
