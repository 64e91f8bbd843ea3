import { expect, test } from 'vitest';
import { PathWriter, splitPath } from './path.js';

const formatPath = (root: unknown, path: readonly (string | number)[]) => new PathWriter().write(root, path);

const root = {
  siteLinks: [
    { name: 'BF' },
    { name: 'a.b' },
    { name: 'BF 2' },
    { name: 'twin' },
    { name: 'TWIN' },
    {},
    { name: '' },
  ],
};

test('an element of a list goes by its name, else by its index', () => {
  expect(formatPath(root, ['siteLinks', 0, 'cost'])).toBe('siteLinks.BF.cost');
  expect(formatPath(root, ['siteLinks', 1, 'cost'])).toBe('siteLinks."a.b".cost');
  expect(formatPath(root, ['siteLinks', 2])).toBe('siteLinks."BF 2"');
  expect(formatPath(root, ['siteLinks', 4])).toBe('siteLinks.4');
  expect(formatPath(root, ['siteLinks', 5])).toBe('siteLinks.5');
  expect(formatPath(root, ['siteLinks', 6])).toBe('siteLinks.6');
  expect(formatPath(root, ['gone', 'further', 3])).toBe('gone.further.3');
});

test('a path reads back as it was written', () => {
  expect(splitPath('organization.siteLinks."a.b".cost')).toEqual([
    'organization',
    'siteLinks',
    'a.b',
    'cost',
  ]);
  expect(splitPath('workloads.0.sentPerDay')).toEqual(['workloads', '0', 'sentPerDay']);
  expect(splitPath('"say \\"x\\"".y')).toEqual(['say "x"', 'y']);
});

test.each(['', '.', 'a.', '.a', 'a..b', '"a', 'a"b"', '"a"b', '"\\x".a'])('%s is no path', (text) => {
  expect(splitPath(text)).toBeUndefined();
});
