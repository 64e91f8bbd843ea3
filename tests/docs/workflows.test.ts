import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { main as compare } from '../../bench/compare/compare-main.js';
import { main as cli } from '../../src/cli/main.js';

/** What of a workflow is looked at. */
interface Workflow {
  readonly name: string;
  readonly on: unknown;
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}
interface Job {
  readonly 'runs-on': string;
  readonly 'timeout-minutes': number;
  readonly steps: readonly { readonly uses?: string; readonly run?: string; readonly with?: object }[];
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = join(root, 'docs/ci');
const names = readdirSync(folder);
const read = (name: string): Workflow => {
  // What the runner reads: YAML 1.2, no repeated keys.
  const document = parseDocument(readFileSync(join(folder, name), 'utf8'), {
    strict: true,
    uniqueKeys: true,
  });
  expect([...document.errors, ...document.warnings]).toEqual([]);
  return document.toJS() as Workflow;
};
/** The lines of a workflow that call a program. */
const linesOf = (name: string, program: string): string[] =>
  Object.values(read(name).jobs)
    .flatMap(({ steps }) => steps.flatMap(({ run = '' }) => run.split('\n')))
    .filter((line) => line.startsWith(program))
    .map((line) => line.slice(program.length).replace(/ [|>].*$/, ''));

describe.each(names)('the workflow %s', (name) => {
  test('is YAML with the keys that a workflow needs', () => {
    const { on, permissions, jobs } = read(name);
    expect([on, permissions].every((value) => typeof value === 'object')).toBe(true);
    for (const job of Object.values(jobs)) {
      expect(job['runs-on']).toMatch(/^ubuntu-\d\d\.\d\d$/);
      expect(job['timeout-minutes']).toBeGreaterThan(0);
      for (const { uses, run } of job.steps) {
        expect(uses === undefined).not.toBe(run === undefined);
        if (uses !== undefined) expect(uses).toMatch(/^[\w-]+\/[\w-]+@v\d+$/);
      }
    }
  });

  test('puts nothing of a pull request into a script but by the environment', () => {
    const scripts = Object.values(read(name).jobs).flatMap(({ steps }) => steps.map(({ run = '' }) => run));
    expect(scripts.join('\n')).not.toContain('${{');
  });
});

test('the organization workflow asks mailflow what it can answer', async () => {
  const lines = linesOf('organization.yml', 'npx mailflow ');
  expect(lines.map((line) => line.split(' ')[0])).toEqual(['check', 'diff', 'simulate']);
  const out = mkdtempSync(join(tmpdir(), 'workflows-'));
  try {
    for (const line of lines) {
      const args = line
        .split(' ')
        .map((arg) =>
          arg.endsWith('organization.yaml')
            ? join(root, 'scenarios/two-site-morning/organization.yaml')
            : arg.endsWith('.yaml')
              ? join(root, 'scenarios/real-outage/scenario.yaml')
              : arg === 'results/morning'
                ? join(out, 'result')
                : arg,
        );
      let stderr = '';
      const code = await cli(args, {
        stdout: { write: () => true },
        stderr: { write: (text) => (stderr += text) },
      });
      expect([line, code, code === 0 ? '' : stderr]).toEqual([line, 0, '']);
    }
  } finally {
    rmSync(out, { recursive: true });
  }
});

test('the speed workflow runs scripts that there are, with options that they know', async () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Readonly<Record<string, string>>;
  };
  const lines = linesOf('speed.yml', 'npm run ');
  expect(lines.map((line) => line.split(' ')[0])).toEqual(['bench:compare', 'bench']);
  for (const line of lines) expect(scripts).toHaveProperty([line.split(' ')[0]!]);
  // The builds are none here; options are read first, and one that is unknown is named.
  const [, options] = lines[0]!.split(' -- ');
  const args = options!.replaceAll('"', '').replace('$BASE', 'no-such-build').split(' ');
  let stderr = '';
  const code = await compare(args, {
    out: () => {},
    err: (text) => {
      stderr += text;
    },
    listBenches: async () => [],
    measure: async () => ({ failed: 'nothing to measure' }),
  });
  expect([code, stderr]).toEqual([2, 'bench:compare: "no-such-build" is neither a folder nor a commit\n']);
});
