import type { NextHopSolutionKey, RoutingTables, Tier } from '../../routing/index.js';
import { DeliveryQueue, type DeliveryQueueKind } from './delivery-queue.js';
import { none } from './message-store.js';
import type { ModelContext } from './model-context.js';

const unreachableKey = {
  deliveryType: 'Unreachable',
  nextHopDomain: 'Unreachable Domain',
  nextHopConnector: null,
} as const satisfies NextHopSolutionKey;

const poisonKey = {
  deliveryType: 'Undefined',
  nextHopDomain: 'Poison Message',
  nextHopConnector: null,
} as const satisfies NextHopSolutionKey;

/** The delivery queues of all servers, made when they are first needed (QU-01, QU-02); ids count up from 0. */
export class QueueDirectory {
  readonly #context: ModelContext;
  readonly #queues: DeliveryQueue[] = [];
  readonly #ofServer: readonly DeliveryQueue[][];
  /** By server: the queues by the queue ids of its routing tables. One list for all servers of equal tables. */
  readonly #ofRoute: (DeliveryQueue | undefined)[][];
  readonly #ofTables = new Map<RoutingTables, (DeliveryQueue | undefined)[]>();
  readonly #unreachable: (DeliveryQueue | undefined)[] = [];
  readonly #poison: (DeliveryQueue | undefined)[] = [];

  constructor(context: ModelContext) {
    this.#context = context;
    this.#ofServer = context.topology.servers.map(() => []);
    this.#ofRoute = context.topology.servers.map((_, server) => this.#ofTablesOf(server));
  }

  /** All of them, by id. */
  get all(): readonly DeliveryQueue[] {
    return this.#queues;
  }

  get poisonQueues(): readonly DeliveryQueue[] {
    return this.#queues.filter(({ kind }) => kind === 'poison');
  }

  ofServer(server: number): readonly DeliveryQueue[] {
    return this.#ofServer[server]!;
  }

  /** The server's queue for a next hop's NextHopSolutionKey (RT-28), by the tables that it has now. */
  forNextHop(server: number, nextHop: number): DeliveryQueue {
    const hop = this.#context.routing.nextHop(server, nextHop);
    const ofRoute = this.#ofRoute[server]!;
    const known = ofRoute[hop.queue];
    if (known !== undefined) return known;
    const { queue, kind, key, destination } = hop;
    const found =
      this.#ofServer[server]!.find((each) => each.kind !== 'redirect' && isSameKey(each.key, key)) ??
      this.#make(server, kind, key, kind === 'mailbox' ? destination.index : none);
    // Without holes, which would make a look-up a search.
    while (ofRoute.length <= queue) ofRoute.push(undefined);
    ofRoute[queue] = found;
    return found;
  }

  /** The server has new routing tables. */
  adopted(server: number): void {
    this.#ofRoute[server] = this.#ofTablesOf(server);
  }

  /** The Unreachable queue of a server. */
  unreachable(server: number): DeliveryQueue {
    const known = this.#unreachable[server];
    if (known !== undefined) return known;
    const made = this.#make(server, 'unreachable', unreachableKey, none);
    this.#unreachable[server] = made;
    return made;
  }

  /** The Poison queue of a server. */
  poison(server: number): DeliveryQueue {
    const known = this.#poison[server];
    if (known !== undefined) return known;
    const made = this.#make(server, 'poison', poisonKey, none);
    this.#poison[server] = made;
    return made;
  }

  /** The queue for what is drained from a server to others: equals, by turns (QU-12). */
  redirect(server: number, to: readonly number[]): DeliveryQueue {
    const { servers } = this.#context.topology;
    const key: NextHopSolutionKey = {
      deliveryType: 'SmtpRelayToServers',
      nextHopDomain: to.map((target) => servers[target]!.fqdn).join(','),
      nextHopConnector: null,
    };
    const known = this.#ofServer[server]!.find(
      (each) => each.kind === 'redirect' && isSameKey(each.key, key),
    );
    if (known !== undefined) return known;
    const tiers: Tier[] = [{ reason: 'target-servers', site: servers[to[0]!]!.site, servers: to }];
    return this.#make(server, 'redirect', key, none, tiers);
  }

  #ofTablesOf(server: number): (DeliveryQueue | undefined)[] {
    const tables = this.#context.routing.of(server);
    const known = this.#ofTables.get(tables);
    if (known !== undefined) return known;
    const made: (DeliveryQueue | undefined)[] = [];
    this.#ofTables.set(tables, made);
    return made;
  }

  #make(
    server: number,
    kind: DeliveryQueueKind,
    key: NextHopSolutionKey,
    database: number,
    redirectTiers: readonly Tier[] | null = null,
  ): DeliveryQueue {
    const { lists, settingsOf } = this.#context;
    const id = this.#queues.length;
    const settings = settingsOf(server);
    const makeList = () => lists.make();
    const queue = new DeliveryQueue(id, server, kind, key, database, settings, makeList, redirectTiers);
    this.#queues.push(queue);
    this.#ofServer[server]!.push(queue);
    return queue;
  }
}

/** Whether two keys are of the same queue (RT-28). */
export function isSameKey(a: NextHopSolutionKey, b: NextHopSolutionKey): boolean {
  return (
    a.deliveryType === b.deliveryType &&
    a.nextHopDomain === b.nextHopDomain &&
    a.nextHopConnector === b.nextHopConnector
  );
}
