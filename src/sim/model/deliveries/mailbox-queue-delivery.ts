import type { DeliveryQueue } from '../delivery-queue.js';
import type { MailboxDelivery } from '../mailbox-delivery.js';
import { stageIndex } from '../message-store.js';
import type { ModelContext } from '../model-context.js';
import type { QueueDelivery, QueueProgress } from '../queue-delivery.js';
import { serviceIndex } from '../server-states.js';
import type { TransportService } from '../transport-service.js';

/** What a session waits for. */
const phase = { arriving: 0, writing: 1, unanswered: 2 } as const;

/**
 * Sends to the Mailbox Transport of the server that holds the active copy, as far as the sender knows (RT-04, RT-19,
 * MD-01). The connection says nothing yet: the database's answer decides (RT-55, MD-02).
 */
export class MailboxQueueDelivery implements QueueDelivery {
  readonly connectionDecides = false;
  readonly #context: ModelContext;
  readonly #transport: TransportService;
  readonly #mailboxDelivery: MailboxDelivery;
  readonly #progress: QueueProgress;
  readonly #owner: number;

  constructor(
    context: ModelContext,
    transport: TransportService,
    mailboxDelivery: MailboxDelivery,
    progress: QueueProgress,
    owner: number,
  ) {
    this.#context = context;
    this.#transport = transport;
    this.#mailboxDelivery = mailboxDelivery;
    this.#progress = progress;
    this.#owner = owner;
  }

  open(queue: DeliveryQueue, copy: number, attempt: number): void {
    const { sessions, store } = this.#context;
    const message = store.messageNumber[store.copyMessage[copy]!]!;
    sessions.openToServer(
      this.#owner,
      queue.id,
      queue.server,
      serviceIndex.transport,
      this.#mailboxDelivery.holderFor(copy, queue.server, queue.database),
      serviceIndex.mailboxDelivery,
      copy,
      message,
      attempt,
    );
  }

  send(queue: DeliveryQueue, session: number): void {
    const { sessions } = this.#context;
    if (sessions.transmitAtOnce(session)) this.#arrived(queue, session);
    else sessions.transmit(session, phase.arriving, 0, 0);
  }

  proceeded(queue: DeliveryQueue, session: number): void {
    const { sessions } = this.#context;
    const waitedFor = sessions.phase(session);
    if (waitedFor === phase.unanswered) {
      this.#progress.failed(queue, session, stageIndex.mailboxDelivery);
    } else if (!sessions.stands(session)) {
      this.#progress.failed(queue, session, stageIndex.transfer);
    } else if (waitedFor === phase.arriving) {
      this.#arrived(queue, session);
    } else {
      this.#written(queue, session);
    }
  }

  mayFollow(queue: DeliveryQueue, session: number, head: number): boolean {
    const { server, database } = queue;
    return this.#mailboxDelivery.holderFor(head, server, database) === this.#context.sessions.target(session);
  }

  /** The message has reached the Mailbox Transport of the believed holder, which answers from its own copy. */
  #arrived(queue: DeliveryQueue, session: number): void {
    const { sessions, store, simulation, databaseCopies } = this.#context;
    const copy = sessions.copy(session);
    const holder = sessions.target(session);
    store.charge(copy, stageIndex.transfer, simulation.nowMs);
    switch (databaseCopies.answer(holder, queue.database)) {
      case 'accept':
        this.#progress.gotThrough(queue, session);
        sessions.proceed(session, phase.writing, this.#mailboxDelivery.writeTimeMs(copy, holder));
        break;
      case 'active-elsewhere':
        this.#progress.gotThrough(queue, session);
        this.#progress.leave(queue, session);
        this.#mailboxDelivery.refuse(copy, queue.server, queue.database, holder);
        this.#transport.submit(copy);
        this.#progress.next(queue, session);
        break;
      case 'retry':
        this.#progress.failed(queue, session, stageIndex.mailboxDelivery);
        break;
      case 'no-answer': {
        const lastsMs = queue.settings.mailboxTransport.failedAttemptTime;
        const spentMs = simulation.nowMs - sessions.startedMs(session);
        sessions.proceed(session, phase.unanswered, Math.max(0, lastsMs - spentMs));
      }
    }
  }

  #written(queue: DeliveryQueue, session: number): void {
    const { sessions, store, simulation } = this.#context;
    const copy = sessions.copy(session);
    store.charge(copy, stageIndex.mailboxDelivery, simulation.nowMs);
    this.#progress.leave(queue, session);
    this.#mailboxDelivery.deliver(copy, queue.server, sessions.target(session));
    this.#progress.next(queue, session);
  }
}
