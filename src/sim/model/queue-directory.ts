import type { NextHopSolutionKey } from '../../routing/index.js';
import { DeliveryQueue, type DeliveryQueueKind } from './delivery-queue.js';
import { none } from './message-store.js';
import type { ModelContext } from './model-context.js';

const unreachableKey = {
  deliveryType: 'Unreachable',
  nextHopDomain: 'Unreachable Domain',
  nextHopConnector: null,
} as const satisfies NextHopSolutionKey;

/** The delivery queues of all servers, made when they are first needed (QU-01, QU-02); ids count up from 0. */
export class QueueDirectory {
  readonly #context: ModelContext;
  readonly #queues: DeliveryQueue[] = [];
  readonly #ofServer: readonly DeliveryQueue[][];
  /** The queue of each queue id of the routing tables, and the Unreachable queue of each server. */
  readonly #ofRoute: (DeliveryQueue | undefined)[] = [];
  readonly #unreachable: (DeliveryQueue | undefined)[] = [];

  constructor(context: ModelContext) {
    this.#context = context;
    this.#ofServer = context.topology.servers.map(() => []);
  }

  /** All of them, by id. */
  get all(): readonly DeliveryQueue[] {
    return this.#queues;
  }

  ofServer(server: number): readonly DeliveryQueue[] {
    return this.#ofServer[server]!;
  }

  /** The queue for a next hop's NextHopSolutionKey (RT-28). */
  forNextHop(nextHop: number): DeliveryQueue {
    const { server, queue, kind, key, destination } = this.#context.tables.nextHop(nextHop);
    const known = this.#ofRoute[queue];
    if (known !== undefined) return known;
    const made = this.#make(server, kind, key, kind === 'mailbox' ? destination.index : none);
    this.#ofRoute[queue] = made;
    return made;
  }

  /** The Unreachable queue of a server. */
  unreachable(server: number): DeliveryQueue {
    const known = this.#unreachable[server];
    if (known !== undefined) return known;
    const made = this.#make(server, 'unreachable', unreachableKey, none);
    this.#unreachable[server] = made;
    return made;
  }

  #make(server: number, kind: DeliveryQueueKind, key: NextHopSolutionKey, database: number): DeliveryQueue {
    const { lists, settingsOf } = this.#context;
    const id = this.#queues.length;
    const queue = new DeliveryQueue(id, server, kind, key, database, settingsOf(server), () => lists.make());
    this.#queues.push(queue);
    this.#ofServer[server]!.push(queue);
    return queue;
  }
}
