import { expect, test } from 'vitest';
import { scriptedReport } from '../../../tests/report/scripted-report.js';
import type { RunSummary } from '../../measure/index.js';
import { chartsOf } from '../page/charts.js';
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
  expect(lines.map(({ label }) => label)).toEqual(
    [49, 48, 47, 46, 45, 44].map((index) => `B${index}: SmtpDeliveryToMailbox DB1`),
  );
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
