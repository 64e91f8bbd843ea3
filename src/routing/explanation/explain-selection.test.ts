import { describe, expect, test } from 'vitest';
import type { OrganizationShorthand } from '../../../tests/conformance/organization-builder.js';
import { topologyOf } from '../../../tests/conformance/organization-builder.js';
import { outcomeLines } from '../../../tests/explanations/outcome-lines.js';
import { findByName } from '../../topology/index.js';
import { compileRoutingTables } from '../compile-routing-tables.js';
import type { ProxyService, RoutingOptions } from '../routing-tables.js';

const noConnectors = '(RT-45 group: Front End Transport is in no delivery group and has no connectors)';

/** Why a server chooses as it does for mailboxes in some databases, one a recipient. */
function because(
  shorthand: OrganizationShorthand,
  service: ProxyService,
  from: string,
  databases: readonly string[],
  { count = databases.length, ...options }: RoutingOptions & { readonly count?: number } = {},
): string[] {
  const topology = topologyOf(shorthand);
  const indexes = databases.map((name) => findByName(topology.databases, name));
  const { explainer } = compileRoutingTables(topology, options);
  return outcomeLines(explainer.selection(service, findByName(topology.servers, from), indexes, count));
}

/** A front end at S; DAG1 at P and Q, DAG2 at R, a 2013 server outside any DAG at S. */
const place = {
  links: ['S-P 10', 'P-Q 10', 'S-R 30'],
  servers: ['S1@S', 'P1@P', 'P2@P', 'Q1@Q', 'R1@R'],
  dags: { DAG1: ['P1', 'Q1'], DAG2: ['R1'] },
  databases: { DB1: ['Q1', 'P1'], DB2: ['R1'], Own: ['S1'] },
};

describe('the front end', () => {
  test('RT-47: one mailbox: its group, nearest site first; at last the servers of its own site', () => {
    expect(because(place, 'front-end', 'S1', ['DB1'])).toEqual([
      noConnectors,
      'RT-47 group: the mailbox belongs to DAG1 in P (cost 10, 1 hop)',
      'RT-47 tiers: first: P1 in P',
      'RT-47 tiers: then the servers of the group farther away: Q1 in Q',
      'RT-45 tiers: then the list of local servers, for fast failover: S1 in S',
    ]);
  });

  test('RT-48: of several groups the nearest', () => {
    expect(because(place, 'front-end', 'S1', ['DB2', 'DB1']).slice(1, 3)).toEqual([
      'RT-48 group: nearest of DAG1 in P (cost 10, 1 hop), DAG2 in R (cost 30, 1 hop): DAG1',
      'RT-47 tiers: first: P1 in P',
    ]);
    // Several mailboxes of one group leave nothing to choose.
    expect(because(place, 'front-end', 'S1', ['DB1', 'DB1'])[1]).toBe(
      'RT-47 group: the mailboxes belong to DAG1 in P (cost 10, 1 hop)',
    );
  });

  test('RT-49: without mailbox recipients any server of the own site', () => {
    expect(because(place, 'front-end', 'S1', [])).toEqual([
      noConnectors,
      'RT-49 tiers: no recipient has a mailbox: any server of S',
      'RT-45 tiers: first the list of local servers, for fast failover: S1 in S',
    ]);
  });

  const twenty = Array.from({ length: 20 }, () => 'DB2');
  const notCounted = '(UN-13 group: recipients without a mailbox are not counted among them)';

  test('RT-48, UN-13: the first 20 count, which decides where the others are nearer', () => {
    expect(because(place, 'front-end', 'S1', [...twenty, 'DB1']).slice(1)).toEqual([
      'RT-48 group: of 21 mailbox recipients the first 20 count',
      notCounted,
      'RT-47 group: the mailboxes belong to DAG2 in R (cost 30, 1 hop)',
      'RT-47 tiers: first: R1 in R',
      'RT-45 tiers: then the list of local servers, for fast failover: S1 in S',
    ]);
    expect(because(place, 'front-end', 'S1', [...twenty, 'DB2']).slice(1, 3)).toEqual([
      '(RT-48 group: of 21 mailbox recipients the first 20 count)',
      notCounted,
    ]);
    expect(because(place, 'front-end', 'S1', twenty)[1]).toMatch(/^RT-47/);
  });

  test('RT-48: where only those are known that count, they are taken to decide', () => {
    expect(because(place, 'front-end', 'S1', twenty, { count: 25 })[1]).toBe(
      'RT-48 group: of 25 mailbox recipients the first 20 count',
    );
  });

  test('UN-14: of groups in one site the lower name', () => {
    const twins = { ...place, dags: { Zulu: ['P1'], Alpha: ['P2'] }, databases: { Z: ['P1'], A: ['P2'] } };
    expect(because(twins, 'front-end', 'S1', ['Z', 'A']).slice(1, 3)).toEqual([
      'RT-48 group: nearest of Alpha in P (cost 10, 1 hop), Zulu in P (cost 10, 1 hop): Alpha',
      'UN-14 group: Alpha is as near as Zulu, but the lower name',
    ]);
  });

  test('RT-31, UN-14: of groups in equally dear sites fewer hops, then the lower name of the site, not of the way', () => {
    const servers = ['S1@S', 'P1@P', 'Q1@Q'];
    const spread = { servers, dags: { Z: ['P1'], A: ['Q1'] }, databases: { Z: ['P1'], A: ['Q1'] } };
    const tie = (links: readonly string[]) => because({ ...spread, links }, 'front-end', 'S1', ['A', 'Z'])[2];
    expect(tie(['S-Q 20', 'S-M 10', 'M-P 10'])).toBe(
      'RT-31 group: Q before P, which costs as much: fewer hops',
    );
    expect(tie(['S-N 10', 'N-P 10', 'S-M 10', 'M-Q 10'])).toBe(
      'UN-14 group: P before Q, which costs as much: the lower site name',
    );
    expect(tie(['S-P 10', 'S-Q 10'])).toBe(
      'UN-14 group: P before Q, which costs as much: the lower site name',
    );
    expect(tie(['S-P 10', 'S-Q 11'])).toMatch(/^RT-47 tiers/);
  });

  test('AS-03: an Exchange cost may make another group of the same site the nearest', () => {
    // At 10 both P and Q are as near: A is in Q then (RT-32), and B in P has the lower name of the site (UN-14).
    const cheaper = { name: 'N-P', sites: ['N', 'P'], cost: 10, exchangeCost: 5 };
    const both = {
      links: ['S-N 10', cheaper, 'S-M 10', 'M-Q 10'],
      ...{ servers: ['S1@S', 'P1@P', 'P2@P', 'Q1@Q'], dags: { A: ['P1', 'Q1'], B: ['P2'] } },
      databases: { A: ['P1'], B: ['P2'] },
    };
    expect(because(both, 'front-end', 'S1', ['A', 'B'])).toContain(
      'AS-03 group: by the costs of Active Directory the nearest would be B in P',
    );
  });

  test('AS-03: an Exchange cost may make another group, or another site of it, the nearest', () => {
    const link = { name: 'SP', sites: ['S', 'P'], cost: 40, exchangeCost: 10 };
    const links = [link, 'P-Q 10', 'S-R 30'];
    expect(because({ ...place, links }, 'front-end', 'S1', ['DB1', 'DB2'])[2]).toBe(
      'AS-03 group: by the costs of Active Directory the nearest would be DAG2 in R',
    );
    expect(because({ ...place, links }, 'front-end', 'S1', ['DB1'])[2]).toMatch(/^RT-47/);
    const other = [{ ...link, cost: 40 }, 'S-Q 20', 'S-R 50'];
    expect(because({ ...place, links: other }, 'front-end', 'S1', ['DB1', 'DB2'])[2]).toBe(
      'AS-03 group: by the costs of Active Directory the nearest would be DAG1 in Q',
    );
  });

  test('AS-07: a group that takes no mail is out of reach; the others are chosen from', () => {
    const off = { ...place, inboundMailOff: ['R'] };
    expect(because(off, 'front-end', 'S1', ['DB2', 'DB1'])[1]).toBe(
      'RT-48 group: the mailboxes belong to DAG1 in P (cost 10, 1 hop), the only group in reach',
    );
    expect(because(off, 'front-end', 'S1', ['DB2']).slice(1)).toEqual([
      'RT-47 group: no server is in reach for DAG2',
      'RT-45 tiers: first the list of local servers, for fast failover: S1 in S',
    ]);
    expect(because(off, 'front-end', 'S1', ['DB2', 'DB1', 'Own'])[1]).toBe(
      'RT-48 group: nearest of Site:S;Version:15 in S (cost 0, 0 hops), DAG1 in P (cost 10, 1 hop): Site:S;Version:15',
    );
    const none = { ...place, inboundMailOff: ['R', 'P', 'Q'] };
    expect(because(none, 'front-end', 'S1', ['DB2', 'DB1'])[1]).toBe(
      'RT-48 group: no server is in reach for DAG2, DAG1',
    );
  });

  test('RT-34: a hub on the way takes it, whatever group it is for', () => {
    const chain = { ...place, links: ['S-X 5', 'X-P 5', 'P-Q 10', 'S-R 30'], hubs: ['X'] };
    const lines = because({ ...chain, servers: [...place.servers, 'X1@X'] }, 'front-end', 'S1', ['DB1']);
    expect(lines.slice(2)).toEqual([
      'RT-34 hub: X is the first hub on the path to P: a server there is asked',
      'RT-47 tiers: first: X1 in X',
      'RT-45 tiers: then the list of local servers, for fast failover: S1 in S',
    ]);
  });

  test('RT-35: of a nearest site that is a hub only the servers are asked; the own site is no stop', () => {
    expect(because({ ...place, hubs: ['P'] }, 'front-end', 'S1', ['DB1']).slice(2)).toEqual([
      'RT-35 hub: P is a hub itself: of the group its servers alone are asked, before the others there',
      'RT-47 tiers: first: P1 in P',
      'RT-35 tiers: then the other servers of the hub site: P2 in P',
      'RT-45 tiers: then the list of local servers, for fast failover: S1 in S',
    ]);
    expect(because({ ...place, hubs: ['S'] }, 'front-end', 'S1', ['Own']).slice(1)).toEqual([
      'RT-47 group: the mailbox belongs to Site:S;Version:15 in S (cost 0, 0 hops)',
      'RT-47 tiers: first: S1 in S',
    ]);
  });

  /** 2010 mailboxes at O, where no 2013 server is; N and M are as far from O. */
  const legacy = {
    links: ['S-O 10', 'O-N 5', 'O-M 5', 'O-H 4'],
    servers: ['S1@S', 'O1@O 2010', 'H1@H 2010', 'N1@N', 'M1@M'],
    databases: { Old: ['O1'] },
  };

  test('UN-12: for older mailboxes the 2013 servers nearest to them', () => {
    expect(because(legacy, 'front-end', 'S1', ['Old']).slice(1)).toEqual([
      'RT-47 group: the mailbox belongs to Site:O;Version:14 in O (cost 10, 1 hop)',
      'UN-12 tiers: hubs of older versions are not asked, but the 2013 servers nearest to Site:O;Version:14, those of M',
      'RT-47 tiers: first: M1 in M',
      'RT-45 tiers: then the list of local servers, for fast failover: S1 in S',
    ]);
    const off = { ...legacy, inboundMailOff: ['M'] };
    expect(because(off, 'front-end', 'S1', ['Old'])[3]).toBe('RT-47 tiers: first: N1 in N');
  });

  test('UN-12: without 2013 servers that take mail an older mailbox is out of reach', () => {
    const off = { ...legacy, inboundMailOff: ['S', 'M', 'N'] };
    expect(because(off, 'front-end', 'S1', ['Old']).slice(1)).toEqual([
      'RT-47 group: no server is in reach for Site:O;Version:14',
    ]);
    const apart = { ...legacy, links: ['S-O 10', 'N-M 5', 'O-H 4'], inboundMailOff: ['S'] };
    expect(because(apart, 'front-end', 'S1', ['Old']).slice(1)).toEqual([
      'RT-47 group: no server is in reach for Site:O;Version:14',
    ]);
    const ownOff = { ...legacy, inboundMailOff: ['O'] };
    expect(because(ownOff, 'front-end', 'S1', ['Old'])[1]).toMatch(/no server is in reach/);
  });
});

describe('submission', () => {
  test('RT-51, RT-52, RT-54: it may leave its group, which stays the fallback', () => {
    expect(because(place, 'submission', 'P1', ['DB2'])).toEqual([
      '(RT-51 group: the local delivery group is DAG1)',
      'RT-54 group: the mailbox belongs to DAG2 in R (cost 40, 2 hops)',
      'RT-54 tiers: first: R1 in R',
      'RT-52 tiers: then the local delivery group: P1 in P',
      'RT-52 tiers: then the local delivery group: Q1 in Q',
    ]);
  });

  test('RT-54: several groups, the first 20, and none', () => {
    expect(because(place, 'submission', 'S1', ['DB1', 'DB2']).slice(0, 2)).toEqual([
      '(RT-51 group: the local delivery group is Site:S;Version:15)',
      'RT-54 group: nearest of DAG1 in P (cost 10, 1 hop), DAG2 in R (cost 30, 1 hop): DAG1',
    ]);
    const many = Array.from({ length: 21 }, (_, place) => (place === 20 ? 'DB1' : 'DB2'));
    expect(because(place, 'submission', 'S1', many)[1]).toBe(
      'RT-54 group: of 21 mailbox recipients the first 20 count',
    );
    expect(because(place, 'submission', 'S1', []).slice(1)).toEqual([
      'RT-54 tiers: no recipient has a mailbox: a server of the local delivery group',
      'RT-52 tiers: first the local delivery group: S1 in S',
    ]);
  });

  const ownSite = { submissionReach: () => 'own-site' as const };

  test('DC-02: a server outside a DAG of several sites keeps to its site, if that is chosen', () => {
    expect(because(place, 'submission', 'R1', ['DB1'], ownSite).slice(2)).toEqual([
      'DC-02 tiers: submission keeps to R: R1 is in no DAG of several sites',
      'RT-52 tiers: first the local delivery group: R1 in R',
    ]);
    expect(because(place, 'submission', 'P1', ['DB2'], ownSite).join()).not.toContain('DC-02');
    expect(because(place, 'submission', 'R1', ['DB1']).join()).not.toContain('DC-02');
  });

  test('DC-02: decides nothing for mail of its own site, nor for mail without mailbox recipients', () => {
    expect(because(place, 'submission', 'R1', ['DB2'], ownSite).slice(2)).toEqual([
      '(DC-02 tiers: submission keeps to R: R1 is in no DAG of several sites)',
      'RT-54 tiers: first: R1 in R',
    ]);
    // Part of the group stands elsewhere, and is not asked.
    expect(because(place, 'submission', 'P2', ['DB1'], ownSite)[2]).toMatch(/^DC-02/);
    expect(because(place, 'submission', 'R1', [], ownSite).join()).not.toContain('DC-02');
  });

  test('DC-02, UN-12: nor for older mailboxes whose nearest 2013 servers are those of its own site', () => {
    const legacy = {
      links: ['S-O 10', 'O-N 50'],
      servers: ['S1@S', 'O1@O 2010', 'N1@N'],
      databases: { Old: ['O1'] },
    };
    expect(because(legacy, 'submission', 'S1', ['Old'], ownSite)[3]).toMatch(/^\(DC-02/);
    expect(because(legacy, 'submission', 'N1', ['Old'], ownSite)[3]).toMatch(/^DC-02/);
  });

  test('DC-02: a front end never keeps to its site', () => {
    expect(because(place, 'front-end', 'R1', ['DB1'], ownSite).join()).not.toContain('DC-02');
  });
});
