import { createInterface } from 'node:readline';
import { suites } from '../suites/index.js';
import { peerWorkloads } from './workloads.js';

// mailflow's own kernel as a program of the peers: runs a bench of it for each line on standard input. The bench has its
// own sizes, seed and check.
const [name, extent] = process.argv.slice(2);
const { bench } = peerWorkloads.find((workload) => workload.name === name)!;
const prepared = await suites[bench].setup(extent === 'quick');
if (!('run' in prepared)) throw new Error(`${bench} does not time anything`);
const { operations, run, check } = prepared;
for await (const _ of createInterface({ input: process.stdin })) {
  const began = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(began);
  const reply = { operations, seconds: (user + system) / 1e6, wrong: check() ?? null };
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
