import { expect, test } from 'vitest';
import { busyRun } from '../../../tests/measure/busy-run.js';
import { ScriptedRun } from '../../../tests/measure/scripted-run.js';
import { csvHeader, csvRows } from './csv.js';

test('a table is its header and its rows, lines ended by LF', () => {
  const run = new ScriptedRun();
  busyRun(1, run);
  expect(csvHeader('backoffs') + csvRows(run.rows.backoffs)).toBe(
    'replication,timeMs,message,server,nextHopDomain,tier,reason,site,acceptedBy\n' +
      '1,61000,1,B1,DAG1,2,other-group-servers,Frankfurt,F1\n' +
      '1,61000,1,B1,DAG1,3,backoff,Berlin,B2\n',
  );
  expect(csvHeader('timeline') + csvRows(run.rows.timeline)).toBe(
    'replication,timeMs,submitted,delivered,returned,inFlight,queued,redirects,retries,fallbacks,backoffs\n' +
      '1,60000,4,0,1,2,1,0,1,0,0\n' +
      '1,120000,0,3,0,1,0,1,0,1,1\n',
  );
});

test('a name that a spreadsheet would run as a formula is text', () => {
  expect(csvRows([['=cmd()', '+1', '@SUM(A1)', '-2', '\t=x', 'B1=2']])).toBe(
    "'=cmd(),'+1,'@SUM(A1),'-2,'\t=x,B1=2\n",
  );
});

test('numbers are numbers, negative ones too', () => {
  expect(csvRows([[-0.05, 0, 12.346, 1_234_567_890.125]])).toBe('-0.05,0,12.346,1234567890.125\n');
});

test('separators, quotes and line ends in a name stay inside its cell', () => {
  expect(csvRows([['a,b', 'say "x"', 'two\nlines', '', 7]])).toBe('"a,b","say ""x""","two\nlines",,7\n');
});
