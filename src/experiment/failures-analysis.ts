import type { RoutingTables } from '../routing/index.js';
import type { Topology } from '../topology/index.js';
import { Aftermath } from './failures-aftermath.js';
import type { FailureAnswer, FailureFinding, FailureOptions } from './failures-answer.js';
import { type Component, componentsOf, pairedFailures, singleFailures } from './failures-components.js';
import { NetworkCache } from './failures-network.js';
import { byHarm, compareShares, type Ranked } from './failures-ranking.js';
import { FailureReasons } from './failures-reasons.js';
import { FailureRecord } from './failures-record.js';
import { fates, type UsualTiers, Walk } from './failures-walk.js';
import { WalkFacts } from './failures-walk-facts.js';
import { sourcesOf, type Ways, waysOf } from './failures-ways.js';

/** The sources that reach a destination when nothing has failed. */
interface Reached {
  readonly list: readonly number[];
  /** By server; 1: it is one of them. */
  readonly has: Uint8Array;
}

/** How mail gets to the destinations of some ways when nothing has failed. */
interface Usual {
  readonly tiers: UsualTiers;
  /** By the site of the server that has a database mounted; -1 for other ways. */
  readonly reached: ReadonlyMap<number, Reached>;
  readonly parts: readonly Part[];
}

/** Databases of some ways that a failure means the same for; of other ways all there is. */
interface Part {
  /** Tells apart the parts of some ways, whatever has failed. */
  readonly key: number;
  readonly holder: number;
  readonly hasMoved: boolean;
  readonly reached: Reached;
  readonly databases: number[];
}

/** What becomes of mail for a part. */
interface Tally {
  readonly walk: Walk;
  /** The failure that the figures are of. */
  readonly aftermath: Aftermath;
  /** Still up. */
  readonly sources: number;
  readonly stuck: readonly number[];
  readonly detours: number;
}

/** A failure that others are looked at from: its tallies by ways and part, as far as they were walked for it. */
interface Base {
  readonly aftermath: Aftermath;
  readonly tallies: readonly Map<number, Tally>[];
  readonly harm: number;
}

/** A part that mail does not get to from everywhere. */
interface LostPart {
  readonly ways: Ways;
  readonly part: Part;
  /** Null: it is dismounted. */
  readonly tally: Tally | null;
}

interface Examined extends Ranked {
  readonly finish: () => FailureFinding;
}

const progressEvery = 50;

/** Looks at failures, one after another. */
export class FailureAnalysis {
  readonly #tables: RoutingTables;
  readonly #topology: Topology;
  readonly #sources: readonly number[];
  readonly #ways: readonly Ways[];
  /** By database: the place of its ways. */
  readonly #waysOf: Int32Array;
  readonly #networks: NetworkCache;
  readonly #usual: readonly Usual[];
  readonly #intact: Base;
  /** By database; 1 each where the organization has no mailboxes. */
  readonly #mailboxes: Float64Array;
  readonly #hasMailboxes: boolean;
  readonly #allMailboxes: number;
  /** Address spaces besides `*`, 1 at least: that stands for as much as all the others together. */
  readonly #otherSpaces: number;
  readonly #remembers: boolean;
  readonly #hasPairs: boolean;
  #routes = 0;
  #lostBefore = 0;

  /**
   * @param options.pairs - pairs of failures will be looked at, too
   * @param options.remembers - walks are used again where all that they have asked has the same answers; without it,
   * every failure is looked at from the beginning: the same findings, for tests
   */
  constructor(
    tables: RoutingTables,
    { pairs = false, remembers = true }: { readonly pairs?: boolean; readonly remembers?: boolean } = {},
  ) {
    this.#tables = tables;
    this.#topology = tables.topology;
    this.#remembers = remembers;
    this.#hasPairs = pairs;
    this.#sources = sourcesOf(this.#topology);
    this.#ways = waysOf(tables);
    this.#networks = new NetworkCache(tables);
    const { databases, recipients } = this.#topology;
    this.#waysOf = new Int32Array(databases.length);
    for (const [place, { destinations, kind }] of this.#ways.entries()) {
      if (kind === 'databases') for (const database of destinations) this.#waysOf[database] = place;
    }
    this.#mailboxes = new Float64Array(databases.length);
    for (const database of recipients.mailboxDatabase) this.#mailboxes[database]! += 1;
    this.#hasMailboxes = recipients.mailboxCount > 0;
    if (!this.#hasMailboxes) this.#mailboxes.fill(1);
    this.#allMailboxes = this.#mailboxes.reduce((sum, each) => sum + each, 0);
    const spaces = this.#ways.filter(({ kind, name }) => kind === 'address-space' && name !== '*');
    this.#otherSpaces = Math.max(1, spaces.length);
    const aftermath = new Aftermath(tables, [], this.#networks);
    this.#intact = { aftermath, tallies: this.#ways.map(() => new Map()), harm: 0 };
    this.#usual = this.#ways.map((ways, place) => this.#usually(ways, place));
  }

  run({ most, onProgress }: Omit<FailureOptions, 'pairs'>): FailureAnswer {
    const steps = this.steps({ most });
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done === true) return step.value;
      onProgress?.(step.value);
    }
  }

  /** Looks at the failures; yields now and then how many it has looked at. */
  *steps({
    most = Number.POSITIVE_INFINITY,
  }: Pick<FailureOptions, 'most'>): Generator<number, FailureAnswer> {
    const pairs = this.#hasPairs;
    const components = componentsOf(this.#topology);
    const alone = new Map<Component, Base>();
    for (const component of pairs ? components : []) {
      alone.set(component, this.#baseOf(component));
      if (alone.size % progressEvery === 0) yield 0;
    }
    const found: Examined[] = [];
    let [looked, harmful] = [0, 0];
    for (const failed of pairs ? pairedFailures(components, this.#topology) : singleFailures(components)) {
      const examined = this.#examine(failed, pairs ? failed.map((each) => alone.get(each)!) : null, null);
      if (examined.unreachable > 0) harmful++;
      // Of many pairs no more is kept, and put into words, than will be listed.
      if (most === Number.POSITIVE_INFINITY) {
        const { harm, mailboxesCutOff, unreachable, detours } = examined;
        const finding = examined.finish();
        found.push({ harm, mailboxesCutOff, unreachable, detours, failed, finish: () => finding });
      } else found.push(examined);
      if (found.length > 2 * most + 1_000) found.sort(byHarm).length = most;
      if (++looked % progressEvery === 0) yield looked;
    }
    return {
      mailflow: 'failures/1',
      thresholdsBefore: null,
      failures: found
        .sort(byHarm)
        .slice(0, most)
        .map(({ finish }) => finish()),
      summary: {
        failures: looked,
        harmful,
        sources: this.#sources.length,
        routes: this.#routes,
        lostBefore: this.#lostBefore,
      },
    };
  }

  #usually(ways: Ways, place: number): Usual {
    const { aftermath, tallies } = this.#intact;
    const { servers } = this.#topology;
    const reached = new Map<number, Reached>();
    let tiers: UsualTiers | undefined;
    const look = (holder: number, count: number): void => {
      const site = holder === -1 ? -1 : servers[holder]!.site;
      let found = reached.get(site);
      if (found === undefined) {
        const walk = new Walk(this.#tables, ways, aftermath, {
          holder,
          hasMoved: false,
          usual: null,
          facts: this.#remembers ? new WalkFacts(this.#tables, this.#hasPairs) : null,
          since: null,
        });
        const list = this.#sources.filter((source) => walk.from(source) !== fates.stuck);
        const has = new Uint8Array(servers.length);
        for (const source of list) has[source] = 1;
        found = { list, has };
        reached.set(site, found);
        const key = this.#keyOf(site, false, site);
        tallies[place]!.set(key, { walk, aftermath, sources: list.length, stuck: [], detours: 0 });
        // The tiers do not depend on who has the database.
        tiers ??= walk.tiers;
      }
      this.#routes += count * this.#sources.length;
      this.#lostBefore += count * (this.#sources.length - found.list.length);
    };
    if (ways.kind === 'databases') {
      for (const database of ways.destinations) {
        const holder = aftermath.holders[database]!;
        if (holder !== -1) look(holder, 1);
      }
    } else look(-1, 1);
    return {
      tiers: tiers ?? new Int16Array(servers.length).fill(-1),
      reached,
      parts: this.#partsOf(ways, reached, aftermath),
    };
  }

  /** A single failure as pairs are looked at from it. */
  #baseOf(component: Component): Base {
    const tallies = this.#ways.map(() => new Map<number, Tally>());
    const { harm, aftermath } = this.#examine([component], null, tallies);
    return { aftermath, tallies, harm };
  }

  /**
   * @param alone - of a pair: its two failures; null for a single one
   * @param remembered - where new tallies go; null: nowhere
   */
  #examine(
    failed: readonly Component[],
    alone: readonly Base[] | null,
    remembered: readonly Map<number, Tally>[] | null,
  ): Examined & { readonly aftermath: Aftermath } {
    const bases = this.#remembers ? [this.#intact, ...(alone ?? [])] : [];
    const aftermath = new Aftermath(
      this.#tables,
      failed,
      this.#networks,
      this.#remembers ? this.#intact.aftermath : null,
      bases.map((base) => base.aftermath),
    );
    const moved = new Set(aftermath.moved.map((database) => this.#waysOf[database]!));
    const lostParts: LostPart[] = [];
    let [cutOff, outward, lost, detours, unreachable] = [0, 0, 0, 0, 0];
    const connectors = new Set<number>();
    for (const [place, ways] of this.#ways.entries()) {
      const usual = this.#usual[place]!;
      const isAsUsual = this.#remembers && !moved.has(place);
      const parts = isAsUsual ? usual.parts : this.#partsOf(ways, usual.reached, aftermath);
      const { kind } = ways;
      for (const part of parts) {
        const isMounted = kind !== 'databases' || part.holder !== -1;
        const tally = isMounted ? this.#tallyOf(place, part, aftermath, bases, remembered) : null;
        const sources = tally?.sources ?? upAmong(part.reached, aftermath);
        const stuck = tally?.stuck.length ?? sources;
        detours += (tally?.detours ?? 0) * (kind === 'databases' ? part.databases.length : 1);
        const isNobodyLeft = sources === 0 && part.reached.list.length > 0;
        if (kind === 'databases') {
          const share = isMounted && !isNobodyLeft ? stuck / Math.max(1, sources) : 1;
          if (share > 0) for (const database of part.databases) cutOff += share * this.#mailboxes[database]!;
        } else if (kind === 'address-space') {
          outward += this.#weightOf(ways) * sources;
          lost += this.#weightOf(ways) * stuck;
        }
        if (stuck === 0 && isMounted) continue;
        lostParts.push({ ways, part, tally });
        if (kind === 'databases') unreachable += part.databases.length;
        else if (kind === 'expansion-server') unreachable++;
        else for (const source of tally!.stuck) connectors.add(ways.hops[source]!.destination.index);
      }
    }
    const mailboxesCutOff = this.#allMailboxes === 0 ? 0 : cutOff / this.#allMailboxes;
    const outsideCutOff = outward === 0 ? 0 : lost / outward;
    const harm = mailboxesCutOff + outsideCutOff;
    return {
      failed,
      harm,
      mailboxesCutOff,
      unreachable: unreachable + connectors.size,
      detours,
      aftermath,
      finish: () => {
        const names = this.#nameLost(lostParts, aftermath).unreachable();
        return {
          failed: failed.map(({ kind, name }) => ({ kind, name })),
          unreachable: names,
          detours,
          mailboxesCutOff,
          outsideCutOff,
          worseTogether: alone === null ? null : alone.every((base) => compareShares(harm, base.harm) > 0),
          why: mostFrequent(names.map(({ why }) => why)),
          thresholds: null,
        };
      },
    };
  }

  /** Of a part that is mounted; from what is remembered, as far as that holds. */
  #tallyOf(
    place: number,
    part: Part,
    aftermath: Aftermath,
    bases: readonly Base[],
    remembered: readonly Map<number, Tally>[] | null,
  ): Tally {
    for (const { tallies } of bases) {
      const known = tallies[place]!.get(part.key);
      if (known?.walk.holdsUnder(aftermath) === true) return without(known, part, aftermath);
    }
    const { holder, hasMoved, reached } = part;
    const { tiers: usual } = this.#usual[place]!;
    const facts = remembered === null ? null : new WalkFacts(this.#tables, false);
    const known = this.#remembers && facts === null ? this.#intact.tallies[place]!.get(part.key) : undefined;
    const open = known?.walk.openUnder(aftermath) ?? null;
    const since = known === undefined || open === null ? null : { walk: known.walk, open };
    const walk = new Walk(this.#tables, this.#ways[place]!, aftermath, {
      holder,
      hasMoved,
      usual,
      facts,
      since,
    });
    const stuck: number[] = [];
    let detours = 0;
    for (const source of reached.list) {
      // From the others it still arrives as usual.
      if (since !== null && since.open[source] === 0) continue;
      if (!aftermath.isUp(source)) continue;
      const fate = walk.from(source);
      if (fate === fates.stuck) stuck.push(source);
      else if (fate === fates.detours) detours++;
    }
    const sources = upAmong(reached, aftermath);
    const tally: Tally = { walk, aftermath, sources, stuck, detours };
    if (remembered !== null) remembered[place]!.set(part.key, tally);
    return tally;
  }

  /** Which destinations are lost, and why. */
  #nameLost(lostParts: readonly LostPart[], aftermath: Aftermath): FailureRecord {
    const record = new FailureRecord(this.#topology, aftermath);
    const reasons = new FailureReasons(this.#tables, aftermath);
    for (const { ways, part, tally } of lostParts) {
      const sources = part.reached.list.filter((source) => aftermath.isUp(source));
      if (tally === null) {
        for (const database of part.databases) {
          const why = reasons.dismounted(database);
          record.addDatabase(database, why, null, sources, this.#mailboxesOf(database));
        }
        continue;
      }
      const { walk, stuck } = tally;
      const why = reasons.stuck(walk.obstacleFrom(stuck[0]!));
      if (ways.kind === 'databases') {
        for (const database of part.databases) {
          record.addDatabase(database, why, stuck, sources, this.#mailboxesOf(database));
        }
      } else if (ways.kind === 'expansion-server') {
        record.addExpansionServer(ways.destinations[0]!, why, stuck, sources);
      } else {
        for (const source of stuck) {
          const connector = ways.hops[source]!.destination.index;
          record.addConnector(connector, source, () => reasons.stuck(walk.obstacleFrom(source)));
        }
      }
    }
    if (record.hasConnectors) this.#countUsers(record, aftermath);
    return record;
  }

  #mailboxesOf(database: number): number {
    return this.#hasMailboxes ? this.#mailboxes[database]! : 0;
  }

  #weightOf({ name }: Ways): number {
    return name === '*' ? this.#otherSpaces : 1;
  }

  /** Who has mail for the connectors that are not reached from everywhere. */
  #countUsers(record: FailureRecord, aftermath: Aftermath): void {
    for (const [place, { kind, hops }] of this.#ways.entries()) {
      if (kind !== 'address-space') continue;
      for (const source of this.#usual[place]!.reached.get(-1)!.list) {
        if (aftermath.isUp(source)) record.countUser(hops[source]!.destination.index, source);
      }
    }
  }

  /** The databases of some ways by what tells them apart: who has them mounted now, and where they were. */
  #partsOf(ways: Ways, reached: Usual['reached'], aftermath: Aftermath): readonly Part[] {
    if (ways.kind !== 'databases') {
      const key = this.#keyOf(-1, false, -1);
      return [{ key, holder: -1, hasMoved: false, reached: reached.get(-1)!, databases: [] }];
    }
    const { servers } = this.#topology;
    const parts = new Map<number, Part>();
    for (const database of ways.destinations) {
      const before = this.#intact.aftermath.holders[database]!;
      // Dismounted even while all is well.
      if (before === -1) continue;
      const holder = aftermath.holders[database]!;
      const hasMoved = holder !== -1 && holder !== before;
      const siteBefore = servers[before]!.site;
      const key = this.#keyOf(holder === -1 ? -1 : servers[holder]!.site, hasMoved, siteBefore);
      const found = parts.get(key);
      if (found === undefined) {
        parts.set(key, { key, holder, hasMoved, reached: reached.get(siteBefore)!, databases: [database] });
      } else found.databases.push(database);
    }
    return [...parts.values()];
  }

  #keyOf(site: number, hasMoved: boolean, siteBefore: number): number {
    const range = this.#topology.sites.length + 1;
    return ((site + 1) * 2 + (hasMoved ? 1 : 0)) * range + siteBefore + 1;
  }
}

/** A tally of a failure, after a further one that changes nothing but which servers have mail to send. */
function without(known: Tally, { reached }: Part, aftermath: Aftermath): Tally {
  const gone = aftermath.down.filter((server) => reached.has[server] === 1 && known.aftermath.isUp(server));
  if (gone.length === 0) return known;
  const { walk, stuck } = known;
  return {
    walk,
    aftermath,
    sources: known.sources - gone.length,
    stuck: stuck.length === 0 ? stuck : stuck.filter((source) => aftermath.isUp(source)),
    detours: known.detours - gone.filter((source) => walk.from(source) === fates.detours).length,
  };
}

function upAmong({ list, has }: Reached, { down }: Aftermath): number {
  return list.length - down.filter((server) => has[server] === 1).length;
}

function mostFrequent(texts: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).map(([text]) => text);
}
