import { expect, test } from 'vitest';
import { SiteMembers } from './site-members.js';
import { TierList } from './tier-list.js';

const all = new SiteMembers(0, [1, 2, 3]).as('local-site-servers');
const some = new SiteMembers(0, [1, 3]).as('target-servers');
const elsewhere = new SiteMembers(1, [5]).as('other-group-servers');

test('RT-38: a server stands in the first tier that fits it', () => {
  const list = new TierList();
  for (const tier of [some, elsewhere, all]) list.add(tier);
  expect(list.take()).toEqual([some, elsewhere, { reason: 'local-site-servers', site: 0, servers: [2] }]);
  for (const tier of [all, some]) list.add(tier);
  expect(list.take()).toEqual([all]);
});

test('a tier is the same object in all lists, with what others left of it as well', () => {
  const list = new TierList();
  const taken = (...tiers: readonly (typeof all)[]) => {
    for (const tier of tiers) list.add(tier);
    return list.take();
  };
  const [, rest] = taken(some, all);
  expect(taken(some, all)[1]).toBe(rest);
  const apart = new SiteMembers(0, [7]).as('backoff');
  expect(taken(some, apart)[1]).toBe(apart);
});

test('servers of a site are one tier for a reason, asked for again the same object', () => {
  const members = new SiteMembers(0, [1]);
  const backoff = members.as('backoff');
  expect(members.as('target-servers')).toEqual({ reason: 'target-servers', site: 0, servers: [1] });
  expect(members.as('backoff')).toBe(backoff);
  expect(members.as('target-servers')).toBe(members.as('target-servers'));
});

test('a tier of nobody is left out', () => {
  const list = new TierList();
  const nobody = new SiteMembers(2, []).as('backoff');
  list.append(nobody);
  list.add(nobody);
  list.append(elsewhere);
  expect(list.take()).toEqual([elsewhere]);
});
