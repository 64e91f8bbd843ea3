import { describe, expect, test } from 'vitest';
import type { OrganizationShorthand } from '../../../tests/conformance/organization-builder.js';
import { topologyOf } from '../../../tests/conformance/organization-builder.js';
import { RouteReader } from '../../../tests/conformance/route-reader.js';
import { outcomeLines } from '../../../tests/explanations/outcome-lines.js';
import { Dice } from '../../../tests/oracle/dice.js';
import { isWhole, shareOf } from '../../../tests/random-share.js';
import { findByName, type Topology } from '../../topology/index.js';
import { buildDeliveryGroups } from '../delivery-group.js';
import { SitePaths } from '../least-cost-path.js';
import type { SitePath } from '../next-hop.js';
import { explainPath } from './explain-path.js';
import { OutcomeList } from './outcome-list.js';
import { decidingRules } from './rule-outcome.js';

/** The path from S to D, explained. Each link is a name, or a whole description. */
function because(links: NonNullable<OrganizationShorthand['links']>): string[] {
  const read = new RouteReader({ links, servers: ['S1@S', 'D1@D'], databases: { DB: ['D1'] } });
  return outcomeLines(read.tables.explainer.nextHop(read.toDatabase('S1', 'DB'), 1), 'path');
}

test('RT-30: the cheapest path, its links added up, and the next best', () => {
  expect(because(['S-A 10', 'A-D 5', 'S-B 10', 'B-D 7', 'S-D 30'])).toEqual([
    'RT-30 path: S > A > D costs 10 + 5 = 15; the next best path, S > B > D, 17',
  ]);
  expect(because(['S-D 30', 'S-B 30', 'B-D 7'])).toEqual([
    'RT-30 path: S > D costs 30; the next best path, S > B > D, 37',
  ]);
});

test('RT-30: with one path only nothing is decided', () => {
  expect(because(['S-A 10', 'A-D 5', 'S-X 1'])).toEqual([
    '(RT-30 path: S > A > D costs 10 + 5 = 15; there is no other path)',
  ]);
});

test('RT-30: the next best path may share all but one step, and be by the same link of many sites', () => {
  // S > A > B > D 3; the next best leaves it only between A and B.
  expect(because(['S-A 1', 'A-B 1', 'B-D 1', 'A-C 1', 'C-B 3', 'S-D 100'])).toEqual([
    'RT-30 path: S > A > B > D costs 1 + 1 + 1 = 3; the next best path, S > A > C > B > D, 6',
  ]);
  expect(because(['S-D-X 100'])).toEqual(['RT-30 path: S > D costs 100; the next best path, S > X > D, 200']);
});

test('RT-31: at equal cost fewer hops, of one or of several', () => {
  expect(because(['S-D 20', 'S-A 10', 'A-D 10'])).toEqual([
    'RT-31 path: S > D and S > A > D both cost 20; the first has 1 hop, the second 2',
  ]);
  expect(because(['S-A 10', 'A-D 20', 'S-B 10', 'B-C 10', 'C-D 10'])).toEqual([
    'RT-31 path: S > A > D and S > B > C > D both cost 30; the first has 2 hops, the second 3',
  ]);
});

test('RT-30: decides before a tie where the shortest path is dearer', () => {
  expect(because(['S-A 10', 'A-D 20', 'S-B 10', 'B-C 10', 'C-D 10', 'S-D 31'])).toEqual([
    'RT-30 path: S > A > D costs 10 + 20 = 30; the shortest path, S > D, 31',
    'RT-31 path: S > A > D and S > B > C > D both cost 30; the first has 2 hops, the second 3',
  ]);
  // The cost of the shortest path is that of the cheaper of two links.
  const dearer = { name: 'Spare', sites: ['S', 'D'], cost: 40 };
  expect(because(['S-A 10', 'A-D 20', 'S-B 10', 'B-C 10', 'C-D 10', 'S-D 31', dearer])[0]).toBe(
    'RT-30 path: S > A > D costs 10 + 20 = 30; the shortest path, S > D, 31',
  );
  // Of two shortest paths the cheaper is the chosen one: costs decided that as well.
  expect(because(['S-M 10', 'M-D 10', 'S-N 10', 'N-D 10', 'S-A 10', 'A-D 11'])).toEqual([
    'RT-30 path: S > M > D costs 10 + 10 = 20; the shortest path, S > A > D, 21',
    'RT-32 path: S > M > D and S > N > D both cost 20 over 2 hops; before D the name M is lower than N',
  ]);
});

test('RT-32: names of the sites before the destination, from there back', () => {
  expect(because(['S-M 10', 'M-D 10', 'S-N 10', 'N-D 10'])).toEqual([
    'RT-32 path: S > M > D and S > N > D both cost 20 over 2 hops; before D the name M is lower than N',
  ]);
  // C is before D on both, so that the site before C decides: B before Z, whatever comes earlier.
  expect(because(['S-Y 10', 'S-A 10', 'Y-B 10', 'A-Z 10', 'B-C 10', 'Z-C 10', 'C-D 10'])).toEqual([
    'RT-32 path: S > Y > B > C > D and S > A > Z > C > D both cost 40 over 4 hops; before C the name B is lower than Z',
  ]);
});

test('RT-31: decides before RT-32 where longer paths of the cost have lower names', () => {
  expect(because(['S-M 10', 'M-D 20', 'S-N 10', 'N-D 20', 'S-B 10', 'B-A 10', 'A-D 10'])).toEqual([
    'RT-31 path: S > M > D and S > B > A > D both cost 30; the first has 2 hops, the second 3',
    'RT-32 path: S > M > D and S > N > D both cost 30 over 2 hops; before D the name M is lower than N',
  ]);
  // A longer path with higher names would not have been taken by RT-32 either.
  expect(because(['S-M 10', 'M-D 20', 'S-N 10', 'N-D 20', 'S-B 10', 'B-Z 10', 'Z-D 10'])).toEqual([
    'RT-32 path: S > M > D and S > N > D both cost 30 over 2 hops; before D the name M is lower than N',
  ]);
});

test('AS-02: of redundant links the cheapest counts, links of several sites included', () => {
  const redundant = [
    { name: 'Slow', sites: ['S', 'A'], cost: 40 },
    { name: 'Fast', sites: ['S', 'A'], cost: 10 },
    { name: 'Backbone', sites: ['S', 'A', 'X'], cost: 20 },
    { name: 'Last', sites: ['A', 'D'], cost: 5 },
    { name: 'Spare', sites: ['D', 'A'], cost: 6 },
  ];
  expect(because(redundant)).toEqual([
    'RT-30 path: S > A > D costs 10 + 5 = 15; the next best path, S > X > A > D, 45',
    'AS-02 path: of redundant links the cheapest: Fast at 10 counts between S and A, not Backbone at 20, Slow at 40; Last at 5 counts between A and D, not Spare at 6',
  ]);
});

test('AS-02: equal links and those between other sites decide nothing', () => {
  const links = [
    { name: 'One', sites: ['S', 'D'], cost: 10 },
    { name: 'Two', sites: ['S', 'D'], cost: 10 },
    { name: 'Elsewhere', sites: ['S', 'A'], cost: 40 },
    { name: 'Farther', sites: ['D', 'B'], cost: 40 },
  ];
  expect(because(links)).toEqual(['(RT-30 path: S > D costs 10; there is no other path)']);
});

test('AS-03: an Exchange cost that changes the path decides, and says what the path would be', () => {
  const dear = { name: 'AD', sites: ['A', 'D'], cost: 5, exchangeCost: 100 };
  const cheap = { name: 'SB', sites: ['S', 'B'], cost: 50, exchangeCost: 3 };
  expect(because(['S-A 5', dear, cheap, 'B-D 20'])).toEqual([
    'RT-30 path: S > B > D costs 3 + 20 = 23; the next best path, S > A > D, 105',
    'AS-03 path: the Exchange costs count: SB 3 instead of 50, AD 100 instead of 5; else it would be S > A > D',
  ]);
});

test('AS-03: an Exchange cost that makes or breaks a tie decides', () => {
  // By the costs of Active Directory S > A > D would cost 25, and S > D 21.
  const equal = { name: 'AD', sites: ['A', 'D'], cost: 15, exchangeCost: 10 };
  expect(because(['S-A 10', equal, 'S-B 10', 'B-D 10'])).toEqual([
    'RT-32 path: S > A > D and S > B > D both cost 20 over 2 hops; before D the name A is lower than B',
    'AS-03 path: the Exchange costs count: AD 10 instead of 15; else it would be S > B > D',
  ]);
  const longer = { name: 'SD', sites: ['S', 'D'], cost: 21, exchangeCost: 20 };
  expect(because(['S-A 10', 'A-D 10', longer])).toEqual([
    'RT-31 path: S > D and S > A > D both cost 20; the first has 1 hop, the second 2',
    'AS-03 path: the Exchange costs count: SD 20 instead of 21; else it would be S > A > D',
  ]);
});

test('AS-03: an Exchange cost on the path that changes nothing is considered; one elsewhere is not', () => {
  const used = { name: 'SD', sites: ['S', 'D'], cost: 20, exchangeCost: 10 };
  expect(because([used])).toEqual([
    '(RT-30 path: S > D costs 10; there is no other path)',
    '(AS-03 path: the Exchange costs count: SD 10 instead of 20; the path would be the same)',
  ]);
  const elsewhere = { name: 'SA', sites: ['S', 'A'], cost: 20, exchangeCost: 10 };
  expect(because(['S-D 10', elsewhere])).toEqual(['(RT-30 path: S > D costs 10; there is no other path)']);
  const without = { name: 'SD', sites: ['S', 'D'], cost: 10, exchangeCost: 10 };
  expect(because([without, elsewhere])).toHaveLength(1);
});

test('RT-30: inside a site there is no path to explain', () => {
  const topology = topologyOf({ links: ['S-D 10', 'S-A 1'], servers: ['S1@S'] });
  const view = { topology, paths: new SitePaths(topology), groups: buildDeliveryGroups(topology) };
  const list = new OutcomeList(topology);
  const site = findByName(topology.sites, 'S');
  explainPath(list, view, site, site);
  expect(list.outcomes).toEqual([]);
});

describe('in random organizations', () => {
  /** All ways between two sites that visit none twice, at the cost of the cheapest links. */
  function everyWay({ siteLinks }: Topology, source: number, target: number): SitePath[] {
    const found: SitePath[] = [];
    const walk = (sites: readonly number[], cost: number) => {
      const at = sites.at(-1)!;
      if (at === target) {
        found.push({ sites, cost, hops: sites.length - 1 });
        return;
      }
      const steps = new Map<number, number>();
      for (const link of siteLinks) {
        if (!link.sites.includes(at)) continue;
        for (const next of link.sites) steps.set(next, Math.min(link.cost, steps.get(next) ?? link.cost));
      }
      for (const [next, step] of steps) if (!sites.includes(next)) walk([...sites, next], cost + step);
    };
    walk([source], 0);
    return found;
  }

  const byNames = (a: SitePath, b: SitePath) => {
    const [back, otherBack] = [a.sites.toReversed(), b.sites.toReversed()];
    const place = back.findIndex((site, at) => site !== otherBack[at]);
    return place === -1 ? 0 : back[place]! - otherBack[place]!;
  };

  test('RT-30 to RT-32: each has decided exactly where the path would be another without it', () => {
    const seen = new Set<string>();
    const dice = new Dice('explanations', 'paths');
    for (let number = 0; number < shareOf(40); number++) {
      const pairs = [
        'A-B',
        'A-C',
        'A-D',
        'A-E',
        'A-F',
        'B-C',
        'B-D',
        'B-E',
        'B-F',
        'C-D',
        'C-E',
        'D-F',
        'E-F',
      ];
      const joined = ['A-B', 'B-C', 'C-D', 'D-E', 'E-F', ...dice.some(pairs, 1, 7), 'B-D-F'];
      const topology = topologyOf({ links: joined.map((link) => `${link} ${dice.pick([10, 10, 20, 30])}`) });
      const view = { topology, paths: new SitePaths(topology), groups: buildDeliveryGroups(topology) };
      for (const { index: source } of topology.sites) {
        for (const { index: target } of topology.sites) {
          if (source === target) continue;
          const list = new OutcomeList(topology);
          explainPath(list, view, source, target);
          const decided = decidingRules(list.outcomes).filter((rule) => rule.startsWith('RT-'));

          const ways = everyWay(topology, source, target);
          const by = (...orders: readonly ((a: SitePath, b: SitePath) => number)[]) =>
            ways.toSorted((a, b) => orders.reduce((order, next) => order || next(a, b), 0));
          const cost = (a: SitePath, b: SitePath) => a.cost - b.cost;
          const hops = (a: SitePath, b: SitePath) => a.hops - b.hops;
          const [best, second] = by(cost, hops, byNames);
          const isTie = second !== undefined && second.cost === best!.cost;
          const expected = [
            ...(second !== undefined && (!isTie || by(hops, byNames)[0] !== best) ? ['RT-30'] : []),
            ...(isTie && (second.hops > best!.hops || by(cost, byNames)[0] !== best) ? ['RT-31'] : []),
            ...(isTie && second.hops === best!.hops ? ['RT-32'] : []),
          ];
          expect(decided).toEqual(expected);
          seen.add(expected.join());
        }
      }
    }
    // All but RT-31 and RT-32 together, which takes three ways of one cost.
    if (isWhole) expect(seen.size).toBeGreaterThanOrEqual(6);
  });
});
