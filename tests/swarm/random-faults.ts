import type { Organization, ServerDescription } from '../../src/topology/index.js';
import type { Dice } from '../oracle/dice.js';
import { isEdge, isFrontEnd, isTransport } from '../oracle/server-roles.js';
import { span } from './random-times.js';

/** A fault as a file gives it. */
export type FaultFile = Readonly<Record<string, unknown>>;

/** Domains that mail of a swarm goes to, and hosts that connectors name. */
export const outsideHosts = [
  ...['partner.example', 'elsewhere.net', 'smart.example', 'Fabrikam.com', '[192.0.2.7]', 'hub.EXAMPLE'],
];

const megabit = 'Mbit/s';

/**
 * Draws up to ten faults of every kind that is built, all of them over at `endMs`. Most strike the same few objects, so
 * that they overlap and end in any order.
 * @param busyMs - when much happens at a time, which is when some of them strike
 */
export function drawFaults(
  dice: Dice,
  organization: Organization,
  endMs: number,
  busyMs: readonly number[],
): FaultFile[] {
  const draw = new FaultDraw(dice, organization, endMs, busyMs);
  return Array.from({ length: dice.pick([0, 1, 2, 3, 4, 6, 8, 10]) }, () => draw.any()).flat();
}

class FaultDraw {
  readonly #dice: Dice;
  readonly #drains: { readonly server: string; readonly to: readonly string[] }[] = [];
  readonly #organization: Organization;
  readonly #endMs: number;
  readonly #busyMs: readonly number[];
  readonly #servers: readonly ServerDescription[];
  readonly #links: readonly string[];
  readonly #databases: Organization['databases'];

  constructor(dice: Dice, organization: Organization, endMs: number, busyMs: readonly number[]) {
    this.#dice = dice;
    this.#organization = organization;
    this.#endMs = endMs;
    this.#busyMs = busyMs.filter((atMs) => atMs < endMs * 0.8);
    this.#servers = this.#favourites(organization.servers);
    this.#links = this.#favourites(organization.siteLinks).map(({ name }) => name);
    this.#databases = this.#favourites(organization.databases);
  }

  /** One fault; none where the organization has nothing for it to strike. */
  any(): FaultFile[] {
    const dice = this.#dice;
    const lasting = dice.chance(0.75);
    if (!lasting) return this.#momentary();
    const fault = this.#lasting();
    if (fault === undefined) return [];
    if (dice.chance(0.12)) return this.#random(fault);
    const [atMs, forMs] = this.#when();
    const placed = { ...fault, at: `+${atMs} ms`, for: `${forMs} ms` };
    return fault['kind'] === 'drain' && dice.chance(0.5) ? [this.#held(atMs, forMs), placed] : [placed];
  }

  /** What has mail wait from before a time to after it. */
  #held(atMs: number, forMs: number): FaultFile {
    const fromMs = Math.max(0, atMs - forMs);
    const times = { at: `+${fromMs} ms`, for: `${Math.min(this.#endMs, atMs + forMs) - fromMs} ms` };
    return this.#databases.length > 0
      ? { kind: 'database-outage', database: this.#dice.pick(this.#databases).name, ...times }
      : { ...this.#outside(), ...times };
  }

  #random(fault: FaultFile): FaultFile[] {
    const dice = this.#dice;
    const keys = ['server', 'site', 'link', 'database'].filter((key) => Object.hasOwn(fault, key));
    const any = fault['kind'] !== 'drain' && keys.length === 1 && dice.chance(0.4);
    const of = any ? { ...fault, [keys[0]!]: 'any' } : fault;
    const atMs = dice.below(Math.ceil(this.#endMs / 2));
    return [
      {
        kind: 'random-failures',
        of,
        at: `+${atMs} ms`,
        for: `${this.#endMs - atMs} ms`,
        meanTimeBetween: `${span(dice, this.#endMs / 20, this.#endMs / 2)} ms`,
        meanTimeToRepair: `${span(dice, 1_000, this.#endMs / 5)} ms`,
      },
    ];
  }

  #momentary(): FaultFile[] {
    const dice = this.#dice;
    const at = `+${this.#when()[0]} ms`;
    if (this.#databases.length === 0) return [];
    const { name, copies } = this.#mostCopies();
    if (dice.chance(0.3)) {
      const server = dice.pick(this.#servers).name;
      const queue = dice.chance(0.6) ? { database: name } : { nextHopDomain: this.#nextHopDomain() };
      return [{ kind: 'queue-resubmission', server, ...queue, at }];
    }
    const outageMs = dice.pick([0, 0, 1_000, 30_000, 120_000]);
    const outage = `${Math.min(outageMs, Math.floor(this.#endMs / 10))} ms`;
    const moved = { database: name, to: dice.pick(copies), outage, at };
    if (dice.chance(0.6)) return [{ kind: 'database-move', ...moved }];
    const lostWindow = `${span(dice, 1_000, 2 * this.#endMs)} ms`;
    return [{ kind: 'database-failover', ...moved, lostWindow }];
  }

  /** What the queue of something is called (QU-04), if there is such a queue. */
  #nextHopDomain(): string {
    const dice = this.#dice;
    const { sites, dags } = this.#organization;
    const site = dice.pick(sites).name;
    return dice.pick([
      ...['--', 'partner.example', 'Unreachable Domain', 'Submission', 'Poison Message'],
      ...[site, `Site:${site};Version:15`, ...dags.map(({ name }) => name)],
    ]);
  }

  /** A database that can be moved, if there is one. */
  #mostCopies(): Organization['databases'][number] {
    const several = this.#organization.databases.filter(({ copies }) => copies.length > 1);
    return this.#dice.pick(several.length > 0 ? several : this.#databases);
  }

  #lasting(): FaultFile | undefined {
    const dice = this.#dice;
    const server = dice.pick(this.#servers);
    switch (dice.below(14)) {
      case 0:
      case 1:
        return {
          kind: 'server-outage',
          server: server.name,
          ...(dice.chance(0.4) ? { queueDatabase: 'lost' } : {}),
        };
      case 2:
      case 3: {
        const service = this.#serviceOf(server);
        return service === undefined ? undefined : { kind: 'service-outage', server: server.name, service };
      }
      case 4:
        return { kind: 'server-slowdown', server: server.name, factor: dice.pick([0.5, 2, 7, 30]) };
      case 5:
        return { kind: 'site-outage', site: dice.pick(this.#organization.sites).name };
      case 6:
      case 7:
        return { kind: 'site-link-outage', link: dice.pick(this.#links) };
      case 8:
        return {
          kind: 'site-link-slowdown',
          link: dice.pick(this.#links),
          ...(dice.chance(0.7) ? { bandwidth: `${dice.pick([0.2, 1, 10])} ${megabit}` } : {}),
          ...(dice.chance(0.5) ? { latency: `${dice.pick([0, 80, 900])} ms` } : {}),
          ...(dice.chance(0.4) ? { loss: dice.pick([0.01, 0.2]) } : {}),
        };
      case 9:
        return this.#databases.length === 0
          ? undefined
          : { kind: 'database-outage', database: dice.pick(this.#databases).name };
      case 10:
        return this.#outside();
      case 11:
        return this.#drain();
      case 12:
        return isTransport(server) || isEdge(server)
          ? { kind: 'disk-full', server: server.name, used: dice.pick([0.5, 0.98, 1]) }
          : undefined;
      default:
        return this.#routingChange();
    }
  }

  #serviceOf(server: ServerDescription): string | undefined {
    const isModern = server.version === '2013' && server.roles.includes('mailbox');
    const services = [
      ...(isTransport(server) || isEdge(server) ? ['transport', 'transport'] : []),
      ...(isFrontEnd(server) ? ['front-end'] : []),
      ...(isModern ? ['mailbox-delivery'] : []),
      ...(server.roles.includes('mailbox') ? ['mailbox-submission'] : []),
    ];
    return services.length === 0 ? undefined : this.#dice.pick(services);
  }

  #outside(): FaultFile {
    const dice = this.#dice;
    const domain = dice.pick(outsideHosts);
    switch (dice.below(4)) {
      case 0:
        return { kind: 'remote-domain-slowdown', domain, factor: dice.pick([0.1, 5, 100]) };
      case 1: {
        const names = dice.some(this.#servers, 1, 2).map(({ name }) => name);
        return { kind: 'dns-outage', ...(dice.chance(0.5) ? { servers: names } : {}) };
      }
      default:
        return { kind: 'remote-domain-outage', domain, answer: dice.pick(['silent', '4xx', '5xx']) };
    }
  }

  #drain(): FaultFile | undefined {
    const dice = this.#dice;
    const able = this.#organization.servers.filter(
      ({ version, roles }) => version === '2013' && roles.includes('mailbox'),
    );
    if (able.length < 2) return undefined;
    const [server, ...others] = dice.shuffle(able).map(({ name }) => name);
    const to = dice.some(others, 1, 2);
    // Two servers that are drained into each other are refused.
    if (this.#drains.some((drain) => drain.to.includes(server!) && to.includes(drain.server)))
      return undefined;
    this.#drains.push({ server: server!, to });
    return { kind: 'drain', server, to };
  }

  #routingChange(): FaultFile {
    const dice = this.#dice;
    const { connectors, servers, sites } = this.#organization;
    const edges = new Set(servers.filter(isEdge).map(({ name }) => name));
    const set: Record<string, unknown> = {};
    for (let count = dice.between(1, 3); count > 0; count--) {
      const connector = dice.chance(0.5) && connectors.length > 0 ? dice.pick(connectors) : undefined;
      if (connector === undefined) {
        const link = dice.pick(this.#links);
        const path = `siteLinks.${link}.`;
        const site = `sites.${dice.pick(sites).name}.`;
        const [key, value] = dice.pick<readonly [string, unknown]>([
          [`${path}cost`, dice.pick([1, 10, 50])],
          [`${path}exchangeCost`, dice.pick([1, 30])],
          [`${path}maxMessageSize`, dice.pick(['1 MB', '64 KB'])],
          [`${site}hub`, dice.chance(0.5)],
          [`${site}inboundMail`, dice.chance(0.5)],
        ]);
        set[key] = value;
        continue;
      }
      const isOfEdge = connector.sourceServers.some((name) => edges.has(name));
      const sources = dice.some(servers.filter(isTransport), 1, 3).map(({ name }) => name);
      const choices: (readonly [string, unknown])[] = [
        ['enabled', dice.chance(0.5)],
        ['scoped', dice.chance(0.5)],
        ['maxMessageSize', '1 MB'],
        ...(connector.kind === 'send' && !isOfEdge
          ? ([
              ['smartHosts', dice.chance(0.5) ? ['smart.example'] : ['smart.example', 'Hub.example']],
              ['frontEndProxy', dice.chance(0.5)],
              ['addressSpaces', [dice.pick(['SMTP:*;1', 'SMTP:*.example;5', 'SMTP:elsewhere.net;2'])]],
            ] as const)
          : []),
        ...(isOfEdge ? [] : ([['sourceServers', sources]] as const)),
      ];
      const [key, value] = dice.pick(choices);
      set[`connectors.${connector.name}.${key}`] = value;
    }
    return { kind: 'routing-change', set };
  }

  /** Beginning and length; times are often whole minutes or seconds, so that things happen at the same instant. */
  #when(): readonly [number, number] {
    const dice = this.#dice;
    const roundMs = dice.pick([1, 1_000, 10_000, 60_000]);
    const round = (ms: number) => Math.floor(ms / roundMs) * roundMs;
    const latestMs = Math.floor(this.#endMs * 0.8);
    const atMs =
      this.#busyMs.length > 0 && dice.chance(0.4)
        ? Math.min(latestMs, dice.pick(this.#busyMs) + dice.pick([0, 0, 1_000, dice.below(60_000)]))
        : round(dice.below(latestMs));
    const longestMs = this.#endMs - atMs;
    const forMs = Math.min(longestMs, round(span(dice, 500, longestMs)));
    return [atMs, Math.max(1, forMs)];
  }

  #favourites<T>(list: readonly T[]): readonly T[] {
    return this.#dice.chance(0.6) && list.length > 0 ? this.#dice.some(list, 1, 2) : list;
  }
}
