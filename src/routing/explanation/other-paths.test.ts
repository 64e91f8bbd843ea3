import { expect, test } from 'vitest';
import { topologyOf } from '../../../tests/conformance/organization-builder.js';
import { Dice } from '../../../tests/oracle/dice.js';
import { isWhole, shareOf } from '../../../tests/random-share.js';
import type { SiteLink, Topology } from '../../topology/index.js';
import { comparePaths, SitePaths } from '../least-cost-path.js';
import type { SitePath } from '../next-hop.js';
import { OtherPaths } from './other-paths.js';

/** The same answers as plainly as they can be put: each question asked of an organization without some links. */
class PlainOtherPaths {
  readonly #topology: Topology;
  readonly #paths: SitePaths;

  constructor(topology: Topology) {
    this.#topology = topology;
    this.#paths = new SitePaths(topology);
  }

  nextBest(source: number, target: number): SitePath | undefined {
    const { sites } = this.#paths.path(source, target);
    return sites
      .slice(1)
      .map((site, place) => new SitePaths(this.#withoutStep(sites[place]!, site)).path(source, target))
      .filter(({ hops }) => hops >= 0)
      .sort(comparePaths)[0];
  }

  shortest(source: number, target: number): SitePath {
    const siteLinks = this.#topology.siteLinks.map((link) => ({ ...link, cost: 1 }));
    const { sites, hops } = new SitePaths({ ...this.#topology, siteLinks }).path(source, target);
    const costs = sites.slice(1).map((site, place) => this.#stepCost(sites[place]!, site));
    return { sites, cost: costs.reduce((sum, cost) => sum + cost), hops };
  }

  lowest(source: number, target: number): SitePath {
    const sites = [target];
    for (let site = target; site !== source; site = sites[0]!) {
      const cost = this.#paths.cost(source, site);
      const before = this.#topology.sites.find(
        ({ index }) => this.#paths.cost(source, index) + this.#stepCost(index, site) === cost,
      )!;
      sites.unshift(before.index);
    }
    return { sites, cost: this.#paths.cost(source, target), hops: sites.length - 1 };
  }

  /** The same links, but none that joins two sites directly. What a link of more sites joins besides stays joined. */
  #withoutStep(a: number, b: number): Topology {
    const left = this.#topology.siteLinks.flatMap((link) =>
      joins(link, a, b)
        ? [a, b].map((end) => ({ ...link, sites: link.sites.filter((site) => site !== end) }))
        : [link],
    );
    return { ...this.#topology, siteLinks: left.map((link, index) => ({ ...link, index })) };
  }

  /** Infinity where no link joins the sites. */
  #stepCost(a: number, b: number): number {
    return Math.min(...this.#topology.siteLinks.filter((link) => joins(link, a, b)).map(({ cost }) => cost));
  }
}

function joins({ sites }: SiteLink, a: number, b: number): boolean {
  return sites.includes(a) && sites.includes(b);
}

/** Sites in no order of their names, links of two and more of them, redundant ones, sites apart, few costs. */
function drawTopology(dice: Dice): Topology {
  const names = dice.shuffle([...'ABCDEFGHIJKLMN'].slice(0, dice.between(2, 14)));
  const costs = dice.pick([[10], [10, 20], [5, 10, 15, 20], [1, 2, 3, 4, 5, 6, 7, 99_999]]);
  const largest = dice.pick([2, 2, 3, 5, 14]);
  const density = dice.pick([1, 1, 2, 3]);
  const links = Array.from({ length: Math.ceil(names.length * density) }, (_, number) => ({
    name: `L${dice.below(1_000)}-${number}`,
    sites: dice.some(names, 2, dice.chance(0.7) ? 2 : largest),
    cost: dice.pick(costs),
  }));
  return topologyOf({ sites: names, links });
}

test('RT-30 to RT-32: the next best path, the shortest, and that of the lowest names are what plain searches find', () => {
  const dice = new Dice('explanations', 'other paths');
  const seen = { none: 0, dearer: 0, tied: 0, longer: 0, apart: 0 };
  for (let number = 0; number < shareOf(80); number++) {
    const topology = drawTopology(dice);
    const paths = new SitePaths(topology);
    const others = new OtherPaths(topology, paths);
    const plain = new PlainOtherPaths(topology);
    for (const { index: source } of topology.sites) {
      for (const { index: target } of topology.sites) {
        if (source === target) continue;
        if (!paths.reaches(source, target)) {
          seen.apart++;
          continue;
        }
        const { next, tied } = others.of(source, target);
        expect(next).toEqual(plain.nextBest(source, target));
        if (next === undefined) {
          expect(tied).toBeUndefined();
          seen.none++;
        } else if (next.cost > paths.cost(source, target)) {
          expect(tied).toBeUndefined();
          seen.dearer++;
        } else {
          const expected = {
            shortest: plain.shortest(source, target),
            lowest: plain.lowest(source, target),
          };
          expect(tied).toEqual(expected);
          seen.tied++;
          if (expected.lowest.hops > paths.hops(source, target)) seen.longer++;
        }
      }
    }
  }
  // Each kind was there often enough to count.
  if (isWhole) expect(Object.values(seen).every((count) => count > 20)).toBe(true);
}, 60_000);

test('RT-30: the next best path may turn back behind the step that it lacks', () => {
  // U is reached by way of V, but without S > V the way to V is by U.
  const topology = topologyOf({ links: ['S-V 1', 'V-T 1', 'V-U 1', 'S-U 100'] });
  const name = ({ sites }: SitePath) => sites.map((site) => topology.sites[site]!.name).join('');
  const index = (site: string) => topology.sites.findIndex((each) => each.name === site);
  const { next } = new OtherPaths(topology, new SitePaths(topology)).of(index('S'), index('T'));
  expect([name(next!), next!.cost, next!.hops]).toEqual(['SUVT', 102, 3]);
});

test('what has been found is kept, and forgotten when there is too much of it', () => {
  const topology = topologyOf({ links: ['A-B 1', 'B-C 1', 'A-C 1'] });
  const others = new OtherPaths(topology, new SitePaths(topology), 2);
  const first = others.of(0, 1);
  others.of(0, 2);
  expect(others.of(0, 1)).toBe(first);
  others.of(1, 2);
  const again = others.of(0, 1);
  expect(again).not.toBe(first);
  expect(again).toEqual(first);
});
