import { describe, expect, test } from 'vitest';
import type { OrganizationShorthand } from '../../../tests/conformance/organization-builder.js';
import { change, changesBetween, diamond, diff, megabyte } from '../../../tests/diff/changes-between.js';

const withLink = (name: string, cost: number): OrganizationShorthand => ({
  ...diamond,
  links: diamond.links!.map((link) => (String(link).startsWith(name) ? `${name} ${cost}` : link)),
});

describe('paths', () => {
  test('RT-30: a path that has become dearer loses to the next best', () => {
    expect(change(diamond, withLink('X-P', 50), 'S1', 'Db1')).toEqual({
      changed: ['path', 'tiers'],
      reasons: [
        'RT-30 path: S > Q > P costs 25, S > X > P 60',
        'RT-41 tiers: then back along the path: Q1 in Q',
      ],
    });
  });

  test('RT-30: servers of a site and databases of a group share one change', () => {
    const [found] = changesBetween(diamond, withLink('X-P', 50), 'S1', 'Db1');
    expect(found!.sources.map(({ name }) => name)).toEqual(['S1', 'S2']);
    expect(found!.destinations.map(({ name }) => name)).toEqual(['Db1', 'Db2']);
  });

  test('RT-30: the cost of a path is part of the route even where the path stays', () => {
    expect(change(diamond, withLink('X-P', 12), 'S1', 'Db1')).toEqual({
      changed: ['path'],
      reasons: ['RT-30 path: the links of S > X > P cost 22 instead of 20'],
    });
  });

  test('RT-30: a path whose link is gone is no candidate any more', () => {
    const links = diamond.links!.filter((link) => link !== 'X-P 10');
    expect(change(diamond, { ...diamond, links }, 'S1', 'Db1').reasons[0]).toBe(
      'RT-30 path: no link joins X and P any more; S > Q > P costs 25',
    );
  });

  test('RT-31: at equal cost the fewer hops win', () => {
    const longer = { ...diamond, links: ['S-Y 5', 'Y-Z 5', 'Z-P 10', 'S-Q 10', 'Q-P 11'] };
    const tied = { ...longer, links: ['S-Y 5', 'Y-Z 5', 'Z-P 10', 'S-Q 10', 'Q-P 10'] };
    expect(change(longer, tied, 'S1', 'Db1').reasons[0]).toBe(
      'RT-31 path: S > Q > P and S > Y > Z > P both cost 20; the first has fewer hops, 2 against 3',
    );
  });

  test('RT-32: at equal cost and hops the lower name wins', () => {
    expect(change(diamond, withLink('Q-P', 10), 'S1', 'Db1').reasons[0]).toBe(
      'RT-32 path: S > Q > P and S > X > P both cost 20 over 2 hops; before P the name Q is lower than X',
    );
  });

  test('AS-03: an Exchange cost that changes the path is named', () => {
    const links = [
      ...diamond.links!.filter((link) => link !== 'X-P 10'),
      { name: 'X-P', sites: ['X', 'P'], cost: 10 },
    ];
    const priced = links.map((link) => (typeof link === 'string' ? link : { ...link, exchangeCost: 50 }));
    expect(change({ ...diamond, links }, { ...diamond, links: priced }, 'S1', 'Db1').reasons).toContain(
      'AS-03 path: the Exchange cost between X and P makes it 50 instead of 10',
    );
    const dearer = links.map((link) => (typeof link === 'string' ? link : { ...link, cost: 50 }));
    expect(
      change({ ...diamond, links }, { ...diamond, links: dearer }, 'S1', 'Db1').reasons.join(),
    ).not.toContain('AS-03');
  });

  test('AS-05: a link that takes less changes what happens to larger messages only', () => {
    const limited = (maxMessageSizeBytes: number) => ({
      ...diamond,
      links: diamond.links!.map((link) =>
        link === 'X-P 10' ? { name: 'X-P', sites: ['X', 'P'], cost: 10, maxMessageSizeBytes } : link,
      ),
    });
    expect(change(diamond, limited(8 * megabyte), 'S1', 'Db1')).toEqual({
      changed: ['size'],
      reasons: ['AS-05 size: the links on the path take messages up to 8 MB only'],
    });
    expect(change(limited(8 * megabyte), limited(9 * megabyte), 'S1', 'Db1')).toEqual({
      changed: ['size'],
      reasons: ['AS-05 size: the links on the path took messages up to 8 MB only'],
    });
  });
});

describe('hubs', () => {
  test('RT-34: a site on the path that becomes a hub is a stop, and one that ceases to be is none', () => {
    const hub = { ...diamond, hubs: ['X'] };
    expect(change(diamond, hub, 'S1', 'Db1')).toEqual({
      changed: ['hub', 'queue', 'tiers'],
      reasons: [
        'RT-34 hub: X is a hub now, on the path',
        'RT-34 tiers: the targets are X1 in X',
        'RT-41 tiers: no back-off along the old path any more',
        'QU-04 queue: the queue is SmtpRelayToRemoteActiveDirectorySite "X"',
      ],
    });
    expect(change(hub, diamond, 'S1', 'Db1').reasons[0]).toBe('RT-34 hub: X is no hub any more');
  });

  test('RT-35, UN-05: a primary site that becomes a hub', () => {
    const organization = { ...diamond, servers: [...diamond.servers!, 'N1@P 2010'] };
    const { changed, reasons } = change(organization, { ...organization, hubs: ['P'] }, 'S1', 'Db1');
    expect(changed).toEqual(['hub', 'queue', 'tiers']);
    expect(reasons).toContain('RT-35 hub: P is the primary site itself: its servers only are tried');
    expect(reasons).toContain('UN-05 queue: the queue is SmtpRelayToRemoteActiveDirectorySite "P"');
    expect(reasons).toContain('RT-35 tiers: then the other servers of the hub site: N1 in P');
  });

  test('RT-36: a hub that the path does not pass any more is ignored', () => {
    const hub = { ...diamond, hubs: ['X'] };
    expect(change(hub, { ...withLink('X-P', 50), hubs: ['X'] }, 'S1', 'Db1').reasons).toContain(
      'RT-36 hub: X is not on the path any more',
    );
  });

  test('UN-03: a hub that loses its last transport server is no stop', () => {
    const hub = { ...diamond, hubs: ['X'] };
    const emptied = { ...hub, servers: hub.servers!.filter((server) => server !== 'X1@X') };
    expect(change(hub, emptied, 'S1', 'Db1').reasons).toContain(
      'UN-03 hub: hub X has no transport server any more',
    );
  });

  test('AS-07: a hub that takes no mail is no stop', () => {
    const hub = { ...diamond, hubs: ['X'] };
    expect(change(hub, { ...hub, inboundMailOff: ['X'] }, 'S1', 'Db1').reasons).toContain(
      'AS-07 hub: InboundMailEnabled of hub X is off',
    );
  });
});

describe('delivery groups over several sites', () => {
  const spread: OrganizationShorthand = {
    links: ['S-X 10', 'X-P 10', 'S-Q 50', 'S-R 60'],
    servers: ['S1@S', 'S2@S', 'X1@X', 'P1@P', 'P2@P', 'N1@P', 'Q1@Q', 'R1@R'],
    dags: { Dag: ['P1', 'P2', 'Q1'] },
    databases: { Db: ['P1', 'P2', 'Q1'], DbN: ['N1'] },
  };
  const members = (...names: string[]): OrganizationShorthand => ({
    ...spread,
    dags: { Dag: names },
    databases: { ...spread.databases, Db: names },
  });

  test('RT-33: the primary site is another when the members of the nearest are gone', () => {
    const { changed, reasons } = change(spread, members('Q1', 'R1'), 'S1', 'Db');
    expect(changed).toEqual(['primary-site', 'path', 'tiers']);
    expect(reasons).toEqual([
      'RT-33 primary-site: Dag has no servers that take mail in P any more; Q is the nearest site',
      'RT-30 path: Q is at cost 50, by S > Q',
      'RT-37 tiers: the targets are Q1 in Q',
      'RT-38 tiers: then servers of Dag elsewhere: R1 in R',
      'RT-40 tiers: no other servers of the primary site any more',
      'RT-41 tiers: no back-off along the old path any more',
    ]);
  });

  test('RT-33, RT-31, RT-32, UN-01: what makes another site the nearest', () => {
    const at = (links: readonly string[]) => change(spread, { ...spread, links }, 'S1', 'Db').reasons;
    expect(at(['S-X 10', 'X-P 10', 'S-Q 5', 'S-R 60'])[0]).toBe(
      'RT-33 primary-site: Q is the nearest site of Dag: at cost 5, P at cost 20',
    );
    expect(at(['S-X 10', 'X-P 10', 'S-Q 20', 'S-R 60'])[1]).toBe(
      'RT-31 primary-site: Q and P are both at cost 20; hops 1 and 2',
    );
    expect(at(['S-X 10', 'X-P 10', 'S-R 10', 'R-Q 10'])[1]).toBe(
      'RT-32 primary-site: Q and P are both at cost 20, 2 hops away; R on the way is lower than X',
    );
    const fromQ = { ...spread, links: ['S-X 10', 'X-P 11', 'X-Q 10', 'S-R 60'] };
    const toP = { ...spread, links: ['S-X 10', 'X-P 10', 'X-Q 10', 'S-R 60'] };
    expect(change(fromQ, toP, 'S1', 'Db').reasons[1]).toBe(
      'UN-01 primary-site: P and Q are both at cost 20 by the same site; P is the lower name',
    );
  });

  test('RT-37: a further member in the primary site is a further target', () => {
    expect(change(spread, members('P1', 'P2', 'N1', 'Q1'), 'S1', 'Db')).toEqual({
      changed: ['tiers'],
      reasons: [
        'RT-37 tiers: the targets are N1, P1, P2 in P',
        'RT-40 tiers: no other servers of the primary site any more',
      ],
    });
  });

  test('RT-38: the order of the sites farther away follows their costs', () => {
    const wide = members('P1', 'Q1', 'R1');
    const { changed, reasons } = change(
      wide,
      { ...wide, links: ['S-X 10', 'X-P 10', 'S-Q 70', 'S-R 60'] },
      'S1',
      'Db',
    );
    expect(changed).toEqual(['tiers']);
    expect(reasons).toEqual(['RT-38 tiers: the order by cost is another: R1 in R; Q1 in Q']);
  });

  test('RT-39: with a member in the own site there is no further fallback', () => {
    const { reasons } = change(spread, members('S2', 'P1'), 'S1', 'Db');
    expect(reasons).toContain('RT-39 tiers: Dag has a server in the own site: no further fallback');
  });

  test('RT-16, RT-18: a server that joins the group hands over itself, one that leaves it relays', () => {
    const joined = members('P1', 'P2', 'S1');
    expect(change(spread, joined, 'S1', 'Db')).toEqual({
      changed: ['primary-site', 'path', 'queue', 'tiers'],
      reasons: [
        'RT-16 primary-site path queue tiers: now a member of Dag: the destination itself is the next hop',
      ],
    });
    expect(change(joined, spread, 'S1', 'Db').reasons).toEqual([
      'RT-18 primary-site path queue tiers: no member of Dag any more, so it relays',
    ]);
  });

  test('RT-05: members of the group follow the active copy, others do not care', () => {
    const moved = { ...spread, databases: { ...spread.databases, Db: ['Q1', 'P1', 'P2'] } };
    expect(change(spread, moved, 'P1', 'Db')).toEqual({
      changed: ['tiers'],
      reasons: ['RT-05 tiers: the active copy is on Q1 in Q'],
    });
    expect(changesBetween(spread, moved, 'S1', 'Db')).toEqual([]);
  });

  test('RT-19, RT-20: a database that leaves the DAG is served by its site', () => {
    const alone = { ...spread, databases: { ...spread.databases, DbN: ['P1'] } };
    const { changed, reasons } = change(alone, spread, 'S1', 'DbN');
    expect(changed).toEqual(['group', 'queue', 'tiers']);
    expect(reasons[0]).toBe('RT-20 group: the delivery group is Site:P;Version:15');
    expect(change(spread, alone, 'S1', 'DbN').reasons[0]).toBe('RT-19 group: the delivery group is Dag');
  });

  test('AS-07: sites that take no mail are left out everywhere', () => {
    const { changed, reasons } = change(spread, { ...spread, inboundMailOff: ['P'] }, 'S1', 'Db');
    expect(changed).toEqual(['primary-site', 'path', 'tiers']);
    expect(reasons[0]).toBe('AS-07 primary-site: InboundMailEnabled of P is off');
    expect(change(spread, { ...spread, inboundMailOff: ['X'] }, 'S1', 'Db').reasons).toEqual([
      'RT-41 tiers: no back-off along the old path any more',
      'AS-07 tiers: InboundMailEnabled of X is off now',
    ]);
  });

  test('RT-18, AS-07: a group that takes no mail, or that no path leads to, leaves its databases unreachable', () => {
    const off = { ...spread, inboundMailOff: ['P'] };
    const text = 'nobody in Site:P;Version:15 takes mail: InboundMailEnabled of P is off';
    expect(change(spread, off, 'S1', 'DbN')).toEqual({
      changed: ['outcome'],
      reasons: [`AS-07 outcome: ${text}`],
    });
    expect(change(off, spread, 'S1', 'DbN').reasons).toEqual([`AS-07 outcome: before, ${text}`]);
    const cut = { ...spread, links: ['S-X 10', 'S-Q 50', 'S-R 60'] };
    expect(change(spread, cut, 'S1', 'DbN').reasons).toEqual([
      'RT-18 outcome: no path leads to a server of Site:P;Version:15 that takes mail',
    ]);
  });
});

describe('what is on one side only', () => {
  test('a server or a destination that comes or goes has no route on one side', () => {
    const after = {
      ...diamond,
      servers: [...diamond.servers!.filter((server) => server !== 'S2@S'), 'S3@S'],
      databases: { Db1: ['P1'], DbS: ['S1'], DbNew: ['P2'] },
    };
    const found = [...diff(diamond, after).changes()].flatMap(({ changes }) =>
      changes
        .filter(({ before, after: now }) => before === null || now === null)
        .flatMap(({ sources, destinations, before, changed }) => {
          expect(changed).toEqual([]);
          return sources.flatMap((source) =>
            destinations.map(({ name }) => `${source.name} ${name} ${before === null ? 'new' : 'gone'}`),
          );
        }),
    );
    const [kept, all] = [
      ['P1', 'P2', 'Q1', 'S1', 'X1'],
      ['Db1', 'Db2', 'DbS'],
    ];
    expect(found.sort()).toEqual(
      [
        ...kept.flatMap((server) => [`${server} Db2 gone`, `${server} DbNew new`]),
        ...all.map((name) => `S2 ${name} gone`),
        ...['Db1', 'DbNew', 'DbS'].map((name) => `S3 ${name} new`),
      ].sort(),
    );
  });

  test('RT-17: on the server that expands a group there is no way to it', () => {
    const group = (expansionServer: string) => ({
      ...diamond,
      groups: [{ address: 'all@contoso.com', members: [], expansionServer }],
    });
    const found = [...diff(group('P1'), group('Q1')).changes()].flatMap(({ changes }) =>
      changes.flatMap(({ sources, destinations, before, after }) =>
        sources.map(
          ({ name }) => `${name} to ${destinations[0]!.name}: ${before !== null} ${after !== null}`,
        ),
      ),
    );
    expect(found).toContain('Q1 to P1: true false');
    expect(found).toContain('P1 to Q1: false true');
    expect(found.some((text) => text.startsWith('P1 to P1') || text.startsWith('Q1 to Q1'))).toBe(false);
  });
});

test('UN-02: names are matched and compared without regard to case', () => {
  const shouting = {
    links: diamond.links!.map((link) => String(link).toLowerCase()),
    servers: diamond.servers!.map((server) => server.toLowerCase()),
    databases: { DB1: ['p1'], DB2: ['p2'], DBS: ['s1'] },
  };
  const compared = diff(diamond, shouting);
  expect([...compared.changes()].flatMap(({ changes }) => changes)).toEqual([]);
  expect(compared.sources.map(({ name }) => name)).toEqual(['p1', 'p2', 'q1', 's1', 's2', 'x1']);
});

test('every pair of a source and a destination is counted once', () => {
  const counts = [...diff(diamond, { ...diamond, servers: [...diamond.servers!, 'S3@S'] }).changes()];
  expect(counts.reduce((sum, { routeCount }) => sum + routeCount, 0)).toBe(7 * 3);
});

describe('classes of pairs', () => {
  const changesFrom = (before: OrganizationShorthand, after: OrganizationShorthand, site: string) =>
    [...diff(before, after).changes()]
      .filter(({ sources }) => sources[0]!.name.startsWith(site))
      .flatMap(({ changes }) => changes);
  const written = (before: OrganizationShorthand, after: OrganizationShorthand, site: string) =>
    changesFrom(before, after, site).map(({ sources, destinations }) =>
      [sources, destinations].map((list) => list.map(({ name }) => name).join(' ')).join(' to '),
    );
  const connector = (name: string, server: string, more = {}) => ({
    name,
    sourceServers: [server],
    spaces: ['*'],
    ...more,
  });
  /** S2 is a source, S1 and S3 are not. */
  const sourceInS: OrganizationShorthand = {
    ...diamond,
    servers: [...diamond.servers!, 'S3@S'],
    connectors: [connector('Out', 'S2')],
  };

  test('all destinations are listed, those inside first', () => {
    const { destinations } = diff(sourceInS, diamond);
    expect(destinations.map(({ name }) => name)).toEqual(['Db1', 'Db2', 'DbS', '*']);
  });

  test('RT-18: sources of connectors relay to databases as their neighbours do, in name order', () => {
    const dearer = { ...sourceInS, links: withLink('X-P', 50).links! };
    expect(written(sourceInS, dearer, 'S')).toEqual(['S1 S2 S3 to Db1 Db2']);
    const further = { ...sourceInS, databases: { ...diamond.databases, Db3: ['P1'], Db4: ['P2'] } };
    expect(written(sourceInS, further, 'S')).toEqual(['S1 S2 S3 to Db3 Db4']);
    expect(written(further, sourceInS, 'S')).toEqual(['S1 S2 S3 to Db3 Db4']);
    expect(changesFrom(sourceInS, further, 'S')[0]).toMatchObject({ before: null, changed: [], reasons: [] });
  });

  test('RT-16: sources of connectors send outside mail otherwise than their neighbours', () => {
    const smart = { ...sourceInS, connectors: [connector('Out', 'S2', { smartHosts: ['relay.example'] })] };
    expect(written(sourceInS, smart, 'S')).toEqual(['S2 to *']);
    const further = { ...sourceInS, connectors: [connector('Out', 'S2', { spaces: ['*;2'] })] };
    expect(written(sourceInS, further, 'S')).toEqual(['S1 S3 to *', 'S2 to *']);
  });

  test('RT-05: a member knows databases by their active copies, before it leaves and after it joins', () => {
    const clustered = (...members: string[]): OrganizationShorthand => ({
      ...diamond,
      dags: { Another: ['X1'], Dag: members },
      databases: { D1: ['P1', 'P2'], D2: ['P2', 'P1'] },
    });
    const [three, two] = [clustered('P1', 'P2', 'Q1'), clustered('P1', 'P2')];
    expect(written(three, two, 'Q')).toEqual(['Q1 to D1', 'Q1 to D2']);
    expect(written(two, three, 'Q')).toEqual(['Q1 to D1', 'Q1 to D2']);
    expect(written(three, { ...three, databases: {} }, 'Q')).toEqual(['Q1 to D1', 'Q1 to D2']);
    // Others know them by their group.
    expect(written(three, two, 'S')).toEqual(['S1 S2 to D1 D2']);
    expect(written(three, { ...three, databases: {} }, 'S')).toEqual(['S1 S2 to D1 D2']);
  });

  test('RT-20: databases that come or go do so together, from all servers that are no members', () => {
    const further = { ...diamond, databases: { ...diamond.databases, Db8: ['P1'], Db9: ['P2'] } };
    for (const site of ['Q', 'X']) {
      expect(written(diamond, further, site)).toEqual([`${site}1 to Db8 Db9`]);
      expect(written(further, diamond, site)).toEqual([`${site}1 to Db8 Db9`]);
    }
  });

  test('IV-01: servers of two versions relay in two ways', () => {
    const mixed = { ...diamond, servers: [...diamond.servers!, 'H1@S 2010'] };
    expect(written(mixed, { ...mixed, links: withLink('X-P', 50).links! }, 'H')).toEqual([
      'H1 to Db1 Db2',
      'S1 S2 to Db1 Db2',
    ]);
  });

  test('equal lists of servers are one object, so that changes of the same servers can be told', () => {
    const organization: OrganizationShorthand = {
      ...sourceInS,
      servers: [...sourceInS.servers!, 'Z1@Z'],
      databases: { ...diamond.databases, DbZ: ['Z1'] },
    };
    const dearer = { ...organization, links: ['S-X 11', 'X-P 10', 'S-Q 20', 'Q-P 15', 'S-Y 11', 'Y-Z 10'] };
    const inside = changesFrom(organization, dearer, 'S');
    expect(inside.map(({ destinations }) => destinations[0]!.name)).toEqual(['Db1', 'DbZ']);
    expect(inside[0]!.sources.map(({ name }) => name)).toEqual(['S1', 'S2', 'S3']);
    expect(inside[1]!.sources).toBe(inside[0]!.sources);
    const [x, q] = ['X', 'Q'].map((site) => changesFrom(organization, dearer, site));
    expect(x![0]!.sources.map(({ name }) => name)).toEqual(['X1']);
    expect(q![0]!.sources.map(({ name }) => name)).toEqual(['Q1']);
    // Where no server is a source, they are those of outside mail as well.
    const outside = x!.filter(({ destinations }) => destinations[0]!.name === '*');
    expect(outside[0]!.sources).toBe(x![0]!.sources);
  });

  test('CN-01: of connectors that are chosen as before, the ways are compared all the same', () => {
    const both = (more = {}): OrganizationShorthand => ({
      ...diamond,
      connectors: [
        connector('Far', 'P1', { spaces: ['*;1'], maxMessageSizeBytes: megabyte, ...more }),
        connector('Near', 'Q1', { spaces: ['*;90'], ...more }),
      ],
    });
    // A hub on the way to the first of them.
    const [found] = changesBetween(both(), { ...both(), hubs: ['X'] }, 'S1', '*');
    expect(found!.changed).toEqual(['hub', 'queue', 'tiers']);
    // A hub on the way to the other one, which larger messages take, or nobody does.
    expect(
      changesBetween(
        { ...both(), servers: [...diamond.servers!, 'Q2@Q'] },
        { ...both(), servers: [...diamond.servers!, 'Q2@Q'], hubs: ['Q'] },
        'S1',
        '*',
      ).map(({ changed }) => changed),
    ).toEqual([['size']]);
    const small = both({ maxMessageSizeBytes: megabyte });
    expect(changesBetween(small, { ...small, hubs: ['Q'] }, 'S1', '*')).toEqual([]);
    // What is too large for all of them is returned as before.
    expect(changesBetween(small, { ...small, hubs: ['X'] }, 'Q1', '*')).toEqual([]);
    // A source sends by itself, whatever the way to its fellow.
    const fellows = { ...diamond, connectors: [{ ...connector('Out', 'S1'), sourceServers: ['S1', 'P1'] }] };
    expect(changesBetween(fellows, { ...fellows, hubs: ['X'] }, 'S1', '*')).toEqual([]);
  });
});
