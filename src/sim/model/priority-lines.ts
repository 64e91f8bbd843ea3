import type { DeliveryQueue } from './delivery-queue.js';
import { copyFlags, none } from './message-store.js';
import type { ModelContext } from './model-context.js';
import { normalsForOneLow, priorityIndex } from './priority.js';

const { low, normal, high } = priorityIndex;

/**
 * Who is next in a queue whose messages have priorities (PQ, UN-09): high before normal before low, each in the order
 * in which they came. Towards other servers and domains each priority has connections of its own (assumption
 * A-priority-connections); in a mailbox queue one of low goes for twenty of normal priority (MD-05, CAP-23).
 */
export class PriorityLines {
  readonly #context: ModelContext;

  constructor(context: ModelContext) {
    this.#context = context;
  }

  /**
   * The priority that a copy has in a queue: a large message asks in vain for the high one (PQ), and in a mailbox
   * queue the mail of a costly sender is low (MD-05).
   */
  priorityOf(queue: DeliveryQueue, copy: number): number {
    const { store } = this.#context;
    if (queue.kind === 'mailbox' && (store.copyFlags[copy]! & copyFlags.costly) !== 0) return low;
    const message = store.copyMessage[copy]!;
    const asked = store.messagePriority[message]!;
    if (asked !== high) return asked;
    const { maxHighPriorityMessageSize } = queue.settings.transport;
    return store.messageSizeBytes[message]! > maxHighPriorityMessageSize ? normal : high;
  }

  /** The list that a copy waits in. */
  lineOf(queue: DeliveryQueue, copy: number): number {
    return this.#line(queue, this.priorityOf(queue, copy));
  }

  /** The copy to send next; `none` if there is none, or none whose priority has a connection left. */
  head(queue: DeliveryQueue): number {
    const { lists } = this.#context;
    if (this.#waiting(queue) === 0 && lists.length(queue.tried) > 0) this.#beginRound(queue);
    for (let priority: number = high; priority >= low; priority--) {
      const copy = lists.first(this.#line(queue, priority));
      if (copy !== none && this.#mayGo(queue, priority)) return copy;
    }
    return none;
  }

  /** Whether `head` would find one. */
  hasNext(queue: DeliveryQueue): boolean {
    const { lists } = this.#context;
    if (this.#waiting(queue) === 0) return lists.length(queue.tried) > 0;
    return [low, normal, high].some(
      (priority) => lists.length(this.#line(queue, priority)) > 0 && this.#mayGo(queue, priority),
    );
  }

  /** A copy is being sent from now on. */
  taken(queue: DeliveryQueue, copy: number): void {
    const priority = this.priorityOf(queue, copy);
    queue.sendingOf[priority]!++;
    // Nobody of low priority is kept waiting while none is there.
    if (priority === low || this.#context.lists.length(queue.low) === 0) queue.normalsInRow = 0;
    else if (priority === normal) queue.normalsInRow++;
  }

  /** A copy is not being sent any more. */
  returned(queue: DeliveryQueue, copy: number): void {
    queue.sendingOf[this.priorityOf(queue, copy)]!--;
  }

  #mayGo(queue: DeliveryQueue, priority: number): boolean {
    if (queue.kind !== 'mailbox')
      return queue.sendingOf[priority]! < queue.priorityClasses[priority]!.connections;
    return (
      priority !== normal ||
      queue.normalsInRow < normalsForOneLow ||
      this.#context.lists.length(queue.low) === 0
    );
  }

  /** All have been tried: a new round begins, from the oldest of each priority; nobody is tried twice in a cycle. */
  #beginRound(queue: DeliveryQueue): void {
    const { lists } = this.#context;
    const tried = lists.length(queue.tried);
    const inThisCycle = queue.attemptsMade < tried ? queue.attemptsMade : 0;
    for (let left = tried - inThisCycle; left > 0; left--) {
      const copy = lists.first(queue.tried);
      lists.remove(copy);
      lists.append(this.lineOf(queue, copy), copy);
    }
  }

  #waiting(queue: DeliveryQueue): number {
    const { lists } = this.#context;
    return lists.length(queue.high) + lists.length(queue.waiting) + lists.length(queue.low);
  }

  #line(queue: DeliveryQueue, priority: number): number {
    if (priority === normal) return queue.waiting;
    return priority === high ? queue.high : queue.low;
  }
}
