import { describe, expect, test } from 'vitest';
import type { OrganizationShorthand } from '../../tests/conformance/organization-builder.js';
import { RouteReader } from '../../tests/conformance/route-reader.js';
import type { DelayedFanOut } from './fan-out.js';

/** WE-14: a common part A-F, then a branch with the hub H and one with the hub K. */
const fork = {
  links: ['A-F 10', 'F-H 10', 'H-D 10', 'F-K 10', 'K-E 10'],
  servers: ['A1@A', 'F1@F', 'H1@H', 'D1@D', 'K1@K', 'E1@E'],
  hubs: ['H', 'K'],
  databases: { A: ['A1'], D: ['D1'], E: ['E1'], F: ['F1'], H: ['H1'] },
} satisfies OrganizationShorthand;

/** `queue: tiers` of each database, after fan-out; `-` for an answer that is no next hop. */
function planned(
  shorthand: OrganizationShorthand,
  reading: DelayedFanOut,
  from: string,
  databases: readonly string[],
): readonly string[] {
  const read = new RouteReader(shorthand);
  const ids = databases.map((database) => (database === '-' ? -1 : read.databaseId(from, database)));
  return read.tables.fanOut(read.server(from), ids, reading).map((id) => {
    if (id < 0) return '-';
    const { key, tiers } = read.tables.nextHop(id);
    return [key.nextHopDomain, ...read.tiers(tiers)].join(' | ');
  });
}

const toFork = 'F | target-servers F: F1';
const toH = 'H | target-servers H: H1 | backoff F: F1';
const toK = 'K | target-servers K: K1 | backoff F: F1';

describe('delayed fan-out', () => {
  test('RT-24: recipients with the same next hop share it; that is all with next-hop', () => {
    expect(planned(fork, 'next-hop', 'A1', ['D', 'E'])).toEqual([toH, toK]);
  });

  test('RT-24, AS-11, DC-01: by fork site one copy goes to the last site that the ways have in common', () => {
    expect(planned(fork, 'fork-site', 'A1', ['D', '-', 'E'])).toEqual([toFork, '-', toFork]);
    expect(planned(fork, 'fork-site', 'F1', ['D', 'E'])).toEqual(
      [toH, toK].map((each) => each.replace(/ \| backoff.*/, '')),
    );
  });

  test('RT-24: who has a next hop alone, or the same as all on that branch, keeps it', () => {
    expect(planned(fork, 'fork-site', 'A1', ['D'])).toEqual([toH]);
    const same = { ...fork, databases: { ...fork.databases, D2: ['D1'] } };
    expect(planned(same, 'fork-site', 'A1', ['D', 'D2'])).toEqual([toH, toH]);
    // So do those behind one hub, wherever their ways part beyond it.
    const behind = new RouteReader({ ...fork, hubs: ['F'] });
    const hops = ['D', 'E'].map((database) => behind.databaseId('A1', database));
    expect(behind.tables.fanOut(behind.server('A1'), hops, 'fork-site')).toEqual(hops);
    // Ways that part at the source share nothing.
    const apart = { ...fork, links: ['A-H 10', 'A-K 10', 'H-D 10', 'K-E 10', 'A-F 10'] };
    expect(planned(apart, 'fork-site', 'A1', ['D', 'E'])).toEqual([
      'H | target-servers H: H1',
      'K | target-servers K: K1',
    ]);
  });

  test('RT-24: only next hops that are AD sites take part; without DAGs, by the other reading, all', () => {
    const straight = { ...fork, hubs: [] };
    const [d, e] = planned(straight, 'next-hop', 'A1', ['D', 'E']);
    expect(d).toBe('Site:D;Version:15 | target-servers D: D1 | backoff H: H1 | backoff F: F1');
    expect(planned(straight, 'fork-site', 'A1', ['D', 'E'])).toEqual([d, e]);
    expect(planned(straight, 'fork-site-without-dags', 'A1', ['D', 'E'])).toEqual([toFork, toFork]);
    // D lies behind H: the copy for both stops there.
    expect(planned(straight, 'fork-site-without-dags', 'A1', ['D', 'H'])).toEqual([toH, toH]);
    const withDag = { ...straight, dags: { G: ['D1'] } };
    expect(planned(withDag, 'fork-site-without-dags', 'A1', ['D', 'E'])).toEqual(
      planned(withDag, 'next-hop', 'A1', ['D', 'E']),
    );
  });

  test('UN-03: a fork without servers that take mail is no stop: the nearest before it is, if any', () => {
    const longer = { ...fork, links: ['A-G 10', 'G-F 10', 'F-H 10', 'H-D 10', 'F-K 10', 'K-E 10'] };
    const empty = ['A1@A', 'G1@G', 'H1@H', 'D1@D', 'K1@K', 'E1@E'];
    const databases = { D: ['D1'], E: ['E1'] };
    expect(planned({ ...longer, servers: empty, databases }, 'fork-site', 'A1', ['D', 'E'])).toEqual([
      'G | target-servers G: G1',
      'G | target-servers G: G1',
    ]);
    const deaf = { ...longer, servers: [...fork.servers, 'G1@G'], inboundMailOff: ['F', 'G'] };
    expect(planned(deaf, 'fork-site', 'A1', ['D', 'E'])).toEqual([
      'H | target-servers H: H1',
      'K | target-servers K: K1',
    ]);
  });

  test('RT-41: from the fork the way goes back as from a hub', () => {
    const longer = {
      ...fork,
      links: ['A-G 10', 'G-F 10', 'F-H 10', 'H-D 10', 'F-K 10', 'K-E 10'],
      servers: [...fork.servers, 'G1@G'],
    };
    expect(planned(longer, 'fork-site', 'A1', ['D', 'E'])[0]).toBe(`${toFork} | backoff G: G1`);
  });

  test('RT-24: what a member hands over, or passes to an Edge of its own site, takes no part', () => {
    const read = new RouteReader({ ...fork, edges: ['X@A'] });
    const outside = read.outsideId('A1', 'partner.example');
    const ids = [read.databaseId('A1', 'A'), outside, read.databaseId('A1', 'D'), read.databaseId('A1', 'E')];
    const after = read.tables.fanOut(read.server('A1'), ids, 'fork-site-without-dags');
    expect(after.slice(0, 2)).toEqual(ids.slice(0, 2));
    expect(after[2]).not.toBe(ids[2]);
  });

  test('RT-23, RT-24: the site of an Edge is a next hop like a hub; a fork may be one of the ends', () => {
    const read = new RouteReader({ ...fork, hubs: ['H'], edges: ['X@F'] });
    const ids = [read.outsideId('A1', 'partner.example'), read.databaseId('A1', 'D')];
    const [outside, inside] = read.tables
      .fanOut(read.server('A1'), ids, 'fork-site')
      .map((id) => read.tables.nextHop(id));
    expect([outside!.key.nextHopDomain, inside!.key.nextHopDomain]).toEqual(['F', 'F']);
    expect(outside!.queue).toBe(inside!.queue);
    // The way itself stays what it was.
    expect([read.site(inside!.primarySite), read.site(inside!.hubSite), read.site(inside!.forkSite)]).toEqual(
      [...['D', 'H', 'F']],
    );
    expect([inside!.path.cost, outside!.addressSpaceCost, inside!.addressSpaceCost]).toEqual([30, 100, null]);
    // Asked again, the same next hops.
    expect(read.tables.fanOut(read.server('A1'), ids, 'fork-site')).toEqual([outside!.id, inside!.id]);
  });

  test('AS-05: the limits of the whole way count for a copy to the fork', () => {
    const limited = [{ sites: ['H', 'D'], cost: 10, maxMessageSizeBytes: 1_000 }];
    const links = ['A-F 10', 'F-H 10', ...limited, 'F-K 10', 'K-E 10'];
    const read = new RouteReader({ ...fork, links });
    const ids = [read.databaseId('A1', 'D'), read.databaseId('A1', 'E')];
    const limits = read.tables
      .fanOut(read.server('A1'), ids, 'fork-site')
      .map((id) => read.tables.nextHop(id).maxMessageSizeBytes);
    expect(limits).toEqual([1_000, Number.POSITIVE_INFINITY]);
  });
});
