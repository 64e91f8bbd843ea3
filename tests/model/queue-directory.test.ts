import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  compileRoutingTables,
  type NextHop,
  type NextHopSolutionKey,
  type RoutingTables,
} from '../../src/routing/index.js';
import { counterStream, Simulation } from '../../src/sim/kernel/index.js';
import { resolveSettings } from '../../src/sim/model/index.js';
import { QueueDirectory } from '../../src/sim/model/queue-directory.js';
import { buildTopology } from '../../src/topology/index.js';
import { isWhole, shareOf } from '../random-share.js';
import { bareContext } from './bare-context.js';
import { organization, type SmallOrganization } from './small-organization.js';

/** Costs of links and connectors decide who relays by whom: each change makes other queues of the same messages. */
const described = (costs: readonly [number, number, number], connector: number): SmallOrganization => ({
  links: { 'A-B': costs[0], 'B-C': costs[1], 'A-C': costs[2] },
  sites: ['A', { name: 'B', hub: true }, 'C'],
  servers: { A1: 'A', A2: 'A', B1: 'B', C1: 'C' },
  databases: { DA: ['A1'], DA2: ['A2'], DB: ['B1'], DC: ['C1'] },
  mailboxes: { a: 'DA', b: 'DB', c: 'DC' },
  connectors: [
    {
      name: 'One',
      sourceServers: ['A1', 'A2'],
      addressSpaces: [{ type: 'SMTP', space: '*', cost: connector }],
    },
    { name: 'Other', sourceServers: ['A1', 'C1'], addressSpaces: [{ type: 'SMTP', space: '*', cost: 5 }] },
    {
      name: 'Partner',
      sourceServers: ['B1'],
      addressSpaces: [{ type: 'SMTP', space: 'p.example', cost: 1 }],
    },
  ],
});
const first = organization(described([1, 1, 5], 1));
/** What the configuration may come to; the last is the first one once more, compiled anew. */
const configurations = [
  first,
  organization(described([1, 1, 1], 1)),
  organization(described([9, 1, 1], 9)),
  organization({ ...described([1, 1, 5], 1), connectors: [] }),
  first,
];
const domains = ['x.example', 'p.example', 'sub.p.example', 'y.example'];
const databases = ['DA', 'DA2', 'DB', 'DC'];
const servers = ['A1', 'A2', 'B1', 'C1'];

/** What the histories have met. */
const met = { made: 0, met: 0, changed: 0, unreachable: 0, outside: 0 };

/** A queue, as it is told from others: RT-28. */
interface ClearQueue {
  readonly server: number;
  readonly key: NextHopSolutionKey;
}

/**
 * The clear version of `RoutingConfigurations` and `QueueDirectory`: which configuration a server has, and a list of
 * queues, searched by server and key. What it has to know of routing it asks tables that nothing else uses, by name.
 */
class ClearDirectory {
  readonly #tables: readonly RoutingTables[];
  readonly #versionOf = servers.map(() => 0);
  readonly queues: ClearQueue[] = [];

  constructor(tables: readonly RoutingTables[]) {
    this.#tables = tables;
  }

  adopt(server: number, version: number): void {
    this.#versionOf[server] = version;
  }

  toDatabase(server: number, database: number): NextHop | null {
    const tables = this.#of(server);
    const id = tables.toDatabase(server, database);
    return id < 0 ? null : tables.nextHop(id);
  }

  toOutside(server: number, domain: string, sizeBytes: number): NextHop | null {
    const tables = this.#of(server);
    const id = tables.toOutside(server, tables.internDomain('SMTP', domain), sizeBytes);
    return id < 0 ? null : tables.nextHop(id);
  }

  /** The number of the queue; a new one if there is none yet. */
  queue(server: number, { key }: NextHop): number {
    const text = (each: NextHopSolutionKey) =>
      [each.deliveryType, each.nextHopDomain, each.nextHopConnector].join('|');
    const known = this.queues.findIndex((each) => each.server === server && text(each.key) === text(key));
    return known === -1 ? this.queues.push({ server, key }) - 1 : known;
  }

  #of(server: number): RoutingTables {
    return this.#tables[this.#versionOf[server]!]!;
  }
}

const compiled = () => configurations.map((each) => compileRoutingTables(buildTopology(each)));
/** Of the clear version; asked the same again and again, which changes nothing. */
const clearTables = compiled();

const step = fc.record({
  server: fc.nat(servers.length - 1),
  does: fc.oneof(
    { weight: 5, arbitrary: fc.record({ database: fc.nat(databases.length - 1) }) },
    { weight: 5, arbitrary: fc.record({ domain: fc.constantFrom(...domains) }) },
    { weight: 2, arbitrary: fc.record({ adopts: fc.nat(configurations.length - 1) }) },
  ),
});

it('RT-28, AS-13: whichever tables servers have, each finds its queue by its key, and a domain its way by its name', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 30, maxLength: 100, size: 'max' }), (steps) => {
      const context = bareContext({
        simulation: new Simulation(),
        organization: first,
        settings: resolveSettings('2013', {}),
        serviceDraws: counterStream('queue directory', 0, 'service times'),
      });
      const { routing } = context;
      const versions = [routing.initial, ...compiled().slice(1)];
      // Not all tables have the same numbers for the same domains.
      for (const [version, tables] of versions.entries()) {
        for (const domain of domains.slice(version)) tables.internDomain('SMTP', domain);
      }
      const directory = new QueueDirectory(context);
      const clear = new ClearDirectory(clearTables);
      for (const { server, does } of steps) {
        if ('adopts' in does) {
          routing.adopt(server, versions[does.adopts]!);
          directory.adopted(server);
          clear.adopt(server, does.adopts);
          met.changed++;
          continue;
        }
        const [id, right] =
          'domain' in does
            ? [
                routing.toOutside(server, routing.internDomain('SMTP', does.domain), 1_000),
                clear.toOutside(server, does.domain, 1_000),
              ]
            : [routing.of(server).toDatabase(server, does.database), clear.toDatabase(server, does.database)];
        if ('domain' in does) met.outside++;
        if (right === null) {
          expect(id).toBeLessThan(0);
          met.unreachable++;
          continue;
        }
        const { key, kind, tiers } = routing.nextHop(server, id);
        expect({ key, kind, tiers }).toEqual({ key: right.key, kind: right.kind, tiers: right.tiers });
        const before = clear.queues.length;
        const number = clear.queue(server, right);
        const queue = directory.forNextHop(server, id);
        expect([queue.id, queue.server, queue.kind, queue.key]).toEqual([number, server, kind, key]);
        if (number === before) met.made++;
        else met.met++;
      }
      expect(directory.all.map(({ server, key }) => ({ server, key }))).toEqual(clear.queues);
      for (const server of servers.keys()) {
        const own = clear.queues.flatMap((each, id) => (each.server === server ? [id] : []));
        expect(directory.ofServer(server).map(({ id }) => id)).toEqual(own);
      }
    }),
    { seed: 1, numRuns: shareOf(40) },
  );
});

it.runIf(isWhole)('the histories have met what the directory is for', () => {
  for (const [what, times] of Object.entries(met)) expect(times, what).toBeGreaterThan(30);
});
