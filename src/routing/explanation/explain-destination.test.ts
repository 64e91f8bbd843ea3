import { expect, test } from 'vitest';
import type { OrganizationShorthand } from '../../../tests/conformance/organization-builder.js';
import { RouteReader } from '../../../tests/conformance/route-reader.js';
import { outcomeLines } from '../../../tests/explanations/outcome-lines.js';
import { findByName } from '../../topology/index.js';
import type { NextHop } from '../next-hop.js';

const megabyte = 1_024 ** 2;

/** Who is responsible for the destination: all but how it is reached. */
function because(read: RouteReader, hop: NextHop): string[] {
  return outcomeLines(read.tables.explainer.nextHop(hop, 1), 'destination', 'group', 'queue').filter(
    (line) => !line.startsWith('(RT-18'),
  );
}

const mixed = {
  links: ['A-B 10'],
  servers: ['M1@A', 'M2@B', 'D1@B', 'H1@A 2010', 'H2@B 2010', 'H3@B 2010', 'H7@B 2007'],
  dags: { DAG: ['D1'], Old: ['H2'] },
  databases: { InDag: ['D1'], Alone: ['M2'], Of2010: ['H3'], InOldDag: ['H2'], Of2007: ['H7'] },
  connectors: [{ name: 'Out', spaces: ['*;1'], sourceServers: ['M2'] }],
  groups: [{ address: 'all@contoso.com', members: [], expansionServer: 'M2' }],
};

test('RT-11, RT-19: a database of a 2013 DAG', () => {
  const read = new RouteReader(mixed);
  expect(because(read, read.toDatabase('M1', 'InDag'))).toEqual([
    '(RT-11 destination: the destination is the mailbox database InDag)',
    '(RT-19 group: its delivery group is the DAG: DAG)',
  ]);
});

test('RT-20, QU-05: a remote 2013 database outside a DAG has a queue type by choice', () => {
  const read = new RouteReader(mixed);
  const group = '(RT-20 group: its delivery group is the servers of one version and site: Site:B;Version:15)';
  expect(because(read, read.toDatabase('M1', 'Alone')).slice(1)).toEqual([
    group,
    'QU-05 queue: a remote 2013 database outside a DAG has no documented queue type; taken for Site:B;Version:15',
  ]);
  // From an older hub, by way of a hub, or on a server of the group it has a documented one.
  expect(because(read, read.toDatabase('M2', 'Alone')).slice(1)).toEqual([group]);
  expect(because(read, read.toDatabase('H1', 'Alone')).join()).not.toContain('QU-05');
  const hub = new RouteReader({ ...mixed, hubs: ['B'] });
  expect(because(hub, hub.toDatabase('M1', 'Alone')).join()).not.toContain('QU-05');
});

test('RT-20, IV-01: to a database of an older version 2013 goes by its hubs', () => {
  const read = new RouteReader(mixed);
  const group = '(RT-20 group: its delivery group is the servers of one version and site: Site:B;Version:14)';
  expect(because(read, read.toDatabase('M1', 'Of2010')).slice(1)).toEqual([
    group,
    'IV-01 group: 2013 never writes to a database of 2010: the message goes to a hub of that version',
  ]);
  expect(because(read, read.toDatabase('M2', 'Of2007')).slice(2)).toEqual([
    'IV-01 group: 2013 never writes to a database of 2007: the message goes to a hub of that version',
  ]);
  // An older hub is not kept from it by what 2013 never does.
  expect(because(read, read.toDatabase('H1', 'Of2010'))[2]).toMatch(/^IV-01 queue: a hub of 2010/);
});

test('RT-27: a DAG of 2010 is no delivery group', () => {
  const read = new RouteReader(mixed);
  expect(because(read, read.toDatabase('M1', 'InOldDag')).slice(2)).toEqual([
    'IV-01 group: 2013 never writes to a database of 2010: the message goes to a hub of that version',
    'RT-27 group: a DAG of 2010 is no delivery group: InOldDag belongs to B, where it is active',
  ]);
  expect(because(read, read.toDatabase('H2', 'InOldDag')).slice(2)).toEqual([
    'RT-27 group: a DAG of 2010 is no delivery group: InOldDag belongs to B, where it is active',
  ]);
});

test('RT-12, RT-22: a connector and its source servers', () => {
  const read = new RouteReader(mixed);
  expect(because(read, read.toOutside('M1', 'partner.example'))).toEqual([
    '(RT-12 destination: the destination is the connector Out)',
    '(RT-22 group: its delivery group is the source servers of the connector: Out)',
  ]);
});

test('RT-13, RT-25: an expansion server is a list of its own', () => {
  const read = new RouteReader(mixed);
  expect(because(read, read.toExpansionServer('M1', 'M2'))).toEqual([
    '(RT-13 destination: the destination is the expansion server M2)',
    '(RT-25 group: its delivery group is the expansion server alone: M2.contoso.com)',
  ]);
});

const limits = {
  links: [
    { name: 'AB', sites: ['A', 'B'], cost: 10, maxMessageSizeBytes: 20 * megabyte },
    { name: 'BC', sites: ['B', 'C'], cost: 10, maxMessageSizeBytes: 5 * megabyte },
    { name: 'CD', sites: ['C', 'D'], cost: 10 },
  ],
  servers: ['A1@A', 'B1@B', 'C1@C', 'D1@D'],
  databases: { InB: ['B1'], InC: ['C1'], InD: ['D1'], InA: ['A1'] },
};

test('AS-05: the smallest limit on the path, by its link; it must be exceeded', () => {
  const read = new RouteReader(limits);
  const sizes = (database: string, sizeBytes: number) =>
    outcomeLines(read.tables.explainer.nextHop(read.toDatabase('A1', database), sizeBytes), 'size');
  expect(sizes('InD', 8 * megabyte)).toEqual([
    'AS-05 size: link BC on the path takes messages up to 5 MB, this one has 8 MB: returned',
  ]);
  expect(sizes('InC', 5 * megabyte)).toEqual(['(AS-05 size: link BC on the path takes messages up to 5 MB)']);
  expect(sizes('InB', 8 * megabyte)).toEqual([
    '(AS-05 size: link AB on the path takes messages up to 20 MB)',
  ]);
  expect(sizes('InA', 100 * megabyte)).toEqual([]);
});

/** Why nobody can be reached. */
function unreachable(shorthand: OrganizationShorthand, database: string): string[] {
  const read = new RouteReader(shorthand);
  const index = findByName(read.topology.databases, database);
  return outcomeLines(read.tables.explainer.unreachable('mailbox-database', index));
}

test('AS-07: a group whose sites all take no mail cannot be reached', () => {
  const off = { ...mixed, inboundMailOff: ['B'] };
  expect(unreachable(off, 'Alone')).toEqual([
    'AS-07 group: nobody in Site:B;Version:15 takes mail: InboundMailEnabled of B is off',
  ]);
  const read = new RouteReader(off);
  const outcomes = read.tables.explainer.unreachable('expansion-server', read.server('M2'));
  expect(outcomeLines(outcomes)).toEqual([
    'AS-07 group: nobody in M2.contoso.com takes mail: InboundMailEnabled of B is off',
  ]);
  const spread = {
    ...mixed,
    servers: [...mixed.servers, 'D2@A', 'D3@B'],
    dags: { DAG: ['D1', 'D2', 'D3'] },
    inboundMailOff: ['A', 'B'],
  };
  expect(unreachable(spread, 'InDag')).toEqual([
    'AS-07 group: nobody in DAG takes mail: InboundMailEnabled of B, A is off',
  ]);
});

test('RT-15: a database whose site has no hub of its version is served by nobody', () => {
  const servers = ['M1@A', 'Old@A 2010 mailbox'];
  expect(unreachable({ servers, databases: { DB: ['Old'] } }, 'DB')).toEqual([
    'RT-15 group: no transport server of that version is in Site:A;Version:14: nobody serves it',
  ]);
});

test('RT-18: a group that no path leads to', () => {
  const islands = { links: ['A-X 10', 'B-Y 10'], servers: ['M1@A', 'M2@B'], databases: { DB: ['M2'] } };
  expect(unreachable(islands, 'DB')).toEqual([
    'RT-18 group: no path leads to a server of Site:B;Version:15 that takes mail',
  ]);
});
