import { describe, expect, test } from 'vitest';
import { describeOrganization } from '../../../tests/conformance/organization-builder.js';
import { examineReadiness } from './examine-readiness.js';

const organization = describeOrganization({
  servers: ['B1@Berlin', 'B2@Berlin', 'B3@Berlin', 'M10@Berlin 2010', 'C1@Berlin 2013 client-access'],
  dags: { DAG1: ['B1', 'B2'] },
  databases: {
    Projects: ['b1'],
    Archive: ['B1'],
    DB1: ['B1', 'b2'],
    DB2: ['B2', 'B1'],
    Old: ['M10'],
    Plain: ['B3'],
  },
  mailboxes: { 'u1@contoso.com': 'DB1', 'p1@contoso.com': 'projects', 'o1@contoso.com': 'Old' },
  mailboxDescriptions: [{ address: 'p-{n}@contoso.com', count: 200, database: 'Projects' }],
});

function findings(removeServer: string) {
  return examineReadiness(organization, { removeServer, language: 'en' }).filter(
    ({ rule, leftOut }) => rule === 'SR-10' && !leftOut,
  );
}

describe('removing a Mailbox server', () => {
  test('SR-10: it stays while user mailboxes are in a database of which it alone has a copy', () => {
    expect(findings('B1').filter(({ blocking }) => blocking)).toMatchObject([
      { id: 'mailboxes-remain', parameters: { server: 'B1', database: 'Projects', mailboxes: 201 } },
    ]);
    expect(findings('M10')).toMatchObject([
      { blocking: true, parameters: { server: 'M10', database: 'Old', mailboxes: 1 } },
    ]);
  });

  test('SR-10: a database without mailboxes does not keep it, but may have some that the file does not', () => {
    expect(findings('B3')).toMatchObject([
      { blocking: false, id: 'database-without-mailboxes', parameters: { database: 'Plain' } },
    ]);
  });

  test('SR-10: copies of databases that are elsewhere, too, are removed first, the active one moved before', () => {
    expect(findings('B1').filter(({ id }) => id.endsWith('copy-remains'))).toMatchObject([
      {
        blocking: false,
        id: 'active-copy-remains',
        parameters: { database: 'DB1', mailboxes: 1, otherCopies: ['B2'], dag: 'DAG1' },
        commands: [
          "Move-ActiveMailboxDatabase -Identity 'DB1' -ActivateOnServer 'B2'",
          "Remove-MailboxDatabaseCopy -Identity 'DB1\\B1'",
        ],
      },
      {
        blocking: false,
        id: 'passive-copy-remains',
        parameters: { database: 'DB2', mailboxes: 0, otherCopies: ['B2'], dag: 'DAG1' },
        commands: ["Remove-MailboxDatabaseCopy -Identity 'DB2\\B1'"],
      },
    ]);
  });

  test('SR-10: a server without databases has nothing to clear', () => {
    expect(findings('C1')).toEqual([]);
  });

  test('SR-10: databases are in name order', () => {
    const names = (blocking: boolean) =>
      findings('B1')
        .filter((each) => each.blocking === blocking)
        .map(({ parameters }) => parameters['database']);
    expect([names(true), names(false)]).toEqual([['Projects'], ['Archive', 'DB1', 'DB2']]);
  });
});
