import { expect, test } from 'vitest';
import { topologyOf } from '../../tests/conformance/organization-builder.js';
import { AddressSpaces } from './address-space.js';

/** The spaces that cover a domain, the most specific first; equally specific ones together. */
function covering(type: string, domain: string, ...spaces: readonly string[]): readonly string[] {
  const topology = topologyOf({
    servers: ['S1@S'],
    connectors: spaces.map((space, n) => ({ name: `K${n}`, spaces: [space], sourceServers: ['S1'] })),
  });
  const { classes } = new AddressSpaces(topology, () => true).cover(type, domain);
  return classes.map(({ entries }) => entries.map(({ space }) => space).join(' '));
}

test('CN-03, CN-05: exact, then the longer pattern, then *; of equal length together', () => {
  expect(covering('FAX', '555', 'FAX:*', 'FAX:*5', 'FAX:55*', 'FAX:5*', 'FAX:555')).toEqual([
    ...['FAX:555', 'FAX:55*', 'FAX:*5 FAX:5*', 'FAX:*'],
  ]);
  // What is written out is no pattern of its length.
  expect(covering('FAX', '5', 'FAX:5', 'FAX:5*')).toEqual(['FAX:5', 'FAX:5*']);
  expect(
    covering('SMTP', 'a.b.example', 'SMTP:*', 'SMTP:*.example', 'SMTP:*.b.example', 'SMTP:a.b.example'),
  ).toEqual(['a.b.example', '*.b.example', '*.example', '*']);
  expect(covering('SMTP', 'a.example', 'FAX:*', 'SMTP:b.example')).toEqual([]);
});

test.each([
  ['a*b*b', 'abb', true],
  ['a*b*b', 'axbxb', true],
  ['a*b*b', 'ab', false],
  ['a*b*b*c', 'abc', false],
  ['a*b*b*c', 'abbc', true],
  ['a*b*b*c', 'axbxbxc', true],
  ['a*bc*c', 'abc', false],
  ['*b', 'ab', true],
  ['*b', 'ba', false],
  ['a*a', 'a', false],
])('CN-05: * stands for any text, none of it twice: %s and %s: %s', (space, address, isCovered) => {
  expect(covering('X', address, `X:${space}`)).toEqual(isCovered ? [`X:${space}`] : []);
});
