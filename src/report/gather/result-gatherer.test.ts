import { expect, test } from 'vitest';
import { scriptedReport } from '../../../tests/report/scripted-report.js';
import type { RunSummary } from '../../measure/index.js';
import { SimulatedClock } from '../formats/simulated-clock.js';
import { chartsOf as chartsWithClock } from '../page/charts.js';
import { type GatheredTable, ResultGatherer } from './result-gatherer.js';

function gather(
  changes: Partial<RunSummary>,
  tables: Partial<Record<GatheredTable, readonly (readonly (string | number)[])[]>>,
) {
  const gatherer = new ResultGatherer({ ...scriptedReport().summary, ...changes }, 60_000);
  for (const [table, rows] of Object.entries(tables)) {
    gatherer.begin();
    for (const row of rows) gatherer.addRow(table as GatheredTable, row.map(String));
  }
  return gatherer.close();
}

const chartsOf = (figures: ReturnType<typeof gather>) =>
  chartsWithClock(figures, new SimulatedClock(null, 0));

const queue = (server: string, maxLength: number) => ({
  server,
  deliveryType: 'SmtpDeliveryToMailbox',
  nextHopDomain: 'DB1',
  meanLength: 1,
  maxLength,
  maxAgeMs: 0,
  retryMs: 0,
});

test('counts of an interval become rates; replications share a chart, with the spread between them', () => {
  const figures = gather(
    { simulatedMs: 90_000, replications: 2 },
    {
      timeline: [
        [1, 60_000, 60, 30, 0, 5, 4, 0, 2, 0, 0],
        // Half an interval.
        [1, 90_000, 60, 30, 0, 5, 4, 0, 0, 0, 0],
        [2, 60_000, 180, 90, 0, 7, 4, 0, 0, 0, 0],
      ],
    },
  );
  const [flow] = chartsOf(figures).filter(({ id }) => id === 'flow');
  expect(flow!.x).toEqual([60, 90]);
  expect(flow!.lines[0]).toEqual({ label: 'submitted', y: [2, 2], low: [1, 2], high: [3, 2] });
  expect(figures.samples).toBe(3);
  expect(figures.endMs).toBe(90_000);
});

test('the longest queues are charted, their peaks kept, and 0 where a sample has no row of them', () => {
  const queues = Array.from({ length: 50 }, (_, index) => queue(`B${index}`, index));
  const row = (timeMs: number, server: string, length: number) =>
    [1, timeMs, server, 'SmtpDeliveryToMailbox', 'DB1', length, length * 1_000, 'Active', 0] as const;
  const figures = gather(
    { queues, simulatedMs: 180_000 },
    {
      timeline: [60_000, 120_000, 180_000].map((timeMs) => [1, timeMs, 0, 0, 0, 1, 1, 0, 0, 0, 0]),
      queues: [row(60_000, 'B49', 49), row(60_000, 'B1', 1), row(180_000, 'B48', 7), row(180_000, 'B49', 3)],
    },
  );
  const charts = new Map(chartsOf(figures).map((chart) => [chart.id, chart]));
  const lines = charts.get('queues')!.lines;
  const name = (index: number) => `B${index}: SmtpDeliveryToMailbox DB1`;
  expect(lines.map(({ label }) => label)).toEqual([49, 48].map(name));
  // Those that no sample met.
  expect(charts.get('queues')!.note).toContain(`: ${[47, 46, 45, 44].map(name).join(', ')}.`);
  expect(lines[0]!.y).toEqual([49, 0, 3]);
  expect(lines[1]!.y).toEqual([0, 0, 7]);
  expect(charts.get('oldest')!.lines[0]!.y).toEqual([49_000, 0, 7_000]);
});

test('latencies of a time without deliveries are gaps, not zeros', () => {
  const figures = gather(
    { simulatedMs: 120_000 },
    {
      timeline: [60_000, 120_000].map((timeMs) => [1, timeMs, 0, 0, 0, 1, 1, 0, 0, 0, 0]),
      latency: [
        [1, 60_000, 0, '', '', '', ''],
        [1, 120_000, 2, 15, 10, 20, 20],
      ],
    },
  );
  const [latency] = chartsOf(figures);
  expect(latency!.lines.map(({ label, y }) => [label, y])).toEqual([
    ['longest', [null, 20]],
    ['95 %', [null, 20]],
    ['half', [null, 10]],
  ]);
});

test('the 95 % and the half of several samples are drawn as their mean and extremes, and said to be', () => {
  // Two replications, two samples to a point. Of each sample all deliveries, in ms, are known here.
  const samples: Record<string, readonly (readonly number[])[]> = {
    '1': [[10, 20], [100]],
    '2': [[30, 40, 50, 60], [1_000]],
  };
  const quantile = (values: readonly number[], q: number) =>
    [...values].sort((a, b) => a - b)[Math.ceil(q * values.length) - 1]!;
  const rows = Object.entries(samples).flatMap(([replication, parts]) =>
    parts.map((values, index) => [
      ...[replication, (index + 1) * 60_000, values.length],
      ...[0, quantile(values, 0.5), quantile(values, 0.95), Math.max(...values)],
    ]),
  );
  // 800 samples of a minute are 400 points of two.
  const figures = gather(
    { simulatedMs: 800 * 60_000, replications: 2 },
    {
      timeline: [1, 2].flatMap((replication) =>
        [60_000, 120_000].map((timeMs) => [replication, timeMs, 0, 0, 0, 1, 1, 0, 0, 0, 0]),
      ),
      latency: rows,
    },
  );
  const [chart] = chartsOf(figures);
  const [longest, p95, half] = chart!.lines;
  expect(longest).toEqual({ label: 'longest', y: [1_000] });
  // (2 * 20 + 100 + 4 * 60 + 1,000) / 8 and (2 * 10 + 100 + 4 * 40 + 1,000) / 8, the medians of four being the lower one.
  expect(p95).toEqual({ label: '95 % of a sample', y: [172.5], low: [20], high: [1_000] });
  expect(half).toEqual({ label: 'half of a sample', y: [160], low: [10], high: [1_000] });
  expect(chart!.note).toContain('a line is their mean');
  const all = Object.values(samples).flat(2);
  for (const [line, q] of [
    [p95!, 0.95],
    [half!, 0.5],
  ] as const) {
    const pooled = quantile(all, q);
    expect(line.low![0]! <= pooled && pooled <= line.high![0]!).toBe(true);
  }
});

test('a line that is 0 at every sample is left out and named; what a chart shows is there in words', () => {
  const row = (timeMs: number, retries: number) => [1, timeMs, 60, 60, 0, 0, 0, 0, retries, 0, 0];
  const figures = gather(
    { simulatedMs: 120_000 },
    { timeline: [row(60_000, 2), row(120_000, 5)], links: [[1, 60_000, 'BF', 450_000, 0]] },
  );
  const detours = chartsOf(figures).find(({ id }) => id === 'detours')!;
  expect(detours.lines.map(({ label }) => label)).toEqual(['retries']);
  expect(detours.note).toMatch(/ 0 at every sample: redirects, fallbacks, back-offs\.$/);
  expect(detours.words).toBe('Retries and detours a minute. retries: at most 5, at 2 min.');
  expect(chartsOf(figures).map(({ id }) => id)).not.toContain('in-flight');
});

test('rows that are none are left out; charts in which nothing happened are, too', () => {
  const figures = gather(
    {},
    { timeline: [['', 'x'], [1, 'NaN', 1], [1, -5, 1], [1]], faults: [[1, 'soon', 'a', 'b', 'begin']] },
  );
  expect(figures.samples).toBe(0);
  expect(figures.faults).toEqual([]);
  expect(chartsOf(figures)).toEqual([]);
});

test('what is kept of reports and retries does not grow with their number', () => {
  const ndrs = Array.from({ length: 6_000 }, (_, index) => [
    1,
    index,
    1,
    'a@b',
    'B1',
    '5.1.1',
    `text ${index}`,
    'RR-08',
  ]);
  const { ndrs: tally } = gather({}, { ndrs });
  expect(tally.entries()).toHaveLength(5_000);
  expect(tally.others).toBe(1_000);
});
