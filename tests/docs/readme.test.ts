import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, test } from 'vitest';
import { main } from '../../src/cli/main.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const file = join(root, 'README.md');
const readme = readFileSync(file, 'utf8');
const shownRun = /(?<=^```\n)two-site-morning: [^`]*(?=\n```$)/m;

it('the README shows what `npm start` prints; after a build `npm run docs` writes it anew', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailflow-readme-'));
  try {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: { start: string };
    };
    const [, ...start] = scripts.start.split(' ');
    const printed = execFileSync(process.execPath, [...start, '--no-color', '--out', join(folder, 'out')], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [shown = ''] = shownRun.exec(readme) ?? [];
    // The folder is another here.
    const [result = ''] = /^result: .*$/m.exec(shown) ?? [];
    const present = printed.trim().replace(/^result: .*$/m, result);
    if (process.env['MAILFLOW_UPDATE'] === 'docs')
      writeFileSync(
        file,
        readme.replace(shownRun, () => present),
      );
    expect(shownRun.exec(readFileSync(file, 'utf8'))?.[0]).toBe(present);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const commands = [...readme.matchAll(/^npm run mailflow -- (.+)$/gm)].map(([, command]) => command!);

test('the README has commands to paste', () => {
  expect(commands.length).toBeGreaterThan(5);
});

test.each(commands)('the README: %s', async (command) => {
  const folder = mkdtempSync(join(tmpdir(), 'mailflow-readme-'));
  try {
    // Paths are those of a clone, from its root; a run is cut short, so that its thresholds may fail.
    const args = command
      .replace(/ --out \S+/, '')
      .split(' ')
      .map((arg) => (arg.endsWith('.yaml') ? join(root, arg) : arg));
    const isRun = args[0] === 'simulate';
    if (isRun) args.push('--until', '5min', '--out', join(folder, 'out'));
    const silent = { stdout: { write: () => true }, stderr: { write: () => true } };
    if (args[0] === 'init') args[1] = join(folder, args[1]!);
    if (args[0] === 'report') {
      // The README has it run before.
      args[1] = join(folder, 'out');
      const scenario = join(root, 'scenarios/whatif-04-wan-cut/scenario.yaml');
      await main(['simulate', scenario, '--until', '5min', '--out', args[1]], silent);
    }
    let stdout = '';
    const code = await main(args, {
      stdout: { write: (text) => (stdout += text) },
      stderr: { write: () => true },
    });
    const refusesRemoval = command.includes('--remove-server');
    expect(isRun ? [0, 4] : [refusesRemoval ? 3 : 0]).toContain(code);
    expect(stdout).not.toBe('');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** What the design promises beside what every command has: a command, or an option of one. */
const promised = [
  ...[
    'init --template',
    'check --remove-server',
    'check --lang',
    'schema',
    'explain',
    'worker',
    'worker --redis',
  ],
  ...['import exchange', 'import tracking-log', 'report --format'],
  ...['--from', '--to', '--service', '--size', '--down', '--down-site', '--down-link'].map(
    (o) => `route ${o}`,
  ),
  ...['--active', '--follow', '--explain'].map((option) => `route ${option}`),
  'diff --fail-on-change',
  ...['--seed', '--replications', '--precision', '--until', '--set', '--workers'].map((o) => `simulate ${o}`),
  ...['--messages', '--tracking-log', '--trace', '--resume', '--strict'].map((o) => `simulate ${o}`),
  ...['--max-events', '--max-in-flight', '--max-wall', '--root', '--out'].map((o) => `simulate ${o}`),
  'compare --tolerance',
  ...['--vary', '--plan', '--shard', '--resume', '--engine', '--redis'].map((option) => `sweep ${option}`),
  ...['merge', 'capacity --vary', 'capacity --between', 'capacity --smallest'],
  ...['failures --pairs', 'failures --simulate'],
];

test('the README says of each thing that the design promises and that is not there that it is not, and of no other', async () => {
  const missing = readme.slice(readme.indexOf('## What is not there yet'), readme.indexOf('## Speed'));
  const helps = new Map<string, string>();
  const wrong: string[] = [];
  for (const each of promised) {
    const [command = '', part = ''] = each.split(' ');
    if (!helps.has(command)) {
      let printed = '';
      const silent = { write: () => true };
      await main([command, '--help'], { stdout: { write: (text) => (printed += text) }, stderr: silent });
      helps.set(command, printed);
    }
    const help = helps.get(command)!;
    const isThere = help.includes(`mailflow ${command}`) && help.includes(part);
    const named = part.startsWith('--')
      ? new RegExp(`\`[^\`]*${part}(?![\\w-])[^\`]*\``).test(missing)
      : new RegExp(`\`${each}\``).test(missing);
    if (isThere === named) wrong.push(`${each}: ${isThere ? 'is there' : 'is missing'}`);
  }
  expect(wrong).toEqual([]);
});
