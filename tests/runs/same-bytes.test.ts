import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { merge, type SweepOptions, simulate, sweep } from '../../src/runner/index.js';
import { smallScenario } from '../measure/small-scenario.js';
import { bytesOf, shortRun } from './result-bytes.js';

let home: string;
let scenario: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'mailflow-bytes-'));
  scenario = join(home, 'scenario.json');
  writeFileSync(scenario, smallScenario(shortRun));
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

const version = '1.2.3';

describe('a simulation of nine replications', () => {
  const simulated = async (name: string, options: object, set: readonly string[] = []) => {
    const out = join(home, name);
    const outcome = await simulate(scenario, {
      version,
      out,
      messages: true,
      set: ['replications=9', ...set],
      ...options,
    });
    expect(outcome.stoppedBy).toBeNull();
    expect(outcome.failed).toEqual([]);
    return bytesOf(out);
  };

  test.each([2, 4, 8])('has the same bytes with %d workers as with one', async (workers) => {
    const alone = await simulated('alone', { workers: 1 });
    expect(Object.keys(alone)).toEqual(expect.arrayContaining(['messages.csv', 'summary.json']));
    expect(await simulated(`workers-${workers}`, { workers })).toEqual(alone);
    const engine = JSON.parse(readFileSync(join(home, `workers-${workers}`, 'engine.json'), 'utf8'));
    expect(engine.workers).toBe(workers);
  });

  test('has them with its warm-up found, too', async () => {
    const auto = ['warmUp=auto', 'replications=2'];
    expect(await simulated('auto-2', { workers: 2 }, auto)).toEqual(
      await simulated('auto-1', { workers: 1 }, auto),
    );
  });

  test('has them when four replications come to five that are there', async () => {
    const alone = await simulated('alone', { workers: 1 });
    await simulated('extended', { workers: 1 }, ['replications=5']);
    const reused: number[] = [];
    const onReused = (count: number) => reused.push(count);
    expect(await simulated('extended', { workers: 1, extend: true, onReused })).toEqual(alone);
    expect(reused).toEqual([5]);
  });
});

describe('a sweep of two points', () => {
  const options = (name: string, more: Partial<SweepOptions> = {}): SweepOptions => ({
    version,
    out: join(home, name),
    vary: ['workloads.0.messagesPerSecond=1,2'],
    set: ['replications=4'],
    ...more,
  });
  let whole: Readonly<Record<string, string>>;

  beforeAll(async () => {
    await sweep(scenario, options('whole'));
    whole = bytesOf(join(home, 'whole'));
  });

  test.each([2, 4, 8])('has the same bytes with %d workers as with one', async (workers) => {
    const name = `workers-${workers}-swept`;
    await sweep(scenario, options(name, { workers }));
    expect(bytesOf(join(home, name))).toEqual(whole);
    const engine = JSON.parse(readFileSync(join(home, name, 'engine.json'), 'utf8'));
    expect(engine.workers).toBe(workers);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('has the same bytes merged from %d shards', async (count) => {
    const shards: string[] = [];
    for (let index = count; index >= 1; index--) {
      const name = `shard-${index}-of-${count}`;
      // Of two shards each has two workers.
      await sweep(scenario, options(name, { shard: { index, count }, workers: count === 2 ? 2 : 1 }));
      shards.push(join(home, name));
    }
    merge(shards, { out: join(home, `merged-${count}`) });
    expect(bytesOf(join(home, `merged-${count}`))).toEqual(whole);
  });

  test('has at each point what a simulation with its settings has', async () => {
    const set = ['replications=4', 'workloads.0.messagesPerSecond=2'];
    await simulate(scenario, { version, out: join(home, 'point'), set });
    for (const file of ['summary.json', 'replications.json']) {
      expect(whole[`points/0002/${file}`]).toBe(bytesOf(join(home, 'point'))[file]);
    }
  });

  test('has its warm-ups found in shards as in one piece', async () => {
    const more = { vary: ['workloads.0.messagesPerSecond=1,2'], set: ['warmUp=auto', 'replications=1'] };
    await sweep(scenario, options('auto-whole', more));
    for (const index of [1, 2]) {
      await sweep(scenario, options(`auto-shard-${index}`, { ...more, shard: { index, count: 2 } }));
    }
    merge([join(home, 'auto-shard-1'), join(home, 'auto-shard-2')], { out: join(home, 'auto-merged') });
    expect(bytesOf(join(home, 'auto-merged'))).toEqual(bytesOf(join(home, 'auto-whole')));
  });
});
