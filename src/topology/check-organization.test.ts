import { describe, expect, test } from 'vitest';
import {
  describeOrganization,
  type OrganizationShorthand,
} from '../../tests/conformance/organization-builder.js';
import { problemsOf, sound } from '../../tests/topology/organization-problems.js';
import { checkOrganization } from './check-organization.js';
import type { Organization } from './organization.js';

test('a sound organization has neither errors nor warnings', () => {
  expect(problemsOf({})).toEqual({ errors: [], warnings: [] });
});

describe('names', () => {
  test.each([
    ['sites', { sites: [{ name: 'Berlin', hub: false, inboundMail: true }] }, 'site named "BERLIN"'],
    [
      'servers',
      { servers: [{ name: 'B1', site: 'Berlin', version: '2013', roles: ['mailbox'] }] },
      'server named "b1"',
    ],
    ['databases', { databases: [{ name: 'DB1', copies: ['B1'] }] }, 'database named "db1"'],
    [
      'acceptedDomains',
      { acceptedDomains: [{ name: 'contoso.com', type: 'authoritative' }] },
      'accepted domain named "Contoso.com"',
    ],
  ] as const)('UN-02: %s are told apart without regard to case', (list, override, named) => {
    const elements = describeOrganization(sound)[list] as readonly { name: string }[];
    const second = {
      ...(override[list as keyof typeof override][0] as object),
      name: /"(.*)"/.exec(named)![1],
    };
    const { errors } = problemsOf({}, { [list]: [...elements, second] });
    expect(errors).toContain(`${list}.${elements.length}.name: there is a ${named} already`);
  });

  test('an address belongs to one recipient, whether mailbox, pattern, contact or group', () => {
    const { errors } = problemsOf({
      mailboxes: { 'u3@contoso.com': 'DB1' },
      mailboxDescriptions: [
        { address: 'u{n}@contoso.com', count: 3, database: 'DB1' },
        { address: 'U1@CONTOSO.com', database: 'DB1' },
      ],
      contacts: { 'u2@contoso.com': 'x@partner.example' },
      groups: [{ address: 'u1@contoso.com', members: [] }],
    });
    expect(errors).toEqual([
      'mailboxes.1.address: the address "u3@contoso.com" is taken already',
      'mailboxes.2.address: the address "U1@CONTOSO.com" is taken already',
      'contacts.0.address: the address "u2@contoso.com" is taken already',
      'distributionGroups.0.address: the address "u1@contoso.com" is taken already',
    ]);
  });
});

describe('references', () => {
  test.each<[string, OrganizationShorthand, string]>([
    ['a database', { databases: { DB1: ['B9'] } }, 'databases.0.copies.0: there is no server "B9"'],
    ['a DAG', { dags: { D: ['B9'] } }, 'dags.0.members.0: there is no server "B9"'],
    [
      'a mailbox',
      { mailboxes: { 'u1@contoso.com': 'DB9' } },
      'mailboxes.0.database: there is no database "DB9"',
    ],
    [
      'a connector',
      { connectors: [{ name: 'C', sourceServers: ['B9'], spaces: ['*'] }] },
      'connectors.0.sourceServers.0: there is no server "B9"',
    ],
    [
      'a group',
      { groups: [{ address: 'g@contoso.com', members: [], expansionServer: 'B9' }] },
      'distributionGroups.0.expansionServer: there is no server "B9"',
    ],
    [
      'a group member',
      { groups: [{ address: 'g@contoso.com', members: ['u9@contoso.com'] }] },
      'distributionGroups.0.members.0: nobody has the address "u9@contoso.com"',
    ],
  ])('%s that refers to something unknown is an error', (_what, changes, expected) => {
    expect(problemsOf(changes).errors).toEqual([expected]);
  });

  test('a hint offers what was meant, or lists what there is', () => {
    const { errors } = checkOrganization(
      describeOrganization({
        ...sound,
        servers: ['Berlin-One@Berlin', 'F1@Frankfurt'],
        databases: { DB1: ['BerlinOne'], DB2: ['F7'] },
      }),
    );
    expect(errors.map(({ hint }) => hint)).toContain('did you mean "Berlin-One"?');
    expect(errors.map(({ hint }) => hint)).toContain('known: Berlin-One, F1');
  });

  test('what was left out of the organization is not missing', () => {
    const organization = describeOrganization({ ...sound, databases: { DB1: ['B9'] } });
    expect(checkOrganization(organization, { servers: ['b9'] }).errors).toEqual([]);
  });

  test('a group may have members outside', () => {
    expect(
      problemsOf({ groups: [{ address: 'g@contoso.com', members: ['x@partner.example'] }] }).errors,
    ).toEqual([]);
  });
});

describe('sites and links', () => {
  test('AS-02: a site in no link is an error, unless it is the only one', () => {
    expect(problemsOf({ sites: ['Oslo'] }).errors).toEqual([
      'sites.0: site "Oslo" is in no site link (AS-02)',
    ]);
    expect(problemsOf({ links: [], servers: ['B1@Berlin'] }).errors).toEqual([]);
  });

  test('AS-01: two sites without a path are an error, once for each island', () => {
    const { errors } = problemsOf({ links: ['Berlin-Frankfurt 10', 'Oslo-Rome 1', 'Rome-Bern 1'] });
    expect(errors).toEqual(['sites.2: there is no path between the sites "Berlin" and "Oslo" (AS-01)']);
  });

  test('AS-01: a link joins two or more sites, each once', () => {
    const { errors } = problemsOf({ links: ['Berlin-Frankfurt 10', { name: 'L', sites: ['Berlin'] }] });
    expect(errors).toEqual(['siteLinks.1.sites: expected two or more sites (AS-01)']);
    const repeated = problemsOf({
      links: ['Berlin-Frankfurt 10', { name: 'L', sites: ['Berlin', 'BERLIN', 'Frankfurt'] }],
    });
    expect(repeated.errors).toContain('siteLinks.1.sites.1: "BERLIN" is here twice');
  });

  test('UN-03: sites without servers, and hubs without a transport server, are warned of', () => {
    const { warnings } = problemsOf({ links: ['Berlin-Frankfurt-Oslo 10'], hubs: ['Berlin'] });
    expect(warnings).toEqual(['sites.2: site "Oslo" has no servers']);
    const hub = problemsOf(
      { hubs: ['Frankfurt'] },
      {
        servers: [
          { name: 'B1', site: 'Berlin', version: '2013', roles: ['mailbox'] },
          { name: 'F1', site: 'Frankfurt', version: '2010', roles: ['mailbox'] },
        ],
      },
    );
    expect(hub.warnings).toEqual([
      'sites.1.hub: "Frankfurt" has no transport server: as a hub it is no stop (AS-06, UN-03)',
    ]);
  });

  test('RT-49: a site of Client Access servers without a Mailbox server is warned of', () => {
    const servers = (...roles: Organization['servers'][number]['roles']): Organization['servers'] => [
      { name: 'B1', site: 'Berlin', version: '2013', roles: ['mailbox'] },
      { name: 'F1', site: 'Frankfurt', version: '2013', roles },
      { name: 'H1', site: 'Frankfurt', version: '2010', roles: ['hub-transport', 'mailbox'] },
    ];
    expect(problemsOf({}, { servers: servers('client-access') }).warnings).toEqual([
      'sites.1: "Frankfurt" has Client Access servers, but no Mailbox server of 2013: they refuse messages without a mailbox recipient (RT-45, RT-49)',
    ]);
    expect(problemsOf({}, { servers: servers('client-access', 'mailbox') }).warnings).toEqual([]);
  });
});

describe('servers, DAGs and databases', () => {
  test('RT-14: a 2013 server has no Hub Transport role', () => {
    const servers: Organization['servers'] = [
      { name: 'B1', site: 'Berlin', version: '2013', roles: ['mailbox', 'hub-transport'] },
      { name: 'F1', site: 'Frankfurt', version: '2013', roles: [] },
    ];
    expect(problemsOf({}, { servers }).errors).toEqual([
      'servers.0.roles.1: a 2013 server has no hub-transport role: its Transport service comes with mailbox (RT-14)',
      'servers.1.roles: expected at least one role',
    ]);
  });

  test('RT-02: a server is in one DAG', () => {
    expect(problemsOf({ dags: { D1: ['B1', 'F1'], D2: ['f1'] } }).errors).toEqual([
      'dags.1.members.0: server "F1" is in DAG "D1" already (RT-02)',
    ]);
  });

  test('RT-19: a DAG does not mix versions, and 2007 has none', () => {
    const servers = ['B1@Berlin', 'F1@Frankfurt 2010', 'O1@Frankfurt 2007'];
    expect(problemsOf({ servers, dags: { D1: ['B1', 'F1'] } }).errors).toEqual([
      'dags.0.members.1: a DAG has servers of one version: "F1" is 2010, "B1" is 2013 (RT-19)',
    ]);
    expect(problemsOf({ servers, dags: { D1: ['O1'] } }).errors).toEqual([
      'dags.0.members.0: server "O1" is 2007, which has no DAGs (RT-19)',
    ]);
  });

  test('RT-27: a DAG of 2010 servers can be, with several copies of a database', () => {
    const servers = ['B1@Berlin 2010', 'F1@Frankfurt 2010'];
    expect(problemsOf({ servers, dags: { D1: ['B1', 'F1'] }, databases: { DB1: ['B1', 'F1'] } })).toEqual({
      errors: [],
      warnings: [],
    });
  });

  test('AM: a DAG has at most 16 members', () => {
    const names = Array.from({ length: 17 }, (_, index) => `M${index}`);
    const servers = [...sound.servers!, ...names.map((name) => `${name}@Berlin`)];
    expect(problemsOf({ servers, dags: { D: names } }).errors).toEqual([
      'dags.0.members: a DAG has at most 16 members, not 17 (AM)',
    ]);
    expect(problemsOf({ servers, dags: { D: names.slice(1) } }).errors).toEqual([]);
  });

  test('RT-27: copies of a database are all in one DAG; outside any DAG there is one copy', () => {
    expect(problemsOf({ databases: { DB1: ['B1', 'F1'] } }).errors).toEqual([
      'databases.0.copies.0: database "DB1" has more than one copy, but its first holder is in no DAG (RT-27)',
    ]);
    expect(problemsOf({ dags: { D: ['B1'] }, databases: { DB1: ['B1', 'F1'] } }).errors).toEqual([
      'databases.0.copies.1: server "F1" holds a copy of "DB1" but is not in DAG "D" (RT-27)',
    ]);
    expect(problemsOf({ dags: { D: ['B1', 'F1'] }, databases: { DB1: ['B1', 'F1'] } }).errors).toEqual([]);
    expect(problemsOf({ dags: { D: ['B1', 'F1'] }, databases: { DB1: ['B1', 'b1'] } }).errors).toEqual([
      'databases.0.copies.1: "b1" is here twice',
    ]);
    expect(problemsOf({ databases: { DB1: [] } }).errors).toEqual([
      'databases.0.copies: database "DB1" has no copy',
    ]);
  });

  test('RT-04: a copy needs the mailbox role', () => {
    const servers: Organization['servers'] = [
      { name: 'B1', site: 'Berlin', version: '2013', roles: ['client-access'] },
      { name: 'F1', site: 'Frankfurt', version: '2013', roles: ['mailbox'] },
    ];
    const { errors } = problemsOf({ connectors: [] }, { servers });
    expect(errors).toEqual(['databases.0.copies.0: server "B1" has no mailbox role (RT-04)']);
  });
});

describe('connectors and groups', () => {
  test('RT-22: a connector needs source servers, and they are transport servers', () => {
    const { errors } = problemsOf({ connectors: [{ name: 'C', sourceServers: [], spaces: ['*'] }] });
    expect(errors).toEqual([
      'connectors.0.sourceServers: connector "C" has no source servers (RT-14, RT-22)',
    ]);
    const servers: Organization['servers'] = [
      { name: 'B1', site: 'Berlin', version: '2010', roles: ['mailbox'] },
      { name: 'F1', site: 'Frankfurt', version: '2013', roles: ['mailbox'] },
    ];
    expect(problemsOf({}, { servers }).errors).toEqual([
      'connectors.0.sourceServers.0: server "B1" is no transport server (RT-14, RT-22)',
    ]);
  });

  test('RT-13: an expansion server is a transport server', () => {
    const servers: Organization['servers'] = [
      { name: 'B1', site: 'Berlin', version: '2013', roles: ['mailbox'] },
      { name: 'F1', site: 'Frankfurt', version: '2013', roles: ['client-access'] },
    ];
    const groups = [{ address: 'g@contoso.com', members: [], expansionServer: 'F1' }];
    expect(problemsOf({ groups }, { servers }).errors).toEqual([
      'distributionGroups.0.expansionServer: server "F1" is no transport server (RT-13)',
    ]);
  });
});

describe('recipients', () => {
  const pattern = (address: string, count?: number) =>
    problemsOf({
      mailboxDescriptions: [{ address, database: 'DB1', ...(count === undefined ? {} : { count }) }],
    }).errors;

  test('a pattern has `{n}` once and a count, and nothing else has', () => {
    expect(pattern('user{n}@contoso.com', 3)).toEqual([]);
    expect(pattern('user{n}@contoso.com')).toEqual([
      'mailboxes.1.address: a pattern with `{n}` needs a `count`',
    ]);
    const once = ['mailboxes.1.address: with a `count`, expected a pattern that holds `{n}` once'];
    expect(pattern('user@contoso.com', 3)).toEqual(once);
    expect(pattern('user{n}{n}@contoso.com', 3)).toEqual(once);
  });

  test('RR-09: an address has at most 571 characters, the last of a pattern too', () => {
    const local = 'x'.repeat(571 - '@contoso.com'.length - 1);
    expect(pattern(`${local}{n}@contoso.com`, 9)).toEqual([]);
    expect(pattern(`${local}{n}@contoso.com`, 10)).toEqual([
      'mailboxes.1.address: expected addresses of at most 571 characters (RR-09)',
    ]);
  });

  test('an organization has at most a million mailboxes', () => {
    expect(pattern('user{n}@contoso.com', 1_000_000)).toEqual([
      'mailboxes.1.count: expected at most 1000000 mailboxes in all',
    ]);
  });

  test('RT-20: a 2010 mailbox whose site has no 2010 hub is warned of', () => {
    const servers: Organization['servers'] = [
      { name: 'B1', site: 'Berlin', version: '2010', roles: ['mailbox'] },
      { name: 'F1', site: 'Frankfurt', version: '2010', roles: ['hub-transport'] },
    ];
    expect(problemsOf({ connectors: [] }, { servers }).warnings).toEqual([
      'mailboxes.0: cannot be routed to: no 2010 server in site "Berlin" has Transport (RT-20)',
    ]);
  });

  test('CN-04: a contact that no connector takes is warned of', () => {
    const contacts = { 'c@contoso.com': 'x@mail.partner.example', 'f@contoso.com': 'FAX:123' };
    const spaces = (...list: string[]) =>
      problemsOf({ contacts, connectors: [{ name: 'C', sourceServers: ['B1'], spaces: list }] }).warnings;
    const unroutable = (index: number, what: string) =>
      `contacts.${index}.target: cannot be routed to: no connector has an address space for ${what} (CN-04)`;
    expect(spaces('partner.example')).toEqual([unroutable(0, 'mail.partner.example'), unroutable(1, 'FAX')]);
    expect(spaces('*.partner.example')).toEqual([unroutable(1, 'FAX')]);
    expect(spaces('*')).toEqual([unroutable(1, 'FAX')]);
  });

  test('RR-08: a mailbox in no accepted domain is warned of', () => {
    expect(problemsOf({ mailboxes: { 'u1@elsewhere.example': 'DB1' } }).warnings).toEqual([
      'mailboxes.0.address: is in none of the accepted domains (RR-08)',
    ]);
  });
});
