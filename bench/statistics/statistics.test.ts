import { describe, expect, it } from 'vitest';
import { measureCoverage } from './coverage.js';
import { measureDetection } from './detection.js';
import { queuePlant, twoSitePlant } from './plants.js';

/*
 * A share of `npm run statistics`, with fixed seeds: some fifteen seconds of work.
 */
const timeoutMs = 300_000;

describe('a share of npm run statistics', () => {
  it(
    '95 % intervals of M/M/1 hold the truth in most of ten runs, with the warm-up found',
    async () => {
      const found = await measureCoverage({ seeds: 10, length: 2_000, replications: 10, warmUp: 'auto' });
      // Fewer than eight of ten would come up once in 90 times at 95 %.
      expect(found.covered).toBeGreaterThanOrEqual(8);
      expect(Math.abs(found.estimate - 1)).toBeLessThan(0.1);
    },
    timeoutMs,
  );

  it(
    'compare finds a planted change of 5 %, and none where there is none: M/M/1',
    async () => {
      const found = await measureDetection(queuePlant, 2);
      expect(found).toMatchObject({ found: 2, falseAlarms: 0, comparisonsOfEqual: 2 });
      expect(found.pairing).toBeGreaterThan(3);
    },
    timeoutMs,
  );

  it(
    'compare finds a planted change of 5 %: the two-site example',
    async () => {
      const found = await measureDetection(twoSitePlant, 1);
      expect(found).toMatchObject({ found: 1, falseAlarms: 0 });
      expect(found.pairing).toBeGreaterThan(3);
    },
    timeoutMs,
  );
});
