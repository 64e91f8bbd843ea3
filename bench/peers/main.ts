import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, type } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Streams } from '../main.js';
import { comparePeers } from './compare-peers.js';
import type { Engine } from './engine.js';
import type { Peer } from './peers.js';
import { peersTables } from './peers-table.js';
import { type PeerWorkload, peerWorkloads } from './workloads.js';

const usage = `npm run bench:peers -- [options]

  Runs the four kernel workloads with mailflow's kernel and with other engines, interleaved, and checks every answer
  against theory. Takes the engines that are on this machine, names those that are missing, and installs nothing.

  --simjs <folder>       where simjs was installed: npm install --prefix <folder> simjs
  --python <program>     a Python that has SimPy (default python3, then /usr/bin/python3)
  --compiler <program>   a C++ compiler (default g++)
  --rounds <n>           runs of each engine and workload that count (default 5); one more goes before them
  --quick                less of each workload: shows that it works, the figures are rough
  --only <workload>      one workload alone: ${peerWorkloads.map(({ name }) => name).join(', ')}; may be given several times
  --out <folder>         where peers.json and peers.md go (default results/bench)
  --help                 print this and stop
`;

/**
 * The program: finds the peers, compares them, prints the tables and writes `peers.json` and `peers.md`.
 * @returns the exit code: 0, whatever peers are missing; 1 if one gave a wrong answer or failed; 2 if the command line
 *   is wrong
 */
export async function main(
  args: readonly string[],
  own: Engine,
  peers: readonly Peer[],
  { out, err }: Streams,
): Promise<number> {
  let options: Options;
  try {
    options = parse(args);
  } catch (error) {
    err(`bench:peers: ${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return 2;
  }
  if (options.help) {
    out(usage);
    return 0;
  }
  const scratch = mkdtempSync(join(tmpdir(), 'mailflow-peers-'));
  try {
    const engines = [own];
    for (const { name, install, find } of peers) {
      const found = find({ ...options, scratch });
      if (found.length === 0) err(`missing: ${name}; to install it: ${install}\n`);
      engines.push(...found);
    }
    const { workloads } = options;
    const { figures, failures } = await comparePeers(engines, workloads, options, err);
    for (const failure of failures) err(`FAILED ${failure}\n`);
    const machine = `${describeMachine()}, ${new Date().toISOString().slice(0, 10)}`;
    const extent = `${options.rounds} round${options.rounds === 1 ? '' : 's'}${options.quick ? ', quick' : ''}`;
    const text = `${peersTables(figures, workloads, own.name)}\nProcessor time, ${extent}; ${machine}.\n`;
    mkdirSync(options.out, { recursive: true });
    const json = { machine, rounds: options.rounds, quick: options.quick, figures };
    writeFileSync(join(options.out, 'peers.json'), `${JSON.stringify(json, null, 2)}\n`);
    writeFileSync(join(options.out, 'peers.md'), text);
    out(text);
    return failures.length > 0 ? 1 : 0;
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

interface Options {
  readonly simjs: string | undefined;
  readonly python: string | undefined;
  readonly compiler: string;
  readonly rounds: number;
  readonly quick: boolean;
  readonly workloads: readonly PeerWorkload[];
  readonly out: string;
  readonly help: boolean;
}

function parse(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    strict: true,
    allowPositionals: false,
    options: {
      simjs: { type: 'string' },
      python: { type: 'string' },
      compiler: { type: 'string', default: 'g++' },
      rounds: { type: 'string', default: '5' },
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      out: { type: 'string', default: 'results/bench' },
      help: { type: 'boolean', default: false },
    },
  });
  const { simjs, python, only, rounds, ...rest } = values;
  const count = Number(rounds);
  if (!Number.isInteger(count) || count < 1)
    throw new Error(`--rounds needs a whole number above 0, not ${rounds}`);
  for (const name of only) {
    if (!peerWorkloads.some((workload) => workload.name === name))
      throw new Error(`there is no workload "${name}"`);
  }
  const workloads = peerWorkloads.filter(({ name }) => only.length === 0 || only.includes(name));
  return { ...rest, simjs, python, rounds: count, workloads };
}

/** In general words: the kind of processor, cores, system, Node.js. */
function describeMachine(): string {
  const processors = cpus();
  const model = processors[0]?.model.trim() ?? 'unknown processor';
  const cores = `${processors.length} core${processors.length === 1 ? '' : 's'}`;
  return `${model}, ${cores}, ${type()}, Node.js ${process.versions.node}`;
}
