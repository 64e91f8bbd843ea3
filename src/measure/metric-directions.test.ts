import { expect, test } from 'vitest';
import { directionOf, metricDirections } from './metric-directions.js';
import { metricMeanings } from './metric-meanings.js';

test('every metric with a direction is one that a summary has', () => {
  const known = new Set(metricMeanings.map(({ metric }) => metric));
  expect(Object.keys(metricDirections).filter((metric) => !known.has(metric))).toEqual([]);
});

test.each([
  ['deliveryLatency.p95Ms', 'lower'],
  ['throughput.deliveredPerSecond', 'higher'],
  ['recipients.lost', 'lower'],
  ['queues.B1/DB1.maxLength', 'lower'],
  ['deliveryLatency.byStage.retryWait', null],
  ['recipients.submitted', null],
  ['servers.B1.utilization', null],
  ['no.such.metric', null],
  ['constructor', null],
])('%s: %s is better', (path, direction) => {
  expect(directionOf(path)).toBe(direction);
});
