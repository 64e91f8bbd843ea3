import { expect, test } from 'vitest';
import { formatSweepText, type ReportedFigures } from './sweep-text.js';

const summary: ReportedFigures = {
  deliveryLatency: { count: 9, meanMs: 1_500, p95Ms: 61_000 },
  throughput: { deliveredPerSecond: 2.5 },
  recipients: { lost: 0, pending: 1_234 },
  thresholds: [{ verdict: 'pass' }, { verdict: 'fail' }, { verdict: 'pass' }],
};

test('a row a point: what was set, and what came of it', () => {
  const text = formatSweepText('wan', [
    { set: { 'organization.siteLinks.BF.cost': 10, 'workloads.0.size': { fixed: '1 MB' } }, summary },
    { set: { 'organization.siteLinks.BF.cost': 20 }, summary: null },
  ]);
  expect(text.split('\n')).toEqual([
    'wan: 2 points',
    '',
    '  BF.cost  workloads.0.size  mean   p95        delivered/s  lost  pending  thresholds',
    '  10       {"fixed":"1 MB"}  1.5 s  1 min 1 s  2.5          0     1,234    1 fail, 2 pass',
    '  20       -                 -      -          -            -     -        not whole',
    '',
  ]);
});

test('a point without deliveries has no latency', () => {
  const deliveryLatency = { count: 0, meanMs: 0, p95Ms: 0 };
  const [, , , row] = formatSweepText('wan', [
    { set: { x: 1 }, summary: { ...summary, deliveryLatency } },
  ]).split('\n');
  expect(row).toMatch(/^ {2}1 {2}- +- +2\.5 +0 +1,234 +1 fail, 2 pass$/);
});

test('paths with the same end stand whole, and values cannot paint the terminal', () => {
  const text = formatSweepText('x\u001b[31m', [
    { set: { 'a.b.c': '\u001b[31mred', 'd.b.c': null }, summary },
  ]);
  expect(text).not.toContain('\u001b');
  expect(text).toContain('a.b.c');
  expect(text).toContain('d.b.c');
});

test('of a large sweep the first points', () => {
  const points = Array.from({ length: 1_201 }, (_, index) => ({ set: { x: index }, summary: null }));
  expect(formatSweepText('x', points)).toContain('… and 1,001 more');
});
