import { expect, test } from 'vitest';
import { decidingRules, type RuleOutcome } from './rule-outcome.js';

const outcome = (rule: string, decided: boolean): RuleOutcome => ({
  rule,
  aspect: 'tiers',
  decided,
  text: '',
});

test('what decided is named once, in the order in which it was considered', () => {
  const outcomes = [
    outcome('RT-37', true),
    outcome('RT-38', false),
    outcome('AS-07', true),
    outcome('RT-37', true),
    outcome('RT-38', true),
    outcome('RT-41', false),
  ];
  expect(decidingRules(outcomes)).toEqual(['RT-37', 'AS-07', 'RT-38']);
  expect(decidingRules([])).toEqual([]);
});
