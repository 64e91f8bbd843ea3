import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isWhole, shareOf } from '../../random-share.js';
import { deeds, Histories, met } from './session-histories.js';

const histories = fc.array(fc.tuple(fc.constantFrom(...deeds), fc.nat(1_000), fc.nat(1_000_000)), {
  minLength: 100,
  maxLength: 400,
  size: 'max',
});
const limits = fc.record({
  perMinute: fc.integer({ min: 2, max: 20 }),
  atATime: fc.integer({ min: 2, max: 8 }),
  ofSource: fc.integer({ min: 1, max: 3 }),
  percentOfSource: fc.integer({ min: 10, max: 90 }),
});

it('RT-44, AS-14, UN-07, TH: who gets which session is what objects and counts make of it', () => {
  fc.assert(
    fc.property(limits, histories, (drawn, history) => {
      const both = new Histories(drawn);
      for (const [deed, which, size] of history) both.do(deed, which, size);
    }),
    { seed: 1, numRuns: shareOf(60) },
  );
});

it.runIf(isWhole)('the histories have met what sessions are for', () => {
  for (const [what, times] of Object.entries(met)) expect(times, what).toBeGreaterThan(30);
});
