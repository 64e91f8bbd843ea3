import { expect, test } from 'vitest';
import { runFacts, ScriptedRun } from '../../../tests/measure/scripted-run.js';
import { summarize } from '../summarize.js';

test('submitted counts in the time in which mail arrives, delivered in all the time after the warm-up', () => {
  const run = new ScriptedRun({ warmUpMs: 10_000, sampleEveryMs: 10_000 });
  run.submit(5_000, 1, [1]);
  run.submit(20_000, 2, [2, 3]);
  run.submit(45_000, 3, [4, 5]);
  run.submit(46_000, 4, [6], 'ndr');
  for (const atMs of [10_000, 20_000, 30_000, 40_000, 50_000]) run.sample(atMs);
  run.end(52_000, 'delivered', 1, 1);
  run.end(52_000, 'delivered', 2, 2);
  run.end(53_000, 'delivered', 2, 3);
  run.end(53_000, 'delivered', 4, 6);
  run.sample(60_000);
  run.end(69_000, 'delivered', 3, 4);
  run.end(70_000, 'returned', 3, 5);
  run.sample(70_000);
  const { throughput } = summarize([run.close(70_000)], runFacts({ warmUpMs: 10_000, durationMs: 50_000 }));
  // 4 recipients in the 40 s from 10 s to 50 s; 3 delivered in the 60 s from 10 s to 70 s; 2 of them in 10 s.
  expect(throughput).toEqual({
    submittedPerSecond: 0.1,
    deliveredPerSecond: 0.05,
    peakDeliveredPerSecond: 0.2,
  });
});

test('the peak of a run shorter than an interval is its mean', () => {
  const run = new ScriptedRun({ sampleEveryMs: 60_000 });
  run.submit(0, 1, [1, 2, 3]);
  for (const recipient of [1, 2, 3]) run.end(1_000, 'delivered', 1, recipient);
  const { throughput } = summarize([run.close(2_000)], runFacts({ durationMs: 2_000 }));
  expect(throughput).toEqual({
    submittedPerSecond: 1.5,
    deliveredPerSecond: 1.5,
    peakDeliveredPerSecond: 1.5,
  });
});

test('a run that ends within its warm-up has no throughput', () => {
  const run = new ScriptedRun({ warmUpMs: 10_000 });
  run.submit(0, 1, [1]);
  run.end(1_000, 'delivered', 1, 1);
  const { throughput } = summarize([run.close(5_000)], runFacts({ warmUpMs: 10_000 }));
  expect(throughput).toEqual({ submittedPerSecond: 0, deliveredPerSecond: 0, peakDeliveredPerSecond: 0 });
});
