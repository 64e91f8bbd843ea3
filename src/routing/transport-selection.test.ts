import { describe, expect, test } from 'vitest';
import { RouteReader } from '../../tests/conformance/route-reader.js';

/** DAG-A in A and C, DAG-B in B; Alone is outside DAGs in B. From A: B 10, C 30. */
const organization = {
  links: ['A-B 10', 'A-C 30'],
  servers: ['A1@A', 'A2@A', 'B1@B', 'B2@B', 'B3@B', 'C1@C'],
  dags: { 'DAG-A': ['A1', 'C1'], 'DAG-B': ['B1', 'B2'] },
  databases: { 'DB-A': ['A1', 'C1'], 'DB-B': ['B1'], Alone: ['B3'] },
};

describe('the front end', () => {
  const read = new RouteReader(organization);

  test('RT-47: one mailbox recipient: a server of its group, the nearest site first, then the local list', () => {
    expect(read.select('front-end', 'A2', 'DB-B')).toEqual([
      'target-servers B: B1 B2',
      'local-site-servers A: A1 A2',
    ]);
  });

  test('RT-38, RT-45: a group over several sites keeps its others before the local list', () => {
    expect(read.select('front-end', 'B1', 'DB-A')).toEqual([
      'target-servers A: A1',
      'other-group-servers C: C1',
      'local-site-servers B: B1 B2 B3',
    ]);
  });

  test('RT-45: the front end is no member of a group: its own server stands among equals', () => {
    expect(read.select('front-end', 'B1', 'DB-B')).toEqual([
      'target-servers B: B1 B2',
      'local-site-servers B: B3',
    ]);
  });

  test('RT-48: of several mailbox recipients the nearest group decides', () => {
    expect(read.select('front-end', 'A2', 'DB-B', 'DB-A', 'DB-B')[0]).toBe('target-servers A: A1');
    expect(read.select('front-end', 'B1', 'DB-A', 'DB-B')[0]).toBe('target-servers B: B1 B2');
  });

  test('RT-48: recipients beyond the count do not', () => {
    const databases = Int32Array.of(2, 1, 1);
    expect(read.topology.databases.map(({ name }) => name)).toEqual(['Alone', 'DB-A', 'DB-B']);
    const { tiers } = read.tables.selectTransport('front-end', read.server('A2'), databases, 1);
    expect(read.tiers(tiers)[0]).toBe('target-servers B: B1 B2');
  });

  test('UN-14: among equally near groups the lower site name wins, then the lower group name', () => {
    // Both in B: DAG-B before Site:B;Version:15.
    expect(read.select('front-end', 'A1', 'Alone', 'DB-B')[0]).toBe('target-servers B: B1 B2');
    expect(read.select('front-end', 'A1', 'DB-B', 'Alone')[0]).toBe('target-servers B: B1 B2');
    expect(read.select('front-end', 'A1', 'Alone')[0]).toBe('target-servers B: B1 B2 B3');
    const even = new RouteReader({
      links: ['S-X 10', 'S-Y 10'],
      servers: ['S1@S', 'X1@X', 'Y1@Y'],
      dags: { DagA: ['Y1'], DagZ: ['X1'] },
      databases: { DbY: ['Y1'], DbX: ['X1'] },
    });
    expect(even.select('front-end', 'S1', 'DbY', 'DbX')[0]).toBe('target-servers X: X1');
    // The site's own name decides, not one on the way there (RT-32); inside a group it is the other way round.
    const way = {
      links: ['S-N 10', 'N-P 10', 'S-M 10', 'M-Q 10'],
      servers: ['S1@S', 'P1@P', 'Q1@Q'],
    };
    const apart = { dags: { D1: ['P1'], D2: ['Q1'] }, databases: { DbP: ['P1'], DbQ: ['Q1'] } };
    const first = (more: object, ...databases: string[]) =>
      new RouteReader({ ...way, ...more }).select('front-end', 'S1', ...databases)[0];
    expect(first(apart, 'DbQ', 'DbP')).toBe('target-servers P: P1');
    expect(first(apart, 'DbP', 'DbQ')).toBe('target-servers P: P1');
    expect(first({ dags: { D: ['P1', 'Q1'] }, databases: { DB: ['P1', 'Q1'] } }, 'DB')).toBe(
      'target-servers Q: Q1',
    );
  });

  test.each([
    // The site before P and Q in the path decides between them (RT-32); R and its like are compared with that one.
    { by: 'lower', links: ['S-M 10', 'M-P 10', 'S-N 10', 'N-Q 10'], nearest: 'P: P1' },
    { by: 'higher', links: ['S-N 10', 'N-P 10', 'S-M 10', 'M-Q 10'], nearest: 'Pq: R1' },
  ])('UN-14, RT-32: a DAG is where its primary site is, by way of the $by name', ({ links, nearest }) => {
    const read = new RouteReader({
      links: [...links, 'S-O 10', 'O-Pq 10'],
      servers: ['S1@S', 'P1@P', 'Q1@Q', 'R1@Pq'],
      dags: { D: ['P1', 'Q1'] },
      databases: { Both: ['P1', 'Q1'], Alone: ['R1'] },
    });
    expect(read.select('front-end', 'S1', 'Both', 'Alone')[0]).toBe(`target-servers ${nearest}`);
    expect(read.select('front-end', 'S1', 'Alone', 'Both')[0]).toBe(`target-servers ${nearest}`);
  });

  test('RT-47: an organization of one server aims at it', () => {
    const one = new RouteReader({ servers: ['S1@S'], databases: { Db: ['S1'] } });
    expect(one.select('front-end', 'S1', 'Db')).toEqual(['target-servers S: S1']);
  });

  test('UN-14: group names are compared whatever kind the groups are of', () => {
    const read = new RouteReader({
      ...organization,
      dags: { 'Z-DAG': ['B1', 'B2'] },
      databases: { DbZ: ['B1'], Alone: ['B3'] },
    });
    expect(read.select('front-end', 'A1', 'DbZ', 'Alone')[0]).toBe('target-servers B: B1 B2 B3');
  });

  test('RT-49: without a mailbox recipient any 2013 server of the local site', () => {
    expect(read.select('front-end', 'A2')).toEqual(['local-site-servers A: A1 A2']);
  });

  test('RT-45: older hubs are in no tier', () => {
    const mixed = new RouteReader({
      links: ['A-B 10'],
      servers: ['A1@A', 'H1@A 2010', 'B1@B', 'H2@B 2007'],
      databases: { DB: ['B1'] },
    });
    expect(mixed.select('front-end', 'A1', 'DB')).toEqual([
      'target-servers B: B1',
      'local-site-servers A: A1',
    ]);
  });
});

describe('hub sites', () => {
  const hubs = {
    links: ['A-H 10', 'H-B 10', 'A-C 50'],
    hubs: ['H'],
    servers: ['A1@A', 'H1@H', 'H2@H', 'H3@H 2010', 'B1@B', 'C1@C'],
    dags: { D: ['B1', 'C1'] },
    databases: { DB: ['B1', 'C1'], DbH: ['H1'] },
  };

  test('RT-47, RT-34: a hub on the way is aimed at, and no other site of the group', () => {
    expect(new RouteReader(hubs).select('front-end', 'A1', 'DB')).toEqual([
      'target-servers H: H1 H2',
      'local-site-servers A: A1',
    ]);
  });

  test('RT-35: where the hub is the nearest site its members come before its other servers', () => {
    const read = new RouteReader({
      ...hubs,
      dags: { D: ['H1', 'C1'] },
      databases: { DB: ['H1', 'C1'] },
    });
    expect(read.select('front-end', 'A1', 'DB')).toEqual([
      'target-servers H: H1',
      'hub-site-servers H: H2',
      'local-site-servers A: A1',
    ]);
  });

  test('RT-34: the own site is no stop', () => {
    expect(new RouteReader(hubs).select('front-end', 'H1', 'DB')[0]).toBe('target-servers B: B1');
  });

  test('UN-03: a hub without servers of Exchange 2013 is no stop for these services', () => {
    const read = new RouteReader({
      ...hubs,
      servers: ['A1@A', 'H3@H 2010', 'B1@B', 'C1@C'],
      databases: { DB: ['B1'] },
    });
    expect(read.select('front-end', 'A1', 'DB')[0]).toBe('target-servers B: B1');
  });
});

describe('mailboxes of older versions', () => {
  const mixed = {
    links: ['A-B 10', 'B-C 10', 'B-D 10', 'A-D 5'],
    servers: ['A1@A', 'H1@B 2010', 'C1@C', 'D1@D'],
    databases: { Old: ['H1'], New: ['C1'] },
  };

  test('UN-12: a server of Exchange 2013 nearest to their site is aimed at', () => {
    // C and D are equally near to B; C has the lower name. A itself is as near, and lower still.
    expect(new RouteReader(mixed).select('front-end', 'D1', 'Old')).toEqual([
      'target-servers A: A1',
      'local-site-servers D: D1',
    ]);
    const without = {
      ...mixed,
      servers: ['A1@A', 'H1@B 2010', 'D1@D'],
      links: ['A-B 11', 'B-D 10', 'A-D 5'],
    };
    expect(
      new RouteReader({ ...without, databases: { Old: ['H1'] } }).select('front-end', 'A1', 'Old')[0],
    ).toBe('target-servers D: D1');
  });

  test('UN-12: in its own site where there is one', () => {
    const read = new RouteReader({ ...mixed, servers: [...mixed.servers, 'B13@B'] });
    expect(read.select('front-end', 'A1', 'Old')[0]).toBe('target-servers B: B13');
  });

  test('UN-12: servers of Exchange 2013 that nothing joins to their site are not aimed at', () => {
    const apart = new RouteReader({ ...mixed, sites: ['Z'], servers: [...mixed.servers, 'Z1@Z'] });
    expect(apart.select('front-end', 'D1', 'Old')[0]).toBe('target-servers A: A1');
  });

  test('RT-49, UN-12: without any Exchange 2013 to aim at they are like no mailbox', () => {
    const off = new RouteReader({
      ...{ links: ['A-B 10'], servers: ['A1@A', 'H1@B 2010'], inboundMailOff: ['A'] },
      databases: { Old: ['H1'] },
    });
    const { groupName, tiers } = off.tables.selectTransport(
      'front-end',
      off.server('A1'),
      Int32Array.of(0),
      1,
    );
    expect([groupName, tiers]).toEqual(['A', []]);
  });

  test('RT-48: they are as near as their own site, not as the server chosen for them', () => {
    // From D the site of Old is 10 away, that of New 20; the server for Old stands in A, 5 away.
    expect(new RouteReader(mixed).select('front-end', 'D1', 'New', 'Old')[0]).toBe('target-servers A: A1');
    const nearer = new RouteReader({ ...mixed, links: ['A-B 10', 'B-C 10', 'B-D 10', 'A-D 5', 'C-D 9'] });
    expect(nearer.select('front-end', 'D1', 'New', 'Old')[0]).toBe('target-servers C: C1');
  });
});

describe('submission', () => {
  const read = new RouteReader(organization);

  test('RT-52: it may leave its local delivery group, which comes behind, nearest site first', () => {
    expect(read.select('submission', 'A1', 'DB-B')).toEqual([
      'target-servers B: B1 B2',
      'local-group-servers A: A1',
      'local-group-servers C: C1',
    ]);
    expect(read.select('submission', 'C1', 'DB-B').slice(1)).toEqual([
      'local-group-servers C: C1',
      'local-group-servers A: A1',
    ]);
  });

  test('RT-54: for its own group it prefers the nearest site, its own', () => {
    expect(read.select('submission', 'C1', 'DB-A')).toEqual([
      'target-servers C: C1',
      'other-group-servers A: A1',
    ]);
  });

  test('RT-54: without a mailbox recipient a server of the local delivery group', () => {
    expect(read.select('submission', 'B2')).toEqual(['local-group-servers B: B1 B2']);
    // Outside a DAG that is the mailbox delivery group of the site.
    expect(read.select('submission', 'B3')).toEqual(['local-group-servers B: B1 B2 B3']);
  });

  test('RT-51: the local group of a DAG member is the DAG', () => {
    const { groupName } = read.tables.selectTransport('submission', read.server('A1'), new Int32Array(0), 0);
    expect(groupName).toBe('DAG-A');
  });

  test('RT-53: it does not talk to older hubs', () => {
    const mixed = new RouteReader({
      links: ['A-B 10'],
      servers: ['A1@A', 'H1@A 2010', 'H2@B 2010'],
      databases: { Old: ['H2'] },
    });
    expect(mixed.select('submission', 'A1', 'Old')).toEqual(['target-servers A: A1']);
  });
});

describe('sites with inbound mail off', () => {
  test('AS-07: their servers are in no tier, and a group without others does not count', () => {
    const read = new RouteReader({ ...organization, inboundMailOff: ['B'] });
    expect(read.select('front-end', 'A2', 'DB-B', 'DB-A')[0]).toBe('target-servers A: A1');
    expect(read.select('front-end', 'A2', 'DB-B')).toEqual(['local-site-servers A: A1 A2']);
    expect(read.select('front-end', 'B1')).toEqual([]);
    const legacy = {
      ...organization,
      servers: [...organization.servers, 'H1@B 2010'],
      databases: { Old: ['H1'] },
    };
    const off = new RouteReader({ ...legacy, inboundMailOff: ['B'] });
    expect(off.select('front-end', 'C1', 'Old')).toEqual(['local-site-servers C: C1']);
  });
});

test('asking again gives the same object', () => {
  const read = new RouteReader(organization);
  const ask = (service: 'front-end' | 'submission', ...databases: number[]) =>
    read.tables.selectTransport(service, 0, Int32Array.from(databases), databases.length);
  expect(ask('front-end', 1, 2)).toBe(ask('front-end', 2, 1));
  expect(ask('front-end')).toBe(ask('front-end'));
  expect(ask('submission')).toBe(ask('submission'));
  expect(ask('submission')).not.toBe(ask('front-end'));
  expect(ask('submission', 1)).not.toBe(ask('submission', 2));
});
