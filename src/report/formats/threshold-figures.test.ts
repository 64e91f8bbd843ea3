import { expect, test } from 'vitest';
import { verdictReasons } from '../../measure/index.js';
import { wouldBeDecided } from './threshold-figures.js';

test('more replications decide what is undecided because of an interval, and nothing else', () => {
  const decided = verdictReasons.filter((reason) => wouldBeDecided({ verdict: 'undecided', reason }));
  expect(decided).toEqual(['interval', 'pooled']);
  for (const reason of verdictReasons) expect(wouldBeDecided({ verdict: 'fail', reason })).toBe(false);
});
