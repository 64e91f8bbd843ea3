import { expect, test } from 'vitest';
import { formatCapacityText, type ReportedCapacity } from './capacity-text.js';

const tier = { text: 'server B1, queue relay.example', offered: 1.05, measured: null };
const threshold = { metric: 'deliveryLatency.maxMs', limit: 'below 3 min', value: 184_000, verdict: 'fail' };
const capacity: ReportedCapacity = {
  vary: 'workloads.0.messagesPerSecond',
  wanted: 'largest',
  value: 4.18,
  steps: [{ value: 4.18, verdict: 'pass', replications: 5 }],
  limitedBy: { value: 4.21, thresholds: [threshold], tier },
  overloaded: null,
};
const limitOf = (more: object) =>
  formatCapacityText({
    ...capacity,
    limitedBy: { value: 4.21, thresholds: [{ ...threshold, ...more }], tier: null },
  }).split('\n')[1];

test('the value, what keeps it from going further, and the values tried', () => {
  expect(formatCapacityText(capacity)).toBe(`\
workloads.0.messagesPerSecond: 4.18 is the largest value found at which every threshold holds
limited by   deliveryLatency.maxMs below 3 min: at 4.21 it fails, with 3 min 4 s
busiest      server B1, queue relay.example (offered 105 %)

tried        verdict    replications
4.18         pass                  5
`);
});

test('a figure stands only where there is one, and mail still pending beside it', () => {
  expect(limitOf({ value: 0, reason: 'no-samples' })).toMatch(/it fails, as nothing was measured$/);
  expect(limitOf({ value: 2, reason: 'pending' })).toMatch(/it fails, with 2 ms and mail still pending$/);
  expect(limitOf({ verdict: 'undecided' })).toMatch(/it is undecided, with 3 min 4 s$/);
});

test('a tier that is offered more than it can do at the value found is named, limit or none', () => {
  const overloaded = { ...tier, measured: 0.998 };
  for (const limitedBy of [capacity.limitedBy, null]) {
    expect(formatCapacityText({ ...capacity, limitedBy, overloaded })).toContain(
      '\noverloaded   at 4.18 already: server B1, queue relay.example (offered 105 %, measured 99.8 %); its queue grows\n',
    );
  }
  expect(formatCapacityText({ ...capacity, limitedBy: null })).toContain('\nit is the end of the range');
});
