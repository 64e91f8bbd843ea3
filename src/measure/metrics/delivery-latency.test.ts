import { expect, test } from 'vitest';
import { runFacts, ScriptedRun } from '../../../tests/measure/scripted-run.js';
import { summarize } from '../summarize.js';

test('the stages of deliveries add up to the mean, and quantiles are those of the latencies', () => {
  const run = new ScriptedRun();
  // Latencies 1,000, 2,000, …, 10,000 ms, each with 250 ms in the categorizer.
  for (let n = 1; n <= 10; n++) {
    run.submit(n * 100, n, [n]);
  }
  for (let n = 1; n <= 10; n++) run.end(n * 1_100, 'delivered', n, n, { categorizer: 250 });
  const { deliveryLatency } = summarize([run.close(20_000)], runFacts());
  expect(deliveryLatency).toMatchObject({ count: 10, meanMs: 5_500, maxMs: 10_000, oldestPendingMs: 0 });
  expect(deliveryLatency.byStage).toEqual({
    submission: 0,
    accept: 0,
    submissionQueue: 0,
    categorizer: 250,
    deliveryQueue: 5_250,
    retryWait: 0,
    connection: 0,
    transfer: 0,
    mailboxDelivery: 0,
  });
  expect(Math.abs(deliveryLatency.p50Ms - 5_000)).toBeLessThan(10);
  expect(Math.abs(deliveryLatency.p90Ms - 9_000)).toBeLessThan(18);
  // Nearest rank: 9.5 of 10 is the tenth.
  expect([deliveryLatency.p95Ms, deliveryLatency.p99Ms]).toEqual([10_000, 10_000]);
});

test('meanMs is the sum of the printed stages to the last digit', () => {
  const run = new ScriptedRun();
  run.submit(0, 1, [1, 2, 3]);
  // Thirds, so that means have no end.
  run.end(100, 'delivered', 1, 1, { submission: 1, categorizer: 10 });
  run.end(200.5, 'delivered', 1, 2, { accept: 1, transfer: 7 });
  run.end(300.25, 'delivered', 1, 3, { connection: 0.125, mailboxDelivery: 1 });
  const { meanMs, byStage } = summarize([run.close(1_000)], runFacts()).deliveryLatency;
  expect(Object.values(byStage).reduce((sum, each) => sum + each, 0)).toBe(meanMs);
  expect(meanMs).toBeCloseTo(600.75 / 3, 9);
});

test('mail of the warm-up, notifications and what is not delivered are no samples', () => {
  const run = new ScriptedRun({ warmUpMs: 1_000 });
  run.submit(999, 1, [1]);
  run.submit(1_000, 2, [2, 3]);
  run.submit(1_500, 3, [4], 'ndr');
  run.end(5_000, 'delivered', 1, 1);
  run.end(5_000, 'delivered', 2, 2);
  run.end(6_000, 'returned', 2, 3);
  run.end(6_000, 'delivered', 3, 4);
  const { deliveryLatency, recipients } = summarize([run.close(9_000)], runFacts({ warmUpMs: 1_000 }));
  expect(deliveryLatency).toMatchObject({ count: 1, meanMs: 4_000, maxMs: 4_000 });
  expect(recipients.delivered).toBe(3);
});

test('oldestPendingMs is the age at the end of the oldest mail that would have counted', () => {
  const run = new ScriptedRun({ warmUpMs: 1_000 });
  run.submit(0, 1, [1]);
  run.submit(2_000, 2, [2]);
  run.submit(3_000, 3, [3]);
  run.submit(1_500, 4, [4], 'delay-notice');
  const result = run.close(10_000);
  expect(result.deliveryLatency).toMatchObject({ pending: 2, oldestPendingMs: 8_000 });
  expect(result.recipients.pending).toBe(4);
});

test('without deliveries every figure is 0', () => {
  const { deliveryLatency } = summarize([new ScriptedRun().close(1_000)], runFacts());
  expect(deliveryLatency).toMatchObject({ count: 0, meanMs: 0, p50Ms: 0, p99Ms: 0, maxMs: 0 });
});
