import { describe, expect, it } from 'vitest';
import { measureCoverage } from './coverage.js';
import { measureDetection } from './detection.js';
import { queuePlant, twoSitePlant } from './plants.js';

/*
 * A share of `npm run statistics`, with fixed seeds, in seconds.
 */
describe('a share of npm run statistics', () => {
  it('95 % intervals of M/M/1 hold the truth in most of twelve runs, with the warm-up found', async () => {
    const found = await measureCoverage({ seeds: 12, length: 2_000, replications: 10, warmUp: 'auto' });
    // Fewer than nine of twelve would come up once in 3,000 times at 95 %.
    expect(found.covered).toBeGreaterThanOrEqual(9);
    expect(Math.abs(found.estimate - 1)).toBeLessThan(0.1);
  });

  it('compare finds a planted change of 5 %, and none where there is none: M/M/1', async () => {
    const found = await measureDetection(queuePlant, 3);
    expect(found).toMatchObject({ found: 3, falseAlarms: 0, comparisonsOfEqual: 3 });
    expect(found.pairing).toBeGreaterThan(3);
  });

  it('the same on the two-site example', async () => {
    const found = await measureDetection(twoSitePlant, 2);
    expect(found).toMatchObject({ found: 2, falseAlarms: 0 });
    expect(found.pairing).toBeGreaterThan(3);
  });
});
