import { expect, test } from 'vitest';
import { formatCompareText, type ReportedComparison } from './compare-text.js';

const comparison: ReportedComparison = {
  tolerance: 0.02,
  confidence: 0.95,
  intervals: 'replications',
  pairs: 10,
  pairing: 12.34,
  metrics: [
    { metric: 'recipients.lost', a: 0, b: 2, difference: 2, halfWidth: 0.5, verdict: 'worse' },
    { metric: 'delayNotices', a: 5, b: 5, difference: 0, halfWidth: 0, verdict: 'same' },
    {
      metric: 'deliveryLatency.meanMs',
      a: 5_000,
      b: 4_750,
      difference: -250,
      halfWidth: 90,
      verdict: 'better',
    },
    {
      metric: 'deliveryLatency.p95Ms',
      a: 9_000,
      b: 9_100,
      difference: 100,
      halfWidth: null,
      verdict: 'unclear',
    },
  ],
  figures: [
    { metric: 'messages.relayed', a: 1_000, b: 1_100, difference: 100, halfWidth: 1, verdict: 'different' },
    { metric: 'messages.submitted', a: 1, b: 1, difference: 0, halfWidth: 0, verdict: 'same' },
  ],
};

test('what is worse comes first, what is the same in one line', () => {
  expect(formatCompareText(comparison)).toBe(`\
b against a: 1 worse, 1 better, 1 unclear, 1 same
tolerance 2 %; intervals that hold together with 95 %, from 10 pairs of replications; pairing makes that of the mean latency 12.3 times as narrow

  worse      recipients.lost         0 to 2          +2                 ± 0.5
  better     deliveryLatency.meanMs  5 s to 4.75 s   -250 ms (-5 %)     ± 90 ms
  different  messages.relayed        1,000 to 1,100  +100 (+10 %)       ± 1
  unclear    deliveryLatency.p95Ms   9 s to 9.1 s    +100 ms (+1.11 %)  no interval
  same: delayNotices
`);
});

test('nothing to compare is said', () => {
  const text = formatCompareText({ ...comparison, intervals: null, pairing: null, metrics: [], figures: [] });
  expect(text).toBe('b against a: nothing to compare\ntolerance 2 %; no intervals\n\n');
});
