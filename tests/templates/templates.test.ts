import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { main } from '../../src/cli/main.js';
import { init, type TemplateName, templates } from '../../src/runner/index.js';

const names = Object.keys(templates) as TemplateName[];
let home: string;
// Each runs a scenario, and then a dozen commands.
vi.setConfig({ testTimeout: 240_000 });

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'mailflow-templates-'));
  for (const template of names) init(join(home, template), { template });
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Runs a command line as if in the folder of a template. */
async function run(template: TemplateName, ...args: readonly string[]) {
  let stdout = '';
  let stderr = '';
  const code = await main(
    args.map((arg) =>
      /^(organization|scenario)\.yaml$|^results\//.test(arg) ? join(home, template, arg) : arg,
    ),
    { stdout: { write: (text) => (stdout += text) }, stderr: { write: (text) => (stderr += text) } },
  );
  return { code, stdout, stderr };
}

/** The commands that the comments of a file tell the reader to run, in their order. */
function commandsIn(template: TemplateName, file: string): string[][] {
  const text = readFileSync(join(home, template, file), 'utf8');
  return [...text.matchAll(/^# {3}mailflow (.+)$/gm)].map(([, command]) =>
    [...command!.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word),
  );
}

describe.each(names)('the template %s', (template) => {
  test.each(['organization.yaml', 'scenario.yaml'])('has nothing to warn of in its %s', async (file) => {
    const { code, stdout } = await run(template, 'check', file, '--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { errors: [], warnings: [] }]);
  });

  test('has a way for the mail that init asks about', async () => {
    const { from, to } = templates[template];
    const { code, stdout } = await run(
      template,
      'route',
      'organization.yaml',
      ...['--from', from, '--to', to],
      '--follow',
      '--json',
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout).recipients).toMatchObject([
      { outcome: 'route', end: { outcome: 'delivered' } },
    ]);
  });

  test('runs, with an outage in it, and every threshold holds', async () => {
    const { code, stdout } = await run(
      template,
      'simulate',
      'scenario.yaml',
      '--out',
      'results/first',
      '--json',
      '--workers',
      '1',
    );
    const { thresholds, replications, recipients, intervals } = JSON.parse(stdout);
    expect(code).toBe(0);
    const verdicts = new Set(thresholds.map(({ verdict }: { verdict: string }) => verdict));
    expect([...verdicts]).toEqual(['pass']);
    expect(thresholds.length).toBeGreaterThanOrEqual(4);
    expect(replications).toBe(5);
    expect(recipients.delivered).toBeGreaterThan(10_000);
    expect(intervals['deliveryLatency.p95Ms'].halfWidth).toBeGreaterThan(0);
    const scenario = readFileSync(join(home, template, 'scenario.yaml'), 'utf8');
    expect(scenario).toMatch(/^faults:\n {2}- \{ kind: [a-z-]+, /m);
    expect(scenario).toContain(`\nname: ${template}\n`);
  });

  test('has commands in its comments, and they work, from top to bottom', async () => {
    const commands = [...commandsIn(template, 'organization.yaml'), ...commandsIn(template, 'scenario.yaml')];
    expect(commands.length).toBeGreaterThan(6);
    for (const [name, ...args] of commands) {
      // A run is cut short, so that its thresholds may fail.
      const isRun = name === 'simulate' || name === 'sweep' || name === 'capacity';
      const ran = await run(
        template,
        name!,
        ...args,
        ...(isRun ? ['--until', '40 min', '--workers', '1'] : []),
      );
      const expected = isRun
        ? [0, 4]
        : args.includes('--remove-server')
          ? [3]
          : name === 'compare'
            ? [0, 5]
            : [0];
      expect(expected, `${name} ${args.join(' ')}\n${ran.stderr}`).toContain(ran.code);
      expect(ran.stdout).not.toBe('');
    }
  });
});
