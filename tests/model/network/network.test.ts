import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileRoutingTables } from '../../../src/routing/index.js';
import type { LinkSlowdown } from '../../../src/sim/model/link-conditions.js';
import { Network } from '../../../src/sim/model/network.js';
import { buildTopology, type Organization } from '../../../src/topology/index.js';
import { isWhole, shareOf } from '../../random-share.js';
import { organization } from '../small-organization.js';
import { type ClearConnection, ClearNetwork } from './clear-network.js';

const sites = ['A', 'B', 'C', 'D', 'E'];

const given = organization({
  sites,
  servers: Object.fromEntries(sites.map((site) => [`${site}1`, site])),
  databases: { DB: ['A1'] },
});

/** Few costs, so that paths tie; redundant links and links of three sites; some with a bandwidth of their own. */
const link = fc.record({
  sites: fc.oneof(
    { weight: 4, arbitrary: fc.subarray(sites, { minLength: 2, maxLength: 2 }) },
    { weight: 1, arbitrary: fc.subarray(sites, { minLength: 3, maxLength: 4 }) },
  ),
  cost: fc.integer({ min: 1, max: 3 }),
  latencyMs: fc.nat(9),
  bandwidthBitsPerSecond: fc.oneof(
    { weight: 5, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constant(1e6) },
  ),
});
const described = fc.record({
  links: fc.array(link, { minLength: 4, maxLength: 14 }),
  network: fc.constantFrom('any-path' as const, 'least-cost-path' as const),
});

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const slowdown = fc.record({
  latencyMs: maybe(fc.integer({ min: 0, max: 50 })),
  bandwidthBitsPerSecond: maybe(fc.constantFrom(1e5, 1e6, Number.POSITIVE_INFINITY)),
  loss: maybe(fc.constantFrom(0, 0.01)),
});
/** `which` chooses a link or a site, or, of what is to end, one that has begun. */
const deed = fc.record({
  which: fc.nat(1_000),
  /** Not each time: so that much may change before anybody asks. */
  asks: fc.constantFrom(true, true, false),
  does: fc.oneof(
    { weight: 4, arbitrary: fc.constant('cut' as const) },
    { weight: 4, arbitrary: fc.constant('mend' as const) },
    { weight: 2, arbitrary: fc.constant('site out' as const) },
    { weight: 2, arbitrary: fc.constant('site back' as const) },
    { weight: 2, arbitrary: slowdown },
    { weight: 2, arbitrary: fc.constant('as before' as const) },
  ),
});
type Deed = typeof deed extends fc.Arbitrary<infer T> ? T : never;

/** What the histories have met. */
const met = { parted: 0, around: 0, overlapping: 0, limited: 0, unlimited: 0, slowed: 0, again: 0 };

/** A network, tuned and clear, to which the same happens. */
class Both {
  readonly #clear: ClearNetwork;
  readonly #tuned: Network;
  readonly #linkNames: readonly string[];
  readonly #linksOut: number[] = [];
  readonly #sitesOut: number[] = [];
  readonly #slowdowns: { readonly link: number; readonly slowdown: LinkSlowdown }[] = [];
  /** How often each pair of sites has been parted, in the order of `#now`. */
  readonly #partings: number[];
  readonly #atFirst: readonly ClearConnection[];
  readonly #states = new Set<string>();
  #now: readonly ClearConnection[];
  #told = 0;
  #toBeTold = 0;

  constructor(given: Organization) {
    const topology = buildTopology(given);
    this.#clear = new ClearNetwork(given);
    this.#tuned = new Network(topology, compileRoutingTables(topology));
    this.#linkNames = topology.siteLinks.map(({ name }) => name);
    this.#now = this.#clear.between();
    this.#atFirst = this.#now;
    this.#partings = this.#now.map(() => 0);
    this.#tuned.onChange(() => {
      this.#told++;
      // Whoever is told asks at once.
      this.compare();
    });
  }

  do({ which, does, asks }: Deed): void {
    const clear = this.#clear;
    const tuned = this.#tuned;
    const any = (count: number) => which % count;
    if (does === 'cut') {
      const link = any(this.#linkNames.length);
      this.#begin(this.#linksOut, link, () => clear.beginLinkOutage(this.#linkNames[link]!));
      tuned.beginLinkOutage(link);
    } else if (does === 'site out') {
      const site = any(sites.length);
      this.#begin(this.#sitesOut, site, () => clear.beginSiteOutage(sites[site]!));
      tuned.beginSiteOutage(site);
    } else if (does === 'mend' && this.#linksOut.length > 0) {
      const link = this.#linksOut[any(this.#linksOut.length)]!;
      this.#end(this.#linksOut, link, () => clear.endLinkOutage(this.#linkNames[link]!));
      tuned.endLinkOutage(link);
    } else if (does === 'site back' && this.#sitesOut.length > 0) {
      const site = this.#sitesOut[any(this.#sitesOut.length)]!;
      this.#end(this.#sitesOut, site, () => clear.endSiteOutage(sites[site]!));
      tuned.endSiteOutage(site);
    } else if (does === 'as before' && this.#slowdowns.length > 0) {
      const [ended] = this.#slowdowns.splice(any(this.#slowdowns.length), 1);
      this.#change(() => clear.endSlowdown(ended!.slowdown));
      this.#toBeTold++;
      tuned.endSlowdown(ended!.link, ended!.slowdown);
    } else if (typeof does === 'object') {
      const link = any(this.#linkNames.length);
      this.#slowdowns.push({ link, slowdown: does });
      this.#change(() => clear.beginSlowdown(this.#linkNames[link]!, does));
      this.#toBeTold++;
      tuned.beginSlowdown(link, does);
      met.slowed++;
    }
    if (asks) this.compare();
    expect(this.#told).toBe(this.#toBeTold);
  }

  #begin(out: number[], which: number, inClear: () => void): void {
    if (out.includes(which)) met.overlapping++;
    else this.#toBeTold++;
    out.push(which);
    this.#change(inClear);
  }

  #end(out: number[], which: number, inClear: () => void): void {
    out.splice(out.indexOf(which), 1);
    if (!out.includes(which)) this.#toBeTold++;
    this.#change(inClear);
  }

  #change(inClear: () => void): void {
    const before = this.#now;
    inClear();
    this.#now = this.#clear.between();
    for (const [pair, { isConnected }] of this.#now.entries()) {
      if (before[pair]!.isConnected && !isConnected) this.#partings[pair]!++;
    }
    const state = [...new Set([...this.#linksOut.map(String), ...this.#sitesOut.map((site) => sites[site]!)])]
      .sort()
      .join();
    if (this.#states.has(state)) met.again++;
    this.#states.add(state);
  }

  compare(): void {
    const tuned = this.#tuned;
    const found = this.#now.map(({ from, to }): string => {
      const [a, b] = [sites.indexOf(from), sites.indexOf(to)];
      const links = tuned.linksBetween(a, b).map((link) => this.#linkNames[link]!);
      const isLimited = tuned.isLimited(a, b);
      const { latencyMs, isConnected } = {
        latencyMs: tuned.latencyMs(a, b),
        isConnected: tuned.connected(a, b),
      };
      return inWords({ from, to, isConnected, links, latencyMs, isLimited }, tuned.epoch(a, b));
    });
    expect(found).toEqual(this.#now.map((each, pair) => inWords(each, this.#partings[pair]!)));
    for (const [pair, { isConnected, links, isLimited }] of this.#now.entries()) {
      if (!isConnected) met.parted++;
      else if (links.join() !== this.#atFirst[pair]!.links.join()) met.around++;
      if (isLimited) met.limited++;
      else met.unlimited++;
    }
  }
}

function inWords({ from, to, isConnected, links, latencyMs, isLimited }: ClearConnection, partings: number) {
  const limits = isLimited ? 'limited' : 'unlimited';
  const state = isConnected ? 'connected' : 'parted';
  return `${from}-${to} ${state} over ${links.join()}, ${latencyMs} ms, ${limits}, ${partings} partings`;
}

it('AS-04, A-site-outage-links: links, latencies, limits and partings are what all chains of links say each time', () => {
  fc.assert(
    fc.property(
      described,
      fc.array(deed, { minLength: 30, maxLength: 70, size: 'max' }),
      ({ links, network }, deeds) => {
        const siteLinks = links.map((each, n) => ({
          ...{ name: `L${10 + n}`, maxMessageSizeBytes: Number.POSITIVE_INFINITY },
          ...each,
        }));
        const both = new Both({ ...given, network, siteLinks });
        both.compare();
        for (const each of deeds) both.do(each);
        both.compare();
      },
    ),
    { seed: 1, numRuns: shareOf(15) },
  );
});

it('of thirteen links any one and any two that are out are a state of their own', () => {
  const pairs = sites.flatMap((a, n) => sites.slice(n + 1).map((b) => [a, b]));
  const siteLinks = [...pairs, ...pairs.slice(0, 3)].map((joined, n) => ({
    ...{ name: `L${10 + n}`, sites: joined, cost: 1 + n, latencyMs: 2 ** n },
    maxMessageSizeBytes: Number.POSITIVE_INFINITY,
  }));
  const both = new Both({ ...given, network: 'any-path', siteLinks });
  const cut = (which: number) => both.do({ which, asks: true, does: 'cut' });
  const mend = (which: number) => both.do({ which, asks: false, does: 'mend' });
  for (const others of [4, siteLinks.length]) {
    for (const first of siteLinks.keys()) {
      cut(first);
      for (let second = first + 1; second < others; second++) {
        cut(second);
        mend(1);
      }
      mend(0);
    }
  }
});

it.runIf(isWhole)('the histories have met what the network keeps answers about', () => {
  for (const [what, times] of Object.entries(met)) expect(times, what).toBeGreaterThan(30);
});
