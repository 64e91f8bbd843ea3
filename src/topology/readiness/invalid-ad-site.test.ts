import { expect, test } from 'vitest';
import { describeOrganization } from '../../../tests/conformance/organization-builder.js';
import type { Organization } from '../organization.js';
import { examineReadiness } from './examine-readiness.js';

const sound = describeOrganization({
  links: ['Berlin-Frankfurt'],
  servers: ['B1@Berlin', 'F1@Frankfurt', 'F2@Frankfurt'],
  edges: ['E1@Frankfurt'],
});

/** As it would be, had nobody checked it. */
const unsound: Organization = {
  ...sound,
  sites: sound.sites.filter(({ name }) => name !== 'Frankfurt').map((site) => ({ ...site, name: 'BERLIN' })),
  servers: sound.servers.map((each) => (each.name === 'F1' ? { ...each, site: undefined } : each)),
};

function findings(organization: Organization, removeServer?: string) {
  return examineReadiness(organization, { removeServer, language: 'en' })
    .filter(({ rule }) => rule === 'SR-07')
    .map(({ blocking, id, parameters }) => ({ blocking, id, ...parameters }));
}

test('SR-07: a server belongs to a site that exists, an Edge to none', () => {
  const withoutSite = { blocking: true, id: 'server-without-site', server: 'F1' };
  expect(findings(sound)).toEqual([]);
  expect(findings(unsound)).toEqual([
    withoutSite,
    { blocking: true, id: 'site-does-not-exist', server: 'F2', site: 'Frankfurt' },
  ]);
  expect(findings(unsound, 'F1')).toEqual([withoutSite]);
  expect(findings(unsound, 'B1')).toEqual([]);
});
