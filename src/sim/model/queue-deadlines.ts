import type { EventHandle } from '../kernel/index.js';
import type { DeliveryQueue } from './delivery-queue.js';
import { copyFlags, nullSender } from './message-store.js';
import type { ModelContext } from './model-context.js';
import type { PriorityLines } from './priority-lines.js';
import { serviceIndex } from './server-states.js';

/** What happens to a copy whose deadline has come. */
export interface DeadlineActions {
  queue(id: number): DeliveryQueue;
  /** It is older than `messageExpirationTimeout`: take it out of the queue and end it. */
  expired(queue: DeliveryQueue, copy: number): void;
  /** It is older than `delayNotificationTimeout`: tell its sender. */
  delayed(copy: number): void;
}

interface DeadlineTimes {
  readonly delayNotificationTimeout: number;
  readonly messageExpirationTimeout: number;
}

/** How many looks fall into the shortest deadline. */
const sweepsPerDeadline = 8;
/** But no more often than this: a look goes over all that wait, and what comes of age sooner has an event of its own. */
const shortestSweepMs = 60_000;

/**
 * Delay notices and expiry of queued messages, to the millisecond (MI-04, MI-05: both count from submission, assumption
 * A-age-from-submission). Nearly
 * every message leaves long before, so a queue is looked over now and then, and only a copy whose deadline falls
 * before the next look gets an event of its own.
 *
 * So a copy that enters a line costs a comparison with its queue's shortest deadline (`#arm`), one that leaves it a look
 * whether there are events at all (`forget`). Only what is old enough for an event is in the two maps: a few, where a column
 * would have a place for every copy.
 */
export class QueueDeadlines {
  readonly #context: ModelContext;
  readonly #priorities: PriorityLines;
  readonly #actions: DeadlineActions;
  readonly #sweepKind: number;
  readonly #dueKind: number;
  /** Of each copy that has an event of its own: the event, and its queue. */
  readonly #events = new Map<number, EventHandle>();
  readonly #queueOfCopy = new Map<number, number>();

  constructor(context: ModelContext, priorities: PriorityLines, actions: DeadlineActions) {
    this.#context = context;
    this.#priorities = priorities;
    this.#actions = actions;
    this.#sweepKind = context.simulation.addKind((id) => this.#sweep(actions.queue(id)));
    this.#dueKind = context.simulation.addKind((copy) => this.#due(copy));
  }

  /** A copy waits in a queue from now on. */
  watch(queue: DeliveryQueue, copy: number): void {
    if (queue.sweepAtMs < 0) this.#scheduleSweep(queue);
    this.#arm(queue, copy);
  }

  /** A copy waits no longer. */
  forget(copy: number): void {
    if (this.#events.size === 0) return;
    const event = this.#events.get(copy);
    if (event === undefined) return;
    this.#context.simulation.cancel(event);
    this.#events.delete(copy);
    this.#queueOfCopy.delete(copy);
  }

  /** A stopped server makes no notices; what came due meanwhile is due now, before anything is tried. */
  restarted(queue: DeliveryQueue): void {
    const { nowMs } = this.#context.simulation;
    this.#forEachWaiting(queue, (copy) => {
      if (this.#deadlineMs(queue, copy) > nowMs) {
        this.#arm(queue, copy);
      } else {
        this.forget(copy);
        this.#comeOfAge(queue, copy);
      }
    });
  }

  /** Whether a copy is older than `messageExpirationTimeout`, or what its priority has instead (PQ). */
  isExpired(queue: DeliveryQueue, copy: number): boolean {
    const { store, simulation } = this.#context;
    const submittedMs = store.messageSubmittedMs[store.copyMessage[copy]!]!;
    return simulation.nowMs >= submittedMs + this.#times(queue, copy).messageExpirationTimeout;
  }

  /** As `isExpired`, but for what is due. */
  isForgotten(queue: DeliveryQueue, copy: number): boolean {
    return !this.#events.has(copy) && this.isExpired(queue, copy);
  }

  #arm(queue: DeliveryQueue, copy: number): void {
    const { store, simulation } = this.#context;
    // Nearly always: what its deadline is need not be worked out.
    const submittedMs = store.messageSubmittedMs[store.copyMessage[copy]!]!;
    if (submittedMs + queue.shortestDeadlineMs > queue.sweepAtMs) return;
    if (this.#events.has(copy)) return;
    const deadlineMs = this.#deadlineMs(queue, copy);
    if (deadlineMs > queue.sweepAtMs) return;
    this.#queueOfCopy.set(copy, queue.id);
    const atMs = Math.max(deadlineMs, simulation.nowMs);
    this.#events.set(copy, simulation.scheduleAt(atMs, this.#dueKind, copy));
  }

  #deadlineMs(queue: DeliveryQueue, copy: number): number {
    const { store } = this.#context;
    const { messageExpirationTimeout, delayNotificationTimeout } = this.#times(queue, copy);
    const submittedMs = store.messageSubmittedMs[store.copyMessage[copy]!]!;
    const ageMs = this.#awaitsNotice(queue, copy)
      ? Math.min(delayNotificationTimeout, messageExpirationTimeout)
      : messageExpirationTimeout;
    return submittedMs + ageMs;
  }

  #times(queue: DeliveryQueue, copy: number): DeadlineTimes {
    return queue.hasPriorities
      ? queue.priorityClasses[this.#priorities.priorityOf(queue, copy)]!
      : queue.settings.transport;
  }

  #awaitsNotice(queue: DeliveryQueue, copy: number): boolean {
    const { store, addressBook } = this.#context;
    if ((store.copyFlags[copy]! & copyFlags.delayNoticeSent) !== 0) return false;
    const sender = store.messageSender[store.copyMessage[copy]!]!;
    if (sender === nullSender) return false;
    const { internalDelayDsnEnabled, externalDelayDsnEnabled } = queue.settings.transport;
    return addressBook.isInside(sender) ? internalDelayDsnEnabled : externalDelayDsnEnabled;
  }

  #due(copy: number): void {
    const queue = this.#actions.queue(this.#queueOfCopy.get(copy)!);
    this.#events.delete(copy);
    this.#queueOfCopy.delete(copy);
    if (this.#context.states.isRunning(queue.server, serviceIndex.transport)) this.#comeOfAge(queue, copy);
  }

  #comeOfAge(queue: DeliveryQueue, copy: number): void {
    const { store } = this.#context;
    if (this.isExpired(queue, copy)) {
      this.#actions.expired(queue, copy);
      return;
    }
    this.#actions.delayed(copy);
    store.copyFlags[copy]! |= copyFlags.delayNoticeSent;
    this.#arm(queue, copy);
  }

  #sweep(queue: DeliveryQueue): void {
    const { lists } = this.#context;
    queue.sweepAtMs = -1;
    let waiting = 0;
    queue.forEachWaitingList((list) => {
      waiting += lists.length(list);
    });
    if (waiting === 0) return;
    this.#scheduleSweep(queue);
    this.#forEachWaiting(queue, (copy) => this.#arm(queue, copy));
  }

  #scheduleSweep(queue: DeliveryQueue): void {
    const { simulation } = this.#context;
    const intervalMs = Math.max(shortestSweepMs, queue.shortestDeadlineMs / sweepsPerDeadline);
    queue.sweepAtMs = simulation.nowMs + intervalMs;
    simulation.schedule(intervalMs, this.#sweepKind, queue.id);
  }

  #forEachWaiting(queue: DeliveryQueue, visit: (copy: number) => void): void {
    queue.forEachWaitingList((list) => this.#context.lists.forEach(list, visit));
  }
}
