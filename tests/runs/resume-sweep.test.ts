import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type SweepOptions, sweep } from '../../src/runner/index.js';
import { smallScenario } from '../measure/small-scenario.js';
import { bytesOf, shortRun } from './result-bytes.js';

let home: string;
let scenario: string;
let out: string;

/** Runs a sweep of two points, two replications each; answers what it told of what was there. */
async function run(options: Partial<SweepOptions> = {}) {
  let reused = 0;
  const told: string[] = [];
  await sweep(scenario, {
    version: '1.2.3',
    vary: ['workloads.0.messagesPerSecond=1,2'],
    set: ['replications=2'],
    out,
    onReused: (count) => {
      reused = count;
    },
    onDamaged: (file, again) => told.push(`${file.slice(out.length + 1)} ${JSON.stringify(again)}`),
    onRemade: (file) => told.push(`${file.slice(out.length + 1)} remade`),
    ...options,
  });
  return { reused, told };
}

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'mailflow-resume-sweep-'));
  scenario = join(home, 'scenario.json');
  writeFileSync(scenario, smallScenario(shortRun));
  await run({ out: join(home, 'whole') });
  await run({ out: join(home, 'shard'), shard: { index: 1, count: 2 } });
  await run({ out: join(home, 'auto'), set: ['replications=1', 'warmUp=auto'] });
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

beforeEach(() => {
  out = join(home, 'out');
  rmSync(out, { recursive: true, force: true });
  rmSync(`${out}.partial`, { recursive: true, force: true });
});

const edit = (name: string, from: string | RegExp, to: string) => {
  const before = readFileSync(join(out, name), 'utf8');
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  writeFileSync(join(out, name), after);
};

describe('--resume of a complete sweep looks at its files', () => {
  test.each<[string, () => void, reused: number, told: readonly string[]]>([
    [
      'replications that were changed',
      () => edit('points/0002/replications.json', '"endMs":', '"endMs":1'),
      2,
      ['points/0002/replications.json "point"'],
    ],
    [
      'replications that are cut off',
      () => truncateSync(join(out, 'points/0001/replications.json'), 2_000),
      2,
      ['points/0001/replications.json "point"'],
    ],
    [
      'replications that are gone',
      () => rmSync(join(out, 'points/0001/replications.json')),
      2,
      ['points/0001/replications.json "point"'],
    ],
    [
      'the head of replications',
      () => edit('points/0001/replications.json', '"durationMs":', '"durationMs":1'),
      4,
      ['points/0001/replications.json remade'],
    ],
    [
      'a summary that was changed',
      () => edit('points/0002/summary.json', /"p95Ms": /, '"p95Ms": 1'),
      4,
      ['points/0002/summary.json remade'],
    ],
    [
      'a summary that is gone',
      () => rmSync(join(out, 'points/0002/summary.json')),
      4,
      ['points/0002/summary.json remade'],
    ],
    ['a figure in sweep.json', () => edit('sweep.json', '"p95Ms":', '"p95Ms":1'), 4, ['sweep.json remade']],
    [
      'sweep.json cut off: the summaries vouch for the replications',
      () => truncateSync(join(out, 'sweep.json'), statSync(join(out, 'sweep.json')).size - 200),
      4,
      ['sweep.json remade'],
    ],
    [
      'sweep.json cut off, and a summary gone',
      () => {
        truncateSync(join(out, 'sweep.json'), statSync(join(out, 'sweep.json')).size - 200);
        rmSync(join(out, 'points/0002/summary.json'));
      },
      2,
      ['sweep.json "points"'],
    ],
    ['plan.json', () => edit('plan.json', '"replications":2', '"replications":3'), 4, ['plan.json remade']],
    ['something behind the end', () => edit('sweep.json', /$/, '{}\n'), 4, ['sweep.json remade']],
  ])('%s', async (_, damage, reused, told) => {
    cpSync(join(home, 'whole'), out, { recursive: true });
    damage();
    expect(await run({ resume: true })).toEqual({ reused, told });
    expect(bytesOf(out)).toEqual(bytesOf(join(home, 'whole')));
    expect(existsSync(`${out}.partial`)).toBe(false);
  });

  test('a shard, which nothing but sweep.json vouches for', async () => {
    const shard = { index: 1, count: 2 };
    cpSync(join(home, 'shard'), out, { recursive: true });
    expect(await run({ resume: true, shard })).toEqual({ reused: 2, told: [] });
    truncateSync(join(out, 'sweep.json'), statSync(join(out, 'sweep.json')).size - 20);
    expect(await run({ resume: true, shard })).toEqual({ reused: 1, told: ['sweep.json "points"'] });
    expect(bytesOf(out)).toEqual(bytesOf(join(home, 'shard')));
  });

  test('a warm-up that was found', async () => {
    const set = ['replications=1', 'warmUp=auto'];
    cpSync(join(home, 'auto'), out, { recursive: true });
    expect(await run({ resume: true, set })).toEqual({ reused: 2, told: [] });
    edit('points/0001/summary.json', '"pilots": 5', '"pilots": 7');
    expect(await run({ resume: true, set })).toEqual({
      reused: 2,
      told: ['points/0001/summary.json remade'],
    });
    expect(bytesOf(out)).toEqual(bytesOf(join(home, 'auto')));
  });

  test('and leaves one alone that is as it was written', async () => {
    cpSync(join(home, 'whole'), out, { recursive: true });
    const { ino } = statSync(join(out, 'sweep.json'));
    expect(await run({ resume: true })).toEqual({ reused: 4, told: [] });
    expect(statSync(join(out, 'sweep.json')).ino).toBe(ino);
  });
});
