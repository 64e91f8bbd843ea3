import type { SiteLink, Topology } from '../../topology/index.js';
import type { NextHop } from '../next-hop.js';
import type { DiffSide } from './diff-side.js';
import type { Translation } from './matching.js';
import type { ReasonList } from './reason-list.js';

/** Why another path, or the same at another cost: what speaks against the old one now (RT-30 to RT-32, AS-03). */
export class PathReasons {
  readonly #before: DiffSide;
  readonly #after: DiffSide;
  readonly #stepsBefore: Steps;
  readonly #stepsAfter: Steps;
  readonly #translation: Translation;

  constructor(before: DiffSide, after: DiffSide, translation: Translation) {
    this.#before = before;
    this.#after = after;
    this.#stepsBefore = new Steps(before.topology);
    this.#stepsAfter = new Steps(after.topology);
    this.#translation = translation;
  }

  /** For next hops whose paths lead to the same site, by other sites or at another cost. */
  explain(list: ReasonList, { path: old }: NextHop, { path }: NextHop): void {
    const [way, oldWay] = [writtenWay(this.#after, path.sites), writtenWay(this.#before, old.sites)];
    const sites = old.sites.map((site) => this.#translation.sites[site]!);
    const steps = this.#stepsAfter;
    const broken = sites.findIndex(
      (site, place) => place > 0 && steps.cheapest(sites[place - 1]!, site) === undefined,
    );
    if (broken !== -1) {
      const names = namesOf(this.#before, old.sites.slice(broken - 1, broken + 1)).join(' and ');
      list.add('RT-30', 'path', `no link joins ${names} any more; ${way} costs ${path.cost}`);
      return;
    }
    const cost = steps.costOf(sites);
    if (this.#translation.areSameSites(old.sites, path.sites)) {
      list.add('RT-30', 'path', `the links of ${way} cost ${path.cost} instead of ${old.cost}`);
    } else if (cost !== path.cost) {
      list.add('RT-30', 'path', `${way} costs ${path.cost}, ${oldWay} ${cost}`);
    } else if (sites.length !== path.sites.length) {
      const hops = `${path.hops} against ${sites.length - 1}`;
      list.add('RT-31', 'path', `${way} and ${oldWay} both cost ${cost}; the first has fewer hops, ${hops}`);
    } else {
      const place = path.sites.findLastIndex((site, at) => site !== sites[at]);
      const [lower, higher, end] = namesOf(this.#after, [
        path.sites[place]!,
        sites[place]!,
        path.sites[place + 1]!,
      ]);
      const names = `before ${end} the name ${lower} is lower than ${higher}`;
      list.add('RT-32', 'path', `${way} and ${oldWay} both cost ${cost} over ${path.hops} hops; ${names}`);
    }
    for (const each of [sites, path.sites]) this.#explainExchangeCosts(list, each);
  }

  /** AS-03: where only the Exchange cost is another. */
  #explainExchangeCosts(list: ReasonList, sites: readonly number[]): void {
    const back = this.#translation.sites;
    for (const [place, to] of sites.slice(1).entries()) {
      const from = sites[place]!;
      const now = this.#stepsAfter.cheapest(from, to)!;
      const then = this.#stepsBefore.cheapest(back.indexOf(from), back.indexOf(to));
      if (then === undefined || now.cost === then.cost) continue;
      if (now.activeDirectoryCost !== then.activeDirectoryCost) continue;
      const names = namesOf(this.#after, [from, to]).join(' and ');
      list.add(
        'AS-03',
        'path',
        `the Exchange cost between ${names} makes it ${now.cost} instead of ${then.cost}`,
      );
    }
  }
}

/** The links between neighbouring sites of one organization. */
class Steps {
  readonly #links: readonly SiteLink[];
  readonly #ofSite: readonly number[][];

  constructor({ sites, siteLinks }: Topology) {
    this.#links = siteLinks;
    this.#ofSite = sites.map(() => []);
    for (const { index, sites: joined } of siteLinks) {
      for (const site of joined) this.#ofSite[site]!.push(index);
    }
  }

  /** AS-02: of redundant links the cheapest counts. */
  cheapest(from: number, to: number): SiteLink | undefined {
    let best: SiteLink | undefined;
    for (const index of this.#ofSite[from] ?? []) {
      const link = this.#links[index]!;
      if (link.sites.includes(to) && (best === undefined || link.cost < best.cost)) best = link;
    }
    return best;
  }

  /** Of a way all of whose steps there are. */
  costOf(sites: readonly number[]): number {
    let cost = 0;
    for (let place = 1; place < sites.length; place++) {
      cost += this.cheapest(sites[place - 1]!, sites[place]!)!.cost;
    }
    return cost;
  }
}

function namesOf({ topology }: DiffSide, sites: readonly number[]): readonly string[] {
  return sites.map((site) => topology.sites[site]!.name);
}

function writtenWay(side: DiffSide, sites: readonly number[]): string {
  return namesOf(side, sites).join(' > ');
}
