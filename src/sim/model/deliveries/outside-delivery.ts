import type { DeliveryQueue } from '../delivery-queue.js';
import { stageIndex } from '../message-store.js';
import type { ModelContext } from '../model-context.js';
import type { QueueDelivery, QueueProgress } from '../queue-delivery.js';
import type { RecipientEndings } from '../recipient-endings.js';
import { work } from '../service-times.js';

const accepting = 0;

/** Hands messages over to what lies behind a connector: a remote domain, smart hosts, a gateway (RT-12). */
export class OutsideDelivery implements QueueDelivery {
  readonly connectionDecides = true;
  readonly #context: ModelContext;
  readonly #endings: RecipientEndings;
  readonly #progress: QueueProgress;
  readonly #owner: number;

  constructor(context: ModelContext, endings: RecipientEndings, progress: QueueProgress, owner: number) {
    this.#context = context;
    this.#endings = endings;
    this.#progress = progress;
    this.#owner = owner;
  }

  open(queue: DeliveryQueue, copy: number, attempt: number): void {
    const { sessions, store } = this.#context;
    const message = store.messageNumber[store.copyMessage[copy]!]!;
    sessions.openOutside(this.#owner, queue.id, queue.server, copy, message, attempt);
  }

  send(queue: DeliveryQueue, session: number): void {
    const { sessions, store, times } = this.#context;
    const copy = sessions.copy(session);
    const message = store.messageNumber[store.copyMessage[copy]!]!;
    const acceptMs = times.timeMs(work.outsideAccept, queue.server, message, store.copyHops[copy]!);
    sessions.proceed(session, accepting, acceptMs);
  }

  /** The other side has accepted the copy: it is delivered as far as the organization is concerned. */
  proceeded(queue: DeliveryQueue, session: number): void {
    const { sessions, store, simulation } = this.#context;
    if (!sessions.stands(session)) {
      this.#progress.failed(queue, session, stageIndex.transfer);
      return;
    }
    const copy = sessions.copy(session);
    store.charge(copy, stageIndex.transfer, simulation.nowMs);
    this.#progress.leave(queue, session);
    this.#endings.endCopy(copy, 'delivered', queue.server, null);
    this.#progress.next(queue, session);
  }

  mayFollow(): boolean {
    return true;
  }
}
