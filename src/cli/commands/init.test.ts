import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { main } from '../main.js';

const all = 'single-site, two-site-dag, hub-and-spoke, edge, mixed-versions, stretched-dag';
let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'mailflow-init-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

async function run(...args: readonly string[]) {
  let stdout = '';
  let stderr = '';
  const code = await main(['init', ...args], {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
  });
  return { code, stdout, stderr };
}

describe('mailflow init', () => {
  test('names the files on standard output, and on standard error what to do next', async () => {
    const folder = join(home, 'my organization');
    const { code, stdout, stderr } = await run(folder, '--template', 'hub-and-spoke');
    expect(code).toBe(0);
    const organization = join(folder, 'organization.yaml');
    const scenario = join(folder, 'scenario.yaml');
    expect(stdout).toBe(`${organization}\n${scenario}\n`);
    expect(stderr).toBe(`
They say in their comments what to change first, and what to ask. What to do next:

# is it sound?
mailflow check '${scenario}'
# which way does mail go, and why?
mailflow route '${organization}' --from HAM1 --to munich1@contoso.com --explain
# what happens under this load, with this outage?
mailflow simulate '${scenario}'
# how does that look?
mailflow report results/hub-and-spoke
# which failure hurts most?
mailflow failures '${scenario}'
`);
  });

  test('in a clone the commands to run next are those that work there; a name with a quote stays one word', async () => {
    vi.stubEnv('npm_lifecycle_event', 'mailflow');
    const { stderr } = await run(join(home, "bob's"), '--template', 'edge');
    expect(stderr).toContain(`\nnpm run mailflow -- check '${join(home, "bob'\\''s", 'scenario.yaml')}'\n`);
    expect(stderr).toContain('\nnpm run mailflow -- report results/edge\n');
  });

  test('writes into the folder that stands behind --', async () => {
    const folder = join(home, 'some-folder');
    const { code, stdout } = await run('--template', 'edge', '--', folder);
    expect([code, readdirSync(home)]).toEqual([0, ['some-folder']]);
    expect(stdout).toBe(`${join(folder, 'organization.yaml')}\n${join(folder, 'scenario.yaml')}\n`);
  });

  test('--json answers init/1: the files, and the commands to run next', async () => {
    const { code, stdout, stderr } = await run(home, '--template', 'edge', '--json', '--quiet');
    expect([code, stderr]).toEqual([0, '']);
    const scenario = join(home, 'scenario.yaml');
    const answer = JSON.parse(stdout);
    expect(answer).toMatchObject({
      mailflow: 'init/1',
      template: 'edge',
      folder: home,
      files: [join(home, 'organization.yaml'), scenario],
    });
    expect(answer.next[0]).toEqual(['mailflow', 'check', scenario]);
    expect(answer.next.map(([, command]: string[]) => command)).toEqual([
      'check',
      'route',
      'simulate',
      'report',
      'failures',
    ]);
  });

  test.each([
    [[], `--template is needed: there are ${all}\n`],
    [['--template', 'spokes'], `--template: no template "spokes": there are ${all}\n`],
    [['--template', 'strechted-dag'], `there are ${all}; did you mean stretched-dag?\n`],
    [['--template', 'edge', '--template', 'edge'], '--template is given more than once\n'],
  ])('refuses %j, and writes nothing', async (args, message) => {
    const ran = await run(home, ...args);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain(message);
    expect(readdirSync(home)).toEqual([]);
  });

  test('a file that is there is not written over: exit code 2, also in JSON', async () => {
    writeFileSync(join(home, 'scenario.yaml'), 'mine');
    const { code, stdout } = await run(home, '--template', 'edge', '--json');
    expect(code).toBe(2);
    const answer = JSON.parse(stdout);
    expect(answer).toMatchObject({ mailflow: 'error/1', exitCode: 2 });
    expect(answer.errors[0].message).toContain(
      `${join(home, 'scenario.yaml')} exists, and is not written over`,
    );
    expect(readdirSync(home)).toEqual(['scenario.yaml']);
  });
});
