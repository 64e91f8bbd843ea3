import { describe, expect, it, test } from 'vitest';
import { busyRun } from '../../tests/measure/busy-run.js';
import { runFacts } from '../../tests/measure/scripted-run.js';
import { findMetricMeaning, metricMeanings } from './metric-meanings.js';
import { summarize } from './summarize.js';

/** The paths of all numbers in a value; elements of lists by what names them. */
function numbersIn(value: unknown, path: string): string[] {
  if (typeof value === 'number') return [path];
  if (Array.isArray(value)) {
    return value.flatMap((each: Readonly<Record<string, unknown>>) => {
      const { server, nextHopDomain, link } = each;
      const name = nextHopDomain === undefined ? (server ?? link) : `${server}/${nextHopDomain}`;
      return numbersIn(each, `${path}.${name}`);
    });
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    numbersIn(inner, path === '' ? key : `${path}.${key}`),
  );
}

describe('the meanings of metrics', () => {
  const { intervals, thresholds, ...summary } = summarize([busyRun(1), busyRun(2)], runFacts());
  const paths = numbersIn(summary, '');

  it('every number of a summary has one', () => {
    expect(paths.length).toBeGreaterThan(60);
    expect(paths.filter((path) => findMetricMeaning(path) === undefined)).toEqual([]);
  });

  it('every meaning is of a number that a summary has', () => {
    const met = new Set(paths.map((path) => findMetricMeaning(path)!.metric));
    expect(metricMeanings.map(({ metric }) => metric).filter((metric) => !met.has(metric))).toEqual([]);
  });

  test.each([
    ['recipients.LOST', 'recipients.lost'],
    ['ndrs.byCode."5.1.1"', 'ndrs.byCode.<code>'],
    ['queues.B1/partner.example.maxLength', 'queues.<server>/<queue>.maxLength'],
    ['queues.0.maxAgeMs', 'queues.<server>/<queue>.maxAgeMs'],
    ['queues.maxAgeMs', 'queues.<server>/<queue>.maxAgeMs'],
    ['servers.utilization', 'servers.<server>.utilization'],
    ['backoffs.bySite.Cologne', 'backoffs.bySite.<site>'],
    ['deliveryLatency.byStage.retryWait', 'deliveryLatency.byStage.retryWait'],
  ])('%s is found', (path, metric) => {
    expect(findMetricMeaning(path)?.metric).toBe(metric);
  });

  test.each(['recipients', 'recipients.lostX', 'xrecipients.lost', 'latency', ''])('%j is none', (path) => {
    expect(findMetricMeaning(path)).toBeUndefined();
  });
});
