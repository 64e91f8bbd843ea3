import { expect, test } from 'vitest';
import { type OrganizationShorthand, topologyOf } from '../../tests/conformance/organization-builder.js';
import { outcomeLines } from '../../tests/explanations/outcome-lines.js';
import { compileRoutingTables, type RouteAspect } from '../routing/index.js';
import { findByName } from '../topology/index.js';
import type { RoutedRecipient } from './route-answer.js';
import { answerRouteQuestion } from './route-query.js';

const megabyte = 1_024 ** 2;

const place: OrganizationShorthand = {
  links: [{ name: 'AB', sites: ['A', 'B'], cost: 10, maxMessageSizeBytes: 5 * megabyte }],
  servers: ['A1@A', 'B1@B'],
  databases: { DB: ['B1'] },
  mailboxDescriptions: [
    { address: 'u1@contoso.com', database: 'DB' },
    { address: 'u2@contoso.com', database: 'DB' },
    { address: 'small@contoso.com', database: 'DB', maxReceiveSizeBytes: megabyte },
  ],
  groups: [{ address: 'far@contoso.com', members: ['u1@contoso.com'], expansionServer: 'B1' }],
};

/** What A1 answers for each address, with the explanation. */
function explained(shorthand: OrganizationShorthand, recipients: readonly string[], sizeBytes = 1) {
  const topology = topologyOf(shorthand);
  const answer = answerRouteQuestion(compileRoutingTables(topology), {
    server: findByName(topology.servers, 'A1'),
    service: 'transport',
    recipients,
    sizeBytes,
    explain: true,
  });
  return answer.recipients as readonly RoutedRecipient[];
}

function because(
  shorthand: OrganizationShorthand,
  address: string,
  sizeBytes = 1,
  ...aspects: RouteAspect[]
) {
  return outcomeLines(explained(shorthand, [address], sizeBytes)[0]!.explanation!, ...aspects);
}

test('AS-07, RT-18: a database or an expansion server out of reach says why, and nothing else', () => {
  const off = { ...place, inboundMailOff: ['B'] };
  expect(because(off, 'u1@contoso.com')).toEqual([
    'AS-07 group: nobody in Site:B;Version:15 takes mail: InboundMailEnabled of B is off',
  ]);
  expect(because(off, 'far@contoso.com')).toEqual([
    'RR-02 destination: far@contoso.com is expanded on B1, not here',
    'AS-07 group: nobody in B1.contoso.com takes mail: InboundMailEnabled of B is off',
  ]);
  expect(because({ ...place, links: ['A-X 1', 'B-Y 1'] }, 'u1@contoso.com')).toEqual([
    'RT-18 group: no path leads to a server of Site:B;Version:15 that takes mail',
  ]);
});

test('CN-04: an outside address out of reach is left to the choice of connectors', () => {
  expect(because(place, 'x@partner.example', 1, 'group', 'connector')).toEqual([
    'CN-04 connector: no connector that this server may use takes partner.example: it waits in the Unreachable queue',
  ]);
});

test('DS: too large for the recipient: the way does not matter', () => {
  expect(because(place, 'small@contoso.com', 2 * megabyte)).toEqual([
    'DS size: small@contoso.com does not take messages as large as this one: it is returned',
  ]);
});

test('AS-05: too large for the path: explained as far as the path, for nobody is tried', () => {
  expect(because(place, 'u1@contoso.com', 8 * megabyte)).toEqual([
    '(RT-11 destination: the destination is the mailbox database DB)',
    '(RT-20 group: its delivery group is the servers of one version and site: Site:B;Version:15)',
    '(RT-18 group: A1 is no member of Site:B;Version:15, so it relays)',
    '(RT-33 primary-site: Site:B;Version:15 has servers in B only: the primary site)',
    '(RT-30 path: A > B costs 10; there is no other path)',
    'AS-05 size: link AB on the path takes messages up to 5 MB, this one has 8 MB: returned',
  ]);
  const sent = because(place, 'u1@contoso.com', 5 * megabyte, 'hub', 'tiers', 'queue');
  expect(sent).toContain('RT-37 tiers: target servers are those of Site:B;Version:15 in B: B1 in B');
});

test('RR-08, RT-09: what resolution returns is explained by it alone', () => {
  expect(because(place, 'nobody@contoso.com')).toEqual([
    'RR-08 destination: nobody@contoso.com is returned: 550 5.1.1 RESOLVER.ADR.RecipNotFound; not found',
  ]);
});

test('RT-28: recipients that share a way, or a domain, are explained alike', () => {
  const connectors = [{ name: 'Out', spaces: ['*;1'], sourceServers: ['B1'] }];
  const [one, two] = explained(place, ['u1@contoso.com', 'u2@contoso.com']);
  expect(two!.explanation).toEqual(one!.explanation);
  const outside = ['x@partner.example', 'y@partner.example', 'z@other.example'];
  const rows = explained({ ...place, connectors }, outside);
  expect(rows[1]!.explanation).toEqual(rows[0]!.explanation);
  expect(outcomeLines(rows[2]!.explanation!, 'destination')[0]).toMatch(/other\.example/);
  expect(rows[2]!.rules).toEqual(['RT-37']);
});

test('RT-48: the explanation of a selection is told by all mailbox recipients', () => {
  const topology = topologyOf({
    links: ['A-B 10'],
    servers: ['A1@A', 'B1@B'],
    databases: { DbA: ['A1'], DbB: ['B1'] },
    mailboxes: Object.fromEntries(
      Array.from({ length: 21 }, (_, place) => [`u${place}@contoso.com`, place === 20 ? 'DbA' : 'DbB']),
    ),
  });
  const select = (addresses: readonly string[]) =>
    answerRouteQuestion(compileRoutingTables(topology), {
      server: findByName(topology.servers, 'A1'),
      service: 'front-end',
      recipients: addresses,
      sizeBytes: 1,
      explain: true,
    }).selected!.explanation!;
  const all = Array.from({ length: 21 }, (_, place) => `u${place}@contoso.com`);
  expect(outcomeLines(select(all), 'group')[1]).toBe(
    'RT-48 group: of 21 mailbox recipients the first 20 count',
  );
  expect(outcomeLines(select(all.slice(0, 20)), 'group')[1]).toBe(
    'RT-47 group: the mailboxes belong to Site:B;Version:15 in B (cost 10, 1 hop)',
  );
});
