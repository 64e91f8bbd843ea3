import { expect, test } from 'vitest';
import type { RunProgress } from '../runner/index.js';
import { describe } from './progress.js';

const running = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    name: `r${index}`,
    replication: index + 1,
    nowMs: 3_600_000,
    durationMs: 7_200_000,
    events: 10,
    messagesInFlight: 7,
  }));

const progress = (changes: Partial<RunProgress>): RunProgress => ({
  stage: { kind: 'replications' },
  jobs: 20,
  finished: 5,
  running: running(2),
  events: 1_234,
  wallMs: 30_000,
  leftMs: null,
  ...changes,
});

test('of replications it says how many are done, and what is left at their pace', () => {
  expect(describe(progress({ leftMs: 90_000 }))).toBe(
    '5 of 20 done, 2 running, 1,234 events, 30 s, about 1 min 30 s left',
  );
});

test('of a single one, where it is', () => {
  expect(describe(progress({ jobs: 1, finished: 0, running: running(1), leftMs: 30_000 }))).toBe(
    '50 % of 2 h, 7 in flight, 1,234 events, 30 s, about 30 s left',
  );
});

test('of pilots that they are pilots', () => {
  expect(describe(progress({ stage: { kind: 'pilots' }, jobs: 5, finished: 3 }))).toBe(
    'looking for the warm-up: 3 of 5 pilots done, 2 running, 1,234 events, 30 s',
  );
});

test('where fewer may do, of how many at most', () => {
  const stage = { kind: 'replications', atMost: 1_000, before: 4 } as const;
  expect(describe(progress({ stage, jobs: 996, finished: 8 }))).toBe(
    '12 of at most 1,000 replications done, 2 running, 1,234 events, 30 s',
  );
  expect(
    describe(progress({ stage: { ...stage, before: 999 }, jobs: 1, finished: 0, running: running(1) })),
  ).toBe('999 of at most 1,000 replications done, 1 running, 1,234 events, 30 s');
});

test('of a search which step it is', () => {
  const step = { number: 3, value: '4.5 \u001b[31mMbit/s' };
  const stage = { kind: 'replications', atMost: 20, before: 0, step } as const;
  const text = describe(progress({ stage, jobs: 5, finished: 4 }));
  expect(text).toMatch(/^step 3, 4\.5 .*Mbit\/s: 4 of at most 20 replications done, 2 running, /);
  expect(text).not.toContain('\u001b');
});
