import type { DeliveryQueue } from './delivery-queue.js';

/**
 * How many connections each Transport service has open or is opening, in all of its queues together
 * (`maxOutboundConnections`, TH). Queues that would have one more when there is none left wait, and each that becomes
 * free goes to the queue that has waited longest (assumption A-connections-in-turn).
 */
export class OutboundConnections {
  readonly #limit: Int32Array;
  readonly #open: Int32Array;
  readonly #waiting: readonly DeliveryQueue[][];

  /** @param limits - by server */
  constructor(limits: readonly number[]) {
    this.#limit = Int32Array.from(limits);
    this.#open = new Int32Array(limits.length);
    this.#waiting = limits.map(() => []);
  }

  isFull(server: number): boolean {
    return this.#open[server]! >= this.#limit[server]!;
  }

  opened(server: number): void {
    this.#open[server]!++;
  }

  closed(server: number): void {
    this.#open[server]!--;
  }

  hasWaiting(server: number): boolean {
    return this.#waiting[server]!.length > 0;
  }

  /** A queue would have one more connection. */
  wait(queue: DeliveryQueue): void {
    if (queue.awaitsConnection) return;
    queue.awaitsConnection = true;
    this.#waiting[queue.server]!.push(queue);
  }

  /** The queue that has waited longest, which waits no more; undefined if none does, or no connection is free. */
  next(server: number): DeliveryQueue | undefined {
    if (this.isFull(server)) return undefined;
    const queue = this.#waiting[server]!.shift();
    if (queue !== undefined) queue.awaitsConnection = false;
    return queue;
  }

  /** The service has stopped: nobody waits any more. */
  forget(server: number): void {
    for (const queue of this.#waiting[server]!) queue.awaitsConnection = false;
    this.#waiting[server]!.length = 0;
  }
}
