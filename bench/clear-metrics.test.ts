import { expect, test } from 'vitest';
import { ClearMetrics } from './clear-metrics.js';
import { findWrongMetric, motionless, observe } from './metrics-check.js';
import { drawFacts, factKind } from './observed-facts.js';

const view = motionless();
/** Enough for many queues to be met more than once, and all servers often. */
const facts = drawFacts(2_000);

test('lengths, ages, waits, counts, bytes and latencies are those of the clear implementation', () => {
  const wrong = findWrongMetric(observe(facts, view).close(facts.endMs), new ClearMetrics(facts), facts);
  expect(wrong).toBeUndefined();
});

test('the facts have queues that hold several messages, and servers that many are on', () => {
  const clear = new ClearMetrics(facts);
  const lengths = [...clear.queues.values()].map(({ maxLength }) => maxLength);
  expect(lengths.filter((length) => length > 1).length).toBeGreaterThan(10);
  expect(clear.categorized.size).toBe(200);
  expect(Math.max(...[...clear.submissionQueues.values()].map(({ maxLength }) => maxLength))).toBeGreaterThan(
    1,
  );
});

test.each([
  ['a length', factKind.queueLength, /^queue \d+: /],
  ['a length of a Submission queue', factKind.submissionLength, /^queue \d+: /],
  ['a number of bytes', factKind.databaseBytes, /^Server\d+: \d+ bytes$/],
])('%s that is wrong is found and told', (_, kind, told) => {
  const place = facts.kind.indexOf(kind);
  const value = facts.value.map((each, n) => (n === place ? 1_000_000_000 : each));
  const result = observe({ ...facts, value }, view).close(facts.endMs);
  expect(findWrongMetric(result, new ClearMetrics(facts), facts)).toMatch(told);
});

test('a latency that is wrong is found and told', () => {
  const clear = new ClearMetrics({ ...facts, submittedMs: facts.submittedMs.map((ms) => ms - 1_000) });
  const told = findWrongMetric(observe(facts, view).close(facts.endMs), clear, facts);
  expect(told).toBeDefined();
});
