import { expect, test } from 'vitest';
import { busyRun } from '../../tests/measure/busy-run.js';
import { runFacts, ScriptedRun } from '../../tests/measure/scripted-run.js';
import { metricReader } from './metric-reader.js';
import { summarize } from './summarize.js';

const summary = summarize([busyRun(1)], runFacts());
const read = (...path: string[]) => metricReader(path, summary)(summary);

test('a metric is the path of a number in the summary', () => {
  expect(read('recipients', 'delivered')).toBe(3);
  expect(read('simulatedMs')).toBe(120_000);
  expect(read('deliveryLatency', 'byStage', 'retryWait')).toBe(36_000);
});

test('elements of lists are entered by name in any case, or by index', () => {
  expect(read('links', 'berlin-FRANKFURT', 'bytes')).toBe(5_000);
  expect(read('links', '0', 'bytes')).toBe(5_000);
  // Half a second on all of eight cores, of two minutes.
  expect(read('servers', 'b1', 'utilization')).toBeCloseTo(0.5 / 120, 12);
  expect(read('queues', 'B1/DAG1', 'maxLength')).toBe(1);
});

test('a server with several queues stands for the largest number of any', () => {
  // On B1 the Submission queue held two messages, the queue to DAG1 one.
  expect(read('queues', 'B1', 'maxLength')).toBe(2);
  expect(read('queues', 'B2', 'maxLength')).toBe(0);
});

test('an index means the same queue in every replication', () => {
  const other = new ScriptedRun({ replication: 2 });
  const first = other.addQueue(0, 'DeliveryAgent', 'Fax');
  other.setLength(1_000, first, 9);
  other.setLength(1_000, other.addQueue(0, 'SmtpRelayToDag', 'DAG2'), 8);
  other.setLength(1_000, other.addQueue(2, 'SmtpRelayToDag', 'DAG1'), 7);
  const own = summarize([other.close(120_000)], runFacts());
  const firstOfPooled = metricReader(['queues', '0', 'maxLength'], summary);
  expect(summary.queues[0]).toMatchObject({ server: 'B1', deliveryType: 'SmtpRelayToDag' });
  expect(own.queues[0]).toMatchObject({ server: 'B1', deliveryType: 'DeliveryAgent' });
  expect(firstOfPooled(own)).toBe(0);
});

test('a code, site, cause or reason that did not occur counts 0', () => {
  expect(read('ndrs', 'byCode', '5.1.1')).toBe(1);
  expect(read('ndrs', 'byCode', '5.2.2')).toBe(0);
  expect(read('backoffs', 'bySite', 'BERLIN')).toBe(1);
  expect(read('backoffs', 'bySite', 'Frankfurt')).toBe(0);
});

test('a path that leads to no number is refused, with what there is', () => {
  expect(() => read('recipients', 'dropped')).toThrow(
    /no number "dropped" in a summary; there are submitted,/,
  );
  expect(() => read('recipients')).toThrow(RangeError);
  expect(() => read('scenario', 'name')).toThrow(RangeError);
  expect(() => read('recipients', 'constructor', 'length')).toThrow(RangeError);
});
