import { expect, test } from 'vitest';
import { byHarm, compareShares, type Ranked } from './failures-ranking.js';

const failure = (name: string, figures: Partial<Ranked>): Ranked => ({
  harm: 1,
  mailboxesCutOff: 0,
  unreachable: 0,
  detours: 0,
  failed: [{ kind: 'connector', index: 0, name }],
  ...figures,
});

const order = (...failures: readonly Ranked[]) =>
  [...failures].sort(byHarm).map(({ failed }) => failed[0]!.name);

test('of equal sums mailboxes outrank routes outwards, however many destinations are unreachable', () => {
  const mailboxes = failure('mailboxes', { mailboxesCutOff: 1, unreachable: 1 });
  const outwards = failure('outwards', { mailboxesCutOff: 0, unreachable: 9, detours: 9 });
  const both = failure('both', { harm: 1.2, mailboxesCutOff: 0.3 });
  expect(order(outwards, mailboxes, both)).toEqual(['both', 'mailboxes', 'outwards']);
});

test('sums that differ by rounding alone are equal; then destinations, detours and names decide', () => {
  const half = { harm: 0.1 + 0.2, mailboxesCutOff: 0.1, unreachable: 2 };
  const other = { harm: 0.3, mailboxesCutOff: 0.2, unreachable: 1 };
  expect(order(failure('a', half), failure('b', other))).toEqual(['b', 'a']);
  expect(
    order(failure('c', { detours: 1 }), failure('d', { unreachable: 1 }), failure('b', {}), failure('a', {})),
  ).toEqual(['d', 'c', 'a', 'b']);
});

test('shares are compared to what adding them up in another order leaves', () => {
  expect(compareShares(0.1 + 0.2, 0.3)).toBe(0);
  expect(compareShares(0.3, 0.300_001)).toBeLessThan(0);
  expect(compareShares(0.300_001, 0.3)).toBeGreaterThan(0);
});
