import { expect, test } from 'vitest';
import { runFacts, ScriptedRun } from '../../../tests/measure/scripted-run.js';
import { summarize } from '../summarize.js';

test('utilization is the share of busy cores after the warm-up, of every server in name order', () => {
  const run = new ScriptedRun({ warmUpMs: 10_000 });
  const { observer } = run.metrics;
  run.workProcessor(1, 7_000);
  observer.categorized(9_999, 1);
  run.metrics.warmedUp();
  run.workProcessor(1, 60_000);
  observer.categorized(20_000, 1);
  observer.categorized(40_000, 1);
  observer.queueDatabaseBytes(10_000, 1, 9_000);
  observer.queueDatabaseBytes(11_000, 1, 4_000);
  const { servers } = summarize([run.close(50_000)], runFacts({ warmUpMs: 10_000 }));
  // 60 s of work on 8 cores in 40 s.
  expect(servers).toEqual([
    { server: 'B1', utilization: 0, messagesPerSecond: 0, queueDatabaseMaxBytes: 0 },
    { server: 'B2', utilization: 60 / 320, messagesPerSecond: 2 / 40, queueDatabaseMaxBytes: 9_000 },
    { server: 'F1', utilization: 0, messagesPerSecond: 0, queueDatabaseMaxBytes: 0 },
  ]);
});

test('over replications utilization is the mean, the queue database the largest', () => {
  const replications = [1, 3].map((busy, index) => {
    const run = new ScriptedRun({ replication: index + 1 });
    run.workProcessor(0, busy * 60_000);
    run.metrics.observer.queueDatabaseBytes(0, 0, busy * 100);
    return run.close(60_000);
  });
  expect(summarize(replications, runFacts()).servers[0]).toEqual({
    server: 'B1',
    utilization: 4 / 16,
    messagesPerSecond: 0,
    queueDatabaseMaxBytes: 300,
  });
});

test('a run that ends within its warm-up has measured no work', () => {
  const run = new ScriptedRun({ warmUpMs: 10_000 });
  run.workProcessor(0, 5_000);
  const { servers } = summarize([run.close(8_000)], runFacts({ warmUpMs: 10_000 }));
  expect(servers[0]!.utilization).toBe(0);
});
