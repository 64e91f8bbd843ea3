import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { main } from './main.js';
import type { BenchResult } from './measure.js';
import type { Suite } from './suite.js';
import { suites } from './suites/index.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the program over the suites; its exit code and what it wrote. */
async function bench(args: readonly string[], over: Readonly<Record<string, Suite>> = suites) {
  const text = { out: '', err: '' };
  const exitCode = await main([...args, '--out', folder], over, {
    out: (chunk) => {
      text.out += chunk;
    },
    err: (chunk) => {
      text.err += chunk;
    },
  });
  return { exitCode, ...text };
}

const latest = (): BenchResult[] => JSON.parse(readFileSync(join(folder, 'latest.json'), 'utf8'));

const adding = (answer: () => number): Suite => ({
  workload: 'a thousand additions',
  unit: 'ops/s',
  setup: () => {
    let sum = 0;
    return {
      operations: 1000,
      run: () => {
        sum = answer();
      },
      check: () => (sum === 499_500 ? undefined : `the sum is ${sum}`),
    };
  },
});
const added = (): number => Array.from({ length: 1000 }, (_, i) => i).reduce((sum, i) => sum + i, 0);

test('the results have the form that dashboards read, and only the suites asked for', async () => {
  const { exitCode, out } = await bench(['--quick', '--only', 'kernel/mm1']);
  expect(exitCode).toBe(0);
  expect(readdirSync(folder).toSorted()).toEqual(['latest.json', 'latest.md']);
  const results = latest();
  expect(results.map(({ name }) => name)).toEqual(['kernel/mm1']);
  const [result] = results;
  expect(Object.keys(result!)).toEqual(['name', 'unit', 'value', 'range', 'extra']);
  expect(result!.unit).toBe('ops/s');
  // Even a slow machine under load runs a hundred thousand events a second.
  expect(result!.value).toBeGreaterThan(100_000);
  expect(result!.range).toMatch(/^±\d+\.\d %$/);
  expect(result!.extra).toMatch(/^M\/M\/1 .*; quick, \d+ samples; Node\.js \d+\.\d+\.\d+, /);
  expect(result!.extra).not.toContain(hostname());
  expect(out).toBe(readFileSync(join(folder, 'latest.md'), 'utf8'));
  expect(out.split('\n')[2]).toMatch(/^\| kernel\/mm1 \| +[\d,]+ \| ops\/s \| +±\d+\.\d % \| M\/M\/1 /);
});

test('each unit has its value: operations a second, ms of a run, bytes', async () => {
  const idle = (ms: number) => {
    const until = performance.now() + ms;
    while (performance.now() < until);
  };
  const check = () => undefined;
  const { exitCode } = await bench(['--quick'], {
    speed: { workload: 'w', unit: 'ops/s', setup: () => ({ operations: 500, run: () => idle(5), check }) },
    time: { workload: 'w', unit: 'ms', setup: async () => ({ operations: 1, run: () => idle(5), check }) },
    size: { workload: 'w', unit: 'bytes', setup: () => ({ weigh: () => 4096, check }) },
  });
  expect(exitCode).toBe(0);
  const [speed, time, size] = latest();
  expect(speed!.value).toBeLessThanOrEqual(100_000);
  expect(speed!.value).toBeGreaterThan(5000);
  expect(time!.value).toBeGreaterThanOrEqual(5);
  expect(time!.value).toBeLessThan(100);
  expect([size!.value, size!.range]).toEqual([4096, '±0.0 %']);
});

test('a wrong answer is exit code 1, is named, and leaves no figure; the others are measured', async () => {
  let runs = 0;
  const { exitCode, err } = await bench(['--quick'], {
    'wrong/at-once': adding(() => added() + 1),
    'wrong/later': adding(() => added() + (runs++ > 0 ? 1 : 0)),
    'wrong/throws': adding(() => {
      throw new Error('no answer at all');
    }),
    right: adding(added),
  });
  expect(exitCode).toBe(1);
  expect(err).toContain('WRONG ANSWER wrong/at-once: the sum is 499501');
  expect(err).toContain('WRONG ANSWER wrong/later: the sum is 499501');
  expect(err).toContain('FAILED wrong/throws: Error: no answer at all');
  expect(latest().map(({ name }) => name)).toEqual(['right']);
});

test.each([
  ['an unknown option', ['--fast'], '--fast'],
  ['a value too few', ['--only'], '--only'],
  ['a word', ['kernel'], 'kernel'],
  ['an empty prefix', ['--only='], '--only'],
  ['a prefix that no name has', ['--only', 'kernel/', '--only', 'nothing'], '"nothing"'],
])('%s is exit code 2 and says so', async (_, args, named) => {
  // The folder comes first here, lest it be taken for the value that is missing.
  const text = { err: '' };
  const exitCode = await main(['--out', folder, ...args], suites, {
    out: () => {},
    err: (chunk) => {
      text.err += chunk;
    },
  });
  expect(exitCode).toBe(2);
  expect(text.err.split('\n')[0]).toContain(named);
  expect(text.err).not.toContain('    at ');
  expect(readdirSync(folder)).toEqual([]);
});

test('--list names the benches', async () => {
  const { exitCode, out } = await bench(['--list', '--only', 'kernel/']);
  expect(exitCode).toBe(0);
  expect(out).toBe('kernel/mm1\nkernel/tandem\nkernel/hold-100000\nkernel/timeouts\nkernel/guard-timers\n');
});
