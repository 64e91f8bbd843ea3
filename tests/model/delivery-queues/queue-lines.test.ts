import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isWhole, shareOf } from '../../random-share.js';
import { deeds, Histories, met } from './line-histories.js';

const histories = fc.array(fc.tuple(fc.constantFrom(...deeds), fc.nat(1_000), fc.nat(1_000_000)), {
  minLength: 100,
  maxLength: 400,
  size: 'max',
});

it.each([
  { kinds: ['relay', 'outside'], hasPriorities: false },
  { kinds: ['relay', 'outside'], hasPriorities: true },
  { kinds: ['mailbox', 'mailbox'], hasPriorities: false },
  { kinds: ['mailbox', 'mailbox'], hasPriorities: true },
  { kinds: ['mailbox', 'redirect'], hasPriorities: true },
] as const)(
  'UN-09, CAP-66, PQ: lines of $kinds with priorities $hasPriorities are arrays in order of coming',
  ({ kinds, hasPriorities }) => {
    fc.assert(
      fc.property(histories, (history) => {
        const both = new Histories(kinds, hasPriorities);
        for (const [deed, which, size] of history) both.do(deed, which, size);
      }),
      { seed: 1, numRuns: shareOf(30) },
    );
  },
);

it.runIf(isWhole)('the histories have met what lines are for', () => {
  for (const [what, times] of Object.entries(met)) expect(times, what).toBeGreaterThan(20);
});
