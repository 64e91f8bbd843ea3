import { expect, test } from 'vitest';
import type { OrganizationShorthand } from '../../../tests/conformance/organization-builder.js';
import { RouteReader } from '../../../tests/conformance/route-reader.js';
import { outcomeLines } from '../../../tests/explanations/outcome-lines.js';

const megabyte = 1_024 ** 2;

function toDatabase(shorthand: OrganizationShorthand, from: string, database: string, sizeBytes = 1) {
  const read = new RouteReader(shorthand);
  const outcomes = read.tables.explainer.nextHop(read.toDatabase(from, database), sizeBytes);
  return outcomeLines(outcomes, 'path', 'tiers', 'queue', 'size');
}

function toOutside(shorthand: OrganizationShorthand, from: string, domain = 'partner.example') {
  const read = new RouteReader(shorthand);
  const outcomes = read.tables.explainer.nextHop(read.toOutside(from, domain), 1);
  return outcomeLines(outcomes, 'path', 'tiers', 'queue');
}

const site = {
  servers: ['M1@A', 'M2@A', 'H1@A 2010', 'H2@A 2010'],
  databases: { New: ['M2'], Old: ['H2'] },
};

test('RT-16, DC-10: any 2013 server of the site hands over to the one that holds the database', () => {
  expect(toDatabase(site, 'M1', 'New')).toEqual([
    'RT-16 tiers: M1 is a member of Site:A;Version:15: the database is the next hop',
    '(RT-05 tiers: only Mailbox Transport on M2, which has the active copy, accepts)',
    'DC-10 tiers: any member of Site:A;Version:15 hands over to the server that holds New',
  ]);
  // The holder itself would do so by RT-21 alone.
  expect(toDatabase(site, 'M2', 'New')[2]).toMatch(/^\(DC-10 tiers/);
});

test('RT-21, IV-01: an older hub writes itself', () => {
  expect(toDatabase(site, 'H1', 'Old')).toEqual([
    'RT-16 tiers: H1 is a member of Site:A;Version:14: the database is the next hop',
    'RT-21 tiers: the store driver of H1 writes to Old on H2 by RPC',
    'IV-01 tiers: only hubs of 2010 write to databases of 2010',
  ]);
});

const dag = {
  links: ['A-B 10', 'B-C 10'],
  servers: ['A1@A', 'A2@A', 'B1@B', 'C1@C'],
  dags: { DAG: ['A1', 'A2', 'C1'] },
  databases: { InA: ['A2'], InC: ['C1', 'A1'] },
};
const handsOver = [
  'RT-16 tiers: A1 is a member of DAG: the database is the next hop',
  '(RT-05 tiers: only Mailbox Transport on C1, which has the active copy, accepts)',
];

test('RT-05: inside a DAG and a site there is no way to speak of', () => {
  expect(toDatabase(dag, 'A1', 'InA')).toEqual([
    'RT-16 tiers: A1 is a member of DAG: the database is the next hop',
    '(RT-05 tiers: only Mailbox Transport on A2, which has the active copy, accepts)',
  ]);
});

test('UN-06: between sites of a DAG it decides nothing where neither hub nor limit lies between', () => {
  const considered = [
    ...handsOver,
    '(UN-06 path: inside DAG, on the way to C, neither hubs nor limits of links would count)',
  ];
  expect(toDatabase(dag, 'A1', 'InC')).toEqual(considered);
  expect(toDatabase({ ...dag, hubs: ['A'] }, 'A1', 'InC')).toEqual(considered);
  expect(toDatabase({ ...dag, hubs: ['B'], inboundMailOff: ['B'] }, 'A1', 'InC')).toEqual(considered);
});

test('UN-06: decides where a hub would have been a stop, at the end of the way too', () => {
  expect(toDatabase({ ...dag, hubs: ['B'] }, 'A1', 'InC')).toEqual([
    ...handsOver,
    'UN-06 path: inside DAG, on the way to C, hub B is no stop',
  ]);
  expect(toDatabase({ ...dag, hubs: ['C', 'B'] }, 'A1', 'InC')[2]).toBe(
    'UN-06 path: inside DAG, on the way to C, hubs B, C are no stops',
  );
});

test('UN-06: decides where a link on the way is too narrow for the message', () => {
  const narrow = {
    ...dag,
    links: ['A-B 10', { sites: ['B', 'C'], cost: 10, maxMessageSizeBytes: 5 * megabyte }],
  };
  expect(toDatabase(narrow, 'A1', 'InC', 5 * megabyte)[2]).toMatch(/^\(UN-06/);
  expect(toDatabase(narrow, 'A1', 'InC', 8 * megabyte).slice(2)).toEqual([
    'UN-06 path: inside DAG, on the way to C, the limit of 5 MB does not count',
  ]);
  expect(toDatabase({ ...narrow, hubs: ['B'] }, 'A1', 'InC', 8 * megabyte).slice(2)).toEqual([
    'UN-06 path: inside DAG, on the way to C, hub B is no stop and the limit of 5 MB does not count',
  ]);
});

const out = { name: 'Out', spaces: ['*;1', 'exact.example;1'], sourceServers: ['M1'] };

test('RT-16, QU-06: a source server sends itself, by DNS with a queue for each domain', () => {
  const outside = { ...site, connectors: [out] };
  expect(toOutside(outside, 'M1')).toEqual([
    'RT-16 tiers: M1 is a source server of Out: it sends itself',
    'QU-06 queue: by DNS each recipient domain has its queue: partner.example',
  ]);
  // The address space is the domain: the queue would have the same name.
  expect(toOutside(outside, 'M1', 'exact.example')[1]).toBe(
    '(QU-06 queue: by DNS each recipient domain has its queue: exact.example)',
  );
  const fax = { ...site, connectors: [{ ...out, spaces: ['*;1', 'FAX:partner.example;1', 'FAX:*;1'] }] };
  expect(toOutside(fax, 'M1')[1]).toMatch(/^QU-06/);
  // Other addresses than SMTP have no domain.
  expect(toOutside(fax, 'M1', 'FAX:555')).toHaveLength(1);
  const smart = { ...out, smartHosts: ['relay.example'] };
  expect(toOutside({ ...site, connectors: [smart] }, 'M1')[1]).toBe(
    'CN-07 queue: by smart hosts instead of DNS there is one queue for all domains: relay.example',
  );
});

test('RT-43: out through a front end of the site, by name', () => {
  const proxied = { ...site, connectors: [{ ...out, frontEndProxy: true }] };
  expect(toOutside(proxied, 'M1')[2]).toBe(
    'RT-43 tiers: FrontendProxyEnabled: out through a Front End Transport of A: M1, M2',
  );
  expect(toOutside({ ...proxied, servers: ['M1@A 2013 mailbox'], databases: {} }, 'M1')[2]).toBe(
    'RT-43 tiers: FrontendProxyEnabled: out through a Front End Transport of A, of which there is none',
  );
});

test('RT-57, RT-59: a server of the subscribed site relays to the Edges', () => {
  expect(toOutside({ ...site, edges: ['E1@A', 'E2@A'] }, 'M1')).toEqual([
    'RT-57 tiers: M1 is in A, which the Edge is subscribed to, so it relays to the Edge itself: E1, E2',
    '(RT-59 tiers: by the intra-organization Send connector, straight to the default Receive connector of the Edge)',
  ]);
});

const edge = { links: ['A-B 10'], servers: ['M1@A', 'M2@A', 'B1@B'], edges: ['E1@A'] };

test('RT-56, QU-06: an Edge sends to the outside itself', () => {
  expect(toOutside(edge, 'E1')).toEqual([
    'RT-56 tiers: Edge E1 is a source of EdgeSync - A to Internet: it sends itself',
    'QU-06 queue: by DNS each recipient domain has its queue: partner.example',
  ]);
});

test('RT-60, DC-13: an Edge relays inbound mail to its site; by server to front end or Transport', () => {
  expect(toOutside(edge, 'E1', 'contoso.com')).toEqual([
    'RT-60 tiers: inbound mail goes on to the transport servers of A: M1, M2',
    '(DC-13 tiers: those with both roles take it at their Front End Transport: M1, M2)',
  ]);
  const servers = ['M1@A', 'M2@A 2013 mailbox', 'B1@B'];
  expect(toOutside({ ...edge, servers }, 'E1', 'contoso.com')[1]).toBe(
    'DC-13 tiers: those with both roles take it at their Front End Transport: M1',
  );
  const none = ['M1@A 2013 mailbox', 'B1@B'];
  expect(toOutside({ ...edge, servers: none }, 'E1', 'contoso.com')).toEqual([
    'RT-60 tiers: inbound mail goes on to the transport servers of A: M1',
  ]);
});

test('IV-01: an older Edge bypasses front ends, where there are any', () => {
  expect(toOutside({ ...edge, edges: ['E1@A 2010'] }, 'E1', 'contoso.com')).toEqual([
    'RT-60 tiers: inbound mail goes on to the transport servers of A: M1, M2',
    'IV-01 tiers: an Edge of 2010 bypasses Front End Transport',
  ]);
  const none = { ...edge, edges: ['E1@A 2010'], servers: ['M1@A 2013 mailbox', 'B1@B'] };
  expect(toOutside(none, 'E1', 'contoso.com')).toHaveLength(1);
});

test('AS-07: a site that takes no mail takes none from its Edge either', () => {
  expect(toOutside({ ...edge, inboundMailOff: ['A'] }, 'E1', 'contoso.com')).toEqual([
    'RT-60 tiers: inbound mail goes on to the transport servers of A',
    'AS-07 tiers: InboundMailEnabled of A is off: nobody takes it',
  ]);
  // Without transport servers it could not take any.
  const empty = { ...edge, servers: ['Front@A 2013 client-access', 'B1@B'] };
  expect(toOutside(empty, 'E1', 'contoso.com')).toHaveLength(1);
});

test('UN-10: a member of a DAG that serves a database outside it says so; so does the way to it', () => {
  const read = new RouteReader({
    links: ['A-B 10'],
    servers: ['A1@A', 'B1@B', 'B2@B'],
    dags: { G: ['B1'] },
    databases: { N: ['B2'] },
  });
  const rules = (from: string) => read.rules(read.toDatabase(from, 'N'));
  expect(rules('B1')).toEqual(['RT-16', 'UN-10', 'DC-10']);
  expect(rules('B2')).toEqual(['RT-16']);
  expect(rules('A1')).toContain('UN-10');
  const apart = new RouteReader({ servers: ['B1@B', 'B2@B'], databases: { N: ['B2'] } });
  expect(apart.rules(apart.toDatabase('B1', 'N'))).toEqual(['RT-16', 'DC-10']);
});

test('CN-07: with smart hosts the connector has one queue, by DNS one a domain', () => {
  const connector = { name: 'K', spaces: ['*'], sourceServers: ['S1'] };
  const rules = (smartHosts: readonly string[]) => {
    const read = new RouteReader({ servers: ['S1@S'], connectors: [{ ...connector, smartHosts }] });
    return read.rules(read.toOutside('S1', 'partner.example'));
  };
  expect(rules(['relay.example'])).toEqual(['RT-16', 'CN-07']);
  expect(rules([])).toEqual(['RT-16', 'QU-06']);
});
