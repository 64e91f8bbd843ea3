import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { smallScenario } from '../../../tests/measure/small-scenario.js';
import { shortRun } from '../../../tests/runs/result-bytes.js';
import { commands, main } from '../main.js';

let home: string;

const at = (name: string) => join(home, name);

async function run(...args: readonly string[]) {
  let stdout = '';
  let stderr = '';
  const code = await main(args, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
  });
  return { code, stdout, stderr };
}

const rate = 'workloads.0.messagesPerSecond';

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'mailflow-quiet-'));
  writeFileSync(at('scenario.json'), smallScenario(shortRun));
  await run('simulate', at('scenario.json'), '--out', at('result'));
  await run('sweep', at('scenario.json'), '--vary', `${rate}=1,2`, '--shard', '1/1', '--out', at('shard'));
}, 60_000);

afterAll(() => rmSync(home, { recursive: true, force: true }));

/** A command line of each command; `init` writes nothing over, and takes another folder each time. */
const lines: Readonly<Record<keyof typeof commands, (turn: string) => readonly string[]>> = {
  capacity: () => [at('scenario.json'), '--vary', rate, '--between', '1', '2', '--replications', '1'],
  check: () => [at('scenario.json')],
  compare: () => [at('result'), at('result')],
  diff: () => [at('scenario.json'), at('scenario.json')],
  explain: () => ['RT-30'],
  failures: () => [at('scenario.json'), '--simulate', '1', '--workers', '1'],
  init: (turn) => [at(turn), '--template', 'edge'],
  merge: () => [at('shard'), '--out', at('merged')],
  report: () => [at('result')],
  route: () => [at('scenario.json'), '--from', 'A1', '--to', 'b@contoso.com'],
  schema: () => ['scenario'],
  simulate: () => [at('scenario.json'), '--out', at('simulated')],
  sweep: () => [at('scenario.json'), '--vary', 'seed=1', '--out', at('swept')],
};

test.each(Object.keys(commands) as (keyof typeof commands)[])(
  '%s --quiet has the answer on standard output, and no prose beside it',
  async (name) => {
    const told = await run(name, ...lines[name]('aloud'));
    const quiet = await run(name, ...lines[name]('hushed'), '--quiet');
    expect(quiet.stdout).not.toBe('');
    expect([quiet.code, quiet.stdout.replaceAll('hushed', 'aloud')]).toEqual([told.code, told.stdout]);
    const warnings = quiet.stderr.split('\n').filter((line) => line !== '' && !line.startsWith('warning: '));
    expect(warnings).toEqual([]);
  },
  60_000,
);
