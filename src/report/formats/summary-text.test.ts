import { expect, test } from 'vitest';
import { busyRun } from '../../../tests/measure/busy-run.js';
import { runFacts, ScriptedRun } from '../../../tests/measure/scripted-run.js';
import { type RunFacts, type RunSummary, summarize } from '../../measure/index.js';
import { formatSummaryText } from './summary-text.js';

const thresholds: RunFacts['thresholds'] = [
  {
    metric: 'recipients.lost',
    metricPath: ['recipients', 'lost'],
    limit: 'at-most',
    value: 5,
    text: 'at-most 5',
  },
  {
    metric: 'deliveryLatency.p95Ms',
    metricPath: ['deliveryLatency', 'p95Ms'],
    limit: 'below',
    value: 60_000,
    text: 'below 1 min',
  },
];
const faults = [
  { timeMs: 0, kind: 'site-link-outage', subject: 'Berlin-Frankfurt', phase: 'begin' },
  { timeMs: 60_000, kind: 'queue-resubmission', subject: 'B1', phase: 'begin' },
  { timeMs: 60_000, kind: 'queue-resubmission', subject: 'B1', phase: 'end' },
  { timeMs: 100_000, kind: 'site-link-outage', subject: 'Berlin-Frankfurt', phase: 'end' },
  { timeMs: 110_000, kind: 'database-outage', subject: 'DB1', phase: 'begin' },
];

test('a summary for people', () => {
  const text = formatSummaryText(summarize([busyRun(1)], runFacts({ thresholds })), faults);
  expect(text).toBe(`scripted: one replication of 2 min, seed 42

messages    2 submitted, 1 relay
recipients  4 submitted, 2 by expansion, 1 of notifications: 3 delivered, 1 returned, 1 expired, 1 lost, 1 pending
redirects   1 (active-elsewhere 1)
NDRs        2 (4.4.7 1, 5.1.1 1), 1 delay notice
back-offs   1 (Berlin 1)
fallbacks   1 (other-group-servers 1)
retries     1 of queues, 0 of messages, 1 message resubmitted
throughput  0.0667 recipients/s submitted, 0.0167 delivered, 0.0333 at the peak
latency     p50 1 min 10 s, p90 1 min 20 s, p95 1 min 20 s, p99 1 min 20 s, max 1 min 20 s, oldest pending 1 min 59 s
            mean 1 min 15 s of 2 deliveries
by stage    deliveryQueue 38.9 s, retryWait 36 s, mailboxDelivery 100 ms

busiest queues (of 3)
  B1: SmtpRelayToDag DAG1        mean 0.483    max 1  oldest 1 min  in Retry 35.5 s
  B1: Undefined Submission       mean 0.0167   max 2
  F1: SmtpDeliveryToMailbox DB1  mean 0.00833  max 1

faults
  at 0 ms        site-link-outage Berlin-Frankfurt  for 1 min 40 s
  at 1 min       queue-resubmission B1
  at 1 min 50 s  database-outage DB1                to the end

thresholds
  fail  deliveryLatency.p95Ms below 1 min  1 min 20 s
  pass  recipients.lost at-most 5          1
`);
});

test('with replications figures have their spread', () => {
  const text = formatSummaryText(summarize([busyRun(1), busyRun(2)], runFacts({ thresholds })), []);
  expect(text).toContain('scripted: 2 replications of 2 min, seed 42\n');
  expect(text).toContain('mean 1 min 16 s [1 min 9 s, 1 min 22 s] of 4 deliveries');
  expect(text).toMatch(/B1: SmtpRelayToDag DAG1 .* in Retry 35\.5 s$/m);
  // A total, as the verdict takes it.
  expect(text).toMatch(/^ {2}pass {2}recipients\.lost at-most 5 +2$/m);
});

test('what is held against a limit is what is shown: totals with their own spread, constants with none', () => {
  const of = (metric: string, value: number) =>
    ({ metric, metricPath: metric.split('.'), limit: 'at-least', value, text: `at-least ${value}` }) as const;
  const longer = { ...busyRun(2), links: [{ link: 'Berlin-Frankfurt', bytes: 7_000 }] };
  const run = runFacts({ thresholds: [of('links.Berlin-Frankfurt.bytes', 1), of('replications', 2)] });
  const text = formatSummaryText(summarize([busyRun(1), longer], run), []);
  // 5,000 and 7,000 bytes: 12,000 in all; mean 6,000 ± t(0.975, 1) * 1,000 = 12,706 each.
  expect(text).toMatch(
    /undecided {2}links\.Berlin-Frankfurt\.bytes at-least 1 +12,000 \[0, 37,412\] {2}the limit lies in the interval$/m,
  );
  expect(text).toMatch(/pass +replications at-least 2 +2$/m);
});

test('no figure where nothing was measured, and why it failed', () => {
  const p95 = thresholds[1]!;
  const text = formatSummaryText(
    summarize([new ScriptedRun().close(1_000)], runFacts({ thresholds: [p95] })),
    [],
  );
  expect(text).toMatch(/^ {2}fail {2}deliveryLatency\.p95Ms below 1 min {2}– {2}nothing was measured$/m);
});

test('a run of nothing is short, and says so', () => {
  const text = formatSummaryText(summarize([], runFacts({ incomplete: true })), []);
  expect(text).toContain('scripted: INCOMPLETE: stopped before its end; 0 replications');
  expect(text).toContain('latency     no deliveries to measure\n');
  expect(text.split('\n').length).toBeLessThan(15);
});

test('a run of everything stays on one page, and shows what failed', () => {
  const many = Array.from({ length: 40 }, (_, index) => index);
  const base = summarize([busyRun(1)], runFacts());
  const summary: RunSummary = {
    ...base,
    ndrs: { total: 40, byCode: Object.fromEntries(many.map((n) => [`5.1.${n}`, 1])) },
    queues: many.map((n) => ({ ...base.queues[0]!, server: `B${n}` })),
    thresholds: many.map((n) => ({
      metric: `servers.B${n}.utilization`,
      limit: 'below 1',
      value: 0.5,
      verdict: n === 39 ? ('fail' as const) : ('pass' as const),
    })),
  };
  const text = formatSummaryText(
    summary,
    many.map((n) => ({ timeMs: n, kind: 'server-outage', subject: `B${n}`, phase: 'begin' })),
  );
  expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(36);
  expect(text).toContain('fail  servers.B39.utilization');
  expect(text).toContain('… and 34 more');
  expect(text.split('\n').every((line) => line.length <= 120)).toBe(true);
});

test('names of the organization cannot break the text', () => {
  const base = summarize([busyRun(1)], runFacts());
  const text = formatSummaryText(
    {
      ...base,
      scenario: { name: 'x\ny', sha256: '' },
      queues: [{ ...base.queues[0]!, server: 'a\u001b[2J\n', nextHopDomain: '\r\n' }],
      backoffs: { total: 1, bySite: { 'Ber\nlin': 1 } },
    },
    [{ timeMs: 0, kind: 'server-outage', subject: 'B\n1', phase: 'begin' }],
  );
  expect(text).not.toMatch(/[^\P{Cc}\n]/u);
  const plain = formatSummaryText({ ...base, queues: [base.queues[0]!] }, [
    { timeMs: 0, kind: 'server-outage', subject: 'B1', phase: 'begin' },
  ]);
  expect(text.split('\n')).toHaveLength(plain.split('\n').length);
});

test('shadow queues are not among the busiest: nothing waits in them to go anywhere', () => {
  const base = summarize([busyRun(1)], runFacts());
  const queue = base.queues[0]!;
  const shadow = { ...queue, deliveryType: 'ShadowRedundancy', nextHopDomain: 'B2', meanLength: 999 };
  const text = formatSummaryText({ ...base, queues: [shadow, queue] }, []);
  expect(text).toContain('\nbusiest queues (of 1)\n  B1: SmtpRelayToDag DAG1 ');
  expect(text).not.toContain('ShadowRedundancy');
});

test('a warm-up that was looked for and is none is told', () => {
  const { warmUp: _, ...base } = summarize([busyRun(1)], runFacts());
  const of = (found: boolean) =>
    formatSummaryText({ ...base, warmUp: { method: 'MSER-5', pilots: 5, found } }, []);
  expect(of(true)).toContain(', after a warm-up of 0 ms (found), seed');
  expect(of(false)).toContain(', after a warm-up of 0 ms (NO steady state found), seed');
  expect(formatSummaryText(base, [])).not.toContain('warm-up');
});
