import { expect, test } from 'vitest';
import type { OrganizationShorthand } from '../../../tests/conformance/organization-builder.js';
import { change, diamond } from '../../../tests/diff/changes-between.js';

type Link = NonNullable<OrganizationShorthand['links']>[number];

const withLinks = (...links: readonly Link[]): OrganizationShorthand => ({ ...diamond, links });
const reasons = (before: OrganizationShorthand, after: OrganizationShorthand) =>
  change(before, after, 'S1', 'Db1').reasons.filter((text) => /^\S+ path: /.test(text));

/** With a cost of its own to Exchange. */
const priced = (name: string, cost: number, exchangeCost: number): Link => ({
  name,
  sites: name.split('-'),
  cost,
  exchangeCost,
});

test('AS-03: an Exchange cost is named on the way that it favours as on the one that it burdens', () => {
  const plain = withLinks('S-X 10', 'X-P 10', 'S-Q 10', 'Q-P 15');
  const favoured = withLinks('S-X 10', 'X-P 10', 'S-Q 10', priced('Q-P', 15, 1));
  expect(reasons(plain, favoured)).toEqual([
    'RT-30 path: S > Q > P costs 11, S > X > P 20',
    'AS-03 path: the Exchange cost between Q and P makes it 1 instead of 15',
  ]);
  const burdened = withLinks('S-X 10', priced('X-P', 10, 50), 'S-Q 10', 'Q-P 15');
  expect(reasons(plain, burdened)).toEqual([
    'RT-30 path: S > Q > P costs 25, S > X > P 60',
    'AS-03 path: the Exchange cost between X and P makes it 50 instead of 10',
  ]);
});

test('AS-03: a cost of Active Directory that is another is no Exchange cost', () => {
  const before = withLinks(priced('S-X', 10, 20), 'X-P 10', 'S-Q 20', 'Q-P 15');
  const after = withLinks(priced('S-X', 10, 20), 'X-P 50', 'S-Q 20', 'Q-P 15');
  // That between S and X is as before, that between X and P has another cost.
  expect(reasons(before, after)).toEqual(['RT-30 path: S > Q > P costs 35, S > X > P 70']);
});

test('AS-03: a link that is new has no cost that it had before', () => {
  const before = withLinks('S-X 10', 'X-P 10', priced('S-Q', 10, 20));
  const after = withLinks('S-X 10', 'X-P 10', priced('S-Q', 10, 20), priced('S-P', 10, 5));
  expect(reasons(before, after)).toEqual(['RT-30 path: S > P costs 5, S > X > P 20']);
  const further = withLinks('S-X 10', 'X-P 10', priced('S-A', 10, 2), priced('A-P', 10, 2));
  expect(reasons(withLinks('S-X 10', 'X-P 10'), further)).toEqual([
    'RT-30 path: S > A > P costs 4, S > X > P 20',
  ]);
});

test('AS-02: of redundant links the cheapest counts', () => {
  const two = (first: number, second: number) =>
    withLinks(
      'S-X 10',
      { name: 'L1', sites: ['X', 'P'], cost: first },
      { name: 'L2', sites: ['X', 'P'], cost: second },
      'S-Q 10',
      'Q-P 15',
    );
  expect(reasons(two(10, 40), two(30, 40))).toEqual(['RT-30 path: S > Q > P costs 25, S > X > P 40']);
  expect(reasons(two(40, 10), two(40, 30))).toEqual(['RT-30 path: S > Q > P costs 25, S > X > P 40']);
  expect(reasons(two(10, 40), two(40, 14))).toEqual([
    'RT-30 path: the links of S > X > P cost 24 instead of 20',
  ]);
});

test('RT-30: a site on the way that is gone has no links', () => {
  const without: OrganizationShorthand = {
    ...withLinks('S-Q 10', 'Q-P 15'),
    servers: diamond.servers!.filter((text) => text !== 'X1@X'),
  };
  expect(reasons(diamond, without)).toEqual([
    'RT-30 path: no link joins S and X any more; S > Q > P costs 25',
  ]);
});

test('RT-31, RT-32: ties are decided by hops, then by the last site that differs', () => {
  const longer = withLinks('S-X 5', 'X-Y 5', 'Y-P 9', 'S-Q 10', 'Q-P 10');
  const tied = withLinks('S-X 5', 'X-Y 5', 'Y-P 10', 'S-Q 10', 'Q-P 10');
  expect(reasons(longer, tied)).toEqual([
    'RT-31 path: S > Q > P and S > X > Y > P both cost 20; the first has fewer hops, 2 against 3',
  ]);
  const common = ['Y-Z 5', 'Z-P 5'] as const;
  expect(
    reasons(
      withLinks('S-X 5', 'X-Y 5', 'S-Q 5', 'Q-Y 6', ...common),
      withLinks('S-X 5', 'X-Y 5', 'S-Q 5', 'Q-Y 5', ...common),
    ),
  ).toEqual([
    'RT-32 path: S > Q > Y > Z > P and S > X > Y > Z > P both cost 20 over 4 hops; before Y the name Q is lower than X',
  ]);
});
