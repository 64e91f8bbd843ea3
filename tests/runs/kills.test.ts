import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import seedrandom from 'seedrandom';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { smallScenario } from '../measure/small-scenario.js';
import { bytesOf, shortRun } from './result-bytes.js';

/** How often a run is killed: `npm run kills` does it 20 times, every test run a few times. */
const kills = Number(process.env['MAILFLOW_KILLS'] ?? 2);
/** When it is killed. */
const seed = process.env['MAILFLOW_SEED'] ?? 'kills';
const program = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));

let home: string;
let scenario: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'mailflow-kills-'));
  scenario = join(home, 'scenario.json');
  writeFileSync(scenario, smallScenario({ ...shortRun, replications: 6 + 3 * kills }));
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

function start(args: readonly string[]) {
  const child = spawn(process.execPath, [program, ...args, '--quiet'], { stdio: 'ignore' });
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  return { child, ended };
}

/** The records of finished jobs, with what tells a file from another one of its name. */
function recordsIn(out: string): ReadonlyMap<string, string> {
  const folder = join(`${out}.partial`, 'jobs');
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  return new Map(
    names.map((name) => {
      const { ino, mtimeMs } = statSync(join(folder, name));
      return [name, `${ino} ${mtimeMs}`];
    }),
  );
}

/** A record that is there is whole: it stands for what its first line says. */
function expectWhole(out: string): void {
  for (const name of recordsIn(out).keys()) {
    const [head, result, rest] = readFileSync(join(`${out}.partial`, 'jobs', name), 'utf8').split('\n');
    const { sha256 } = JSON.parse(head!) as { sha256: string };
    expect(createHash('sha256').update(result!).digest('hex')).toBe(sha256);
    expect(rest).toBe('');
  }
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Starts a run and kills it when it has done some more jobs, at a random moment. */
async function runAndKill(args: readonly string[], out: string, random: () => number): Promise<void> {
  const before = recordsIn(out);
  const more = Math.floor(random() * 3);
  const { child, ended } = start(args);
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  while (!isOver && (!existsSync(`${out}.partial`) || recordsIn(out).size < before.size + more))
    await sleep(5);
  await sleep(random() * 150);
  child.kill('SIGKILL');
  expect(await ended, 'it was killed before it was done').toBeNull();
  expectWhole(out);
  const after = recordsIn(out);
  for (const [name, file] of before) expect(after.get(name), `${name} was not run again`).toBe(file);
}

describe.each([
  ['sweep', ['--vary', 'workloads.0.messagesPerSecond=1,2']],
  ['simulate', ['--messages']],
] as const)(
  '%s',
  (command, more) => {
    test(`killed ${kills} times and resumed, has the same bytes, and runs no finished job again`, async () => {
      const random = seedrandom.alea(`${seed}/${command}`);
      const args = (out: string) => [command, scenario, '--out', out, '--workers', '2', ...more];
      const undisturbed = join(home, `${command}-undisturbed`);
      expect(await start(args(undisturbed)).ended).toBe(0);
      const out = join(home, command);
      for (let kill = 0; kill < kills; kill++) {
        await runAndKill([...args(out), '--resume'], out, random);
      }
      expect(recordsIn(out).size, 'jobs done before the last start').toBeGreaterThan(0);
      expect(await start([...args(out), '--resume']).ended).toBe(0);
      expect(bytesOf(out)).toEqual(bytesOf(undisturbed));
      expect(existsSync(`${out}.partial`)).toBe(false);
    });
  },
  1_200_000,
);
