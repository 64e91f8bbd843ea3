import { noEvent } from '../kernel/index.js';
import type { DeliveryQueue } from './delivery-queue.js';
import type { ModelContext } from './model-context.js';
import type { AttemptOutcome } from './observer.js';
import type { QueueLines } from './queue-lines.js';

/**
 * Retries of single messages (MI, `messageRetryInterval`): a message that was refused by itself waits by itself, while
 * its queue goes on. All of a queue wait equally long, so they are due in the order in which they were refused, and
 * one event a queue is enough.
 */
export class MessageRetries {
  readonly #context: ModelContext;
  readonly #lines: QueueLines;
  readonly #dueKind: number;

  /** @param due - a queue has messages again that may be sent */
  constructor(
    context: ModelContext,
    lines: QueueLines,
    queue: (id: number) => DeliveryQueue,
    due: (queue: DeliveryQueue) => void,
  ) {
    this.#context = context;
    this.#lines = lines;
    this.#dueKind = context.simulation.addKind((id) => {
      const ofId = queue(id);
      ofId.deferredTimer = noEvent;
      this.#readmitDue(ofId);
      due(ofId);
    });
  }

  /** A copy being sent was refused; its time must be booked up to now. */
  refused(queue: DeliveryQueue, copy: number, startedMs: number): void {
    const { store } = this.#context;
    this.#report(queue, copy, startedMs, 'failed');
    store.setAttempts(copy, store.attempts(copy) + 1);
    this.#lines.defer(queue, copy);
    if (queue.deferredTimer === noEvent) this.#schedule(queue);
  }

  /** A copy that may have been refused before has got through. */
  passed(queue: DeliveryQueue, copy: number, startedMs: number): void {
    if (this.#context.store.attempts(copy) > 0) this.#report(queue, copy, startedMs, 'connected');
  }

  #readmitDue(queue: DeliveryQueue): void {
    const { lists, simulation } = this.#context;
    for (;;) {
      const copy = lists.first(queue.deferred);
      if (copy < 0) return;
      if (this.#dueMs(queue, copy) > simulation.nowMs) break;
      this.#lines.readmit(queue, copy);
    }
    this.#schedule(queue);
  }

  #schedule(queue: DeliveryQueue): void {
    const { lists, simulation } = this.#context;
    const atMs = Math.max(this.#dueMs(queue, lists.first(queue.deferred)), simulation.nowMs);
    queue.deferredTimer = simulation.scheduleAt(atMs, this.#dueKind, queue.id);
  }

  /** While it is deferred, the copy's present stage began with the refusal. */
  #dueMs(queue: DeliveryQueue, copy: number): number {
    return this.#context.store.enteredMs(copy) + queue.settings.transport.messageRetryInterval;
  }

  #report(queue: DeliveryQueue, copy: number, startedMs: number, outcome: AttemptOutcome): void {
    const { observer, simulation, store } = this.#context;
    const durationMs = simulation.nowMs - startedMs;
    const attempt = store.attempts(copy);
    observer.attempted(startedMs, queue.id, attempt, 'message', outcome, durationMs, queue.length);
  }
}
