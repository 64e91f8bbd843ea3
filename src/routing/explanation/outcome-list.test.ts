import { expect, test } from 'vitest';
import { topologyOf } from '../../../tests/conformance/organization-builder.js';
import { counted, listed, OutcomeList, sizeText } from './outcome-list.js';

const topology = topologyOf({ links: ['B-A 10'], servers: ['S2@A', 'S1@B'] });

test('outcomes keep their order, and say whether they decided', () => {
  const list = new OutcomeList(topology);
  list.decided('RT-33', 'primary-site', 'one');
  list.considered('RT-34', 'hub', 'two');
  list.note(true, 'RT-35', 'tiers', 'three');
  list.note(false, 'RT-36', 'queue', 'four');
  expect(list.outcomes).toEqual([
    { rule: 'RT-33', aspect: 'primary-site', decided: true, text: 'one' },
    { rule: 'RT-34', aspect: 'hub', decided: false, text: 'two' },
    { rule: 'RT-35', aspect: 'tiers', decided: true, text: 'three' },
    { rule: 'RT-36', aspect: 'queue', decided: false, text: 'four' },
  ]);
});

test('indexes become the names of the organization', () => {
  const list = new OutcomeList(topology);
  expect([list.site(0), list.site(1), list.server(0), list.server(1)]).toEqual(['A', 'B', 'S1', 'S2']);
  expect([list.sites([1, 0]), list.servers([1, 0])]).toEqual(['B, A', 'S2, S1']);
  expect(list.way({ sites: [1, 0], cost: 10, hops: 1 })).toBe('B > A');
});

test('of many names the first twelve are written out', () => {
  const names = Array.from({ length: 14 }, (_, place) => `N${place + 1}`);
  expect(listed(names.slice(0, 12))).toBe('N1, N2, N3, N4, N5, N6, N7, N8, N9, N10, N11, N12');
  expect(listed(names.slice(0, 13))).toBe('N1, N2, N3, N4, N5, N6, N7, N8, N9, N10, N11, N12 and 1 more');
  expect(listed(names)).toMatch(/N12 and 2 more$/);
  expect(listed([])).toBe('');
});

test('one is counted in the singular, all else in the plural', () => {
  expect([0, 1, 2].map((count) => counted(count, 'hop'))).toEqual(['0 hops', '1 hop', '2 hops']);
});

test('sizes are written in the largest unit that they fill, to two places', () => {
  const sizes = [0, 1_023, 1_024, 1_536, 1_024 ** 2 - 1, 8 * 1_024 ** 2, 1_024 ** 3, 2_345.678 * 1_024 ** 3];
  expect(sizes.map(sizeText)).toEqual([
    '0 B',
    '1023 B',
    '1 KB',
    '1.5 KB',
    '1024 KB',
    '8 MB',
    '1 GB',
    '2345.68 GB',
  ]);
});
