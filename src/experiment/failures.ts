import type { ThresholdResult } from '../measure/index.js';
import type { RoutingTables } from '../routing/index.js';
import { compareNames, type Topology } from '../topology/index.js';
import { Aftermath, ConnectionCache } from './failures-aftermath.js';
import {
  type Component,
  type ComponentKind,
  componentsOf,
  pairedFailures,
  singleFailures,
} from './failures-components.js';
import { FailureReasons } from './failures-reasons.js';
import { fates, type UsualTiers, Walk } from './failures-walk.js';
import { sourcesOf, type Ways, waysOf } from './failures-ways.js';

/** A destination that mail does not get to any more, from some servers or from all. */
export interface UnreachableDestination {
  readonly kind: 'mailbox-database' | 'connector' | 'expansion-server';
  readonly name: string;
  /** From no server that is still up and reached it before. */
  readonly everywhere: boolean;
  /** Sites whose servers, one at least, do not reach it; an Edge without a site has its own name. In name order. */
  readonly from: readonly string[];
  /** Of a database; else 0. */
  readonly mailboxes: number;
  readonly why: string;
}

/** What one failure, of one component or of two at once, means: an entry of `failures/1` (design section 3). */
export interface FailureFinding {
  readonly failed: readonly { readonly kind: ComponentKind; readonly name: string }[];
  /** Connectors first, then expansion servers and databases, each in name order. */
  readonly unreachable: readonly UnreachableDestination[];
  /**
   * Routes, each from a server to a database, an expansion server or an address space, that lead there another way than
   * usual: by another tier, over other links, or to another copy of the database.
   */
  readonly detours: number;
  /** Share of the mailboxes that mail from the servers still up does not get to. */
  readonly mailboxesCutOff: number;
  /**
   * Share of the routes outwards, each from a server still up to an address space, that lead nowhere; `*` counts as much
   * as all other address spaces together.
   */
  readonly outsideCutOff: number;
  /** Of a pair: whether it is worse than the worse of the two alone. */
  readonly worseTogether: boolean | null;
  /** The different reasons of `unreachable`, those that hold for most first. */
  readonly why: readonly string[];
  /** Null: it was not simulated. */
  readonly thresholds: readonly ThresholdResult[] | null;
}

/** What `failures` answers. */
export interface FailureAnswer {
  readonly mailflow: 'failures/1';
  /** Of the scenario as it is; null: nothing was simulated. */
  readonly thresholdsBefore: readonly ThresholdResult[] | null;
  /** Worst first. */
  readonly failures: readonly FailureFinding[];
  readonly summary: FailureSummary;
}

export interface FailureSummary {
  /** Failures looked at. */
  readonly failures: number;
  /** Those after which something is unreachable. */
  readonly harmful: number;
  /** Servers that mail was asked for from. */
  readonly sources: number;
  /** Routes asked about: each from one of them. */
  readonly routes: number;
  /** Routes that lead nowhere before anything has failed: they count nowhere else. */
  readonly lostBefore: number;
}

export interface FailureOptions {
  /** Every two components instead of every one. */
  readonly pairs?: boolean | undefined;
  /** So many of the worst are listed; default: all. */
  readonly most?: number | undefined;
  /** Told now and then how many failures have been looked at. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

/**
 * Looks at every single failure, or every pair, of servers, sites, site links, Edges and connectors: which destinations
 * mail from the servers still up does not get to any more, and how many routes lead another way. Static: routing knows no
 * outages (AS-09), databases have failed over as far as majority and `automaticFailover` allow, and nobody has changed the
 * configuration. Ranked by the share of mailboxes and the share of routes outwards that are cut off, added up; then by the
 * number of unreachable destinations and of detours, then by kind and name.
 */
export function findFailures(tables: RoutingTables, options: FailureOptions = {}): FailureAnswer {
  return new FailureAnalysis(tables).run(options);
}

/** Orders findings, the worse first. */
function byHarm(a: FailureFinding, b: FailureFinding): number {
  return (
    harmOf(b) - harmOf(a) ||
    b.unreachable.length - a.unreachable.length ||
    b.detours - a.detours ||
    compareFailed(a, b)
  );
}

function harmOf({ mailboxesCutOff, outsideCutOff }: FailureFinding): number {
  return mailboxesCutOff + outsideCutOff;
}

const kindOrder: readonly ComponentKind[] = ['site', 'server', 'edge-server', 'site-link', 'connector'];

function compareFailed({ failed: a }: FailureFinding, { failed: b }: FailureFinding): number {
  for (const [place, one] of a.entries()) {
    const other = b[place];
    if (other === undefined) return 1;
    const order =
      kindOrder.indexOf(one.kind) - kindOrder.indexOf(other.kind) || compareNames(one.name, other.name);
    if (order !== 0) return order;
  }
  return 0;
}

/** How mail gets to the destinations of some ways when nothing has failed. */
interface Usual {
  readonly tiers: UsualTiers;
  /** By the site of the server that has a database mounted (-1 for other ways): the sources that reach it. */
  readonly reached: ReadonlyMap<number, readonly number[]>;
  /** By server, 1: what becomes of mail depends on it; only these can fail and make a difference. */
  readonly consulted: Uint8Array;
}

/** Databases of some ways that a failure means the same for; of other ways all there is. */
interface Part {
  readonly holder: number;
  readonly hasMoved: boolean;
  /** The sources that reach it usually. */
  readonly reached: readonly number[];
  readonly databases: number[];
}

const progressEvery = 50;

class FailureAnalysis {
  readonly #tables: RoutingTables;
  readonly #topology: Topology;
  readonly #sources: readonly number[];
  readonly #ways: readonly Ways[];
  readonly #cache: ConnectionCache;
  readonly #usualHolders: Int32Array;
  readonly #usual: readonly Usual[];
  /** By database; 1 each where the organization has no mailboxes. */
  readonly #mailboxes: Float64Array;
  readonly #hasMailboxes: boolean;
  readonly #allMailboxes: number;
  /** Address spaces besides `*`, 1 at least: that stands for as much as all the others together. */
  readonly #otherSpaces: number;
  #routes = 0;
  #lostBefore = 0;

  constructor(tables: RoutingTables) {
    this.#tables = tables;
    this.#topology = tables.topology;
    this.#sources = sourcesOf(this.#topology);
    this.#ways = waysOf(tables);
    this.#cache = new ConnectionCache(tables);
    const { databases, recipients } = this.#topology;
    this.#mailboxes = new Float64Array(databases.length);
    for (const database of recipients.mailboxDatabase) this.#mailboxes[database]! += 1;
    this.#hasMailboxes = recipients.mailboxCount > 0;
    if (!this.#hasMailboxes) this.#mailboxes.fill(1);
    this.#allMailboxes = this.#mailboxes.reduce((sum, each) => sum + each, 0);
    const spaces = this.#ways.filter(({ kind, name }) => kind === 'address-space' && name !== '*');
    this.#otherSpaces = Math.max(1, spaces.length);
    const intact = new Aftermath(tables, [], this.#cache);
    this.#usualHolders = intact.holders;
    this.#usual = this.#ways.map((ways) => this.#usually(ways, intact));
  }

  run({ pairs = false, most = Number.POSITIVE_INFINITY, onProgress }: FailureOptions): FailureAnswer {
    const components = componentsOf(this.#topology);
    const alone = new Map<Component, number>();
    if (pairs) {
      for (const component of components) alone.set(component, harmOf(this.#examine([component], null)));
    }
    const findings: FailureFinding[] = [];
    let [looked, harmful] = [0, 0];
    for (const failed of pairs ? pairedFailures(components, this.#topology) : singleFailures(components)) {
      const worse = pairs ? Math.max(...failed.map((each) => alone.get(each)!)) : null;
      const finding = this.#examine(failed, worse);
      if (finding.unreachable.length > 0) harmful++;
      findings.push(finding);
      // Of many pairs no more is kept than will be listed.
      if (findings.length > 2 * most + 1_000) findings.sort(byHarm).length = most;
      if (++looked % progressEvery === 0) onProgress?.(looked);
    }
    findings.sort(byHarm);
    return {
      mailflow: 'failures/1',
      thresholdsBefore: null,
      failures: findings.slice(0, most),
      summary: {
        failures: looked,
        harmful,
        sources: this.#sources.length,
        routes: this.#routes,
        lostBefore: this.#lostBefore,
      },
    };
  }

  #usually(ways: Ways, intact: Aftermath): Usual {
    const reached = new Map<number, readonly number[]>();
    let tiers: UsualTiers | undefined;
    const consulted = new Uint8Array(this.#topology.servers.length);
    const look = (holder: number, count: number): void => {
      const walk = new Walk(this.#tables, ways, intact, { holder, hasMoved: false, usual: null });
      const site = holder === -1 ? -1 : this.#topology.servers[holder]!.site;
      let found = reached.get(site);
      if (found === undefined) {
        found = this.#sources.filter((source) => walk.from(source) !== fates.stuck);
        for (const [server, asked] of walk.consulted.entries()) if (asked === 1) consulted[server] = 1;
        reached.set(site, found);
        // The tiers do not depend on who has the database.
        tiers ??= walk.tiers;
      }
      this.#routes += count * this.#sources.length;
      this.#lostBefore += count * (this.#sources.length - found.length);
    };
    if (ways.kind === 'databases') {
      for (const database of ways.destinations) {
        const holder = this.#usualHolders[database]!;
        if (holder !== -1) look(holder, 1);
      }
    } else look(-1, 1);
    return { tiers: tiers ?? new Int16Array(this.#topology.servers.length).fill(-1), reached, consulted };
  }

  /** @param harmAlone - the harm of the worse of a pair; null for a single failure */
  #examine(failed: readonly Component[], harmAlone: number | null): FailureFinding {
    const aftermath = new Aftermath(this.#tables, failed, this.#cache);
    const record = new FailureRecord(this.#topology, aftermath);
    const reasons = new FailureReasons(this.#tables, aftermath);
    const { servers, sites, links } = aftermath.outages;
    const down = [...servers];
    const isNetworkChanged = sites.size + links.size + aftermath.connectors.size > 0;
    let cutOff = 0;
    let [outward, lost] = [0, 0];
    for (const [place, ways] of this.#ways.entries()) {
      const usual = this.#usual[place]!;
      const isAsEver = !isNetworkChanged && !down.some((server) => usual.consulted[server] === 1);
      for (const part of this.#partsOf(ways, usual, aftermath)) {
        const { holder, hasMoved, databases } = part;
        const sources = part.reached.filter((source) => aftermath.isUp(source));
        if (ways.kind === 'address-space') outward += this.#weightOf(ways) * sources.length;
        if (isAsEver && !hasMoved && (ways.kind !== 'databases' || holder !== -1) && sources.length > 0)
          continue;
        const isMounted = ways.kind !== 'databases' || holder !== -1;
        const stuck: number[] = [];
        let detours = 0;
        const walk = new Walk(this.#tables, ways, aftermath, { holder, hasMoved, usual: usual.tiers });
        for (const source of sources) {
          const fate = isMounted ? walk.from(source) : fates.stuck;
          if (fate === fates.stuck) stuck.push(source);
          else if (fate === fates.detours) detours++;
        }
        record.detours += detours * (ways.kind === 'databases' ? databases.length : 1);
        const isNobodyLeft = sources.length === 0 && part.reached.length > 0;
        if (ways.kind === 'databases') {
          const share = isMounted && !isNobodyLeft ? stuck.length / Math.max(1, sources.length) : 1;
          for (const database of databases) cutOff += share * this.#mailboxes[database]!;
        } else if (ways.kind === 'address-space') {
          lost += this.#weightOf(ways) * stuck.length;
        }
        if (stuck.length === 0 && isMounted) continue;
        const why = isMounted ? reasons.stuck(walk.obstacleFrom(stuck[0]!)) : '';
        if (ways.kind === 'databases') {
          for (const database of databases) {
            record.addDatabase(
              database,
              isMounted ? why : reasons.dismounted(database),
              isMounted ? stuck : null,
              sources,
              this.#hasMailboxes ? this.#mailboxes[database]! : 0,
            );
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
    }
    if (record.hasConnectors) this.#countUsers(record, aftermath);
    const mailboxesCutOff = this.#allMailboxes === 0 ? 0 : cutOff / this.#allMailboxes;
    const outsideCutOff = outward === 0 ? 0 : lost / outward;
    const unreachable = record.unreachable();
    return {
      failed: failed.map(({ kind, name }) => ({ kind, name })),
      unreachable,
      detours: record.detours,
      mailboxesCutOff,
      outsideCutOff,
      worseTogether: harmAlone === null ? null : mailboxesCutOff + outsideCutOff > harmAlone + 1e-9,
      why: mostFrequent(unreachable.map(({ why }) => why)),
      thresholds: null,
    };
  }

  #weightOf({ name }: Ways): number {
    return name === '*' ? this.#otherSpaces : 1;
  }

  /** Who has mail for the connectors that are not reached from everywhere. */
  #countUsers(record: FailureRecord, aftermath: Aftermath): void {
    for (const [place, { kind, hops }] of this.#ways.entries()) {
      if (kind !== 'address-space') continue;
      for (const source of this.#usual[place]!.reached.get(-1)!) {
        if (aftermath.isUp(source)) record.countUser(hops[source]!.destination.index, source);
      }
    }
  }

  /** The databases of some ways by what tells them apart: who has them mounted now, and where they were. */
  #partsOf(ways: Ways, usual: Usual, aftermath: Aftermath): Iterable<Part> {
    if (ways.kind !== 'databases') {
      return [{ holder: -1, hasMoved: false, reached: usual.reached.get(-1)!, databases: [] }];
    }
    const { servers } = this.#topology;
    const parts = new Map<string, Part>();
    for (const database of ways.destinations) {
      const before = this.#usualHolders[database]!;
      // Dismounted even while all is well.
      if (before === -1) continue;
      const holder = aftermath.holders[database]!;
      const hasMoved = holder !== -1 && holder !== before;
      const siteBefore = servers[before]!.site;
      const key = `${holder === -1 ? -1 : servers[holder]!.site} ${hasMoved} ${siteBefore}`;
      const found = parts.get(key);
      if (found === undefined) {
        parts.set(key, { holder, hasMoved, reached: usual.reached.get(siteBefore)!, databases: [database] });
      } else found.databases.push(database);
    }
    return parts.values();
  }
}

/** What is unreachable after one failure, as it is found. */
class FailureRecord {
  detours = 0;
  readonly #topology: Topology;
  readonly #inside: UnreachableDestination[] = [];
  readonly #aftermath: Aftermath;
  readonly #connectors = new Map<number, { readonly stuck: Set<number>; readonly why: string }>();
  readonly #users = new Map<number, Set<number>>();

  constructor(topology: Topology, aftermath: Aftermath) {
    this.#topology = topology;
    this.#aftermath = aftermath;
  }

  /** @param stuck - null: nobody reaches a database that is not mounted */
  addDatabase(
    database: number,
    why: string,
    stuck: readonly number[] | null,
    sources: readonly number[],
    mailboxes: number,
  ): void {
    const { name } = this.#topology.databases[database]!;
    this.#inside.push({
      kind: 'mailbox-database',
      name,
      everywhere: stuck === null || stuck.length === sources.length,
      from: this.#sitesOf(stuck ?? sources),
      mailboxes,
      why,
    });
  }

  addExpansionServer(
    server: number,
    why: string,
    stuck: readonly number[],
    sources: readonly number[],
  ): void {
    this.#inside.push({
      kind: 'expansion-server',
      name: this.#topology.servers[server]!.name,
      everywhere: stuck.length === sources.length,
      from: this.#sitesOf(stuck),
      mailboxes: 0,
      why: this.#aftermath.isUp(server) ? why : `${this.#topology.servers[server]!.name} is down`,
    });
  }

  addConnector(connector: number, source: number, why: () => string): void {
    const found = this.#connectors.get(connector);
    if (found === undefined) this.#connectors.set(connector, { stuck: new Set([source]), why: why() });
    else found.stuck.add(source);
  }

  get hasConnectors(): boolean {
    return this.#connectors.size > 0;
  }

  /** A server that has mail for a connector. */
  countUser(connector: number, source: number): void {
    const found = this.#users.get(connector);
    if (found === undefined) this.#users.set(connector, new Set([source]));
    else found.add(source);
  }

  unreachable(): readonly UnreachableDestination[] {
    const connectors = [...this.#connectors].map(
      ([connector, { stuck, why }]): UnreachableDestination => ({
        kind: 'connector',
        name: this.#topology.connectors[connector]!.name,
        everywhere: stuck.size === this.#users.get(connector)!.size,
        from: this.#sitesOf([...stuck]),
        mailboxes: 0,
        why,
      }),
    );
    return [...connectors, ...this.#inside].sort((a, b) =>
      a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : compareNames(a.name, b.name),
    );
  }

  #sitesOf(servers: readonly number[]): readonly string[] {
    const { servers: all, sites } = this.#topology;
    const names = new Set(servers.map((server) => sites[all[server]!.site]?.name ?? all[server]!.name));
    return [...names].sort(compareNames);
  }
}

function mostFrequent(texts: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).map(([text]) => text);
}
