import { describe, expect, test } from 'vitest';
import type { OrganizationShorthand } from '../../../tests/conformance/organization-builder.js';
import { RouteReader } from '../../../tests/conformance/route-reader.js';
import { outcomeLines } from '../../../tests/explanations/outcome-lines.js';
import type { RouteAspect } from './rule-outcome.js';

/** From S1, or another server, to the database `DB`. */
function because(
  shorthand: OrganizationShorthand,
  aspects: readonly RouteAspect[] = ['hub', 'tiers', 'queue'],
  from = 'S1',
): string[] {
  const read = new RouteReader(shorthand);
  return outcomeLines(read.tables.explainer.nextHop(read.toDatabase(from, 'DB'), 1), ...aspects);
}

/** S - X - P, and DAG with servers in P and Q, P9 outside it. */
const place = {
  links: ['S-X 10', 'X-P 10', 'S-Q 50'],
  servers: ['S1@S', 'X1@X', 'P1@P', 'P9@P', 'Q1@Q'],
  dags: { DAG: ['P1', 'Q1'] },
  databases: { DB: ['P1', 'Q1'] },
};

test('RT-18, RT-37, RT-38, RT-40, RT-41: a relay to a group in other sites, step by step', () => {
  expect(because(place, [])).toEqual([
    '(RT-11 destination: the destination is the mailbox database DB)',
    '(RT-19 group: its delivery group is the DAG: DAG)',
    '(RT-18 group: S1 is no member of DAG, so it relays)',
    'RT-33 primary-site: DAG has servers in P (cost 20, 2 hops), Q (cost 50, 1 hop); the nearest, P, is the primary site',
    '(RT-30 path: S > X > P costs 10 + 10 = 20; there is no other path)',
    '(RT-34 hub: no hub on the path)',
    'RT-37 tiers: target servers are those of DAG in P: P1 in P',
    'RT-38 tiers: then the servers of DAG elsewhere, nearest first: Q1 in Q',
    'RT-40 tiers: then the other transport servers of P: P9 in P',
    'RT-41 tiers: then back along the path, from its far end: X1 in X',
  ]);
});

test('RT-38, RT-40, RT-41: without such servers the fallbacks are considered only', () => {
  const single = {
    links: ['S-P 10'],
    servers: ['S1@S', 'P1@P'],
    dags: { DAG: ['P1'] },
    databases: { DB: ['P1'] },
  };
  expect(because(single)).toEqual([
    '(RT-34 hub: no hub on the path)',
    'RT-37 tiers: target servers are those of DAG in P: P1 in P',
    '(RT-38 tiers: DAG has no servers in other sites)',
    '(RT-40 tiers: P has no other transport servers)',
    '(RT-41 tiers: no site lies between, so there is nowhere to back off to)',
  ]);
});

test('RT-38, AS-07: servers elsewhere that take no mail are no fallback', () => {
  expect(because({ ...place, inboundMailOff: ['Q'] })).toContain(
    '(RT-38 tiers: DAG has no servers that can be asked in other sites)',
  );
});

test('RT-39: with a server of the group in the own site nothing comes after the group', () => {
  const own = {
    ...place,
    servers: ['S1@S', 'S2@S', 'X1@X', 'P1@P', 'P9@P', 'Q1@Q'],
    dags: { DAG: ['S2', 'P1', 'Q1'] },
  };
  expect(because(own)).toEqual([
    'RT-37 tiers: target servers are those of DAG in S: S2 in S',
    'RT-38 tiers: then the servers of DAG elsewhere, nearest first: P1 in P; Q1 in Q',
    'RT-39 tiers: DAG has a server in S, where the message is: no further fallback',
  ]);
});

describe('hubs', () => {
  test('RT-34: the first hub on the path is the stop, all its servers are targets', () => {
    expect(because({ ...place, hubs: ['X', 'P'] })).toEqual([
      'RT-34 hub: X is the first hub on the path: the message stops there',
      '(RT-34 tiers: all servers of the hub are targets: X1 in X)',
      '(RT-41 tiers: no site lies between, so there is nowhere to back off to)',
    ]);
  });

  test('RT-36: hubs beside the path are named as ignored, the own site is neither', () => {
    expect(because({ ...place, hubs: ['Q', 'S'] }).slice(0, 2)).toEqual([
      '(RT-34 hub: no hub on the path)',
      '(RT-36 hub: Q is a hub, but not on the path: ignored)',
    ]);
    const two = because({ ...place, hubs: ['Q', 'R'], sites: ['R'] });
    expect(two[1]).toBe('(RT-36 hub: Q, R are hubs, but not on the path: ignored)');
    const own = { ...place, hubs: ['Q'], dags: { DAG: ['S2', 'Q1'] }, databases: { DB: ['S2', 'Q1'] } };
    expect(because({ ...own, servers: [...place.servers, 'S2@S'] })[0]).toBe(
      '(RT-36 hub: Q is a hub, but not on the path: ignored)',
    );
  });

  test('UN-03: a hub without transport servers is no stop', () => {
    const servers = ['S1@S', 'P1@P', 'P9@P', 'Q1@Q'];
    expect(because({ ...place, servers, hubs: ['X'] })).toEqual([
      'UN-03 hub: hub X on the path has no transport server: no stop',
      'RT-37 tiers: target servers are those of DAG in P: P1 in P',
      'RT-38 tiers: then the servers of DAG elsewhere, nearest first: Q1 in Q',
      'RT-40 tiers: then the other transport servers of P: P9 in P',
      '(RT-41 tiers: no server in between takes mail: no back-off)',
      '(UN-03 tiers: X has no transport server: skipped on the way back)',
    ]);
  });

  test('AS-07: a hub that takes no mail is no stop, and nobody backs off to it', () => {
    expect(because({ ...place, hubs: ['X', 'P'], inboundMailOff: ['X'] })).toEqual([
      'AS-07 hub: InboundMailEnabled of hub X on the path is off: no stop',
      'RT-34 hub: P is the first hub on the path: the message stops there',
      'RT-37 tiers: target servers are those of DAG in P: P1 in P',
      'RT-35 tiers: the primary site P is a hub itself; its other servers come next: P9 in P; the servers of DAG in Q are not tried',
      'UN-05 queue: the queue to a primary site that is a hub is that of the site',
      '(RT-41 tiers: no server in between takes mail: no back-off)',
      'AS-07 tiers: InboundMailEnabled of X is off: skipped on the way back',
    ]);
  });

  test('RT-35, UN-05: of a primary site that is a hub only the servers count, those of the group first', () => {
    expect(because({ ...place, hubs: ['P'] })).toEqual([
      'RT-34 hub: P is the first hub on the path: the message stops there',
      'RT-37 tiers: target servers are those of DAG in P: P1 in P',
      'RT-35 tiers: the primary site P is a hub itself; its other servers come next: P9 in P; the servers of DAG in Q are not tried',
      'UN-05 queue: the queue to a primary site that is a hub is that of the site',
      'RT-41 tiers: then back along the path, from its far end: X1 in X',
    ]);
    const alone = {
      ...place,
      hubs: ['P'],
      servers: ['S1@S', 'P1@P', 'Q1@Q'],
      dags: { DAG: ['P1'] },
      databases: { DB: ['P1'] },
    };
    expect(because(alone)[2]).toBe('RT-35 tiers: the primary site P is a hub itself');
    // Nobody would have gone to what no path leads to.
    expect(because({ ...place, hubs: ['P'], links: ['S-X 10', 'X-P 10', 'Q-R 1'] })[2]).toBe(
      'RT-35 tiers: the primary site P is a hub itself; its other servers come next: P9 in P',
    );
  });

  test('RT-35: the own site is no stop, even as primary site', () => {
    const own = { ...place, hubs: ['S'], servers: [...place.servers, 'S2@S'] };
    const lines = because({ ...own, dags: { DAG: ['S2', 'P1'] }, databases: { DB: ['P1', 'S2'] } });
    expect(lines).toEqual([
      'RT-37 tiers: target servers are those of DAG in S: S2 in S',
      'RT-38 tiers: then the servers of DAG elsewhere, nearest first: P1 in P',
      'RT-39 tiers: DAG has a server in S, where the message is: no further fallback',
    ]);
  });
});

describe('back-off', () => {
  const chain = {
    links: ['S-A 10', 'A-B 10', 'B-C 10', 'C-P 10'],
    servers: ['S1@S', 'A1@A', 'B1@B', 'C1@C', 'P1@P'],
    dags: { DAG: ['P1'] },
    databases: { DB: ['P1'] },
  };

  test('RT-41: back along the path from its far end', () => {
    expect(because(chain, ['tiers']).slice(3)).toEqual([
      'RT-41 tiers: then back along the path, from its far end: C1 in C; B1 in B; A1 in A',
    ]);
  });

  test('UN-04: from a hub the way back begins at the hub: nobody behind it is tried', () => {
    expect(because({ ...chain, hubs: ['B'] })).toEqual([
      'RT-34 hub: B is the first hub on the path: the message stops there',
      '(RT-34 tiers: all servers of the hub are targets: B1 in B)',
      'RT-41 tiers: then back along the path, from its far end: A1 in A',
      'UN-04 tiers: behind the hub B nobody is tried, so not C',
    ]);
    // It is the same where there is nowhere to back off to.
    expect(because({ ...chain, hubs: ['A'] }).slice(2)).toEqual([
      '(RT-41 tiers: no site lies between, so there is nowhere to back off to)',
      'UN-04 tiers: behind the hub A nobody is tried, so not B, C',
    ]);
  });

  test('UN-04: decides nothing where nobody behind the hub could take the message', () => {
    expect(because({ ...chain, hubs: ['C'] }).join()).not.toContain('UN-04');
    expect(because({ ...chain, hubs: ['B'], inboundMailOff: ['C'] }).join()).not.toContain('UN-04');
    expect(because({ ...chain, hubs: ['P'] }).join()).not.toContain('UN-04');
  });

  test('UN-03, AS-07: sites that are skipped on the way back are named; only switched off mail decides', () => {
    const servers = ['S1@S', 'A1@A', 'C1@C', 'P1@P'];
    expect(because({ ...chain, servers, inboundMailOff: ['C'] }, ['tiers']).slice(3)).toEqual([
      'RT-41 tiers: then back along the path, from its far end: A1 in A',
      '(UN-03 tiers: B has no transport server: skipped on the way back)',
      'AS-07 tiers: InboundMailEnabled of C is off: skipped on the way back',
    ]);
  });
});

describe('versions', () => {
  const mixed = {
    links: ['S-X 10', 'X-P 10'],
    servers: ['S1@S', 'H1@S 2010', 'X7@X 2007', 'X13@X', 'P1@P', 'P10@P 2010'],
    dags: { DAG: ['P1'] },
    databases: { DB: ['P1'] },
  };

  test('UN-15: in fallback 2 and back-off servers of any version count', () => {
    expect(because(mixed, ['tiers']).slice(2)).toEqual([
      'RT-40 tiers: then the other transport servers of P: P10 in P',
      'RT-41 tiers: then back along the path, from its far end: X13, X7 in X',
      'UN-15 tiers: in fallback and back-off servers of any version count: P10, X7',
    ]);
    const servers = ['S1@S', 'X13@X', 'P1@P', 'P10@P 2010'];
    // Targets of an older version are no fallback.
    const older = { ...mixed, servers, dags: {}, databases: { DB: ['P10'] } };
    expect(because(older).join()).not.toContain('UN-15');
  });

  test('IV-01: an older hub queues by site, where a 2013 server would queue by group', () => {
    expect(because(mixed, ['queue'], 'H1')).toEqual([
      'IV-01 queue: a hub of 2010 knows no delivery groups, it queues by site: SmtpRelayToRemoteActiveDirectorySite P',
    ]);
    expect(because(mixed, ['queue'], 'S1')).toEqual([]);
    const within = { ...mixed, dags: {}, databases: { DB: ['S1'] } };
    expect(because(within, ['queue'], 'H1')).toEqual([
      'IV-01 queue: a hub of 2010 knows no delivery groups, it queues by site: SmtpRelayWithinAdSite S',
    ]);
  });

  test('IV-01, UN-05: towards a hub everyone queues by site', () => {
    const text =
      'a hub of 2010 knows no delivery groups, it queues by site: SmtpRelayToRemoteActiveDirectorySite';
    expect(because({ ...mixed, hubs: ['X'] }, ['queue'], 'H1')).toEqual([`(IV-01 queue: ${text} X)`]);
    expect(because({ ...mixed, hubs: ['P'] }, ['queue'], 'H1')).toEqual([
      '(UN-05 queue: the queue to a primary site that is a hub is that of the site)',
      `(IV-01 queue: ${text} P)`,
    ]);
  });
});

describe('Edges', () => {
  const subscribed = { links: ['A-B 10'], servers: ['A1@A', 'H1@A 2010', 'B1@B'], edges: ['E1@B'] };

  function toInternet(shorthand: OrganizationShorthand, from: string, ...aspects: RouteAspect[]): string[] {
    const read = new RouteReader(shorthand);
    const hop = read.toOutside(from, 'partner.example');
    return outcomeLines(read.tables.explainer.nextHop(hop, 1), ...aspects);
  }

  test('RT-23, RT-58: other sites send to the subscribed site first', () => {
    expect(toInternet(subscribed, 'A1')).toEqual([
      '(RT-12 destination: the destination is the connector EdgeSync - B to Internet)',
      '(RT-23 group: its delivery group is the AD site that the Edge is subscribed to: B)',
      'RT-23 group: other sites cannot reach the Edges of B: the message goes to that site first',
      'RT-58 group: any transport server of B passes it on to the Edge',
      '(RT-18 group: A1 is not in B, so it relays)',
      '(RT-33 primary-site: B has servers in B only: the primary site)',
      '(RT-30 path: A > B costs 10; there is no other path)',
      '(RT-34 hub: no hub on the path)',
      'RT-37 tiers: target servers are those of B in B: B1 in B',
      '(RT-38 tiers: B has no servers in other sites)',
      '(RT-40 tiers: B has no other transport servers)',
      '(RT-41 tiers: no site lies between, so there is nowhere to back off to)',
    ]);
  });

  test('UN-05, IV-01: the queue to an Edge is that of a site in any case', () => {
    expect(toInternet({ ...subscribed, hubs: ['B'] }, 'A1', 'queue')).toEqual([
      '(UN-05 queue: the queue to a primary site that is a hub is that of the site)',
    ]);
    expect(toInternet(subscribed, 'H1', 'queue')).toEqual([
      '(IV-01 queue: a hub of 2010 knows no delivery groups, it queues by site: SmtpRelayToRemoteActiveDirectorySite B)',
    ]);
  });
});

describe('delayed fan-out', () => {
  const fork = {
    links: ['A-F 10', 'F-H 10', 'H-D 10', 'F-K 10', 'K-E 10'],
    servers: ['A1@A', 'F1@F', 'H1@H', 'K1@K', 'D1@D', 'E1@E'],
    databases: { DB: ['D1'], Other: ['E1'] },
    hubs: ['H', 'K'],
  };

  function byWayOf(
    shorthand: OrganizationShorthand,
    reading: 'fork-site' | 'fork-site-without-dags',
    ...aspects: RouteAspect[]
  ): string[] {
    const read = new RouteReader(shorthand);
    const ids = [read.databaseId('A1', 'DB'), read.databaseId('A1', 'Other')];
    const [first] = read.tables.fanOut(read.server('A1'), ids, reading);
    const hop = read.tables.nextHop(first!);
    expect(hop.forkSite).not.toBe(-1);
    return outcomeLines(read.tables.explainer.nextHop(hop, 1), ...aspects);
  }

  test('RT-24, AS-11, DC-01: one copy for several recipients to the site where their ways part', () => {
    expect(byWayOf(fork, 'fork-site')).toEqual([
      '(RT-11 destination: the destination is the mailbox database DB)',
      '(RT-20 group: its delivery group is the servers of one version and site: Site:D;Version:15)',
      '(RT-18 group: A1 is no member of Site:D;Version:15, so it relays)',
      '(RT-33 primary-site: Site:D;Version:15 has servers in D only: the primary site)',
      '(RT-30 path: A > F > H > D costs 10 + 10 + 10 = 30; there is no other path)',
      'RT-34 hub: H is the first hub on the path: a stop after F',
      '(RT-36 hub: K is a hub, but not on the path: ignored)',
      'RT-24 hub: recipients share their way up to F: one copy goes there for all of them',
      'AS-11 hub: F is the last site with servers that the paths have in common',
      'DC-01 hub: delayed fan-out by fork site is chosen in the settings',
      '(RT-24 tiers: all servers of the fork site are targets: F1 in F)',
      '(RT-41 tiers: no site lies between, so there is nowhere to back off to)',
    ]);
  });

  test('RT-41: from a fork back along the path to it', () => {
    const farther = {
      ...fork,
      links: ['A-Y 10', 'Y-F 10', 'F-H 10', 'H-D 10', 'F-K 10', 'K-E 10'],
      servers: [...fork.servers, 'Y1@Y'],
    };
    expect(byWayOf(farther, 'fork-site', 'tiers')).toEqual([
      '(RT-24 tiers: all servers of the fork site are targets: F1 in F)',
      'RT-41 tiers: then back along the path, from its far end: Y1 in Y',
    ]);
  });

  test('RT-24, DC-01: without DAGs, groups of every kind: the other reading alone decides', () => {
    expect(byWayOf({ ...fork, hubs: [] }, 'fork-site-without-dags', 'hub', 'tiers')).toEqual([
      '(RT-34 hub: no hub on the path)',
      '(RT-24 hub: delayed fan-out is for AD sites, which Site:D;Version:15 is not)',
      'AS-11 hub: F is the last site with servers that the paths have in common: recipients share their way up to F: one copy goes there for all of them',
      'DC-01 hub: delayed fan-out for groups of every kind, in organizations without DAGs, is chosen in the settings',
      '(RT-24 tiers: all servers of the fork site are targets: F1 in F)',
      '(RT-41 tiers: no site lies between, so there is nowhere to back off to)',
    ]);
  });

  test('RT-24: an Edge behind the fork is an AD site, too', () => {
    const edges = { ...fork, hubs: ['K'], edges: ['X1@D'] };
    const read = new RouteReader(edges);
    const ids = [read.outsideId('A1', 'partner.example'), read.databaseId('A1', 'Other')];
    const hop = read.tables.nextHop(read.tables.fanOut(read.server('A1'), ids, 'fork-site')[0]!);
    const lines = outcomeLines(read.tables.explainer.nextHop(hop, 1), 'hub', 'group');
    expect(lines).toContain(
      'RT-24 hub: recipients share their way up to F: one copy goes there for all of them',
    );
    expect(lines).toContain('RT-58 group: any transport server of D passes it on to the Edge');
  });

  test('AS-07: behind a fork without a hub no other site of a connector stands in a tier either', () => {
    const read = new RouteReader({
      ...fork,
      hubs: [],
      links: [...fork.links, 'D-Z 10'],
      servers: [...fork.servers, 'Z1@Z'],
      inboundMailOff: ['Z'],
      connectors: [{ name: 'Out', spaces: ['*;1'], sourceServers: ['D1', 'Z1'] }],
    });
    const ids = [read.outsideId('A1', 'partner.example'), read.databaseId('A1', 'Other')];
    const [first] = read.tables.fanOut(read.server('A1'), ids, 'fork-site-without-dags');
    const outcomes = read.tables.explainer.nextHop(read.tables.nextHop(first!), 1);
    expect(outcomeLines(outcomes, 'tiers')[0]).toBe(
      '(AS-07 tiers: Z1 of Out takes no mail: InboundMailEnabled of Z is off)',
    );
  });

  test('AS-07: behind a fork no other site of the group stands in a tier', () => {
    const spread = {
      ...fork,
      dags: { DAG: ['D1', 'Z1'] },
      links: [...fork.links, 'D-Z 10'],
      servers: [...fork.servers, 'Z1@Z'],
      inboundMailOff: ['Z'],
    };
    expect(byWayOf(spread, 'fork-site', 'tiers')[0]).toBe(
      '(AS-07 tiers: Z1 of DAG takes no mail: InboundMailEnabled of Z is off)',
    );
  });
});

test('UN-10: those of the target servers that are in a DAG of Exchange 2013 are named', () => {
  const un10 = (more: OrganizationShorthand) =>
    because({ ...place, ...more }, ['tiers']).filter((line) => line.startsWith('UN-10'));
  const dags = { DAG: ['P1', 'Q1'], Near: ['X1'] };
  expect(un10({ dags, databases: { DB: ['P9'] } })).toEqual([
    'UN-10 tiers: members of a DAG serve the databases of their site outside it, too: P1',
  ]);
  const servers = [...place.servers, 'H1@P 2010', 'H2@P 2010'];
  expect(un10({ servers, dags: { ...dags, Old: ['H1'] }, databases: { DB: ['H2'] } })).toEqual([]);
});
