import type { DagDescription, Organization, ServerDescription } from '../../src/topology/index.js';
import { Up } from './acceptance-by-walking.js';
import { decideByWalking, decideOnEdge, type WalkedDecision } from './decision-by-walking.js';
import { Landscape } from './landscape.js';
import { compareNames, hasName, inNameOrder, sameName } from './names.js';
import type { OracleQuestion, OracleTier } from './oracle-answer.js';
import { Resolution, type Target } from './resolution-by-hand.js';
import { selectByWalking } from './selection-by-walking.js';
import { isEdge, isTransport } from './server-roles.js';

export interface FailedComponent {
  readonly kind: string;
  readonly name: string;
}

export interface CutOff {
  readonly kind: string;
  readonly name: string;
  readonly everywhere: boolean;
  readonly from: readonly string[];
}

/** What everybody who sends mail may send it to. */
interface Destination {
  readonly kind: 'mailbox-database' | 'expansion-server' | 'address-space';
  readonly name: string;
}

const plainQuestion: OracleQuestion = {
  server: '',
  service: 'transport',
  recipients: [],
  sizeBytes: 1,
  active: [],
  follow: false,
  fanOut: 'next-hop',
  submissionReach: 'any-site',
};

/**
 * What failures of an organization cut off, by brute force: for each server and destination every way that mail may take
 * is walked to its end; it gets there if it does by all of them.
 */
export class FailureOracle {
  readonly #land: Landscape;
  readonly #sources: readonly ServerDescription[];
  readonly #before: World;
  /** What each server sends where while nothing has failed: its own mail that arrives. */
  readonly #usual: readonly {
    readonly destination: Destination;
    readonly sources: readonly ServerDescription[];
  }[];

  constructor(organization: Organization) {
    this.#land = new Landscape(organization);
    this.#sources = inNameOrder(organization.servers.filter((each) => isTransport(each) || isEdge(each)));
    this.#before = new World(this.#land, [], new Map());
    this.#usual = destinationsOf(this.#land).map((destination) => ({
      destination,
      sources: this.#sources.filter((source) => this.#before.arrives(source, destination, [])),
    }));
  }

  cutOff(failed: readonly FailedComponent[]): readonly CutOff[] {
    const before = this.#before;
    const after = new World(this.#land, failed, before.decisions);
    const rows = new Map<string, { kind: string; name: string; stuck: Set<string>; users: Set<string> }>();
    for (const { destination, sources } of this.#usual) {
      for (const source of sources) {
        if (!after.up.isUp(source)) continue;
        const isSpace = destination.kind === 'address-space';
        const name = isSpace ? before.decide(source, destination)!.destination!.name : destination.name;
        const kind = isSpace ? 'connector' : destination.kind;
        const row = rows.get(`${kind} ${name}`) ?? { kind, name, stuck: new Set(), users: new Set() };
        rows.set(`${kind} ${name}`, row);
        row.users.add(source.name);
        if (!after.arrives(source, destination, [])) row.stuck.add(source.name);
      }
    }
    // Where nobody is left to send, a dismounted database is gone all the same.
    const gone = this.#land.organization.databases.filter(
      ({ name }) => before.holder(name) !== undefined && after.holder(name) === undefined,
    );
    for (const { name } of gone) {
      const key = `mailbox-database ${name}`;
      if (!rows.has(key)) rows.set(key, lost(name));
    }
    return [...rows]
      .filter(
        ([key, { stuck }]) => stuck.size > 0 || gone.some(({ name }) => key === `mailbox-database ${name}`),
      )
      .map(([, { kind, name, stuck, users }]) => ({
        kind,
        name,
        everywhere: stuck.size === users.size,
        from: [...new Set([...stuck].map((each) => this.#land.siteOf(this.#land.server(each)) ?? each))].sort(
          compareNames,
        ),
      }))
      .sort((a, b) => (a.kind === b.kind ? compareNames(a.name, b.name) : a.kind < b.kind ? -1 : 1));
  }
}

function lost(name: string) {
  return { kind: 'mailbox-database', name, stuck: new Set<string>(), users: new Set<string>() };
}

function destinationsOf(land: Landscape): readonly Destination[] {
  const { databases, distributionGroups, name } = land.organization;
  const expanders = distributionGroups.flatMap(({ expansionServer }) => expansionServer ?? []);
  const spaces = land.connectors.flatMap((each) =>
    each.addressSpaces.map(({ type, space }) => (type === 'SMTP' ? space : `${type}:${space}`)),
  );
  const own = [name, ...land.acceptedDomains().map((each) => each.name)];
  const distinct = (names: readonly string[]) => [
    ...new Map(names.map((each) => [each.toUpperCase(), each])).values(),
  ];
  return [
    ...databases.map((each): Destination => ({ kind: 'mailbox-database', name: each.name })),
    ...distinct(expanders).map(
      (each): Destination => ({ kind: 'expansion-server', name: land.server(each).name }),
    ),
    ...distinct([...spaces, ...own]).map((each): Destination => ({ kind: 'address-space', name: each })),
  ];
}

/** An organization of which something has failed. */
class World {
  readonly up: Up;
  readonly decisions: Map<string, WalkedDecision | undefined>;
  readonly #land: Landscape;
  readonly #failed: readonly FailedComponent[];
  readonly #holders = new Map<string, string | undefined>();

  /** @param decisions - found so far: they do not depend on what has failed (AS-09) */
  constructor(
    land: Landscape,
    failed: readonly FailedComponent[],
    decisions: Map<string, WalkedDecision | undefined>,
  ) {
    this.#land = land;
    this.#failed = failed;
    this.decisions = decisions;
    const named = (...kinds: readonly string[]) =>
      failed.filter(({ kind }) => kinds.includes(kind)).map(({ name }) => name);
    this.up = new Up(land, {
      servers: named('server', 'edge-server'),
      sites: named('site'),
      links: named('site-link'),
    });
  }

  /** The server on which a database is mounted once all failovers are over. */
  holder(database: string): ServerDescription | undefined {
    if (!this.#holders.has(database)) this.#holders.set(database, this.#findHolder(database)?.name);
    const name = this.#holders.get(database);
    return name === undefined ? undefined : this.#land.server(name);
  }

  #findHolder(database: string): ServerDescription | undefined {
    const { databases, dags } = this.#land.organization;
    const { copies } = databases.find((each) => sameName(each.name, database))!;
    const holders = copies.map((each) => this.#land.server(each));
    const dag = dags.find((each) => hasName(each.members, copies[0]!));
    if (dag === undefined) return holders.find((each) => this.up.isUp(each));
    const quorum = this.#quorum(dag);
    const healthy = holders.filter((each) => hasName(quorum, each.name));
    if (healthy[0] !== holders[0] && !dag.automaticFailover) return undefined;
    return healthy[0];
  }

  /** All sets of voters are tried, the largest first; of equally large ones that with the members first by name. */
  #quorum(dag: DagDescription): readonly string[] {
    const members = inNameOrder(dag.members.map((each) => this.#land.server(each)));
    const voters = members
      .filter((each) => this.up.isUp(each))
      .map((each) => ({ name: each.name, site: this.#land.siteOf(each)! }));
    const isEven = members.length % 2 === 0;
    if (isEven) {
      const site = dag.witnessSite ?? this.#land.siteOf(this.#land.server(dag.members[0]!))!;
      voters.push({ name: '', site });
    }
    let best: typeof voters = [];
    // From all voters downwards: bits of the first voters count most.
    for (let set = 2 ** voters.length - 1; set > 0; set--) {
      const group = voters.filter((_, place) => (set >> (voters.length - 1 - place)) & 1);
      const agree = group.every((a) =>
        group.every((b) => this.up.areConnected(a.site, b.site) || sameName(a.site, b.site)),
      );
      if (agree && group.length > best.length) best = group;
    }
    if (2 * best.length <= members.length + (isEven ? 1 : 0)) return [];
    return best.map(({ name }) => name);
  }

  decide(server: ServerDescription, destination: Destination): WalkedDecision | undefined {
    const key = JSON.stringify([server.name, destination.kind, destination.name]);
    if (!this.decisions.has(key)) this.decisions.set(key, this.#decideAnew(server, destination));
    return this.decisions.get(key);
  }

  #decideAnew(server: ServerDescription, { kind, name }: Destination): WalkedDecision | undefined {
    if (isEdge(server) && this.#land.siteOf(server) === undefined) return undefined;
    const text = kind === 'address-space' ? this.#addressIn(name) : `anybody@${this.#land.organization.name}`;
    if (isEdge(server)) return decideOnEdge(this.#land, plainQuestion, server, text, undefined);
    const target = this.#targetOf(server, kind, name, text);
    return target && decideByWalking(this.#land, plainQuestion, server, target);
  }

  #targetOf(
    server: ServerDescription,
    kind: Destination['kind'],
    name: string,
    text: string,
  ): Target | undefined {
    switch (kind) {
      case 'mailbox-database': {
        const mailbox = {
          address: text,
          database: name,
          quotaExceeded: false,
          maxReceiveSizeBytes: Number.POSITIVE_INFINITY,
          deliverAndForward: false,
        };
        return { kind: 'mailbox', mailbox };
      }
      case 'expansion-server':
        return { kind: 'expansion', server: this.#land.server(name) };
      case 'address-space': {
        const resolution = new Resolution(this.#land, server, undefined);
        resolution.add(text);
        return resolution.addressees[0]?.target;
      }
    }
  }

  /** Somebody in an address space whom no narrower one covers. */
  #addressIn(name: string): string {
    const [type, space] = name.includes(':') ? name.split(':') : ['SMTP', name];
    if (type !== 'SMTP') return `${type}:${space!.replaceAll('*', 'whoever')}`;
    if (space === '*') return 'whoever@nowhere-at-all.invalid';
    return `whoever@${space!.replace('*', 'whichever-it-is')}`;
  }

  /** Whether mail gets there by every way that it may take. */
  arrives(server: ServerDescription, destination: Destination, visited: readonly string[]): boolean {
    if (hasName(visited, server.name)) return false;
    if (destination.kind === 'expansion-server' && sameName(server.name, destination.name)) return true;
    const decision = this.decide(server, destination);
    if (decision?.outcome !== 'route') return false;
    const { destination: aim, onward, proxy } = decision;
    const isFailed = this.#failed.some(
      ({ kind, name }) => kind === 'connector' && aim?.kind === 'connector' && sameName(name, aim.name),
    );
    if (onward === 'mailbox') {
      const holder = this.holder(destination.name);
      return holder !== undefined && this.#reaches(server, holder);
    }
    if (onward === 'outside') {
      const fronts = proxy?.servers.map((each) => this.#land.server(each));
      return !isFailed && (fronts === undefined || fronts.some((each) => this.#reaches(server, each)));
    }
    if (destination.kind === 'mailbox-database' && this.holder(destination.name) === undefined) return false;
    if (isEdge(server) && isFailed) return false;
    const fronts = proxy?.servers ?? [];
    const ways = this.#firstOf(decision.tiers, (each) => {
      if (!this.#reaches(server, each)) return [];
      return hasName(fronts, each.name) ? this.#behind(each, destination) : [each];
    });
    const path = [...visited, server.name];
    return (
      ways.length > 0 &&
      ways.every((next) => {
        const isInside = isEdge(server) && !isEdge(next) && destination.kind === 'address-space';
        return isInside || this.arrives(next, destination, path);
      })
    );
  }

  /** The servers that a front end may choose. */
  #behind(front: ServerDescription, { kind, name }: Destination): readonly ServerDescription[] {
    const question = { ...plainQuestion, service: 'front-end' } as const;
    const tiers = selectByWalking(this.#land, question, front, kind === 'mailbox-database' ? [name] : []);
    return this.#firstOf(tiers, (each) => (this.#reaches(front, each) ? [each] : []));
  }

  #firstOf(
    tiers: readonly OracleTier[],
    through: (server: ServerDescription) => readonly ServerDescription[],
  ): readonly ServerDescription[] {
    for (const { servers } of tiers) {
      const found = servers.flatMap((name) => through(this.#land.server(name)));
      if (found.length > 0) return found;
    }
    return [];
  }

  #reaches(from: ServerDescription, to: ServerDescription): boolean {
    if (!this.up.isUp(to)) return false;
    if (sameName(from.name, to.name)) return true;
    const [source, target] = [this.#land.siteOf(from), this.#land.siteOf(to)];
    return source !== undefined && target !== undefined && this.up.areConnected(source, target);
  }
}
