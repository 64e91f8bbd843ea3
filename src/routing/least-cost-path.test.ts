import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type OrganizationShorthand, topologyOf } from '../../tests/conformance/organization-builder.js';
import { shareOf } from '../../tests/random-share.js';
import { findByName, type Topology } from '../topology/index.js';
import { comparePaths, SitePaths } from './least-cost-path.js';
import type { SitePath } from './next-hop.js';

/** `A-M-D 40` between two sites named. */
function pathText(shorthand: OrganizationShorthand, from: string, to: string): string {
  const topology = topologyOf(shorthand);
  const path = new SitePaths(topology).path(findByName(topology.sites, from), findByName(topology.sites, to));
  return `${path.sites.map((site) => topology.sites[site]!.name).join('-')} ${path.cost}`;
}

describe('paths between sites', () => {
  test('AS-01: all sites of one link are adjacent at its cost', () => {
    expect(pathText({ links: ['A-B-C-D 100'] }, 'A', 'D')).toBe('A-D 100');
    expect(pathText({ links: ['A-B-C-D 100'] }, 'C', 'B')).toBe('C-B 100');
  });

  test('AS-02: of redundant links the cheapest counts, of equally cheap ones the lowest name', () => {
    const topology = topologyOf({
      links: [
        { name: 'dear', sites: ['A', 'B'], cost: 7 },
        { name: 'Z', sites: ['A', 'B'], cost: 5 },
        { name: 'y', sites: ['A', 'B'], cost: 5 },
      ],
    });
    const paths = new SitePaths(topology);
    expect(paths.cost(0, 1)).toBe(5);
    expect(paths.links(0, 1).map((link) => topology.siteLinks[link]!.name)).toEqual(['y']);
    expect(paths.links(1, 0).map((link) => topology.siteLinks[link]!.name)).toEqual(['y']);
  });

  test.each([
    ['L', ['A', 'B'], 'M', ['A', 'B', 'C']],
    ['L', ['A', 'B', 'C'], 'M', ['A', 'B']],
  ])(
    'AS-02: of equally cheap links the lowest name, however many sites they have',
    (low, few, high, many) => {
      const topology = topologyOf({
        links: [
          { name: high, sites: many, cost: 5 },
          { name: low, sites: few, cost: 5 },
        ],
      });
      const paths = new SitePaths(topology);
      expect(paths.links(0, 1).map((link) => topology.siteLinks[link]!.name)).toEqual(['L']);
      expect(paths.links(1, 0).map((link) => topology.siteLinks[link]!.name)).toEqual(['L']);
    },
  );

  test('AS-03: an Exchange cost replaces the cost of Active Directory, up and down', () => {
    const links = (exchangeCost: number) => ({
      links: [{ sites: ['A', 'C'], cost: 10, exchangeCost }, 'A-B 10', 'B-C 10'],
    });
    expect(pathText(links(21), 'A', 'C')).toBe('A-B-C 20');
    expect(pathText(links(19), 'A', 'C')).toBe('A-C 19');
  });

  test('RT-30: the lowest sum of costs wins, however many hops it takes', () => {
    expect(pathText({ links: ['A-B 5', 'B-C 5', 'C-D 5', 'A-D 16'] }, 'A', 'D')).toBe('A-B-C-D 15');
  });

  test('RT-31: of equally cheap paths the shorter wins', () => {
    expect(pathText({ links: ['A-B 5', 'B-C 5', 'C-D 5', 'A-D 15'] }, 'A', 'D')).toBe('A-D 15');
    // B would win by name.
    expect(pathText({ links: ['S-B 1', 'B-C 1', 'C-T 8', 'S-X 5', 'X-T 5'] }, 'S', 'T')).toBe('S-X-T 10');
  });

  test('RT-32: at equal cost and hops names are compared from the target back', () => {
    expect(pathText({ links: ['A-N 20', 'N-D 20', 'A-M 20', 'M-D 20'] }, 'A', 'D')).toBe('A-M-D 40');
    // From the source on, B would win; the site before the target decides first.
    const crossed = ['S-B 1', 'B-Y 1', 'Y-T 1', 'S-C 1', 'C-X 1', 'X-T 1'];
    expect(pathText({ links: crossed }, 'S', 'T')).toBe('S-C-X-T 3');
    // Where that is the same, the one before it.
    const shared = ['S-C 1', 'S-B 1', 'C-X 1', 'B-X 1', 'X-T 1'];
    expect(pathText({ links: shared }, 'S', 'T')).toBe('S-B-X-T 3');
  });

  test('RT-32: the lower name wins also when its site is found later, over a link of another cost', () => {
    expect(pathText({ links: ['S-Z 1', 'Z-T 3', 'S-A 3', 'A-T 1'] }, 'S', 'T')).toBe('S-A-T 4');
  });

  test('UN-02: names are compared in upper case, by code units', () => {
    expect(pathText({ links: ['S-Site2 1', 'Site2-T 1', 'S-site10 1', 'site10-T 1'] }, 'S', 'T')).toBe(
      'S-site10-T 2',
    );
  });

  test('AS-05: the smallest limit of the links on the path counts, others do not', () => {
    const topology = topologyOf({
      links: [
        { sites: ['A', 'B'], cost: 1, maxMessageSizeBytes: 200 },
        { sites: ['B', 'C'], cost: 1, maxMessageSizeBytes: 50 },
        { sites: ['A', 'C'], cost: 9, maxMessageSizeBytes: 10 },
        { sites: ['C', 'D'], cost: 1 },
      ],
    });
    const paths = new SitePaths(topology);
    expect(paths.maxMessageSizeBytes(0, 1)).toBe(200);
    expect(paths.maxMessageSizeBytes(0, 3)).toBe(50);
    expect(paths.maxMessageSizeBytes(2, 3)).toBe(Number.POSITIVE_INFINITY);
    expect(paths.maxMessageSizeBytes(0, 0)).toBe(Number.POSITIVE_INFINITY);
  });

  test('a site without links has no path to others, and one to itself', () => {
    const paths = new SitePaths(topologyOf({ sites: ['C'], links: ['A-B 1'] }));
    expect([paths.cost(0, 2), paths.hops(0, 2), paths.sites(0, 2), paths.links(0, 2)]).toEqual([
      Number.POSITIVE_INFINITY,
      -1,
      [],
      [],
    ]);
    expect(paths.path(2, 2)).toEqual({ sites: [2], cost: 0, hops: 0 });
  });
});

test('RT-57: what stands in no site reaches none', () => {
  const paths = new SitePaths(topologyOf({ links: ['A-B 1'] }));
  expect([paths.hops(-1, 0), paths.reaches(-1, 0), paths.sites(-1, 0)]).toEqual([-1, false, []]);
});

describe('the nearer of two sites', () => {
  const nearer = (links: readonly string[], a: string, b: string) => {
    const topology = topologyOf({ links });
    const index = (name: string) => findByName(topology.sites, name);
    return new SitePaths(topology).compareTargets(index('S'), index(a), index(b));
  };

  test('UN-01: cost, hops, the names before the target, and last the site name decide', () => {
    expect(nearer(['S-A 10', 'S-B 9'], 'A', 'B')).toBeGreaterThan(0);
    expect(nearer(['S-X 5', 'X-A 5', 'S-B 10'], 'A', 'B')).toBeGreaterThan(0);
    expect(nearer(['S-Y 5', 'Y-A 5', 'S-X 5', 'X-B 5'], 'A', 'B')).toBeGreaterThan(0);
    expect(nearer(['S-X 5', 'X-A 5', 'X-B 5'], 'A', 'B')).toBeLessThan(0);
    expect(nearer(['S-A 5', 'S-B 5'], 'B', 'A')).toBeGreaterThan(0);
    expect(nearer(['S-A 5', 'S-B 5'], 'A', 'A')).toBe(0);
  });
});

/** All simple paths from a site, each adjacent pair by its cheapest link. */
function* simplePaths(topology: Topology, path: SitePath): Generator<SitePath> {
  yield path;
  const last = path.sites.at(-1)!;
  for (const { index: next } of topology.sites) {
    if (path.sites.includes(next)) continue;
    const costs = topology.siteLinks
      .filter(({ sites }) => sites.includes(last) && sites.includes(next))
      .map(({ cost }) => cost);
    if (costs.length === 0) continue;
    const cost = path.cost + Math.min(...costs);
    yield* simplePaths(topology, { sites: [...path.sites, next], cost, hops: path.hops + 1 });
  }
}

describe('RT-38: places in the order of their paths', () => {
  const paths = new SitePaths(topologyOf({ links: ['A-B 10', 'A-C 5', 'A-D 10', 'E-F 1'] }));
  const byNearness = (...sites: readonly number[]) =>
    paths
      .byNearness(
        0,
        sites.map((site) => ({ site })),
      )
      .map(({ site }) => site);

  test('the nearest first, the lower name of equally near ones', () => {
    expect(byNearness(1, 2)).toEqual([2, 1]);
    expect(byNearness(2, 1)).toEqual([2, 1]);
    expect(byNearness(3, 1)).toEqual([1, 3]);
    expect(byNearness(1, 2, 0, 3)).toEqual([0, 2, 1, 3]);
  });

  test('what no path leads to is left out', () => {
    expect(byNearness(4)).toEqual([]);
    expect(byNearness(1, 4)).toEqual([1]);
    expect(byNearness(5, 1)).toEqual([1]);
    expect(byNearness(3, 4, 2, 5)).toEqual([2, 3]);
  });
});

test('RT-30 to RT-32: on small organizations the paths are the best of all simple paths', () => {
  const names = ['A', 'B', 'C', 'D', 'E', 'F'];
  const link = fc.record({
    sites: fc.uniqueArray(fc.constantFrom(...names), { minLength: 2, maxLength: 4 }),
    // Few values, so that there are ties.
    cost: fc.integer({ min: 1, max: 4 }),
  });
  fc.assert(
    fc.property(fc.array(link, { minLength: 1, maxLength: 9 }), (links) => {
      const topology = topologyOf({
        sites: names,
        links: links.map((each, index) => ({ ...each, name: `L${index}` })),
      });
      const paths = new SitePaths(topology);
      for (const { index: source } of topology.sites) {
        const best = new Map<number, SitePath>();
        for (const path of simplePaths(topology, { sites: [source], cost: 0, hops: 0 })) {
          const target = path.sites.at(-1)!;
          const known = best.get(target);
          if (known === undefined || comparePaths(path, known) < 0) best.set(target, path);
        }
        for (const { index: target } of topology.sites) {
          const expected = best.get(target);
          if (expected === undefined) {
            expect(paths.hops(source, target)).toBe(-1);
            continue;
          }
          expect(paths.path(source, target)).toEqual(expected);
          const crossed = paths.links(source, target).map((each) => topology.siteLinks[each]!);
          expect(crossed.reduce((sum, each) => sum + each.cost, 0)).toBe(expected.cost);
          crossed.forEach((each, hop) => {
            expect(each.sites).toEqual(
              expect.arrayContaining([expected.sites[hop]!, expected.sites[hop + 1]!]),
            );
          });
          for (const [other, otherPath] of best) {
            const order = Math.sign(paths.compareTargets(source, target, other));
            expect(order).toBe(Math.sign(comparePaths(expected, otherPath)));
          }
        }
      }
    }),
    { numRuns: shareOf(200), seed: 20_240_402 },
  );
});

/** The best path from a site to each it reaches: better ones are looked for until there are none. */
function clearPaths({ siteLinks }: Topology, source: number): ReadonlyMap<number, SitePath> {
  const best = new Map<number, SitePath>([[source, { sites: [source], cost: 0, hops: 0 }]]);
  for (let changed = true; changed; ) {
    changed = false;
    for (const link of siteLinks) {
      for (const from of link.sites) {
        const path = best.get(from);
        if (path === undefined) continue;
        for (const to of link.sites) {
          if (path.sites.includes(to)) continue;
          const longer = { sites: [...path.sites, to], cost: path.cost + link.cost, hops: path.hops + 1 };
          const present = best.get(to);
          if (present !== undefined && comparePaths(longer, present) >= 0) continue;
          best.set(to, longer);
          changed = true;
        }
      }
    }
  }
  return best;
}

test('RT-30 to RT-32: with many sites, large links and costs of all sizes the paths are those of a clear search', () => {
  const sites = Array.from({ length: 60 }, (_, n) => `S${n}`);
  const organization = fc.record({
    links: fc.array(
      fc.record({
        sites: fc.oneof(
          { weight: 9, arbitrary: fc.uniqueArray(fc.constantFrom(...sites), { minLength: 2, maxLength: 2 }) },
          {
            weight: 1,
            arbitrary: fc.uniqueArray(fc.constantFrom(...sites), { minLength: 3, maxLength: 40 }),
          },
        ),
        draw: fc.integer({ min: 0, max: 1_000_000 }),
      }),
      { minLength: 1, maxLength: 150 },
    ),
    // All equal, ties, and AS-02 from end to end.
    largest: fc.constantFrom(1, 3, 20, 99_999),
    outages: fc.array(fc.nat({ max: 149 }), { maxLength: 10 }),
    sources: fc.uniqueArray(fc.nat({ max: 59 }), { minLength: 2, maxLength: 2 }),
  });
  fc.assert(
    fc.property(organization, ({ links, largest, outages, sources }) => {
      const topology = topologyOf({
        sites,
        links: links.map((link, index) => ({
          name: `L${index}`,
          sites: link.sites,
          cost: 1 + (link.draw % largest),
        })),
      });
      const linkUp = Uint8Array.from(topology.siteLinks, ({ index }) => (outages.includes(index) ? 0 : 1));
      const left = { ...topology, siteLinks: topology.siteLinks.filter(({ index }) => linkUp[index] === 1) };
      const paths = new SitePaths(topology, linkUp);
      for (const source of sources) {
        const clear = clearPaths(left, source);
        for (const { index: target } of topology.sites) {
          const expected = clear.get(target) ?? { sites: [], cost: Number.POSITIVE_INFINITY, hops: -1 };
          expect(paths.path(source, target)).toEqual(expected);
          expect(paths.reaches(source, target)).toBe(clear.has(target));
          // AS-02: the cheapest link between two sites, the lowest name among these.
          const links = expected.sites.slice(1).map((site, hop) => {
            const joining = left.siteLinks.filter(
              (link) => link.sites.includes(site) && link.sites.includes(expected.sites[hop]!),
            );
            return joining.sort((a, b) => a.cost - b.cost || a.index - b.index)[0]!.index;
          });
          expect(paths.links(source, target)).toEqual(links);
        }
      }
    }),
    { numRuns: shareOf(150), seed: 20_240_406 },
  );
});
