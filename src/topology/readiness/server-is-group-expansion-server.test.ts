import { expect, test } from 'vitest';
import { describeOrganization } from '../../../tests/conformance/organization-builder.js';
import { examineReadiness } from './examine-readiness.js';

const organization = describeOrganization({
  servers: ['B1@Berlin', 'H10@Berlin 2010'],
  databases: { DB1: ['B1'] },
  mailboxes: { 'u1@contoso.com': 'DB1' },
  groups: [
    { address: 'sales@contoso.com', members: ['u1@contoso.com'], expansionServer: 'h10' },
    { address: 'All@contoso.com', members: ['u1@contoso.com'], expansionServer: 'H10' },
    { address: 'board@contoso.com', members: ['u1@contoso.com'], expansionServer: 'B1' },
    { address: 'free@contoso.com', members: ['u1@contoso.com'] },
  ],
});

function groupsThatBlock(removeServer?: string) {
  return examineReadiness(organization, { removeServer, language: 'en' })
    .filter(({ rule, blocking }) => rule === 'SR-04' && blocking)
    .map(({ parameters }) => parameters['group']);
}

test('SR-04: a server stays while it expands a distribution group, each of which is named', () => {
  expect(groupsThatBlock('H10')).toEqual(['All@contoso.com', 'sales@contoso.com']);
  expect(groupsThatBlock('B1')).toEqual(['board@contoso.com']);
  expect(groupsThatBlock()).toEqual([]);
});
