import { noEvent } from '../kernel/index.js';
import type { DeliveryQueue } from './delivery-queue.js';
import { none } from './message-store.js';
import type { ModelContext } from './model-context.js';
import type { AttemptOutcome, QueueStatus } from './observer.js';
import { retryIntervalMs } from './retry-ladder.js';

/** What a queue's timers set off, and what its retries must know of it. */
export interface RetryActions {
  queue(id: number): DeliveryQueue;
  hasWaiting(queue: DeliveryQueue): boolean;
  /** Tries the message at the head. */
  attempt(queue: DeliveryQueue): void;
  /** The queue delivered nothing for `maxIdleTimeBeforeResubmit` (MI-03). */
  resubmit(queue: DeliveryQueue): void;
}

/**
 * Failures, statuses and timers of delivery queues: when an attempt counts as a retry, when the next is due (MI-01,
 * CAP-65), how many messages a cycle tries (CAP-66), when a queue has been idle too long (MI-03), and who hears before
 * its retry that the database has moved (CAP-52).
 */
export class QueueRetries {
  readonly #context: ModelContext;
  readonly #actions: RetryActions;
  readonly #retryKind: number;
  readonly #idleKind: number;
  readonly #newsKind: number;

  constructor(context: ModelContext, actions: RetryActions) {
    this.#context = context;
    this.#actions = actions;
    this.#retryKind = context.simulation.addKind((id) => this.#retryDue(actions.queue(id)));
    this.#idleKind = context.simulation.addKind((id) => {
      const queue = actions.queue(id);
      queue.idleTimer = noEvent;
      actions.resubmit(queue);
    });
    this.#newsKind = context.simulation.addKind((id) => this.#askForNews(actions.queue(id)));
  }

  setStatus(queue: DeliveryQueue, status: QueueStatus): void {
    if (queue.status === status) return;
    const { simulation, observer } = this.#context;
    queue.leaveRetry(simulation.nowMs, status);
    observer.queueStatus(simulation.nowMs, queue.id, status);
  }

  /** Nothing is left to try: failures and timers are forgotten. */
  settle(queue: DeliveryQueue): void {
    this.forget(queue);
    this.setStatus(queue, 'Ready');
  }

  /**
   * An attempt got through to where it decides.
   * @param attempt - its number when it began: a resubmission meanwhile has forgotten the queue's own count
   */
  succeeded(queue: DeliveryQueue, startedMs: number, attempt: number): void {
    if (attempt > 0) this.#report(queue, attempt, startedMs, 'connected');
    if (queue.failures > 0) this.forget(queue);
    queue.failing = false;
    this.setStatus(queue, 'Active');
  }

  /**
   * An attempt has failed. While other sessions work the queue is not in Retry: its *last* connection counts, and the
   * attempt is none of those that are told (assumption A-retries-counted).
   * @param attempt - as for `succeeded`
   * @param target - the server at which it failed
   */
  failed(queue: DeliveryQueue, startedMs: number, attempt: number, target: number): void {
    const { simulation, observer } = this.#context;
    queue.failing = queue.sessions > 0;
    if (queue.failing) return;
    const length = queue.length;
    if (attempt > 0 || length > 0) this.#report(queue, attempt, startedMs, 'failed');
    if (length === 0) {
      this.settle(queue);
      return;
    }
    if (queue.failures === 0) {
      const idleMs = queue.settings.transport.maxIdleTimeBeforeResubmit;
      queue.idleTimer = simulation.schedule(idleMs, this.#idleKind, queue.id);
    }
    queue.failures = attempt + 1;
    queue.attemptsLeft--;
    queue.attemptsMade++;
    if (queue.attemptsLeft > 0 && queue.attemptsMade < length) {
      this.#actions.attempt(queue);
      return;
    }
    queue.enterRetry(simulation.nowMs);
    observer.queueStatus(simulation.nowMs, queue.id, 'Retry');
    const intervalMs = retryIntervalMs(queue.stageOf(attempt + 1), queue.settings);
    queue.retryTimer = simulation.schedule(intervalMs, this.#retryKind, queue.id);
    if (queue.kind !== 'mailbox') return;
    queue.failedHolder = target;
    this.#awaitNews(queue);
  }

  /** A database may have been activated on another server: its queue has nothing to wait for there any more. */
  activated(queue: DeliveryQueue): void {
    if (queue.status === 'Retry') this.#awaitNews(queue);
  }

  /** Forgets failures and timers; the status is the caller's to set. */
  forget(queue: DeliveryQueue): void {
    const { simulation } = this.#context;
    simulation.cancel(queue.retryTimer);
    simulation.cancel(queue.idleTimer);
    queue.retryTimer = noEvent;
    queue.idleTimer = noEvent;
    this.#forgetNews(queue);
    queue.failures = 0;
    queue.failing = false;
    queue.attemptsLeft = 0;
  }

  /**
   * Where another copy is active than the one that failed, the queue's server asks Active Manager as soon as its last
   * answer has aged out, once (CAP-52, assumption A-retry-follows-move).
   */
  #awaitNews(queue: DeliveryQueue): void {
    const { simulation, activeManager } = this.#context;
    this.#forgetNews(queue);
    if (activeManager.activeServer(queue.database) === queue.failedHolder) return;
    const atMs = Math.max(activeManager.agesOutMs(queue.server, queue.database), simulation.nowMs);
    queue.newsTimer = simulation.scheduleAt(atMs, this.#newsKind, queue.id);
  }

  #forgetNews(queue: DeliveryQueue): void {
    if (queue.newsTimer === noEvent) return;
    this.#context.simulation.cancel(queue.newsTimer);
    queue.newsTimer = noEvent;
  }

  #askForNews(queue: DeliveryQueue): void {
    const { simulation, activeManager } = this.#context;
    queue.newsTimer = noEvent;
    const holder = activeManager.answerTo(queue.server, queue.database);
    if (holder === none || holder === queue.failedHolder) return;
    activeManager.fetch(queue.server, queue.database, simulation.nowMs);
    simulation.cancel(queue.retryTimer);
    this.#retryDue(queue);
  }

  #retryDue(queue: DeliveryQueue): void {
    this.#forgetNews(queue);
    queue.retryTimer = noEvent;
    queue.attemptsMade = 0;
    if (!this.#actions.hasWaiting(queue)) {
      this.settle(queue);
      return;
    }
    this.setStatus(queue, 'Connecting');
    queue.attemptsLeft = queue.kind === 'mailbox' ? queue.settings.mailboxTransport.attemptsPerRetryCycle : 1;
    this.#actions.attempt(queue);
  }

  #report(queue: DeliveryQueue, attempt: number, startedMs: number, outcome: AttemptOutcome): void {
    const { observer, simulation } = this.#context;
    const durationMs = simulation.nowMs - startedMs;
    const length = queue.length;
    observer.attempted(startedMs, queue.id, attempt, queue.stageOf(attempt), outcome, durationMs, length);
  }
}
