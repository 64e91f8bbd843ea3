import { expect, test } from 'vitest';
import { verdictReasons } from '../../measure/index.js';
import { thresholdFigure, wouldBeDecided } from './threshold-figures.js';

test('more replications decide what is undecided because of an interval, and nothing else', () => {
  const decided = verdictReasons.filter((reason) => wouldBeDecided({ verdict: 'undecided', reason }));
  expect(decided).toEqual(['interval', 'pooled']);
  for (const reason of verdictReasons) expect(wouldBeDecided({ verdict: 'fail', reason })).toBe(false);
});

test('a figure is a size where its limit is one, else all of its bytes', () => {
  const figure = (limit: string) =>
    thresholdFigure(
      { metric: 'links.BC.bytes', limit, value: 614_400_001 },
      { intervals: {}, replications: 1 },
    );
  expect(figure('below 1 GB')).toBe('586 MB');
  expect(figure('equals 614400000')).toBe('614,400,001');
});
