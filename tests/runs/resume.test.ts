import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RunSummary } from '../../src/measure/index.js';
import { merge, ResultFolderError, type SimulateOptions, simulate, sweep } from '../../src/runner/index.js';
import { smallScenario } from '../measure/small-scenario.js';
import { bytesOf, shortRun } from './result-bytes.js';

let home: string;
let out: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'mailflow-resume-'));
  out = join(home, 'out');
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

/** Simulates the small scenario; answers what it told of an earlier run, too. */
async function run(options: Partial<SimulateOptions> = {}, changes: object = {}) {
  const scenario = join(home, 'scenario.json');
  writeFileSync(scenario, smallScenario({ ...shortRun, replications: 5, ...changes }));
  let [reused, removed] = [0, 0];
  const damaged: (readonly [file: string, replication: number | null])[] = [];
  const lacking: (readonly [table: string, replications: number])[] = [];
  const outcome = await simulate(scenario, {
    version: '1.2.3',
    out,
    messages: true,
    onReused: (count) => {
      reused = count;
    },
    onRemoved: (count) => {
      removed = count;
    },
    onLacking: (...told) => lacking.push(told),
    onDamaged: (file, again) => {
      if (typeof again === 'string') throw new Error('a simulation has no points');
      damaged.push([file.slice(home.length + 1), again?.replication ?? null]);
    },
    ...options,
  });
  return { ...outcome, reused, removed, damaged, lacking };
}

/** The bytes of a run that nothing disturbed, and its events. */
let undisturbed: Readonly<Record<string, string>>;
let events: number;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'mailflow-resume-'));
  out = join(home, 'out');
  await run();
  undisturbed = bytesOf(out);
  events = JSON.parse(readFileSync(join(out, 'engine.json'), 'utf8')).events;
  rmSync(home, { recursive: true, force: true });
});

/** Stops a run in the middle of its third replication of five. */
async function stopped() {
  const outcome = await run({ maxEvents: Math.round(events / 2) });
  expect(outcome.stoppedBy).toBe('max-events');
  expect(finishedJobs()).toEqual(['r000001.json', 'r000002.json']);
  return outcome;
}

const jobFiles = () => readdirSync(join(`${out}.partial`, 'jobs')).sort();
const finishedJobs = () =>
  jobFiles().filter((name) => {
    if (!name.endsWith('.json')) return false;
    const text = readFileSync(join(`${out}.partial`, 'jobs', name), 'utf8');
    return JSON.parse(text.split('\n')[0]!).outcome === 'complete';
  });

test('an interrupt leaves a readable result, which --resume makes whole', async () => {
  const controller = new AbortController();
  const jobs = join(`${out}.partial`, 'jobs');
  const isDone = () => ['r000001.json', 'r000002.json'].every((name) => existsSync(join(jobs, name)));
  const watch = setInterval(() => isDone() && controller.abort(), 1);
  // Long enough for a signal to come in between.
  const changes = { duration: '10 min', replications: 9 };
  const { summary, folder, stoppedBy } = await run({ workers: 2, signal: controller.signal }, changes);
  clearInterval(watch);
  expect(stoppedBy).toBe('interrupt');
  expect(folder).toBe(`${out}.partial`);
  expect(summary.incomplete).toBe(true);
  const written = JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')) as RunSummary;
  expect(written).toEqual(summary);
  // The rows that are there are those of the replications that the summary has.
  const rows = readFileSync(join(folder, 'messages.csv'), 'utf8').trimEnd().split('\n').slice(1);
  expect(rows).toHaveLength(summary.recipients.submitted + summary.recipients.generated);
  expect(new Set(rows.map((row) => row.split(',')[0])).size).toBe(summary.replications);
  const finished = finishedJobs().length;
  expect(finished).toBeGreaterThanOrEqual(2);
  expect(finished).toBeLessThan(9);

  const resumed = await run({ resume: true }, changes);
  expect([resumed.reused, resumed.removed, resumed.damaged]).toEqual([finished, 0, []]);
  expect(resumed.stoppedBy).toBeNull();
  expect(existsSync(`${out}.partial`)).toBe(false);
  await run({ out: join(home, 'whole') }, changes);
  expect(bytesOf(out)).toEqual(bytesOf(join(home, 'whole')));
});

test('without --resume everything is run anew, and it is told what is removed', async () => {
  await stopped();
  expect(await run()).toMatchObject({ reused: 0, removed: 2, damaged: [] });
  expect(bytesOf(out)).toEqual(undisturbed);
});

test('replications that kept no rows of a table that is wanted now are run again, and it is told how many', async () => {
  const half = Math.round(events / 2);
  await run({ messages: false, maxEvents: half });
  expect(finishedJobs()).toEqual(['r000001.json', 'r000002.json']);
  const resumed = await run({ resume: true });
  expect(resumed).toMatchObject({ reused: 0, removed: 0, damaged: [], lacking: [['messages', 2]] });
  expect(bytesOf(out)).toEqual(undisturbed);
  // The other way round nothing is missing.
  rmSync(out, { recursive: true });
  await stopped();
  expect(await run({ resume: true, messages: false })).toMatchObject({ reused: 2, lacking: [] });
  const { 'messages.csv': _, ...others } = undisturbed;
  expect(bytesOf(out)).toEqual(others);
});

describe('torn files are not counted, and it is told which', () => {
  const jobFile = (name: string) => join(`${out}.partial`, 'jobs', name);
  const record = 'r000001.json';
  test.each<[string, () => void, torn?: string]>([
    ['a record cut off', () => truncateSync(jobFile('r000001.json'), 300)],
    ['an empty record', () => writeFileSync(jobFile('r000001.json'), '')],
    [
      'a record that says something else',
      () => {
        const text = readFileSync(jobFile('r000001.json'), 'utf8');
        writeFileSync(jobFile('r000001.json'), text.replace('"endMs":', '"endMs":1'));
      },
    ],
    ['rows cut off', () => truncateSync(jobFile('r000001.messages.csv'), 1_000), 'r000001.messages.csv'],
    ['rows that are gone', () => rmSync(jobFile('r000001.timeline.csv')), 'r000001.timeline.csv'],
    [
      'rows of the right length with another content',
      () => {
        const text = readFileSync(jobFile('r000001.timeline.csv'), 'utf8');
        writeFileSync(
          jobFile('r000001.timeline.csv'),
          text.replace(/\d/, (digit) => (digit === '1' ? '2' : '1')),
        );
      },
      'r000001.timeline.csv',
    ],
    [
      'a record of another replication',
      () => {
        writeFileSync(jobFile('r000001.json'), readFileSync(jobFile('r000002.json')));
      },
    ],
  ])('%s', async (_, damage, torn = record) => {
    await stopped();
    writeFileSync(jobFile('r000005.json.0123abcd.tmp'), 'half a rec');
    damage();
    const { reused, damaged } = await run({ resume: true });
    expect([reused, damaged]).toEqual([1, [[join('out.partial', 'jobs', torn), 1]]]);
    expect(bytesOf(out)).toEqual(undisturbed);
  });
});

describe('what an interrupted run of something else has finished is not removed', () => {
  test.each<[string, Partial<SimulateOptions>, object]>([
    ['of another seed', {}, { seed: '7' }],
    ['of another scenario', {}, { duration: '3 min' }],
    ['of another version', { version: '1.2.4' }, {}],
    ['cut short', { untilMs: 60_000 }, {}],
  ])('%s', async (_, options, changes) => {
    await stopped();
    const before = bytesOf(`${out}.partial`);
    for (const resume of [true, false]) {
      await expect(run({ resume, ...options }, changes)).rejects.toThrow(
        /out\.partial holds 2 replications of an interrupted run of something else, .* or choose another/,
      );
    }
    expect(bytesOf(`${out}.partial`)).toEqual(before);
    expect((await run({ resume: true })).reused).toBe(2);
    expect(bytesOf(out)).toEqual(undisturbed);
    // A complete result of something else is none to go on from, and is replaced.
    expect((await run({ resume: true, ...options }, changes)).reused).toBe(0);
  });

  test('nor what a single one came to', async () => {
    const one = { replications: 1 };
    await run({ maxEvents: Math.round(events / 10) }, one);
    const before = bytesOf(`${out}.partial`);
    // Its advice is true: nothing of it is finished, so there is nothing to go on from.
    await expect(run({}, { ...one, seed: '7' })).rejects.toThrow(
      /out\.partial holds what there is of an [^-]*: look at it with `mailflow report`, remove the folder, or choose another/,
    );
    expect(bytesOf(`${out}.partial`)).toEqual(before);
    expect(await run({}, one)).toMatchObject({ stoppedBy: null, removed: 0 });
    expect(existsSync(`${out}.partial`)).toBe(false);
  });

  test('nor that of a sweep by a simulation, another sweep, another shard or a merge', async () => {
    const scenario = join(home, 'scenario.json');
    writeFileSync(scenario, smallScenario({ ...shortRun, duration: '30 min', replications: 2 }));
    const options = { version: '1.2.3', vary: ['workloads.0.messagesPerSecond=1,20'], workers: 1 };
    const shards = [1, 2].map((index) => ({ index, count: 2 }));
    const folders = shards.map(({ index }) => join(home, `shard-${index}`));
    for (const [place, shard] of shards.entries()) {
      await sweep(scenario, { ...options, shard, out: folders[place] });
    }
    const interrupted = new AbortController();
    await sweep(scenario, {
      ...options,
      out,
      shard: shards[0],
      signal: interrupted.signal,
      onProgress: ({ finished }) => finished > 0 && interrupted.abort(),
    });
    expect(finishedJobs().length).toBeGreaterThan(0);
    const before = bytesOf(`${out}.partial`);
    const refusal = /out\.partial holds .* of an interrupted run of something else/;
    await expect(run({}, { duration: '30 min', replications: 2 })).rejects.toThrow(refusal);
    await expect(sweep(scenario, { ...options, out, vary: ['seed=7,8'] })).rejects.toThrow(refusal);
    await expect(sweep(scenario, { ...options, out, shard: shards[1], resume: true })).rejects.toThrow(
      refusal,
    );
    expect(() => merge(folders, { out })).toThrow(refusal);
    expect(bytesOf(`${out}.partial`)).toEqual(before);
    await sweep(scenario, { ...options, out, shard: shards[0], resume: true });
    expect(bytesOf(out)).toEqual(bytesOf(folders[0]!));
  });

  test('nor more replications than --resume wants now', async () => {
    await stopped();
    const before = bytesOf(`${out}.partial`);
    await expect(run({ resume: true }, { replications: 1 })).rejects.toThrow(
      /out\.partial holds one replication of .* or of more than is wanted now: go on with that by --resume/,
    );
    expect(bytesOf(`${out}.partial`)).toEqual(before);
    expect(await run({ resume: true }, { replications: 2 })).toMatchObject({ reused: 2, removed: 0 });
  });

  test('nor points of a sweep that another grid does not have, though some are the same', async () => {
    const scenario = join(home, 'scenario.json');
    writeFileSync(scenario, smallScenario({ ...shortRun, duration: '30 min', replications: 1 }));
    const options = { version: '1.2.3', workers: 1, out, resume: true };
    const path = 'workloads.0.messagesPerSecond';
    const interrupted = new AbortController();
    await sweep(scenario, {
      ...options,
      vary: [`${path}=1,2,20`],
      signal: interrupted.signal,
      onProgress: ({ finished }) => finished > 1 && interrupted.abort(),
    });
    expect(finishedJobs()).toHaveLength(2);
    const before = bytesOf(`${out}.partial`);
    await expect(sweep(scenario, { ...options, vary: [`${path}=2,20`] })).rejects.toThrow(
      /out\.partial holds one replication of an interrupted run of something else/,
    );
    expect(bytesOf(`${out}.partial`)).toEqual(before);
    let reused = 0;
    const onReused = (count: number) => {
      reused = count;
    };
    await sweep(scenario, { ...options, vary: [`${path}=1,2,20,4`], onReused });
    expect(reused).toBe(2);
  });

  test('but not of other thresholds or another name: they change no replication', async () => {
    await stopped();
    expect((await run({ resume: true }, { name: 'other', thresholds: [] })).reused).toBe(2);
  });
});

describe('a complete result', () => {
  test('is all there is to resume', async () => {
    const first = await run();
    expect(await run({ resume: true })).toMatchObject({ reused: 5, summary: first.summary });
    expect(bytesOf(out)).toEqual(undisturbed);
  });

  test('is extended with resume or extend, by what is missing', async () => {
    await run({}, { replications: 3 });
    expect((await run({ extend: true })).reused).toBe(3);
    expect(bytesOf(out)).toEqual(undisturbed);
    // With as many or fewer wanted, extend runs them anew.
    expect((await run({ extend: true })).reused).toBe(0);
    expect((await run({ extend: true }, { replications: 2 })).reused).toBe(0);
  });

  test('with another warm-up than its replications had is run anew', async () => {
    const changes = { replications: 1, warmUp: 'auto', faults: [] };
    await run({}, changes);
    const before = bytesOf(out);
    const file = join(out, 'summary.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"warmUpMs": ', '"warmUpMs": 1'));
    const damaged = [[join('out', 'replications.json'), null]];
    expect(await run({ resume: true }, changes)).toMatchObject({ reused: 0, damaged });
    expect(bytesOf(out)).toEqual(before);
  });

  test('is not extended when its rows are not those wanted, or it was changed', async () => {
    for (const how of [{ extend: true }, { resume: true }]) {
      await run({ messages: false }, { replications: 3 });
      expect(await run(how)).toMatchObject({ reused: 0, lacking: [['messages', 3]] });
      expect(bytesOf(out)).toEqual(undisturbed);
    }
    await run({}, { replications: 3 });
    const file = join(out, 'replications.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"endMs":', '"endMs":1'));
    expect(await run({ extend: true })).toMatchObject({
      reused: 0,
      damaged: [[join('out', 'replications.json'), null]],
    });
    expect(bytesOf(out)).toEqual(undisturbed);
  });
});

describe('of a complete result nothing is lost by going on from it', () => {
  const refusal = async (options: Partial<SimulateOptions>, changes: object, message: RegExp) => {
    const before = bytesOf(out);
    const refused = run(options, changes);
    await expect(refused).rejects.toThrow(ResultFolderError);
    await expect(refused).rejects.toThrow(message);
    expect([bytesOf(out), existsSync(`${out}.partial`)]).toEqual([before, false]);
  };

  test('neither messages.csv, which has to be asked for', async () => {
    await run({}, { replications: 3 });
    const message = /out has messages\.csv, which would be lost: give --messages/;
    await refusal({ messages: false, extend: true }, {}, message);
    await refusal({ messages: false, resume: true }, {}, message);
    expect((await run({ extend: true })).reused).toBe(3);
    expect(bytesOf(out)).toEqual(undisturbed);
    // As many again, or no word of going on: it is run anew.
    await run({ messages: false, extend: true });
    expect(existsSync(join(out, 'messages.csv'))).toBe(false);
  });

  test('nor replications, of which fewer are wanted', async () => {
    await run();
    const message = /out has 5 replications already, more than are wanted, and some would be lost/;
    for (const replications of [1, 4]) await refusal({ resume: true }, { replications }, message);
    const precision = { percent: 40, mostReplications: 4 };
    await refusal({ resume: true, precision }, {}, message);
    expect((await run({}, { replications: 2 })).summary.replications).toBe(2);
  });
});

test('a run that was killed while its result was moved into place is whole, or is resumed', async () => {
  await stopped();
  // As if the process had died after the result was moved, before the jobs were removed.
  await run({ resume: true });
  mkdirSync(join(out, 'jobs'));
  writeFileSync(join(out, 'jobs', 'r000001.json'), '');
  expect((await run({ resume: true })).reused).toBe(5);
  expect(bytesOf(out)).toEqual(undisturbed);
});

test('what is not ours in a folder of jobs is not ours to remove', async () => {
  await stopped();
  writeFileSync(join(`${out}.partial`, 'jobs', 'thesis.txt'), 'years of work');
  await expect(run({ resume: true })).rejects.toThrow(ResultFolderError);
  await expect(run()).rejects.toThrow(/jobs.thesis\.txt, which is not ours to remove/);
  expect(readFileSync(join(`${out}.partial`, 'jobs', 'thesis.txt'), 'utf8')).toBe('years of work');
});

describe('--precision', () => {
  const thresholds = [{ metric: 'deliveryLatency.meanMs', below: '10 min' }];
  const changes = { replications: 1, thresholds };
  const precision = { percent: 40, mostReplications: 60 };

  test('stops where all intervals are narrow enough, whatever the workers, and is that many replications', async () => {
    const { summary, isPrecise } = await run({ precision }, changes);
    expect(isPrecise).toBe(true);
    const { mean, halfWidth } = summary.intervals['deliveryLatency.meanMs']!;
    expect(halfWidth / mean).toBeLessThanOrEqual(0.4);
    expect(summary.replications).toBeGreaterThanOrEqual(10);
    expect(summary.replications).toBeLessThan(60);
    const alone = bytesOf(out);
    await run({ precision, workers: 2 }, changes);
    expect(bytesOf(out)).toEqual(alone);
    // What --replications would have made of it.
    await run({ set: [`replications=${summary.replications}`] }, { thresholds });
    expect(bytesOf(out)).toEqual(alone);
    // And a result with fewer is gone on from, one with more is not.
    await run({}, { thresholds, replications: 4 });
    expect((await run({ precision, resume: true }, changes)).reused).toBe(4);
    expect(bytesOf(out)).toEqual(alone);
  });

  test('says when it is not reached', async () => {
    const outcome = await run({ precision: { percent: 0.001, mostReplications: 11 } }, changes);
    expect(outcome).toMatchObject({ isPrecise: false, stoppedBy: null, summary: { replications: 11 } });
  });
});

test('more replications do not go on from a result with a table that is torn or changed: all are run anew', async () => {
  const queues = join(out, 'queues.csv');
  const damages = [
    () => truncateSync(queues, 1_000),
    () => writeFileSync(queues, readFileSync(queues, 'utf8').replace(/\d\n$/, 'x\n')),
    () => rmSync(queues),
  ];
  for (const damage of damages) {
    await run({ set: ['replications=2'] });
    damage();
    const outcome = await run({ extend: true });
    expect([outcome.reused, outcome.stoppedBy]).toEqual([0, null]);
    expect(outcome.damaged).toEqual([[join('out', 'queues.csv'), null]]);
    expect(bytesOf(out)).toEqual(undisturbed);
  }
  await run({ set: ['replications=2'] });
  expect(await run({ extend: true })).toMatchObject({ reused: 2, damaged: [] });
  expect(bytesOf(out)).toEqual(undisturbed);
});

test('--resume of a complete result with a torn table runs all of it anew', async () => {
  await run();
  truncateSync(join(out, 'messages.csv'), 100);
  expect(await run({ resume: true })).toMatchObject({
    reused: 0,
    damaged: [[join('out', 'messages.csv'), null]],
  });
  expect(bytesOf(out)).toEqual(undisturbed);
  // Nothing says what the tables were like.
  rmSync(join(out, 'engine.json'));
  expect((await run({ resume: true })).damaged).toEqual([[join('out', 'engine.json'), null]]);
});
