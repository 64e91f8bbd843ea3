import { expect, test } from 'vitest';
import { busyRun } from '../../../tests/measure/busy-run.js';
import { runFacts, ScriptedRun } from '../../../tests/measure/scripted-run.js';
import { summarize } from '../summarize.js';

/* The figures of busyRun, counted by hand. */
const script = new ScriptedRun();
const result = busyRun(1, script);
const summary = summarize([result], runFacts());

test('messages: what workloads submit, without notifications; categorizations and relays of all', () => {
  expect(summary.messages).toEqual({ submitted: 2, categorized: 1, relayed: 1 });
});

test('recipients: those that begin are those that end or are pending', () => {
  // Begun: 4 submitted, 2 more by expansion (3 members for 1 group), 1 notification. Ended: 3 + 1 + 1 + 1, 1 pending.
  expect(summary.recipients).toEqual({
    submitted: 4,
    expanded: 2,
    generated: 1,
    delivered: 3,
    returned: 1,
    expired: 1,
    lost: 1,
    pending: 1,
    duplicates: 0,
  });
});

test('redirects: recipients, by cause, each with a row', () => {
  expect(summary.redirects).toEqual({ total: 1, byCause: { 'active-elsewhere': 1 } });
  expect(script.table('redirects')).toEqual([
    {
      replication: 1,
      timeMs: 62_000,
      message: 1,
      recipient: 'r10@contoso.com',
      server: 'F1',
      database: 'DB1',
      believedServer: 'F1',
      activeServer: 'B1',
      cause: 'active-elsewhere',
    },
  ]);
});

test('ndrs: returned and expired recipients, by code, each with a row', () => {
  expect(summary.ndrs).toEqual({ total: 2, byCode: { '4.4.7': 1, '5.1.1': 1 } });
  const common = { replication: 1, server: 'B1' };
  expect(script.table('ndrs')).toEqual([
    {
      ...common,
      timeMs: 3_000,
      message: 2,
      recipient: 'r13@contoso.com',
      code: '5.1.1',
      text: 'RecipientNotFound',
      rule: 'NDR-01',
    },
    {
      ...common,
      timeMs: 81_000,
      message: 1,
      recipient: 'r14@contoso.com',
      code: '4.4.7',
      text: 'QueueExpired',
      rule: 'MI-05',
    },
  ]);
});

test('retries: attempts from the first retry on; the first that failed has a row and does not count', () => {
  expect(summary.retries).toEqual({ connections: 1, messages: 0 });
  const common = { replication: 1, server: 'B1', deliveryType: 'SmtpRelayToDag', nextHopDomain: 'DAG1' };
  expect(script.table('retries')).toEqual([
    {
      ...common,
      timeMs: 4_000,
      attempt: 0,
      stage: 'glitch',
      outcome: 'failed',
      durationMs: 21_000,
      queueLength: 1,
    },
    {
      ...common,
      timeMs: 59_500,
      attempt: 1,
      stage: 'glitch',
      outcome: 'connected',
      durationMs: 1_000,
      queueLength: 1,
    },
  ]);
});

test('retries: attempts of one message are counted apart', () => {
  const run = new ScriptedRun();
  const queue = run.addQueue(0, 'SmtpDeliveryToMailbox', 'DB1');
  run.metrics.observer.attempted(1_000, queue, 1, 'message', 'failed', 10, 1);
  run.metrics.observer.attempted(2_000, queue, 2, 'message', 'failed', 10, 1);
  run.metrics.observer.attempted(2_000, queue, 1, 'mailbox', 'failed', 10, 1);
  expect(run.close(3_000).retries).toEqual({ connections: 1, messages: 2 });
});

test('fallbacks and backoffs: told apart by the reason of the tier, in one table', () => {
  expect(summary.fallbacks).toEqual({ total: 1, byReason: { 'other-group-servers': 1 } });
  expect(summary.backoffs).toEqual({ total: 1, bySite: { Berlin: 1 } });
  const common = { replication: 1, timeMs: 61_000, message: 1, server: 'B1', nextHopDomain: 'DAG1' };
  expect(script.table('backoffs')).toEqual([
    { ...common, tier: 2, reason: 'other-group-servers', site: 'Frankfurt', acceptedBy: 'F1' },
    { ...common, tier: 3, reason: 'backoff', site: 'Berlin', acceptedBy: 'B2' },
  ]);
});

test('delayNotices and resubmissions: notices sent, and messages of idle queues', () => {
  expect(summary.delayNotices).toBe(1);
  expect(summary.resubmissions).toEqual({ idle: 1, shadow: 0, safetyNet: 0 });
});

test('resubmissions: what an administrator sends back is not idle', () => {
  const run = new ScriptedRun();
  const queue = run.addQueue(0, 'SmtpDeliveryToMailbox', 'DB1');
  run.metrics.observer.resubmitted(1_000, queue, 'administrator', 7);
  run.metrics.observer.resubmitted(2_000, queue, 'idle', 2);
  expect(run.close(3_000).resubmissions).toEqual({ idle: 2, administrator: 7 });
});

test('totals are the numbers of rows', () => {
  expect(script.rows.redirects).toHaveLength(summary.redirects.total);
  expect(script.rows.ndrs).toHaveLength(summary.ndrs.total);
  expect(script.rows.backoffs).toHaveLength(summary.fallbacks.total + summary.backoffs.total);
  const retried = script.table('retries').filter(({ attempt }) => Number(attempt) >= 1);
  expect(retried).toHaveLength(summary.retries.connections + summary.retries.messages);
});

test('names of sites and codes can be anything, __proto__ too', () => {
  const run = new ScriptedRun({
    organization: { servers: { B1: '__proto__' }, databases: {} },
  });
  run.submit(0, 1, [1]);
  run.metrics.observer.fallenBack(0, run.facts(1), 0, 'x', 2, 'backoff', 0, 0);
  run.end(1, 'returned', 1, 1, {}, { code: '__proto__', text: '', rule: '' });
  const { ndrs, backoffs } = JSON.parse(JSON.stringify(summarize([run.close(1_000)], runFacts())));
  expect(Object.entries(backoffs.bySite)).toEqual([['__proto__', 1]]);
  expect(Object.entries(ndrs.byCode)).toEqual([['__proto__', 1]]);
});
