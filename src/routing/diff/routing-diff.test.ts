import { describe, expect, test } from 'vitest';
import { type OrganizationShorthand, topologyOf } from '../../../tests/conformance/organization-builder.js';
import { compileRoutingTables } from '../compile-routing-tables.js';
import { type RouteChange, RoutingDiff } from './routing-diff.js';

const megabyte = 1_024 ** 2;

function diff(before: OrganizationShorthand, after: OrganizationShorthand): RoutingDiff {
  return new RoutingDiff(compileRoutingTables(topologyOf(before)), compileRoutingTables(topologyOf(after)));
}

/** All changes from a server to a destination. */
function changesBetween(
  before: OrganizationShorthand,
  after: OrganizationShorthand,
  from: string,
  to: string,
): readonly RouteChange[] {
  return [...diff(before, after).changes()]
    .flatMap(({ changes }) => changes)
    .filter(({ sources }) => sources.some(({ name }) => name === from))
    .filter(({ destinations }) => destinations.some(({ name }) => name === to));
}

/** What changed from a server to a destination, and the reasons as `RT-30 path: …`. */
function change(before: OrganizationShorthand, after: OrganizationShorthand, from: string, to: string) {
  const found = changesBetween(before, after, from, to);
  expect(found.length).toBe(1);
  const { changed, reasons } = found[0]!;
  return {
    changed,
    reasons: reasons.map(({ rule, aspects, text }) => `${rule} ${aspects.join(' ')}: ${text}`),
  };
}

/** Two ways of equal length from S to P, by X and by Q, and a longer one by Y and Z. */
const diamond: OrganizationShorthand = {
  links: ['S-X 10', 'X-P 10', 'S-Q 10', 'Q-P 15', 'S-Y 10', 'Y-Z 10', 'Z-P 10'],
  servers: ['S1@S', 'S2@S', 'X1@X', 'Q1@Q', 'P1@P', 'P2@P'],
  databases: { Db1: ['P1'], Db2: ['P2'], DbS: ['S1'] },
};

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

describe('connectors', () => {
  const connector = (name: string, server: string, space = '*;1', more = {}) => ({
    name,
    sourceServers: [server],
    spaces: [space],
    ...more,
  });
  const outward = (...connectors: readonly ReturnType<typeof connector>[]): OrganizationShorthand => ({
    ...diamond,
    connectors,
  });
  const why = (before: OrganizationShorthand, after: OrganizationShorthand, to = '*') =>
    change(before, after, 'S1', to).reasons.filter((text) => / (connector|outcome|size): /.test(text));

  test('CN-01: a connector that is disabled, gone or emptied gives way to the next', () => {
    const both = outward(connector('Near', 'X1'), connector('Far', 'P1'));
    expect(
      why(both, outward(connector('Near', 'X1', '*;1', { enabled: false }), connector('Far', 'P1'))),
    ).toEqual(['CN-01 connector: Near is disabled now']);
    expect(why(both, outward(connector('Far', 'P1')))).toEqual(['CN-01 connector: Near is gone']);
    expect(why(both, outward(connector('Near', 'X1', 'a.example'), connector('Far', 'P1')))).toEqual([
      'CN-01 connector: Near does not take * any more',
    ]);
  });

  test('CN-01: the lowest aggregate cost, then the nearest, then the lowest name', () => {
    const far = outward(connector('A', 'P1'), connector('B', 'X1', '*;12'));
    expect(why(far, outward(connector('A', 'P1'), connector('B', 'X1', '*;10')))).toEqual([
      'CN-01 connector: lowest aggregate cost: by B 20, by A 21',
    ]);
    expect(why(far, outward(connector('A', 'P1'), connector('B', 'X1', '*;11')))).toEqual([
      'CN-01 connector: both cost 21, and B is nearer than A',
    ]);
    expect(why(outward(connector('M', 'X1')), outward(connector('M', 'X1'), connector('L', 'X1')))).toEqual([
      'CN-01 connector: both cost 11 and are as near; L is the lower name than M',
    ]);
  });

  test('CN-01: the cost of an address space is part of the route even where the connector stays', () => {
    expect(why(outward(connector('A', 'P1')), outward(connector('A', 'P1', '*;5')))).toEqual([
      'CN-01 connector: the address space of A costs 5 instead of 1',
    ]);
  });

  test('CN-03: a more specific address space wins', () => {
    const all = connector('All', 'X1');
    const special = connector('Special', 'P1', 'partner.example');
    expect(why(outward(all), outward(all, special), 'partner.example')).toEqual([
      'CN-03 connector: partner.example of Special is more specific than * of All',
    ]);
    expect(changesBetween(outward(all), outward(all, special), 'S1', '*')).toEqual([]);
  });

  test('CN-01, CN-02: a limit that is lowered sends larger messages elsewhere', () => {
    const all = connector('All', 'X1');
    const special = (maxMessageSizeBytes: number) =>
      connector('Special', 'P1', 'partner.example', { maxMessageSizeBytes });
    const before = outward(all, special(25 * megabyte));
    const after = outward(all, special(10 * megabyte));
    const [found] = changesBetween(before, after, 'S1', 'partner.example');
    expect(found!.changed).toEqual(['size']);
    expect(found!.before!.map(({ aboveBytes }) => aboveBytes)).toEqual([-1, 25 * megabyte]);
    expect(found!.after!.map(({ aboveBytes }) => aboveBytes)).toEqual([-1, 10 * megabyte]);
    expect(why(before, after, 'partner.example')).toEqual([
      'CN-01 size: Special takes messages up to 10 MB only',
      'CN-02 size: size comes before specificity: what Special is too small for leaves by All, for *',
    ]);
  });

  test('CN-04: without a connector mail waits in the Unreachable queue; too small ones return it', () => {
    const small = connector('All', 'X1', '*;1', { maxMessageSizeBytes: megabyte });
    expect(why(outward(small), outward(connector('All', 'X1', '*;1', { enabled: false })))).toEqual([
      'CN-04 outcome size: no connector for * that could be used: the Unreachable queue',
      'CN-01 outcome: All is disabled now',
    ]);
    const large = outward(connector('All', 'X1'));
    expect(why(large, outward(small))).toEqual([
      'CN-04 size: no connector for * that could be used: returned with 5.3.4',
      'CN-01 size: All takes messages up to 1 MB only',
    ]);
  });

  test('CN-04: other address types are returned where nobody takes them', () => {
    const fax = outward(connector('Fax', 'X1', 'FAX:*'));
    const { changed, reasons } = change(fax, outward(), 'S1', 'FAX:*');
    expect(changed).toEqual(['outcome']);
    expect(reasons).toEqual([
      'CN-04 outcome: no connector for FAX:* that could be used: returned with 5.1.2',
      'CN-01 outcome: Fax is gone',
    ]);
    expect(change(outward(), fax, 'S1', 'FAX:*').reasons).toEqual([
      'CN-04 outcome: before, no connector for FAX:* that could be used: returned with 5.1.2',
      'CN-01 outcome: Fax is new',
    ]);
  });

  test('CN-06: a connector that is scoped is out of sight elsewhere', () => {
    const both = outward(connector('Near', 'X1'), connector('Far', 'P1'));
    const scoped = outward(connector('Near', 'X1', '*;1', { scoped: true }), connector('Far', 'P1'));
    expect(why(both, scoped)).toEqual(['CN-06 connector: Near is scoped to other sites now']);
    expect(changesBetween(both, scoped, 'X1', '*')).toEqual([]);
  });

  test('RT-16: a server that becomes a source sends by itself; QU-04: smart hosts name its queue', () => {
    const one = outward(connector('All', 'X1'));
    const both = outward({ ...connector('All', 'X1'), sourceServers: ['S1', 'X1'] });
    expect(change(one, both, 'S1', '*').reasons).toEqual([
      'RT-16 primary-site path queue tiers: now a member of All: the destination itself is the next hop',
    ]);
    expect(
      change(one, outward(connector('All', 'X1', '*;1', { smartHosts: ['relay.example'] })), 'X1', '*'),
    ).toEqual({
      changed: ['queue'],
      reasons: ['QU-04 queue: the queue is SmartHostConnectorDelivery "relay.example"'],
    });
  });

  test('RT-43: a connector that is proxied goes through the front ends of its site', () => {
    const proxied = outward(connector('All', 'X1', '*;1', { frontEndProxy: true }));
    expect(change(outward(connector('All', 'X1')), proxied, 'X1', '*')).toEqual({
      changed: ['proxy'],
      reasons: ['RT-43 proxy: by a Front End Transport now'],
    });
    const further = { ...proxied, servers: [...diamond.servers!, 'X2@X'] };
    expect(change(proxied, further, 'X1', '*').reasons).toEqual([
      'RT-43 proxy: the Front End Transports in between are X1, X2',
    ]);
  });

  test('RR-08: a domain that is no authoritative one any more is for connectors', () => {
    const domain = (type: 'authoritative' | 'internal-relay') => ({
      ...outward(connector('All', 'X1')),
      acceptedDomains: [{ name: 'fabrikam.com', type }],
    });
    expect(why(domain('authoritative'), domain('internal-relay'), 'fabrikam.com')).toEqual([
      'RR-08 outcome: fabrikam.com is no authoritative domain any more: who is unknown there is for a connector',
    ]);
    expect(why(domain('internal-relay'), domain('authoritative'), 'fabrikam.com')).toEqual([
      'RR-08 outcome: fabrikam.com is an authoritative domain now: who is unknown there is returned',
    ]);
  });
});

describe('Edges', () => {
  const subscribed: OrganizationShorthand = { ...diamond, edges: ['E1@P'] };

  test('ES-02, RT-23: a subscription makes a way out by its site', () => {
    const { reasons } = change(diamond, subscribed, 'S1', '*');
    expect(reasons).toEqual([
      'CN-04 outcome: before, no connector for * that could be used: the Unreachable queue',
      'CN-01 outcome: EdgeSync - P to Internet is new',
      // DC-04: it takes up to 25 MB.
      'CN-04 size: no connector for * that could be used: returned with 5.3.4',
    ]);
    const more = { ...subscribed, edges: ['E1@P', 'E2@P'] };
    expect(change(subscribed, more, 'P1', '*')).toEqual({
      changed: ['tiers'],
      reasons: ['RT-23 tiers: the targets are E1, E2 in P'],
    });
    expect(changesBetween(subscribed, more, 'S1', '*')).toEqual([]);
  });

  test('RT-60, DC-13: from an Edge mail comes in by the servers of its site', () => {
    const more = { ...subscribed, servers: [...diamond.servers!, 'P3@P'] };
    expect(change(subscribed, more, 'E1', 'contoso.com')).toEqual({
      changed: ['tiers', 'proxy'],
      reasons: [
        'RT-60 tiers: the targets are P1, P2, P3 in P',
        'DC-13 proxy: the Front End Transports in between are P1, P2, P3',
      ],
    });
  });

  test('RT-56: from an Edge there are no ways to databases', () => {
    const destinations = [...diff({}, subscribed).changes()]
      .filter(({ sources }) => sources.some(({ name }) => name === 'E1'))
      .flatMap(({ changes }) => changes.flatMap((each) => each.destinations.map(({ name }) => name)));
    expect(destinations).toEqual(['*', 'contoso.com']);
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
    const found = [...diff(group('P1'), group('Q1')).changes()].flatMap(({ sources, changes }) =>
      changes.flatMap(({ destinations, before, after }) =>
        sources.map(
          ({ name }) => `${name} to ${destinations[0]!.name}: ${before !== null} ${after !== null}`,
        ),
      ),
    );
    expect(found.filter((text) => text.includes('P1:') || text.startsWith('P1'))).toContain(
      'Q1 to P1: true false',
    );
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
