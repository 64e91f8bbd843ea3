import { expect, test } from 'vitest';
import { formatFailuresText } from './failures-text.js';

const summary = { failures: 0, harmful: 0, sources: 1, routes: 1, lostBefore: 0 };
const threshold = { metric: 'recipients.lost', limit: '= 0', verdict: 'pass' } as const;

test.each([
  [[], 'the scenario has no thresholds'],
  [[threshold], 'the threshold holds'],
  [[threshold, threshold], 'all 2 thresholds hold'],
  [[threshold, { ...threshold, verdict: 'fail' as const }], 'fails: recipients.lost = 0'],
  [[{ ...threshold, verdict: 'undecided' as const }], 'undecided: recipients.lost = 0'],
])('says in the language of people what %j say before anything fails', (thresholdsBefore, said) => {
  const text = formatFailuresText({ failures: [], thresholdsBefore, summary });
  expect(text.split('\n')).toContain(`nothing failed: ${said}`);
});
