import { beforeEach, expect, test } from 'vitest';
import { topologyOf } from '../../tests/conformance/organization-builder.js';
import { buildDeliveryGroups, type DeliveryGroups } from './delivery-group.js';

/** Sites in the other order than the servers in them; one without servers, one with a Client Access server only. */
const topology = topologyOf({
  sites: ['Empty'],
  links: ['M-Z 10', 'M-Empty 10'],
  servers: ['A1@Z', 'B1@M', 'C1@M', 'F1@M 2013 client-access', 'H1@Z 2010', 'H2@M 2007'],
  edges: ['X@Z'],
  dags: { Dag: ['A1', 'B1'] },
  databases: { Db: ['A1', 'B1'], DbC: ['C1'], Db10: ['H1'] },
  connectors: [{ name: 'Own', sourceServers: ['C1'], spaces: ['SMTP:partner.example;1'] }],
  groups: [{ address: 'all@contoso.com', members: [], expansionServer: 'H1' }],
});
let built: DeliveryGroups;

beforeEach(() => {
  built = buildDeliveryGroups(topology);
});

/** The groups' names by the names of what they belong to; a dash for none. */
function byName(list: readonly { readonly name: string }[], groups: Int32Array): Record<string, string> {
  return Object.fromEntries(list.map(({ name }, index) => [name, built.groups[groups[index]!]?.name ?? '-']));
}

test('RT-14, RT-27: each destination has its group, and what is none has none', () => {
  const { databases, connectors, servers, sites } = topology;
  expect(byName(databases, built.ofDatabase)).toEqual({
    Db: 'Dag',
    Db10: 'Site:Z;Version:14',
    DbC: 'Site:M;Version:15',
  });
  const inbound = connectors.find(({ origin }) => origin === 'edge-inbound')!.name;
  const outbound = connectors.find(({ origin }) => origin === 'edge-outbound')!.name;
  expect(byName(connectors, built.ofConnector)).toEqual({ Own: 'Own', [outbound]: 'Z', [inbound]: '-' });
  const none = { A1: '-', B1: '-', C1: '-', F1: '-', H1: '-', H2: '-', X: '-' };
  expect(byName(servers, built.ofExpansionServer)).toEqual({ ...none, H1: 'H1.contoso.com' });
  expect(byName(sites, built.ofSite)).toEqual({ Empty: '-', M: 'M', Z: 'Z' });
});

test('RT-02, RT-20, UN-10: a server is a member of its DAG and of the group of its site and version', () => {
  const none = { F1: '-', X: '-' };
  expect(byName(topology.servers, built.routableDagOf)).toEqual({
    ...{ ...none, A1: 'Dag', B1: 'Dag', C1: '-', H1: '-', H2: '-' },
  });
  const [m, z] = ['Site:M;Version:', 'Site:Z;Version:'];
  expect(byName(topology.servers, built.mailboxGroupOf)).toEqual({
    ...{ ...none, A1: `${z}15`, B1: `${m}15`, C1: `${m}15`, H1: `${z}14`, H2: `${m}8` },
  });
});

test('RT-51: Mailbox Transport of a 2013 server belongs to its DAG, or else to the group of its site', () => {
  expect(byName(topology.servers, built.localGroup)).toEqual({
    ...{ A1: 'Dag', B1: 'Dag', C1: 'Site:M;Version:15', F1: '-', H1: '-', H2: '-', X: '-' },
  });
});

test('RT-38: the members of a group that take mail stand by sites, these in the order of their names', () => {
  const receivers = built.groups.find(({ name }) => name === 'Dag')!.receivers;
  const { sites, servers } = topology;
  expect(
    receivers.map((each) => [sites[each.site]!.name, each.servers.map((s) => servers[s]!.name)]),
  ).toEqual([
    ['M', ['B1']],
    ['Z', ['A1']],
  ]);
});
