import type { DeliveryQueue } from './delivery-queue.js';
import { copyFlags, none, stageIndex } from './message-store.js';
import type { ModelContext } from './model-context.js';
import { ndrReasons } from './ndr.js';
import { PriorityLines } from './priority-lines.js';
import { QueueDeadlines } from './queue-deadlines.js';
import type { RecipientEndings } from './recipient-endings.js';

/**
 * The lines in which copies stand in delivery queues: who is next (UN-09, CAP-66), how long each waited, and what
 * comes of age while it waits (MI-04, MI-05). Connections and retries are not its business.
 *
 * The hot path: a queue is an object that counts what it has (`DeliveryQueue.length`), its lines are lists that are linked
 * through columns of the store (`CopyLists`), so that a copy is put in, and taken out of any place, in a few writes and
 * nothing is searched or allocated. Copies in line do not move: a new round of a mailbox queue (CAP-66) swaps the numbers
 * of two lists. That a queue goes into Retry or out of it touches none of its copies either: it is told to the queue's
 * `RetryClock`, and a copy that leaves the line asks that how much of its wait was Retry.
 */
export class QueueLines {
  readonly #context: ModelContext;
  readonly #endings: RecipientEndings;
  readonly #deadlines: QueueDeadlines;
  readonly #priorities: PriorityLines;

  constructor(
    context: ModelContext,
    endings: RecipientEndings,
    queue: (id: number) => DeliveryQueue,
    delayed: (copy: number) => void,
  ) {
    this.#context = context;
    this.#endings = endings;
    this.#priorities = new PriorityLines(context);
    this.#deadlines = new QueueDeadlines(context, this.#priorities, {
      queue,
      delayed,
      expired: (ofQueue, copy) => this.#expire(ofQueue, copy),
    });
  }

  forEachCopy(queue: DeliveryQueue, visit: (copy: number) => void): void {
    const { lists } = this.#context;
    queue.forEachWaitingList((list) => lists.forEach(list, visit));
    lists.forEach(queue.sending, visit);
  }

  /** A categorized copy, in no list, enters a queue. */
  enter(queue: DeliveryQueue, copy: number): void {
    const { store, simulation } = this.#context;
    store.copyFlags[copy]! &= ~copyFlags.resubmitOnFailure;
    store.setQueued(copy, simulation.nowMs);
    store.setAttempts(copy, 0);
    this.#wait(queue, copy, this.#lineOf(queue, copy));
    queue.length++;
    this.#lengthChanged(queue);
  }

  /** A copy, in no list, enters a queue in which nothing comes of age: the Poison queue (QU-03). */
  lay(queue: DeliveryQueue, copy: number): void {
    const { store, lists, simulation } = this.#context;
    store.setQueued(copy, simulation.nowMs);
    lists.append(queue.waiting, copy);
    queue.length++;
    this.#lengthChanged(queue);
  }

  /** The copy to send next; `none` if nothing waits. What has come of age meanwhile expires here (MI-05). */
  head(queue: DeliveryQueue): number {
    const { lists } = this.#context;
    for (;;) {
      if (queue.hasPriorities) {
        const head = this.#priorities.head(queue);
        if (head === none || !this.#deadlines.isExpired(queue, head)) return head;
        this.#expire(queue, head);
        continue;
      }
      if (lists.length(queue.waiting) === 0 && lists.length(queue.tried) > 0) {
        // All have been tried: a new round begins, from the oldest.
        [queue.waiting, queue.tried] = [queue.tried, queue.waiting];
      }
      const head = lists.first(queue.waiting);
      if (head === none || !this.#deadlines.isExpired(queue, head)) return head;
      this.#expire(queue, head);
    }
  }

  /** Whether `head` would find one; changes nothing, for audits. */
  hasNext(queue: DeliveryQueue): boolean {
    if (queue.hasPriorities) return this.#priorities.hasNext(queue);
    const { lists } = this.#context;
    return lists.length(queue.waiting) + lists.length(queue.tried) > 0;
  }

  /** Takes the copy to send next; `none` if nothing waits. */
  takeHead(queue: DeliveryQueue): number {
    const copy = this.head(queue);
    if (copy === none) return none;
    this.#endWait(queue, copy);
    this.#context.lists.append(queue.sending, copy);
    if (queue.hasPriorities) this.#priorities.taken(queue, copy);
    return copy;
  }

  /** Puts a copy that could not be sent back: before all others, or (mailbox) behind those not yet tried (CAP-66). */
  putBack(queue: DeliveryQueue, copy: number): void {
    const { store, lists } = this.#context;
    this.#endSending(queue, copy);
    if (queue.kind === 'mailbox') {
      store.setHolder(copy, none);
      this.#wait(queue, copy, queue.tried);
    } else {
      lists.prepend(this.#lineOf(queue, copy), copy);
      this.#deadlines.watch(queue, copy);
    }
  }

  /** A copy that was refused by itself waits by itself: the others go on. */
  defer(queue: DeliveryQueue, copy: number): void {
    this.#endSending(queue, copy);
    this.#wait(queue, copy, queue.deferred);
  }

  /** A deferred copy takes its turn again, behind those that wait. */
  readmit(queue: DeliveryQueue, copy: number): void {
    this.#endDeferral(copy);
    this.#wait(queue, copy, this.#lineOf(queue, copy));
  }

  /** A copy being sent leaves the queue for good. */
  leave(queue: DeliveryQueue, copy: number): void {
    this.#endSending(queue, copy);
    this.#left(queue, copy);
    this.#lengthChanged(queue);
  }

  /** All that wait, but for those that stay, leave the queue, each given to `take`; returns how many they were. */
  clear(queue: DeliveryQueue, take: (copy: number) => void, stays?: (copy: number) => boolean): number {
    const { lists } = this.#context;
    let copies = 0;
    queue.forEachWaitingList((list) => {
      lists.forEach(list, (copy) => {
        if (stays?.(copy) === true) return;
        this.#endWait(queue, copy);
        this.#left(queue, copy);
        copies++;
        take(copy);
      });
    });
    this.#lengthChanged(queue);
    return copies;
  }

  /** Whether a copy of the queue is older than it may get (MI-05) and nothing will end it. */
  isForgotten(queue: DeliveryQueue, copy: number): boolean {
    return this.#deadlines.isForgotten(queue, copy);
  }

  /** The server runs again: what came due meanwhile is due now. */
  restarted(queue: DeliveryQueue): void {
    if (queue.kind !== 'poison') this.#deadlines.restarted(queue);
  }

  /** The list in which a copy waits for its turn. */
  #lineOf(queue: DeliveryQueue, copy: number): number {
    return queue.hasPriorities ? this.#priorities.lineOf(queue, copy) : queue.waiting;
  }

  /** Takes a copy out of the list of those being sent. */
  #endSending(queue: DeliveryQueue, copy: number): void {
    this.#context.lists.remove(copy);
    if (queue.hasPriorities) this.#priorities.returned(queue, copy);
  }

  #wait(queue: DeliveryQueue, copy: number, list: number): void {
    this.#context.lists.append(list, copy);
    this.#deadlines.watch(queue, copy);
  }

  /** Takes a deferred copy out of its list: all of its wait was for its own retry. */
  #endDeferral(copy: number): void {
    const { store, lists, simulation } = this.#context;
    lists.remove(copy);
    this.#deadlines.forget(copy);
    store.charge(copy, stageIndex.retryWait, simulation.nowMs);
  }

  /** Takes a copy out of the list it waits in and books its wait. */
  #endWait(queue: DeliveryQueue, copy: number): void {
    const { store, lists, simulation } = this.#context;
    if (store.copyList[copy] === queue.deferred) {
      this.#endDeferral(copy);
      return;
    }
    const nowMs = simulation.nowMs;
    lists.remove(copy);
    this.#deadlines.forget(copy);
    // The present stage began with the wait.
    if (queue.hasBeenInRetry) {
      store.chargePart(copy, stageIndex.retryWait, queue.retryMs(store.enteredMs(copy), nowMs));
    }
    store.charge(copy, stageIndex.deliveryQueue, nowMs);
  }

  #expire(queue: DeliveryQueue, copy: number): void {
    this.#endWait(queue, copy);
    this.#left(queue, copy);
    this.#lengthChanged(queue);
    this.#endings.endCopy(copy, 'expired', queue.server, ndrReasons.expired);
  }

  #left(queue: DeliveryQueue, copy: number): void {
    const { store, observer, simulation } = this.#context;
    queue.length--;
    const submittedMs = store.messageSubmittedMs[store.copyMessage[copy]!]!;
    observer.leftQueue(simulation.nowMs, queue.id, store.queuedMs(copy), submittedMs);
  }

  #lengthChanged(queue: DeliveryQueue): void {
    const { observer, simulation } = this.#context;
    const { length } = queue;
    if (length > 0) queue.emptySinceMs = -1;
    else if (queue.emptySinceMs < 0) queue.emptied(simulation.nowMs);
    observer.queueLength(simulation.nowMs, queue.id, length);
  }
}
