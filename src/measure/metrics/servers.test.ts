import { expect, test } from 'vitest';
import { runFacts, ScriptedRun } from '../../../tests/measure/scripted-run.js';
import { summarize } from '../summarize.js';

test('utilization is the share of busy categorizer slots after the warm-up, of every server in name order', () => {
  const run = new ScriptedRun({ warmUpMs: 10_000 });
  const { observer } = run.metrics;
  observer.categorizerBusy(5_000, 1, 4);
  observer.categorized(9_999, 1);
  observer.categorizerBusy(20_000, 1, 1);
  observer.categorized(20_000, 1);
  observer.categorizerBusy(40_000, 1, 0);
  observer.categorized(40_000, 1);
  observer.queueDatabaseBytes(10_000, 1, 9_000);
  observer.queueDatabaseBytes(11_000, 1, 4_000);
  const { servers } = summarize([run.close(50_000)], runFacts({ warmUpMs: 10_000 }));
  // 4 slots of 4 for 10 s and 1 for 20 s, of 40 s.
  expect(servers).toEqual([
    { server: 'B1', utilization: 0, messagesPerSecond: 0, queueDatabaseMaxBytes: 0 },
    { server: 'B2', utilization: 60 / 160, messagesPerSecond: 2 / 40, queueDatabaseMaxBytes: 9_000 },
    { server: 'F1', utilization: 0, messagesPerSecond: 0, queueDatabaseMaxBytes: 0 },
  ]);
});

test('over replications utilization is the mean, the queue database the largest', () => {
  const replications = [1, 3].map((busy, index) => {
    const run = new ScriptedRun({ replication: index + 1 });
    run.metrics.observer.categorizerBusy(0, 0, busy);
    run.metrics.observer.queueDatabaseBytes(0, 0, busy * 100);
    return run.close(60_000);
  });
  expect(summarize(replications, runFacts()).servers[0]).toEqual({
    server: 'B1',
    utilization: 0.5,
    messagesPerSecond: 0,
    queueDatabaseMaxBytes: 300,
  });
});
