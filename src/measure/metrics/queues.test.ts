import { expect, test } from 'vitest';
import { runFacts, ScriptedRun } from '../../../tests/measure/scripted-run.js';
import { brokenLaws } from '../laws.js';
import { summarize } from '../summarize.js';
import { queues } from './queues.js';

test('lengths are averaged over the time after the warm-up, the rest is of the whole run', () => {
  const run = new ScriptedRun({ warmUpMs: 20_000, sampleEveryMs: 30_000 });
  const queue = run.addQueue(0, 'SmtpRelayToDag', 'DAG1');
  const idle = run.addQueue(1, 'SmtpRelayToDag', 'DAG1');
  run.setLength(10_000, queue, 3);
  run.setStatus(10_000, queue, 'Retry');
  run.setLength(25_000, queue, 1, 4_000);
  run.setLength(25_000, idle, 0);
  run.sample(30_000);
  run.setStatus(40_000, queue, 'Active');
  run.setStatus(55_000, queue, 'Retry');
  const { queues } = summarize([run.close(60_000)], runFacts({ warmUpMs: 20_000 }));
  // 3 from 20 s to 25 s and 1 from 25 s to 60 s, over 40 s. In Retry from 10 s to 40 s and from 55 s on.
  expect(queues).toEqual([
    {
      server: 'B1',
      deliveryType: 'SmtpRelayToDag',
      nextHopDomain: 'DAG1',
      meanLength: 50 / 40,
      maxLength: 3,
      maxAgeMs: 4_000,
      retryMs: 35_000,
    },
  ]);
});

test('QU-01: the Submission queue of a server is a queue', () => {
  const run = new ScriptedRun();
  const { observer } = run.metrics;
  observer.submissionQueueLength(10_000, 1, 6);
  run.sample(15_000);
  // Messages submitted at 2.5 s and later that all came at 10 s.
  for (const submittedMs of [4_000, 2_500, 3_000, 9_000, 9_000, 9_000]) {
    observer.leftSubmissionQueue(20_000, 1, 10_000, submittedMs);
  }
  observer.submissionQueueLength(20_000, 1, 0);
  run.sample(60_000);
  const { queues } = summarize([run.close(60_000)], runFacts());
  expect(queues).toEqual([
    {
      server: 'B2',
      deliveryType: 'Undefined',
      nextHopDomain: 'Submission',
      meanLength: 1,
      maxLength: 6,
      maxAgeMs: 17_500,
      retryMs: 0,
    },
  ]);
  // What is oldest cannot be asked of the model, that nothing is there can.
  expect(run.table('queues')).toMatchObject([
    { server: 'B2', timeMs: 15_000, length: 6, oldestMs: '', status: 'Active' },
    { server: 'B2', timeMs: 60_000, length: 0, oldestMs: 0, status: 'Ready' },
  ]);
});

test('queues.csv has the queues that hold something, or held something in the interval', () => {
  const run = new ScriptedRun({ replication: 7 });
  const held = run.addQueue(0, 'SmtpRelayToDag', 'DAG1');
  const holding = run.addQueue(2, 'SmtpDeliveryToMailbox', 'DB1');
  run.addQueue(1, 'SmtpRelayToDag', 'DAG1');
  run.setLength(1_000, held, 2);
  run.setLength(2_000, held, 0);
  run.setLength(3_000, holding, 3, 12.3456);
  run.setStatus(3_000, holding, 'Active');
  run.sample(60_000);
  run.sample(120_000);
  const common = {
    replication: 7,
    server: 'F1',
    deliveryType: 'SmtpDeliveryToMailbox',
    nextHopDomain: 'DB1',
  };
  const stays = { ...common, length: 3, oldestMs: 12.346, status: 'Active' };
  expect(run.table('queues')).toEqual([
    {
      replication: 7,
      timeMs: 60_000,
      server: 'B1',
      deliveryType: 'SmtpRelayToDag',
      nextHopDomain: 'DAG1',
      length: 0,
      oldestMs: 0,
      status: 'Ready',
      velocity: 0,
    },
    // QU-09: 3 came and none left in a minute.
    { ...stays, timeMs: 60_000, velocity: -0.05 },
    { ...stays, timeMs: 120_000, velocity: 0 },
  ]);
});

test('QU-09: velocity is what left less what came, over the last minute of a longer interval', () => {
  const run = new ScriptedRun({ sampleEveryMs: 300_000 });
  const queue = run.addQueue(0, 'SmtpRelayToDag', 'DAG1');
  run.setLength(100_000, queue, 50);
  // Out of the last minute's reach up to here.
  run.setLength(250_000, queue, 38);
  run.setLength(260_000, queue, 40);
  run.setLength(299_000, queue, 37);
  run.sample(300_000);
  expect(run.table('queues')[0]!['velocity']).toBeCloseTo((12 - 2 + 3) / 60, 6);
});

test("Little's law: lengths over time are the waits stamped on messages, whichever message leaves first", () => {
  const run = new ScriptedRun({ warmUpMs: 15_000 });
  const queue = run.addQueue(0, 'SmtpRelayToDag', 'DAG1');
  run.setLength(10_000, queue, 1);
  run.setLength(12_000, queue, 2);
  // The second to come is the first to leave.
  run.metrics.observer.leftQueue(20_000, queue, 12_000, 5_000);
  run.setLength(20_000, queue, 1);
  run.metrics.observer.leftQueue(31_000, queue, 10_000, 4_000);
  run.setLength(31_000, queue, 0);
  const result = run.close(60_000);
  // Waits of 8 s and 21 s; the length is 1 for 2 s, 2 for 8 s and 1 for 11 s.
  expect(result.queues[0]).toMatchObject({
    maxAgeMs: 27_000,
    littlesLaw: { lengthMs: 29_000, waitedMs: 29_000, openMs: 0 },
  });
  expect(brokenLaws(result)).toEqual([]);
  // Replication by replication, not pooled.
  expect(queues.merge([result.queues, result.queues])[0]!.littlesLaw).toBeNull();
});

test("Little's law: a message that is forgotten, counted twice or stamped wrongly breaks it", () => {
  const broken = (leaving: (run: ScriptedRun, queue: number) => void) => {
    const run = new ScriptedRun();
    const queue = run.addQueue(0, 'SmtpRelayToDag', 'DAG1');
    run.setLength(10_000, queue, 2);
    leaving(run, queue);
    run.setLength(20_000, queue, 0);
    return brokenLaws(run.close(60_000));
  };
  const leave = (run: ScriptedRun, queue: number, enteredMs: number) =>
    run.metrics.observer.leftQueue(20_000, queue, enteredMs, 0);
  const twice = (enteredMs: number) => (run: ScriptedRun, queue: number) => {
    leave(run, queue, 10_000);
    leave(run, queue, enteredMs);
  };
  expect(broken(twice(10_000))).toEqual([]);
  expect(broken(twice(9_999))).toHaveLength(1);
  expect(broken((run, queue) => leave(run, queue, 10_000))).toEqual([
    "Little's law on B1, queue DAG1: length over time is 20000 message-ms, waits are 10000 ms and at most 0 ms more",
  ]);
  // Nothing is stamped: nothing can be said.
  expect(broken(() => {})).toEqual([]);
});

test("Little's law: messages still there have waited since the queue was last empty, at most", () => {
  const run = new ScriptedRun();
  const queue = run.addQueue(0, 'SmtpRelayToDag', 'DAG1');
  run.setLength(1_000, queue, 1);
  run.metrics.observer.leftQueue(8_000, queue, 1_000, 0);
  run.setLength(8_000, queue, 0);
  run.setLength(10_000, queue, 1);
  run.setLength(15_000, queue, 2);
  run.metrics.observer.leftQueue(20_000, queue, 10_000, 0);
  run.setLength(20_000, queue, 1);
  const result = run.close(50_000);
  // 1 for 7 s, then 1 for 5 s, 2 for 5 s, 1 for 30 s. Waits of 7 s and 10 s; the message still there came at 15 s,
  // which the metric cannot know: it came after 8 s.
  expect(result.queues[0]!.littlesLaw).toEqual({ lengthMs: 52_000, waitedMs: 17_000, openMs: 42_000 });
  expect(brokenLaws(result)).toEqual([]);
});

test('a queue that only some replications have is averaged over all of them', () => {
  const withQueue = new ScriptedRun();
  const queue = withQueue.addQueue(0, 'SmtpRelayToDag', 'DAG1');
  withQueue.setLength(0, queue, 4);
  const replications = [withQueue.close(60_000), new ScriptedRun({ replication: 2 }).close(60_000)];
  expect(summarize(replications, runFacts()).queues).toMatchObject([{ meanLength: 2, maxLength: 4 }]);
  expect(summarize([...replications].reverse(), runFacts()).queues).toMatchObject([{ meanLength: 2 }]);
});

test('QU-04: a shadow queue is one by the name of its primary, on the server that has the copies', () => {
  const run = new ScriptedRun();
  const { observer } = run.metrics;
  observer.shadowQueueLength(10_000, 0, 2);
  observer.shadowQueueLength(20_000, 0, 1);
  run.sample(60_000);
  observer.shadowQueueLength(70_000, 0, 0);
  run.sample(120_000);
  run.sample(180_000);
  const key = { server: 'F1', deliveryType: 'ShadowRedundancy', nextHopDomain: 'B1.contoso.com' };
  const { queues } = summarize([run.close(180_000)], runFacts());
  expect(queues).toEqual([{ ...key, meanLength: 70 / 180, maxLength: 2, maxAgeMs: 0, retryMs: 0 }]);
  expect(run.table('queues')).toMatchObject([
    { ...key, timeMs: 60_000, length: 1, oldestMs: '', status: 'Ready', velocity: -0.016667 },
    { ...key, timeMs: 120_000, length: 0, oldestMs: 0, status: 'Ready' },
  ]);
});
