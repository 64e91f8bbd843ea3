import { mkdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chooseBenches } from './choose-benches.js';
import { markdownTable } from './markdown.js';
import { type BenchResult, measure, WrongAnswerError } from './measure.js';
import type { Suite } from './suite.js';
import { writeWhole } from './write-whole.js';

const usage = `npm run bench -- [options]

  --only <prefix>  only the benches whose name starts so; may be given several times
  --quick          less of each workload: shows that it works, the figures are rough
  --out <folder>   where latest.json and latest.md go (default results/bench)
  --list           print the names and stop
  --help           print this and stop
`;

/** Where a program writes its text. */
export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/**
 * The bench program: measures the suites chosen and writes `latest.json` and `latest.md`, with these suites alone.
 * A suite with a wrong answer is reported and left out.
 * @param args - the command line, without the program
 * @param measureSuite - measures one suite; by default in this process, one after another
 * @returns the exit code: 0, 1 if a suite gave a wrong answer or failed, 2 if the command line is wrong
 */
export async function main(
  args: readonly string[],
  suites: Readonly<Record<string, Suite>>,
  { out, err }: Streams,
  measureSuite: typeof measure = measure,
): Promise<number> {
  let options: Options;
  try {
    options = parse(args);
  } catch (error) {
    err(`bench: ${messageOf(error)}\n\n${usage}`);
    return 2;
  }
  if (options.help) {
    out(usage);
    return 0;
  }
  const benches = chooseBenches(Object.keys(suites), options.only);
  if ('wrong' in benches) {
    err(`bench: ${benches.wrong}\n`);
    return 2;
  }
  const { chosen } = benches;
  if (options.list) {
    out(chosen.map((name) => `${name}\n`).join(''));
    return 0;
  }

  const where = `Node.js ${process.versions.node}, ${cpus()[0]?.model.trim() ?? 'unknown processor'}`;
  const results: BenchResult[] = [];
  let failed = false;
  for (const name of chosen) {
    err(`${name} …\n`);
    try {
      results.push(await measureSuite(name, suites[name]!, options.quick, where));
    } catch (error) {
      failed = true;
      err(
        error instanceof WrongAnswerError
          ? `WRONG ANSWER ${error.message}\n`
          : `FAILED ${name}: ${stackOf(error)}\n`,
      );
    }
  }
  const table = markdownTable(results);
  mkdirSync(options.out, { recursive: true });
  writeWhole(join(options.out, 'latest.json'), `${JSON.stringify(results, null, 2)}\n`);
  writeWhole(join(options.out, 'latest.md'), table);
  out(table);
  return failed ? 1 : 0;
}

interface Options {
  readonly only: readonly string[];
  readonly quick: boolean;
  readonly out: string;
  readonly list: boolean;
  readonly help: boolean;
}

function parse(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    strict: true,
    allowPositionals: false,
    options: {
      only: { type: 'string', multiple: true, default: [] },
      quick: { type: 'boolean', default: false },
      out: { type: 'string', default: 'results/bench' },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.only.includes('')) throw new Error('--only needs the beginning of a name');
  if (values.out === '') throw new Error('--out needs a folder');
  return values;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
