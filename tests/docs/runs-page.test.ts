import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { main } from '../../src/cli/main.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(join(root, 'docs/runs.md'), 'utf8');
const commands = [...page.matchAll(/^npm run mailflow -- (.+)$/gm)].map(([, command]) => command!);
const folder = mkdtempSync(join(tmpdir(), 'mailflow-runs-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Paths are those of a clone, from its root; results go elsewhere, and runs are cut short. */
async function run(command: string): Promise<string> {
  const args = command
    .replaceAll('"', '')
    .split(' ')
    .map((arg) =>
      arg.endsWith('.yaml') ? join(root, arg) : arg.replace(/^(results|shards)\//, `${folder}/`),
    );
  let stderr = '';
  const code = await main([...args, ...(args[0] === 'merge' ? [] : ['--until', '1 min'])], {
    stdout: { write: () => true },
    stderr: { write: (text) => (stderr += text) },
  });
  // Cut short, thresholds may fail.
  expect([0, 4], `${command}\n${stderr}`).toContain(code);
  return stderr;
}

test('docs/runs.md: its commands work in their order, and --resume finds what is there', async () => {
  expect(commands.length).toBeGreaterThan(5);
  for (const command of commands) {
    const told = await run(command);
    if (command.endsWith('--resume')) expect(told).toContain('8 replications are there already');
  }
  expect(existsSync(join(folder, 'sweep', 'sweep.json'))).toBe(true);
}, 180_000);

test('docs/ci/sweep.yml: its shards come together', async () => {
  const { jobs } = parse(readFileSync(join(root, 'docs/ci/sweep.yml'), 'utf8')) as {
    jobs: Record<string, { steps: { run?: string }[]; strategy?: { matrix: { shard: number[] } } }>;
  };
  const linesOf = (job: string) =>
    jobs[job]!.steps.flatMap(({ run: line }) => (line?.startsWith('npx mailflow ') ? [line.slice(13)] : []));
  const plan = join(folder, 'plan.csv');
  writeFileSync(plan, 'organization.siteLinks.Berlin-Frankfurt.cost\n10\n40\n');
  const scenario = 'scenarios/two-site-morning/scenario.yaml';
  for (const shard of jobs['shard']!.strategy!.matrix.shard) {
    for (const line of linesOf('shard')) {
      await run(
        line
          .replace('scenarios/morning.yaml', scenario)
          .replace('scenarios/morning-plan.csv', plan)
          .replaceAll('$SHARD', String(shard)),
      );
    }
  }
  for (const line of linesOf('merge')) await run(line.replace('results/sweep', 'results/merged'));
  expect(existsSync(join(folder, 'merged', 'sweep.json'))).toBe(true);
}, 180_000);
