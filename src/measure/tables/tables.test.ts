import { expect, test } from 'vitest';
import { busyRun } from '../../../tests/measure/busy-run.js';
import { runFacts, ScriptedRun } from '../../../tests/measure/scripted-run.js';
import { summarize } from '../summarize.js';

test('timeline.csv counts each interval; an attempt counts where it started', () => {
  const run = new ScriptedRun();
  busyRun(1, run);
  expect(run.table('timeline')).toEqual([
    {
      replication: 1,
      timeMs: 60_000,
      submitted: 4,
      delivered: 0,
      returned: 1,
      // Messages 1 and 3 (the notification); one of them in a delivery queue.
      inFlight: 2,
      queued: 1,
      redirects: 0,
      retries: 1,
      fallbacks: 0,
      backoffs: 0,
    },
    {
      replication: 1,
      timeMs: 120_000,
      submitted: 0,
      delivered: 3,
      returned: 0,
      inFlight: 1,
      queued: 0,
      redirects: 1,
      retries: 0,
      fallbacks: 1,
      backoffs: 1,
    },
  ]);
});

test('timeline.csv adds up to the summary', () => {
  const run = new ScriptedRun();
  const summary = summarize([busyRun(1, run)], runFacts());
  const sum = (column: string) =>
    run.table('timeline').reduce((total, row) => total + Number(row[column]), 0);
  expect(sum('submitted')).toBe(summary.recipients.submitted);
  expect(sum('delivered')).toBe(summary.recipients.delivered);
  expect(sum('returned')).toBe(summary.recipients.returned);
  expect(sum('redirects')).toBe(summary.redirects.total);
  expect(sum('retries')).toBe(summary.retries.connections + summary.retries.messages);
  expect(sum('fallbacks')).toBe(summary.fallbacks.total);
  expect(sum('backoffs')).toBe(summary.backoffs.total);
});

test('an interval takes in its end; the last one ends with the run', () => {
  const run = new ScriptedRun({ sampleEveryMs: 10_000 });
  const queue = run.addQueue(0, 'SmtpRelayToDag', 'DAG1');
  run.submit(10_000, 1, [1]);
  run.sample(10_000);
  run.metrics.observer.attempted(10_000, queue, 1, 'glitch', 'failed', 0, 1);
  run.end(12_345, 'delivered', 1, 1);
  run.close(12_345);
  expect(run.table('timeline')).toMatchObject([
    { timeMs: 10_000, submitted: 1, delivered: 0, retries: 1 },
    { timeMs: 12_345, submitted: 0, delivered: 1, retries: 0 },
  ]);
});

test('latency.csv has how long those had waited who were delivered in an interval, notifications left out', () => {
  const run = new ScriptedRun();
  busyRun(1, run);
  // Submitted at 1 s, delivered at 71 s and 81 s; message 3 is a notification.
  expect(run.rows.latency).toEqual([
    [1, 60_000, 0, '', '', '', ''],
    [1, 120_000, 2, 75_000, expect.closeTo(70_000, -3), 80_000, 80_000],
  ]);
});

test('faults.csv has a row a phase', () => {
  const run = new ScriptedRun({ replication: 3 });
  run.metrics.observer.fault(1_000.5, 'database-move', 'DB1', 'begin');
  run.metrics.observer.fault(31_000, 'database-move', 'DB1', 'effect');
  expect(run.rows.faults).toEqual([
    [3, 1_000.5, 'database-move', 'DB1', 'begin'],
    [3, 31_000, 'database-move', 'DB1', 'effect'],
  ]);
});

test('messages.csv has a row a recipient, pending ones too, and only when asked', () => {
  const run = new ScriptedRun({ recordMessages: true });
  run.submit(1_000, 1, [1, 2]);
  run.end(1_500, 'delivered', 1, 1, { accept: 100, mailboxDelivery: 80 }, null, 2);
  run.close(2_000);
  const common = { replication: 1, message: 1, submittedMs: 1_000 };
  expect(run.table('messages')).toEqual([
    {
      ...common,
      recipient: 'r1@contoso.com',
      end: 'delivered',
      endMs: 1_500,
      server: 'F1',
      hops: 2,
      submissionMs: 0,
      acceptMs: 100,
      submissionQueueMs: 0,
      categorizerMs: 0,
      deliveryQueueMs: 320,
      retryWaitMs: 0,
      connectionMs: 0,
      transferMs: 0,
      mailboxDeliveryMs: 80,
    },
    expect.objectContaining({
      ...common,
      recipient: 'r2@contoso.com',
      end: 'pending',
      endMs: '',
      server: 'B1',
      hops: '',
      submissionMs: '',
      mailboxDeliveryMs: '',
    }),
  ]);
  const unasked = new ScriptedRun();
  busyRun(1, unasked);
  expect(unasked.rows.messages).toEqual([]);
});

test('the printed stages of a row add up to its printed times exactly', () => {
  const run = new ScriptedRun({ recordMessages: true });
  // Odd ticks of 1/1024 ms, none of which has three decimals.
  const tick = (n: number) => n / 1_024;
  run.submit(tick(1_025), 1, [1]);
  run.end(tick(999_983), 'delivered', 1, 1, {
    submission: tick(7),
    accept: tick(333),
    submissionQueue: tick(1),
    categorizer: tick(77_777),
    retryWait: tick(3),
    connection: tick(11_111),
    transfer: tick(13),
    mailboxDelivery: tick(54_321),
  });
  const row = run.rows.messages[0]!;
  // As decimal text: whole thousandths.
  const thousandths = (cell: unknown) => {
    const text = String(cell);
    expect(text).toMatch(/^\d+(\.\d{1,3})?$/);
    return Math.round(Number(text) * 1_000);
  };
  const stages = row.slice(8).map(thousandths);
  const total = thousandths(row[5]) - thousandths(row[3]);
  expect(stages).toHaveLength(9);
  expect(stages.reduce((sum, each) => sum + each, 0)).toBe(total);
  expect(stages.every((each) => each >= 0)).toBe(true);
});
