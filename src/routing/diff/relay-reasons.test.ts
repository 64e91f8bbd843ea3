import { describe, expect, test } from 'vitest';
import type { OrganizationShorthand } from '../../../tests/conformance/organization-builder.js';
import { change, changesBetween } from '../../../tests/diff/changes-between.js';

/** P is the nearest site of the DAG to S, by X; N1 is no member. */
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

const reasonsFor = (
  aspect: string,
  before: OrganizationShorthand,
  after: OrganizationShorthand,
  to = 'Db',
  from = 'S1',
) =>
  change(before, after, from, to)
    .reasons.filter((text) => text.includes(` ${aspect}`))
    .map((text) => text.replace(` ${aspect}:`, ''));

describe('the primary site', () => {
  test('RT-33: a site that no path leads to any more', () => {
    const cut = { ...spread, links: ['S-Q 50', 'S-R 60'] };
    expect(reasonsFor('primary-site', spread, cut)).toEqual([
      'RT-33 Q is the nearest site of Dag: at cost 50, P out of reach',
    ]);
  });

  test('RT-33: a site that is gone altogether', () => {
    const without = {
      ...members('Q1', 'R1'),
      links: ['S-X 10', 'S-Q 50', 'S-R 60'],
      servers: spread.servers!.filter((text) => !text.endsWith('@P')),
      databases: { Db: ['Q1', 'R1'] },
    };
    expect(reasonsFor('primary-site', spread, without)).toEqual([
      'RT-33 Dag has no servers that take mail in P any more; Q is the nearest site',
    ]);
  });

  test('RT-33: of groups of one name the one that is meant, and of one kind', () => {
    const connected = (...sourceServers: string[]): OrganizationShorthand => ({
      ...spread,
      connectors: [
        { name: 'Aaa', sourceServers: ['P1'], spaces: ['a.example'] },
        { name: 'Dag', sourceServers, spaces: ['*'] },
      ],
    });
    expect(reasonsFor('primary-site', connected('P1', 'R1'), connected('R1'), '*')).toEqual([
      'RT-33 Dag has no servers that take mail in P any more; R is the nearest site',
    ]);
  });
});

describe('the hub', () => {
  const row: OrganizationShorthand = {
    links: ['S-Y 10', 'Y-X 10', 'X-P 10', 'S-Q 40', 'Q-P 40'],
    servers: ['S1@S', 'Y1@Y', 'X1@X', 'Q1@Q', 'P1@P'],
    databases: { Db: ['P1'] },
  };

  test('RT-34: a hub before the old one takes its place', () => {
    const late = { ...row, hubs: ['X'] };
    const early = { ...row, hubs: ['X', 'Y'] };
    expect(reasonsFor('hub', late, early)).toEqual(['RT-34 Y is a hub now, on the path']);
    expect(reasonsFor('hub', early, late)).toEqual([
      'RT-34 Y is no hub any more',
      'RT-34 X is the first hub on the path',
    ]);
  });

  test('RT-34: a path that comes to a hub that there was before', () => {
    const before = { ...row, hubs: ['Q'] };
    const dearer = { ...before, links: ['S-Y 100', 'Y-X 10', 'X-P 10', 'S-Q 40', 'Q-P 40'] };
    expect(reasonsFor('hub', before, dearer)).toEqual(['RT-34 Q is the first hub on the path']);
  });

  test('RT-34: a site that is new is a new hub', () => {
    const further = {
      ...row,
      hubs: ['N'],
      links: [...row.links!, 'S-N 1', 'N-P 1'],
      servers: [...row.servers!, 'N1@N'],
    };
    expect(reasonsFor('hub', row, further)).toEqual(['RT-34 N is a hub now, on the path']);
  });

  test('RT-36: a hub whose site is gone is not on the path', () => {
    const hub = { ...row, hubs: ['X'] };
    const without = {
      ...row,
      links: ['S-Y 10', 'S-Q 40', 'Q-P 40'],
      servers: row.servers!.filter((text) => text !== 'X1@X'),
    };
    expect(reasonsFor('hub', hub, without)).toEqual(['RT-36 X is not on the path any more']);
  });
});

describe('the servers to try', () => {
  const tiers = (
    before: OrganizationShorthand,
    after: OrganizationShorthand,
    to?: string,
    from?: string,
  ): readonly string[] => reasonsFor('tiers', before, after, to, from);

  test('RT-34: where a hub is on the way only it is tried, and what was tried besides is not', () => {
    expect(tiers(spread, { ...spread, hubs: ['X'] })).toEqual([
      'RT-34 the targets are X1 in X',
      'RT-34 only the hub is tried, so no servers of Dag elsewhere',
      'RT-40 no other servers of the primary site any more',
      'RT-41 no back-off along the old path any more',
    ]);
    expect(tiers({ ...spread, hubs: ['X'] }, spread)).toEqual([
      'RT-37 the targets are P1, P2 in P',
      'RT-38 then servers of Dag elsewhere: Q1 in Q',
      'RT-40 then other servers of the primary site: N1 in P',
      'RT-41 then back along the path: X1 in X',
    ]);
  });

  test('RT-35: in a hub that is the primary site its other servers follow the members', () => {
    const hub = (shorthand: OrganizationShorthand) => ({ ...shorthand, hubs: ['P'] });
    const all = members('P1', 'P2', 'N1', 'Q1');
    expect(tiers(hub(spread), hub(all))).toEqual([
      'RT-35 the targets are N1, P1, P2 in P',
      'RT-35 no other servers of the hub site any more',
    ]);
    expect(tiers(hub(all), hub(spread))).toEqual([
      'RT-35 the targets are P1, P2 in P',
      'RT-35 then the other servers of the hub site: N1 in P',
    ]);
  });

  test('RT-38: members elsewhere come and go', () => {
    const here = members('P1', 'P2');
    expect(tiers(spread, here)).toEqual(['RT-38 no servers of Dag in other sites any more']);
    expect(tiers(here, spread)).toEqual(['RT-38 then servers of Dag elsewhere: Q1 in Q']);
  });

  test('RT-38, RT-41: of several sites that are left, those that still are tried are named', () => {
    expect(tiers(members('P1', 'Q1', 'R1'), members('P1', 'R1'))).toEqual([
      'RT-38 then servers of Dag elsewhere only: R1 in R',
    ]);
    const row = (...inboundMailOff: string[]): OrganizationShorthand => ({
      links: ['S-Y 1', 'Y-X 1', 'X-P 1'],
      servers: ['S1@S', 'X1@X', 'Y1@Y', 'P1@P'],
      databases: { Db: ['P1'] },
      inboundMailOff,
    });
    expect(tiers(row(), row('X'))).toEqual([
      'RT-41 then back along the path only: Y1 in Y',
      'AS-07 InboundMailEnabled of X is off now',
    ]);
  });

  test('RT-39, RT-40: other servers of the primary site are tried from other sites only', () => {
    expect(tiers(members('P1', 'P2', 'N1'), members('P1', 'P2'))).toEqual([
      'RT-37 the targets are P1, P2 in P',
      'RT-40 then other servers of the primary site: N1 in P',
    ]);
    const moved = { ...spread, servers: spread.servers!.map((text) => text.replace('S1@S', 'S1@P')) };
    expect(tiers(members('P1', 'P2'), { ...moved, ...pick(members('P1', 'P2')) })).toEqual([
      'RT-39 Dag has a server in the own site: no further fallback',
      'RT-41 no back-off along the old path any more',
    ]);
  });

  test('RT-41: sites that are passed in another order are tried in another order', () => {
    const ring = (links: readonly string[]): OrganizationShorthand => ({
      links,
      servers: ['S1@S', 'X1@X', 'Q1@Q', 'P1@P'],
      databases: { Db: ['P1'] },
    });
    const there = ring(['S-X 1', 'X-Q 1', 'Q-P 1', 'S-Q 9', 'X-P 9']);
    const back = ring(['S-X 9', 'X-Q 1', 'Q-P 9', 'S-Q 1', 'X-P 1']);
    expect(change(there, back, 'S1', 'Db')).toEqual({
      changed: ['path', 'tiers'],
      reasons: [
        'RT-30 path: S > Q > X > P costs 3, S > X > Q > P 19',
        'RT-41 tiers: the order back along the path is another: X1 in X; Q1 in Q',
      ],
    });
  });

  test('AS-07: a site that takes mail again, or not any more, is named with what is tried there', () => {
    const off = { ...spread, inboundMailOff: ['X'] };
    expect(tiers(off, spread)).toEqual([
      'RT-41 then back along the path: X1 in X',
      'AS-07 InboundMailEnabled of X is on now',
    ]);
    const elsewhere = { ...spread, inboundMailOff: ['Q'] };
    expect(tiers(spread, elsewhere)).toEqual([
      'RT-38 no servers of Dag in other sites any more',
      'AS-07 InboundMailEnabled of Q is off now',
    ]);
  });

  test('RT-41: a site on the way that is new, or gone, is tried or not', () => {
    const detour: OrganizationShorthand = {
      ...spread,
      links: ['S-A 1', 'A-P 1', 'S-Q 50', 'S-R 60'],
      servers: [...spread.servers!.filter((text) => text !== 'X1@X'), 'A1@A'],
    };
    expect(tiers(spread, detour)).toEqual(['RT-41 then back along the path: A1 in A']);
    expect(tiers(detour, spread)).toEqual(['RT-41 then back along the path: X1 in X']);
  });

  test('RT-16: a source of a connector that has moved sends from its new site', () => {
    const connected = (site: string): OrganizationShorthand => ({
      ...spread,
      servers: [...spread.servers!, `O1@${site}`],
      connectors: [{ name: 'Out', sourceServers: ['O1'], spaces: ['*'] }],
    });
    expect(tiers(connected('S'), connected('Q'), '*', 'O1')).toEqual(['RT-16 the targets are O1 in Q']);
  });

  test('RT-56, RT-60: an Edge that has moved sends from there, and lets mail in there', () => {
    const edge = (site: string): OrganizationShorthand => ({
      ...spread,
      edges: [`E1@${site}`],
      connectors: [{ name: 'OfEdge', sourceServers: ['E1'], spaces: ['a.example'] }],
    });
    expect(tiers(edge('P'), edge('X'), 'a.example', 'E1')).toEqual(['RT-56 the targets are E1 in X']);
    expect(tiers(edge('P'), edge('X'), 'contoso.com', 'E1')).toEqual(['RT-60 the targets are X1 in X']);
  });

  test('RT-60, AS-07: from an Edge nobody is left to try where its site takes no mail', () => {
    const edge = { ...spread, edges: ['E1@P'] };
    expect(change(edge, { ...edge, inboundMailOff: ['P'] }, 'E1', 'contoso.com')).toEqual({
      changed: ['tiers', 'proxy'],
      reasons: [
        'RT-60 tiers: no target servers any more',
        'AS-07 tiers: InboundMailEnabled of P is off now',
        'DC-13 proxy: no Front End Transport in between any more',
      ],
    });
  });

  test('RT-23: where Edges are, they follow the servers that a connector had before', () => {
    const own = { connectors: [{ name: 'Own', sourceServers: ['P1'], spaces: ['*;200'] }] };
    expect(tiers({ ...spread, ...own }, { ...spread, ...own, edges: ['E1@S'] }, '*')).toEqual([
      'RT-23 the targets are E1 in S',
      'RT-39 S has a server in the own site: no further fallback',
      'RT-41 no back-off along the old path any more',
    ]);
  });

  test('RT-05: who is no member does not care which copy is active', () => {
    const moved = { ...spread, databases: { ...spread.databases, Db: ['P2', 'P1', 'Q1'] } };
    expect(changesBetween(spread, moved, 'S1', 'Db')).toEqual([]);
    expect(tiers(spread, moved, 'Db', 'P1')).toEqual(['RT-05 the active copy is on P2 in P']);
  });
});

function pick({ dags, databases }: OrganizationShorthand) {
  return { dags: dags!, databases: databases! };
}
