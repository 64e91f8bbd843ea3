import { describe, expect, test } from 'vitest';
import { topologyOf } from '../../../tests/conformance/organization-builder.js';
import type { Topology } from '../../topology/index.js';
import { deliveryGroupKinds } from './index.js';

/** Something of every kind, older versions and overlaps included. */
const organization = topologyOf({
  links: ['A-B-Edge 10'],
  hubs: ['B'],
  servers: ['M1@A', 'M2@A', 'M3@B', 'Solo@A', 'H10a@A 2010', 'H10b@A 2010', 'H10c@B 2010', 'H07@A 2007'],
  dags: { DAG1: ['M1', 'M2', 'M3'], Old: ['H10a', 'H10c'] },
  databases: {
    DB1: ['M3', 'M1'],
    Alone: ['Solo'],
    Db10: ['H10c', 'H10a'],
    DbH: ['H10b'],
    Db07: ['H07'],
  },
  connectors: [{ name: 'Internet', sourceServers: ['M3', 'H10a'], spaces: ['SMTP:*;1'], scoped: true }],
  groups: [
    { address: 'all@contoso.com', members: [], expansionServer: 'H10b' },
    { address: 'here@contoso.com', members: [] },
  ],
});

const names = (topology: Topology, members: readonly number[]) =>
  members.map((member) => topology.servers[member]!.name);

const built = (kind: keyof typeof deliveryGroupKinds) =>
  deliveryGroupKinds[kind].build(organization).map(({ name, members, serves, relayKey }) => ({
    name,
    members: names(organization, members).join(' '),
    databases: serves.databases.map((each) => organization.databases[each]!.name).join(' '),
    queue: `${relayKey.deliveryType} / ${relayKey.nextHopDomain} / ${relayKey.nextHopConnector}`,
  }));

describe.each(Object.entries(deliveryGroupKinds))('%s', (_name, kind) => {
  test('RT-14: members are transport servers, each once, in name order', () => {
    for (const { members } of kind.build(organization)) {
      expect(members).toEqual([...new Set(members)].sort((a, b) => a - b));
      for (const member of members) expect(organization.servers[member]!.isTransport).toBe(true);
    }
  });

  test('RT-28: groups have names and queue keys of their own, in name order of what they stand for', () => {
    const groups = kind.build(organization);
    expect(groups.length).toBeGreaterThan(0);
    expect(new Set(groups.map(({ name }) => name)).size).toBe(groups.length);
    expect(new Set(groups.map(({ relayKey }) => JSON.stringify(relayKey))).size).toBe(groups.length);
  });

  test('an organization without anything to group has no groups', () => {
    expect(kind.build(topologyOf({ links: ['A-B 1'] }))).toEqual([]);
  });
});

describe('Edges', () => {
  const withEdges = topologyOf({
    links: ['A-B 10'],
    servers: ['A1@A', 'B1@B', 'C1@B 2013 client-access'],
    edges: ['E1@B', 'E2@B'],
    connectors: [
      { name: 'Own', sourceServers: ['A1'], spaces: ['*'] },
      { name: 'OfEdge', sourceServers: ['E2'], spaces: ['partner.example'] },
    ],
  });
  const served = (kind: keyof typeof deliveryGroupKinds) =>
    deliveryGroupKinds[kind]
      .build(withEdges)
      .map(({ name, members, serves }) => [
        name,
        names(withEdges, members).join(' '),
        serves.connectors.map((each) => withEdges.connectors[each]!.name).join(', '),
      ]);

  test('RT-23, RT-27: connectors of Edges are served by the site the Edges are subscribed to', () => {
    expect(served('ad-site')).toEqual([
      ['A', 'A1', ''],
      ['B', 'B1', 'EdgeSync - B to Internet, OfEdge'],
    ]);
  });

  test('RT-22: other connectors are served by their source servers', () => {
    expect(served('connector-source-servers')).toEqual([['Own', 'A1', 'Own']]);
  });
});

describe('which group serves what', () => {
  test('RT-27: each database, connector and expansion server is served by exactly one group', () => {
    const all = Object.values(deliveryGroupKinds).flatMap((kind) => kind.build(organization));
    const served = (list: readonly number[]) => [...list].sort((a, b) => a - b);
    expect(served(all.flatMap(({ serves }) => serves.databases))).toEqual([0, 1, 2, 3, 4]);
    expect(all.flatMap(({ serves }) => serves.connectors)).toEqual([0]);
    expect(
      names(
        organization,
        all.flatMap(({ serves }) => serves.expansionServers),
      ),
    ).toEqual(['H10b']);
  });

  test('RT-19: a DAG of Exchange 2013 is one group over all its sites; RT-27: one of Exchange 2010 is none', () => {
    expect(built('routable-dag')).toEqual([
      { name: 'DAG1', members: 'M1 M2 M3', databases: 'DB1', queue: 'SmtpRelayToDag / DAG1 / DAG1' },
    ]);
  });

  test('RT-20: the transport servers of a site form a group a version; UN-10: members of a DAG belong to it', () => {
    expect(built('mailbox-delivery-group').map(({ name, members }) => `${name} ${members}`)).toEqual([
      'Site:A;Version:8 H07',
      'Site:A;Version:14 H10a H10b',
      'Site:A;Version:15 M1 M2 Solo',
      'Site:B;Version:14 H10c',
      'Site:B;Version:15 M3',
    ]);
  });

  test('RT-15, IV-01: databases are served by servers of their version; RT-33: a 2010 DAG by the first copy', () => {
    expect(built('mailbox-delivery-group').map(({ name, databases }) => `${name} ${databases}`)).toEqual([
      'Site:A;Version:8 Db07',
      'Site:A;Version:14 DbH',
      'Site:A;Version:15 Alone',
      'Site:B;Version:14 Db10',
      'Site:B;Version:15 ',
    ]);
  });

  test('QU-05: a 2013 database outside a DAG has the queue type of older mailboxes, without a connector', () => {
    expect(built('mailbox-delivery-group')[2]!.queue).toBe(
      'SmtpRelayToMailboxDeliveryGroup / Site:A;Version:15 / null',
    );
  });

  test('RT-22: source servers of a connector mix versions and sites; RT-26: groups overlap', () => {
    expect(built('connector-source-servers')).toEqual([
      {
        name: 'Internet',
        members: 'H10a M3',
        databases: '',
        queue: 'SmtpRelayToConnectorSourceServers / Internet / Internet',
      },
    ]);
  });

  test('RT-23, RT-34: a site is a group of all its transport servers, of any version', () => {
    expect(built('ad-site')).toEqual([
      {
        name: 'A',
        members: 'H07 H10a H10b M1 M2 Solo',
        databases: '',
        queue: 'SmtpRelayToRemoteActiveDirectorySite / A / A',
      },
      { name: 'B', members: 'H10c M3', databases: '', queue: 'SmtpRelayToRemoteActiveDirectorySite / B / B' },
    ]);
  });

  test('RT-13, RT-25: an expansion server is a list of its own, named by its FQDN, an older hub included', () => {
    expect(built('server-list')).toEqual([
      {
        name: 'H10b.contoso.com',
        members: 'H10b',
        databases: '',
        queue: 'SmtpRelayToServers / H10b.contoso.com / null',
      },
    ]);
  });

  test('RT-15: a database whose site has no hub of its version has a group without members', () => {
    const topology = topologyOf({ servers: ['M13@A', 'H10@A 2010'], databases: { Db: ['H10'] } });
    const noHub: Topology = {
      ...topology,
      sites: topology.sites.map((site) => ({ ...site, transportServers: [1] })),
    };
    const groups = deliveryGroupKinds['mailbox-delivery-group'].build(noHub);
    expect(groups.map(({ name, members }) => [name, members])).toEqual([
      ['Site:A;Version:14', []],
      ['Site:A;Version:15', [1]],
    ]);
  });
});
