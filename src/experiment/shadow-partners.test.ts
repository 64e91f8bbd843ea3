import { expect, it } from 'vitest';
import { decodeScenario } from '../scenario/index.js';
import { compileScenario } from './compile-scenario.js';
import { warnOfMissingPartners } from './shadow-partners.js';

function warned(settings: string): string[] {
  const text = `mailflow: 1
duration: 1 h
organization:
  organization: contoso.com
  sites: [{ name: A }, { name: B }]
  siteLinks: [{ name: AB, sites: [A, B] }]
  servers:
    - { name: A1, site: A }
    - { name: A2, site: A }
    - { name: B1, site: B }
    - { name: F1, site: B, roles: [client-access] }
    - { name: H1, site: B, version: "2010" }
    - { name: E1, roles: [edge] }
  edgeSubscriptions: [{ edgeServer: E1, site: B }]
  databases: [{ name: DA, copies: [A1] }]
settings: { transport: {${settings}} }
`;
  const readFile = () => {
    throw new Error('no files');
  };
  const { scenario } = decodeScenario(text, 's.yaml', { readFile });
  return warnOfMissingPartners(scenario, compileScenario(scenario), 's.yaml').map(({ path }) => path);
}

it('SH-03, SH-08: a server that refuses what has no shadow copy, and has nobody for one, refuses everything', () => {
  expect(warned('rejectMessageOnShadowFailure: true')).toEqual(['organization.servers.B1']);
  expect(warned('')).toEqual([]);
  expect(warned('rejectMessageOnShadowFailure: true, shadowRedundancyEnabled: false')).toEqual([]);
});
