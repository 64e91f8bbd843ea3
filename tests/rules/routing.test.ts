import { expect, test } from 'vitest';
import { answerRouteQuestion } from '../../src/experiment/index.js';
import { compileRoutingTables, noRoute } from '../../src/routing/index.js';
import { decodeOrganization, ScenarioError } from '../../src/scenario/index.js';
import { buildTopology, findByName } from '../../src/topology/index.js';
import {
  describeOrganization,
  type OrganizationShorthand,
  topologyOf,
} from '../conformance/organization-builder.js';
import { queueOf, RouteReader } from '../conformance/route-reader.js';

/** `address > kind name` of the destination for each row that a Transport service answers. */
function destinations(shorthand: OrganizationShorthand, from: string, to: readonly string[]): string[] {
  const topology = topologyOf(shorthand);
  const { recipients } = answerRouteQuestion(compileRoutingTables(topology), {
    server: findByName(topology.servers, from),
    service: 'transport',
    recipients: to,
    sizeBytes: 1_000,
  });
  return recipients.map(
    ({ address, destination }) => `${address} > ${destination?.kind} ${destination?.name}`,
  );
}

test('RT-02: membership of a DAG is the boundary, not the site: members elsewhere hand over, neighbours relay', () => {
  const read = new RouteReader({
    links: ['A-B 10', 'B-C 10'],
    servers: ['A1@A', 'A9@A', 'C1@C', 'C9@C'],
    dags: { DAG1: ['A1', 'C1'] },
    databases: { DB1: ['C1'] },
  });
  const kinds = ['A1', 'C1', 'A9', 'C9'].map((from) => `${from} ${read.toDatabase(from, 'DB1').kind}`);
  expect(kinds).toEqual(['A1 mailbox', 'C1 mailbox', 'A9 relay', 'C9 relay']);
});

test('RT-03: outside DAGs the site is the boundary: its servers hand over, those of other sites relay to it', () => {
  const read = new RouteReader({
    links: ['A-B 10'],
    servers: ['A1@A', 'A2@A', 'B1@B', 'H1@A 2010', 'H2@A 2010', 'H3@B 2010'],
    databases: { New: ['A2'], Old: ['H2'] },
  });
  const kinds = (database: string) =>
    ['A1', 'H1', 'B1', 'H3'].map((from) => `${from} ${read.toDatabase(from, database).kind}`);
  expect(kinds('New')).toEqual(['A1 mailbox', 'H1 relay', 'B1 relay', 'H3 relay']);
  expect(kinds('Old')).toEqual(['A1 relay', 'H1 mailbox', 'B1 relay', 'H3 relay']);
  expect(read.toDatabase('B1', 'New').destinationGroup.name).toBe('Site:A;Version:15');
});

test('RT-07: destinations in one remote site have queues of their own', () => {
  const read = new RouteReader({
    links: ['A-B 10'],
    servers: ['A1@A', 'B1@B', 'B2@B', 'B3@B'],
    dags: { DAG1: ['B1'], DAG2: ['B2'] },
    databases: { DB1: ['B1'], DB2: ['B2'], DB3: ['B3'] },
    connectors: [
      { name: 'K1', spaces: ['SMTP:one.example;1'], sourceServers: ['B1'] },
      { name: 'K2', spaces: ['SMTP:two.example;1'], sourceServers: ['B1'] },
    ],
    groups: [{ address: 'all@contoso.com', members: [], expansionServer: 'B1' }],
  });
  const hops = [
    ...['DB1', 'DB2', 'DB3'].map((database) => read.toDatabase('A1', database)),
    ...['one.example', 'two.example'].map((domain) => read.toOutside('A1', domain)),
    read.toExpansionServer('A1', 'B1'),
  ];
  expect(new Set(hops.map(({ primarySite }) => read.site(primarySite)))).toEqual(new Set(['B']));
  expect(hops.map(({ key }) => key.nextHopDomain)).toEqual([
    ...['DAG1', 'DAG2', 'Site:B;Version:15', 'K1', 'K2', 'B1.contoso.com'],
  ]);
  expect(new Set(hops.map(({ queue }) => queue)).size).toBe(6);
});

test('RT-09: recipients are resolved first: what is routed are members, and the targets of contacts', () => {
  const organization = {
    links: ['A-B 10'],
    servers: ['A1@A', 'B1@B'],
    databases: { DbA: ['A1'], DbB: ['B1'] },
    mailboxes: { 'a@contoso.com': 'DbA', 'b@contoso.com': 'DbB' },
    contacts: { 'near@contoso.com': 'b@contoso.com', 'far@contoso.com': 'x@partner.example' },
    groups: [{ address: 'all@contoso.com', members: ['a@contoso.com', 'far@contoso.com'] }],
    connectors: [{ name: 'Out', spaces: ['SMTP:*;1'], sourceServers: ['B1'] }],
  };
  expect(destinations(organization, 'A1', ['near@contoso.com', 'all@contoso.com'])).toEqual([
    'near@contoso.com > mailbox-database DbB',
    'a@contoso.com > mailbox-database DbA',
    'far@contoso.com > connector Out',
  ]);
});

test('RT-10: a destination is a mailbox database, a connector, or the server that expands a group', () => {
  const organization = {
    links: ['A-B 10'],
    servers: ['A1@A', 'B1@B'],
    databases: { DbB: ['B1'] },
    mailboxes: { 'b@contoso.com': 'DbB' },
    groups: [{ address: 'all@contoso.com', members: ['b@contoso.com'], expansionServer: 'B1' }],
    connectors: [{ name: 'Out', spaces: ['SMTP:*;1'], sourceServers: ['B1'] }],
  };
  const to = ['b@contoso.com', 'x@partner.example', 'all@contoso.com'];
  expect(destinations(organization, 'A1', to)).toEqual([
    'b@contoso.com > mailbox-database DbB',
    'x@partner.example > connector Out',
    'all@contoso.com > expansion-server B1',
  ]);
});

test('RT-26: a member of a DAG that is source of a scoped connector is in both groups', () => {
  const read = new RouteReader({
    links: ['A-B 10'],
    servers: ['M1@A', 'M2@A', 'X1@B'],
    dags: { DAG1: ['M1', 'M2'] },
    databases: { DB1: ['M2', 'M1'] },
    connectors: [{ name: 'K', spaces: ['SMTP:*;1'], sourceServers: ['M1'], scoped: true }],
  });
  expect([read.toDatabase('M1', 'DB1').kind, read.toOutside('M1', 'partner.example').kind]).toEqual([
    'mailbox',
    'outside',
  ]);
  // As one of the DAG it takes mail for DB1 beside M2, as source alone it takes mail for K.
  expect(read.tiers(read.toDatabase('X1', 'DB1').tiers)).toEqual(['target-servers A: M1 M2']);
  const relay = read.toOutside('M2', 'partner.example');
  expect([queueOf(relay), ...read.tiers(relay.tiers)]).toEqual([
    'SmtpRelayToConnectorSourceServers / K / K',
    'target-servers A: M1',
  ]);
});

test('RT-42: in one site servers of 2013, 2010 and 2007 reckon with the same paths, hubs and tiers', () => {
  const between = {
    links: ['A-X 10', 'X-P 10', 'A-Q 50'],
    servers: ['A13@A', 'A10@A 2010', 'A07@A 2007', 'X1@X', 'P1@P', 'P9@P', 'Q1@Q'],
    dags: { DAG1: ['P1', 'Q1'] },
    databases: { DB1: ['P1', 'Q1'] },
  };
  const ways = [
    {
      hubs: [],
      way: ['SmtpRelayToDag / DAG1 / DAG1', '-', 'target-servers P: P1', 'other-group-servers Q: Q1'],
      legacyQueue: 'SmtpRelayToRemoteActiveDirectorySite / P / P',
      rest: ['primary-site-servers P: P9', 'backoff X: X1'],
    },
    {
      hubs: ['X'],
      way: ['SmtpRelayToRemoteActiveDirectorySite / X / X', 'X', 'target-servers X: X1'],
      rest: [],
    },
    {
      hubs: ['P'],
      way: ['SmtpRelayToRemoteActiveDirectorySite / P / P', 'P', 'target-servers P: P1'],
      rest: ['hub-site-servers P: P9', 'backoff X: X1'],
    },
  ];
  for (const { hubs, way, rest, legacyQueue } of ways) {
    const read = new RouteReader({ ...between, hubs });
    for (const from of ['A13', 'A10', 'A07']) {
      const hop = read.toDatabase(from, 'DB1');
      // IV-01: what an older hub does not know are delivery groups, so its queue is the site's.
      const [queue, ...others] = [...way, ...rest];
      const expected = [from === 'A13' ? queue : (legacyQueue ?? queue), ...others];
      expect([queueOf(hop), read.site(hop.hubSite), ...read.tiers(hop.tiers)]).toEqual(expected);
      expect(hop.path).toMatchObject({ cost: 20, hops: 2 });
    }
  }
});

test('AS-08: a server is in exactly one site, which exists', () => {
  const { sites, servers } = topologyOf({ links: ['A-B 10'], servers: ['A1@A', 'B1@B', 'B2@B'] });
  for (const server of servers) {
    expect(sites.filter((site) => site.servers.includes(server.index)).map(({ index }) => index)).toEqual([
      server.site,
    ]);
  }
  const file = (server: string) =>
    `{ organization: contoso.com, sites: [{ name: A }], servers: [{ name: A1, ${server} }] }`;
  const problems = (text: string) => {
    try {
      decodeOrganization(text, 'o.yaml');
      return [];
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      return error.problems.map(({ path }) => path);
    }
  };
  expect(problems(file('site: A'))).toEqual([]);
  expect(problems(file('site: B'))).toContain('servers.A1.site');
  expect(problems(file('site: [A, B]'))).toContain('servers.A1.site');
  expect(problems(file('version: "2013"'))).not.toEqual([]);
});

test('AS-13: the tables are made of sites, links and servers, in whatever order, and a change makes others', () => {
  const shorthand = {
    links: ['A-B 10', 'B-C 10', 'A-C 30'],
    servers: ['A1@A', 'B1@B', 'C1@C', 'C2@C'],
    databases: { DB: ['C2'] },
  };
  const organization = describeOrganization(shorthand);
  const wayOf = (described: typeof organization) => {
    const topology = buildTopology(described);
    const tables = compileRoutingTables(topology);
    const hop = tables.nextHop(tables.toDatabase(findByName(topology.servers, 'A1'), 0));
    return hop.path.sites.map((site) => topology.sites[site]!.name).join('-');
  };
  const reversed = {
    ...organization,
    sites: organization.sites.toReversed(),
    siteLinks: organization.siteLinks.toReversed(),
    servers: organization.servers.toReversed(),
  };
  expect([wayOf(organization), wayOf(reversed)]).toEqual(['A-B-C', 'A-B-C']);
  const changed = organization.siteLinks.map((link) => (link.name === 'A-C' ? { ...link, cost: 19 } : link));
  expect(wayOf({ ...organization, siteLinks: changed })).toBe('A-C');
});

test('CN-08: nothing leaves without a connector; one anywhere is seen from every site', () => {
  const sites = { links: ['A-B 10', 'B-C 10'], servers: ['A1@A', 'B1@B', 'C1@C'] };
  const without = new RouteReader(sites);
  for (const from of ['A1', 'B1', 'C1']) {
    expect(without.outsideId(from, 'partner.example')).toBe(noRoute.unreachable);
  }
  const connectors = [{ name: 'K', spaces: ['SMTP:*;1'], sourceServers: ['C1'] }];
  const read = new RouteReader({ ...sites, connectors });
  const kinds = ['A1', 'B1', 'C1'].map((from) => read.toOutside(from, 'partner.example').kind);
  expect(kinds).toEqual(['relay', 'relay', 'outside']);
});

test('CN-09: one connector a recipient; the source servers of the nearest site share, those of others are fallback', () => {
  const read = new RouteReader({
    links: ['S-N 10', 'S-F 20'],
    servers: ['S1@S', 'N1@N', 'N2@N', 'F1@F'],
    connectors: [
      { name: 'K2', spaces: ['SMTP:*;1'], sourceServers: ['N1', 'N2', 'F1'] },
      { name: 'K1', spaces: ['SMTP:*;1'], sourceServers: ['F1', 'N2', 'N1'] },
    ],
  });
  for (const domain of ['a.example', 'b.example', 'c.example']) {
    const hop = read.toOutside('S1', domain);
    expect(hop.destination.name).toBe('K1');
    expect(read.tiers(hop.tiers)).toEqual(['target-servers N: N1 N2', 'other-group-servers F: F1']);
  }
});

test('CN-10: Foreign and Delivery Agent connectors have queues of their own types, named by the address space', () => {
  const connectors = [
    { name: 'Fax', kind: 'foreign' as const, spaces: ['FAX:*;1'], sourceServers: ['A1'] },
    { name: 'Pager', kind: 'delivery-agent' as const, spaces: ['PAGER:*;1'], sourceServers: ['A1'] },
  ];
  const read = new RouteReader({ links: ['A-B 10'], servers: ['A1@A', 'B1@B'], connectors });
  expect(queueOf(read.toOutside('A1', 'FAX:555'))).toBe('NonSmtpGatewayDelivery / FAX:* / Fax');
  expect(queueOf(read.toOutside('A1', 'PAGER:555'))).toBe('DeliveryAgent / PAGER:* / Pager');
  // Elsewhere they are connectors like others.
  expect(queueOf(read.toOutside('B1', 'FAX:555'))).toBe('SmtpRelayToConnectorSourceServers / Fax / Fax');
});

test('CN-11, DC-04: a Delivery Agent connector has no size limit unless it is given one, a Send connector 25 MB', () => {
  const { organization } = decodeOrganization(
    `{ organization: contoso.com, sites: [{ name: A }], servers: [{ name: A1, site: A }], connectors: [
      { name: K1, kind: send, addressSpaces: ["SMTP:*"], sourceServers: [A1] },
      { name: K2, kind: delivery-agent, addressSpaces: ["PAGER:*"], sourceServers: [A1] },
      { name: K3, kind: delivery-agent, addressSpaces: ["FAX:*"], sourceServers: [A1], maxMessageSize: 1 MB }] }`,
    'o.yaml',
  );
  expect(organization.connectors.map(({ maxMessageSizeBytes }) => maxMessageSizeBytes)).toEqual([
    25 * 1_048_576,
    Number.POSITIVE_INFINITY,
    1_048_576,
  ]);
});
