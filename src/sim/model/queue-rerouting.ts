import type { NextHop } from '../../routing/index.js';
import type { DeliveryQueue } from './delivery-queue.js';
import { copyFlags, none } from './message-store.js';
import type { ModelContext } from './model-context.js';
import { isSameKey, type QueueDirectory } from './queue-directory.js';
import type { QueueLines } from './queue-lines.js';

/** What rerouting asks of the queues. */
export interface ReroutingActions {
  /** The whole queue goes back to the Submission queue. */
  resubmit(queue: DeliveryQueue): void;
  /** One copy, in no list, does. */
  submit(copy: number): void;
  /** A copy, in no list, goes to the queue of a next hop. */
  enqueue(copy: number, nextHop: number): void;
  /** Nothing waits in a queue any more. */
  emptied(queue: DeliveryQueue): void;
}

/**
 * What new routing tables do to the queues of a server. What would go to the same queue stays, with the servers that the
 * new tables name; what would not, and all that is unreachable, is categorized anew (QU-03, CN-12). New smart hosts are
 * used in place: their queue takes the messages over as they are (CN-12). A queue in Retry that keeps its messages
 * keeps its timer (assumption A-rerouting-keeps-timers). What is being sent is; if that fails it goes the same way.
 */
export class QueueRerouting {
  readonly #context: ModelContext;
  readonly #directory: QueueDirectory;
  readonly #lines: QueueLines;
  readonly #actions: ReroutingActions;

  constructor(
    context: ModelContext,
    directory: QueueDirectory,
    lines: QueueLines,
    actions: ReroutingActions,
  ) {
    this.#context = context;
    this.#directory = directory;
    this.#lines = lines;
    this.#actions = actions;
  }

  /**
   * A server has new tables.
   * @param routeOf - the one next hop of all recipients of a copy, by its server's tables; `none` if it has to be
   * categorized
   */
  adopted(server: number, routeOf: (copy: number) => number): void {
    this.#directory.adopted(server);
    for (const queue of this.#directory.ofServer(server).slice()) {
      if (queue.kind === 'unreachable') this.#actions.resubmit(queue);
      else if (queue.kind === 'mailbox' || queue.kind === 'relay' || queue.kind === 'outside') {
        this.#reroute(queue, routeOf);
      }
    }
  }

  #reroute(queue: DeliveryQueue, routeOf: (copy: number) => number): void {
    const { lists, store, simulation, observer } = this.#context;
    lists.forEach(queue.sending, (copy) => {
      const nextHop = routeOf(copy);
      if (this.#leadsTo(queue, nextHop)) store.copyNextHop[copy] = nextHop;
      else store.copyFlags[copy]! |= copyFlags.resubmitOnFailure;
    });
    let resubmitted = 0;
    const left = this.#lines.clear(
      queue,
      (copy) => {
        const nextHop = routeOf(copy);
        if (this.#usesNewSmartHosts(queue, nextHop)) {
          this.#actions.enqueue(copy, nextHop);
          return;
        }
        resubmitted++;
        this.#actions.submit(copy);
      },
      (copy) => {
        const nextHop = routeOf(copy);
        if (!this.#leadsTo(queue, nextHop)) return false;
        store.copyNextHop[copy] = nextHop;
        return true;
      },
    );
    if (resubmitted > 0) observer.resubmitted(simulation.nowMs, queue.id, 'routing-change', resubmitted);
    if (left > 0 && this.#lines.head(queue) === none) this.#actions.emptied(queue);
  }

  #leadsTo(queue: DeliveryQueue, nextHop: number): boolean {
    if (nextHop === none) return false;
    const { kind, key } = this.#hop(queue, nextHop);
    return kind === queue.kind && isSameKey(key, queue.key);
  }

  #usesNewSmartHosts(queue: DeliveryQueue, nextHop: number): boolean {
    if (nextHop === none || queue.key.deliveryType !== 'SmartHostConnectorDelivery') return false;
    const { key } = this.#hop(queue, nextHop);
    return key.deliveryType === queue.key.deliveryType && key.nextHopConnector === queue.key.nextHopConnector;
  }

  #hop({ server }: DeliveryQueue, nextHop: number): NextHop {
    return this.#context.routing.nextHop(server, nextHop);
  }
}
