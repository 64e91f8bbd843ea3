import { describe, expect, test } from 'vitest';
import { describeOrganization } from '../../../tests/conformance/organization-builder.js';
import { examineReadiness } from './examine-readiness.js';

function findings(servers: readonly string[], removeServer?: string) {
  const organization = describeOrganization({ links: ['Berlin-Frankfurt'], servers });
  return examineReadiness(organization, { removeServer, language: 'en' })
    .filter(({ rule }) => rule === 'SR-06')
    .map(({ blocking, id, parameters }) => ({ blocking, id, ...parameters }));
}

describe('a site with Mailbox servers', () => {
  test('SR-06: needs Hub Transport of their version, else there is a warning', () => {
    const gap = { blocking: false, id: 'site-without-transport', site: 'Berlin', version: '2010' };
    expect(
      findings(['M2@Berlin 2010 mailbox', 'M1@Berlin 2010 mailbox', 'H7@Berlin 2007', 'H1@Frankfurt 2010']),
    ).toEqual([{ ...gap, mailboxServers: ['M1', 'M2'] }]);
    expect(findings(['M1@Berlin 2010 mailbox', 'H1@Berlin 2010 hub-transport'])).toEqual([]);
  });

  test('SR-06: of 2013 has it with each Mailbox server', () => {
    expect(findings(['B1@Berlin 2013 mailbox', 'C1@Frankfurt 2013 client-access'])).toEqual([]);
  });

  test('SR-06: loses it with the last hub', () => {
    const servers = ['M1@Berlin 2010 mailbox', 'H1@Berlin 2010', 'H2@Frankfurt 2010'];
    expect(findings(servers, 'H1')).toEqual([
      {
        blocking: false,
        id: 'transport-leaves-site',
        server: 'H1',
        site: 'Berlin',
        version: '2010',
        mailboxServers: ['M1'],
      },
    ]);
    expect(findings(servers)).toEqual([]);
    expect(findings(servers, 'H2')).toEqual([]);
    expect(findings([...servers, 'H3@Berlin 2010'], 'H1')).toEqual([]);
  });

  test('SR-06: is no longer one when its only Mailbox server goes', () => {
    const servers = ['M1@Berlin 2010 mailbox', 'B1@Berlin'];
    expect(findings(servers, 'M1')).toEqual([]);
    expect(findings(servers, 'B1')).toMatchObject([{ id: 'site-without-transport' }]);
  });

  test('SR-06: sites are in name order, and versions inside a site', () => {
    const servers = ['M3@Frankfurt 2007 mailbox', 'M2@Berlin 2010 mailbox', 'M1@Berlin 2007 mailbox'];
    expect(findings(servers).map((each) => Object.values(each).join(' '))).toEqual([
      'false site-without-transport Berlin 2007 M1',
      'false site-without-transport Berlin 2010 M2',
      'false site-without-transport Frankfurt 2007 M3',
    ]);
  });
});
