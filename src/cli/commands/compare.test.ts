import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallScenario } from '../../../tests/measure/small-scenario.js';
import type { Comparison } from '../../experiment/index.js';
import { main } from '../main.js';

let home: string;

async function run(...args: readonly string[]) {
  let out = '';
  let err = '';
  const code = await main(args, {
    stdout: { write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (err += text) },
  });
  return { code, out, err };
}

/** Simulates the small scenario into a folder of that name. */
async function simulate(
  name: string,
  changes: Readonly<Record<string, unknown>>,
  ...options: readonly string[]
) {
  const file = join(home, `${name}.json`);
  writeFileSync(file, smallScenario({ warmUp: '1 min', ...changes }));
  const folder = join(home, name);
  const workers = options.length > 0 ? options : ['--workers', '1'];
  const { code } = await run('simulate', file, '--quiet', '--out', folder, ...workers);
  expect(code).toBe(0);
  return folder;
}

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'mailflow-'));
  await simulate('base', { replications: 6 });
  await simulate('slow', {
    replications: 6,
    settings: { hardware: { categorizerTime: '750 ms' } },
  });
}, 120_000);

afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

const at = (name: string) => join(home, name);

describe('mailflow compare', () => {
  it('compares what stands behind --, in that order', async () => {
    expect((await run('compare', '--json', '--', at('base'), at('slow'))).code).toBe(5);
    expect((await run('compare', '--json', at('slow'), '--', at('base'))).code).toBe(0);
  });

  it('finds a regression: exit 5, and 0 the other way round', async () => {
    const worse = await run('compare', at('base'), at('slow'), '--json');
    expect(worse.code).toBe(5);
    const answer = JSON.parse(worse.out) as Comparison;
    expect(answer).toMatchObject({
      mailflow: 'compare/1',
      tolerance: 0.02,
      pairs: 6,
      intervals: 'replications',
      warnings: ['6 replications on both sides: with `simulate --replications 20` intervals are narrower'],
    });
    const median = answer.metrics.find(({ metric }) => metric === 'deliveryLatency.p50Ms')!;
    expect(median).toMatchObject({ verdict: 'worse', difference: median.b - median.a });
    expect(median.halfWidth).toBeLessThan(median.difference);
    const better = await run('compare', at('slow'), at('base'), '--json');
    expect(better.code).toBe(0);
    expect((JSON.parse(better.out) as Comparison).metrics.some(({ verdict }) => verdict === 'better')).toBe(
      true,
    );
  });

  it('a result against itself is the same: exit 0', async () => {
    const { code, out, err } = await run('compare', at('base'), at('base'));
    expect([code, err]).toEqual([0, expect.stringMatching(/^warning: 6 replications on both sides.*\n$/)]);
    expect(out).toMatch(/^b against a: \d+ same\n/);
  });

  it('a tolerance that is wide enough lets everything pass', async () => {
    const tolerant = await run('compare', at('base'), at('slow'), '--tolerance', '100 %', '--json');
    const verdicts = (JSON.parse(tolerant.out) as Comparison).metrics.map(({ verdict }) => verdict);
    expect(verdicts).not.toContain('better');
    expect((await run('compare', at('base'), at('slow'), '--tolerance', 'some')).code).toBe(2);
    expect((await run('compare', at('base'), at('slow'), '--tolerance', '101')).code).toBe(2);
  });

  it('tells for people what is worse and by how much, with a warning where replications are few or alone', async () => {
    await simulate('few', { replications: 3, settings: { hardware: { categorizerTime: '750 ms' } } });
    const { code, out, err } = await run('compare', at('base'), at('few'));
    expect(code).toBe(5);
    expect(out).toMatch(/^ {2}worse +deliveryLatency\.p50Ms +.* to .* \+.* \(\+.* %\) +± .*$/m);
    expect(out).toContain('3 pairs of replications');
    expect(err).toContain('warning: 3 replications on both sides');
    expect(err).toContain('left out, as one side has them alone: replications 4, 5, 6 of a');
  });

  it('single runs have intervals from batches of latency.csv', async () => {
    await simulate('one', { sampleEvery: '5 s', faults: [] });
    await simulate('one-slow', {
      sampleEvery: '5 s',
      faults: [],
      settings: { hardware: { categorizerTime: '750 ms' } },
    });
    const { code, out } = await run('compare', at('one'), at('one-slow'), '--json');
    const answer = JSON.parse(out) as Comparison;
    expect([code, answer.intervals]).toEqual([5, 'batch-means']);
    const mean = answer.metrics.find(({ metric }) => metric === 'deliveryLatency.meanMs')!;
    expect(mean.verdict).toBe('worse');
    expect(answer.metrics.find(({ metric }) => metric === 'deliveryLatency.p95Ms')!.halfWidth).toBeNull();
  });

  it('what is no result is invalid input, by name', async () => {
    const { code, err } = await run('compare', at('base'), home);
    expect(code).toBe(3);
    expect(err).toContain('there is no summary.json in it');
    expect((await run('compare', at('base'), at('base.json'))).code).toBe(3);
    const { code: none, err: told } = await run('compare', at('nowhere'), at('base'));
    expect([none, told]).toEqual([3, expect.stringContaining('nowhere:1:1: there is no such folder')]);
  });

  it.each<readonly [string, string, (file: string) => void, string]>([
    [
      'a summary without its numbers',
      'summary.json',
      (file) => writeFileSync(file, '{"mailflow":"run/1"}'),
      'is not the summary of a run, or of a run of another version',
    ],
    [
      'a folder instead of the summary',
      'summary.json',
      (file) => {
        rmSync(file);
        mkdirSync(file);
      },
      'cannot be read: it is a folder',
    ],
    [
      'replications without their numbers',
      'replications.json',
      (file) =>
        writeFileSync(
          file,
          '{"mailflow":"replications/1","durationMs":1,"replications":[\n{"replication":1}\n]}\n',
        ),
      'is not what summary.json says of it',
    ],
    [
      'a replication that was changed',
      'replications.json',
      (file) => writeFileSync(file, readFileSync(file, 'utf8').replace(/"endMs":\d/, '"endMs":9')),
      'is not what summary.json says of it',
    ],
    [
      'fewer replications than there were',
      'replications.json',
      (file) => writeFileSync(file, readFileSync(file, 'utf8').replace(/\n\{"replication":2,.*/, '')),
      'is not what summary.json says of it',
    ],
    [
      'another duration',
      'replications.json',
      (file) => writeFileSync(file, readFileSync(file, 'utf8').replace(/"durationMs":\d/, '"durationMs":9')),
      'is not what summary.json says of it',
    ],
    [
      'another seed',
      'replications.json',
      (file) => writeFileSync(file, readFileSync(file, 'utf8').replace('"seed":"42"', '"seed":"43"')),
      'is not what summary.json says of it',
    ],
  ])('%s is invalid input, by name', async (_, name, change, message) => {
    const changed = at('changed');
    rmSync(changed, { recursive: true, force: true });
    cpSync(at('base'), changed, { recursive: true });
    const file = join(changed, name);
    const before = name === 'replications.json' ? readFileSync(file, 'utf8') : '';
    change(file);
    if (before !== '') expect(readFileSync(file, 'utf8')).not.toBe(before);
    for (const sides of [
      [changed, at('base')],
      [at('base'), changed],
    ]) {
      const { code, err } = await run('compare', ...sides);
      expect([code, err]).toEqual([3, expect.stringContaining(`${file}:1:1: ${message}`)]);
    }
  });
});

describe('what is not believed', () => {
  /** A copy of a result with something changed. */
  const changed = (name: string, file: string, change: (text: string) => string) => {
    const copy = at('copy');
    rmSync(copy, { recursive: true, force: true });
    cpSync(at(name), copy, { recursive: true });
    const path = join(copy, file);
    const before = readFileSync(path, 'utf8');
    const after = change(before);
    expect(after).not.toBe(before);
    writeFileSync(path, after);
    return copy;
  };

  it('a figure of the summary that does not follow from the replications', async () => {
    const copy = changed('base', 'summary.json', (text) => text.replace(/("p95Ms": )/, '$11'));
    const { code, err } = await run('compare', at('base'), copy);
    expect([code, err]).toEqual([3, expect.stringContaining('is not what summary.json says of it')]);
  });

  it('a latency.csv that was edited, has nothing to vouch for it, or is gone', async () => {
    await simulate('single', { sampleEvery: '5 s', faults: [] });
    const refused = expect.stringMatching(/latency\.csv:1:1: is not what engine\.json says of it/) as string;
    const edited = changed('single', 'latency.csv', (text) => text.replace(/\d\n$/, '9999\n'));
    expect(await run('compare', at('single'), edited)).toMatchObject({ code: 3, err: refused });
    const unsealed = changed('single', 'engine.json', () => '{}');
    expect(await run('compare', unsealed, at('single'))).toMatchObject({ code: 3, err: refused });
    const gone = changed('single', 'engine.json', (text) => `${text}\n`);
    rmSync(join(gone, 'latency.csv'));
    expect(await run('compare', at('single'), gone)).toMatchObject({ code: 3, err: refused });
    rmSync(join(gone, 'engine.json'));
    expect((await run('compare', at('single'), gone)).code).toBe(0);
  });
});

describe('warmUp: auto', () => {
  it('is found before the run, the same whatever the replications, and stands in the summary', async () => {
    const summaryOf = (folder: string) =>
      JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')) as {
        readonly warmUpMs: number;
        readonly warmUp: unknown;
        readonly deliveryLatency: { readonly count: number };
      };
    const changes = { warmUp: 'auto', faults: [] };
    const one = summaryOf(await simulate('auto-1', changes));
    const two = summaryOf(await simulate('auto-2', { ...changes, replications: 2 }));
    const threads = summaryOf(
      await simulate('auto-threads', { ...changes, replications: 2 }, '--workers', '2'),
    );
    expect(one.warmUp).toEqual({ method: 'MSER-5', pilots: 5, found: true });
    expect(two.warmUpMs).toBe(one.warmUpMs);
    expect(threads).toEqual({ ...two, scenario: expect.anything() as unknown });
    const found = one.warmUpMs;
    expect(found).toBeLessThanOrEqual(300_000);
    // Measured as with the same warm-up given.
    const given = summaryOf(await simulate('given', { warmUp: `${found} ms`, faults: [] }));
    expect(one.deliveryLatency).toEqual(given.deliveryLatency);
    expect(given.warmUp).toBeUndefined();
  });
});
