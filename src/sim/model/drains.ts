import { invariant } from '../kernel/index.js';
import type { DeliveryQueues } from './delivery-queues.js';
import type { ModelContext } from './model-context.js';
import type { TransportService } from './transport-service.js';

/** An administrator's drain of a server (QU-12). */
export interface Drain {
  /** How results call it. */
  readonly subject: string;
  readonly server: number;
  /** Take what the server has, by turns; at least one, not the server itself. */
  readonly to: readonly number[];
}

/** How faults.csv calls what happens here. */
const kind = 'drain';

/**
 * Drains: a server's Transport takes no new mail, and what it has goes to other servers, which route it anew (QU-12).
 * What waits in the Submission queue is categorized first; what is being sent is; shadow, Poison and Unreachable queues
 * stay (assumption A-drain-leaves-unreachable). Of drains of one server that overlap, the one that began later names
 * the servers. When the last one ends, what is left is categorized anew.
 */
export class Drains {
  readonly #context: ModelContext;
  readonly #transport: TransportService;
  readonly #queues: DeliveryQueues;
  /** By server: in force, in the order of their beginning. */
  readonly #inForce: readonly Drain[][];
  /** In force and not empty yet. */
  readonly #unfinished = new Set<Drain>();

  constructor(context: ModelContext, transport: TransportService, queues: DeliveryQueues) {
    this.#context = context;
    this.#transport = transport;
    this.#queues = queues;
    this.#inForce = context.topology.servers.map(() => []);
  }

  begin(drain: Drain): void {
    const { server } = drain;
    this.#context.states.beginDrain(server);
    this.#inForce[server]!.push(drain);
    this.#unfinished.add(drain);
    this.#context.queueDatabases.watch((each) => this.#released(each));
    this.#queues.redirect(server, drain.to);
    this.#released(server);
  }

  end(drain: Drain): void {
    const { server } = drain;
    const inForce = this.#inForce[server]!;
    const place = inForce.indexOf(drain);
    invariant(place !== -1, () => `${drain.subject} was not in force`);
    inForce.splice(place, 1);
    this.#unfinished.delete(drain);
    this.#context.states.endDrain(server);
    this.#queues.redirect(server, inForce.at(-1)?.to ?? null);
    if (this.#unfinished.size === 0) this.#context.queueDatabases.watch(null);
  }

  /** A server has let go of a message: reports the drains that have come to their aim by that. */
  #released(server: number): void {
    const { observer, simulation } = this.#context;
    if (this.#inForce[server]!.length === 0 || !this.#isEmpty(server)) return;
    for (const drain of this.#inForce[server]!) {
      if (this.#unfinished.delete(drain)) observer.fault(simulation.nowMs, kind, drain.subject, 'effect');
    }
  }

  #isEmpty(server: number): boolean {
    return (
      this.#transport.messagesAt(server) === 0 &&
      this.#queues.queuesOf(server).every((queue) => !queue.sends || queue.length === 0)
    );
  }
}
