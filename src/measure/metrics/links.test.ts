import { expect, test } from 'vitest';
import { runFacts, ScriptedRun } from '../../../tests/measure/scripted-run.js';
import { summarize } from '../summarize.js';

const organization = {
  links: { 'A-B': 1, 'B-C': 1 },
  servers: { A1: 'A', B1: 'B', C1: 'C' },
  databases: {},
};

test('bytes count by link, in rows by interval', () => {
  const run = new ScriptedRun({ organization });
  run.metrics.observer.linkUsed(1_000, 1, 500);
  run.metrics.observer.linkUsed(2_000, 1, 250);
  run.sample(60_000);
  run.metrics.observer.linkUsed(61_000, 1, 4);
  run.sample(120_000);
  expect(run.rows.links).toEqual([
    [1, 60_000, 'A-B', 0, 0],
    [1, 60_000, 'B-C', 750, 0],
    [1, 120_000, 'A-B', 0, 0],
    [1, 120_000, 'B-C', 4, 0],
  ]);
  const result = run.close(120_000);
  expect(summarize([result, result], runFacts()).links).toEqual([
    { link: 'A-B', bytes: 0, utilization: 0 },
    { link: 'B-C', bytes: 1_508, utilization: 0 },
  ]);
});

test('bytes of a transfer that a bandwidth holds up count while they cross, and its link is busy by what it has', () => {
  const run = new ScriptedRun({ organization });
  run.metrics.observer.linkUsed(1_000, 1, 500);
  run.carried.set(1, { bytes: 1_000.4, busyMs: 15_000 });
  run.sample(60_000);
  run.carried.set(1, { bytes: 4_000, busyMs: 45_000 });
  run.sample(100_000);
  expect(run.rows.links.filter((row) => row[2] === 'B-C')).toEqual([
    [1, 60_000, 'B-C', 1_500, 0.25],
    [1, 100_000, 'B-C', 3_000, 0.75],
  ]);
  const result = run.close(100_000);
  expect(result.links).toEqual([
    { link: 'A-B', bytes: 0 },
    { link: 'B-C', bytes: 4_500, busyMs: 45_000 },
  ]);
  expect(summarize([result, result], runFacts()).links).toEqual([
    { link: 'A-B', bytes: 0, utilization: 0 },
    { link: 'B-C', bytes: 9_000, utilization: 0.45 },
  ]);
});
