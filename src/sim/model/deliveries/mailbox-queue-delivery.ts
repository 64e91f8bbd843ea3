import type { DeliveryQueue } from '../delivery-queue.js';
import type { MailboxDelivery } from '../mailbox-delivery.js';
import type { WriteOutcomes } from '../mailbox-writes.js';
import { none, stageIndex } from '../message-store.js';
import type { ModelContext } from '../model-context.js';
import type { QueueDelivery, QueueProgress } from '../queue-delivery.js';
import { serviceIndex } from '../server-states.js';
import type { TransportService } from '../transport-service.js';

/** What a session waits for. */
const phase = { arriving: 0, writing: 1, unanswered: 2 } as const;

/**
 * Sends to the Mailbox Transport of the server that holds the active copy, as far as the sender knows (RT-04, RT-19,
 * MD-01). The connection says nothing yet: the database's answer decides (RT-55, MD-02). An older hub's store driver
 * does the same by RPC with the server's store (RT-21, assumption A-store-driver).
 */
export class MailboxQueueDelivery implements QueueDelivery, WriteOutcomes {
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
    mailboxDelivery.writes.tell(this);
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
    const { sessions, backPressure } = this.#context;
    const readMs = backPressure.readMs(queue.server);
    if (readMs === 0 && sessions.transmitAtOnce(session)) this.#arrived(queue, session);
    else sessions.transmit(session, phase.arriving, readMs, 0);
  }

  proceeded(queue: DeliveryQueue, session: number): void {
    const { sessions } = this.#context;
    switch (sessions.phase(session)) {
      case phase.writing:
        this.#mailboxDelivery.writes.proceeded(session);
        break;
      case phase.arriving:
        if (sessions.stands(session)) this.#arrived(queue, session);
        else this.#progress.failed(queue, session, stageIndex.transfer);
        break;
      default:
        this.#progress.failed(queue, session, stageIndex.mailboxDelivery);
    }
  }

  aborted(session: number): void {
    this.#mailboxDelivery.writes.drop(session);
  }

  mayFollow(queue: DeliveryQueue, session: number, head: number): boolean {
    const { server, database } = queue;
    return this.#mailboxDelivery.holderFor(head, server, database) === this.#context.sessions.target(session);
  }

  begun(session: number): void {
    this.#progress.gotThrough(this.#queueOf(session), session);
  }

  writing(session: number, durationMs: number): void {
    this.#context.sessions.proceed(session, phase.writing, durationMs);
  }

  written(session: number): void {
    const { sessions, store, simulation } = this.#context;
    const queue = this.#queueOf(session);
    const copy = sessions.copy(session);
    store.charge(copy, stageIndex.mailboxDelivery, simulation.nowMs);
    this.#progress.leave(queue, session);
    this.#mailboxDelivery.deliver(copy, queue.server, this.#writer(queue, session));
    this.#progress.next(queue, session);
  }

  withdrawn(session: number): void {
    this.#deliverWritten(session);
    this.#answered(this.#queueOf(session), session);
  }

  /** `432 4.3.2 STOREDRV.Deliver; recipient thread limit exceeded`: those alone are tried again later (QU-11). */
  limited(session: number): void {
    const queue = this.#queueOf(session);
    // The database has answered, whoever is refused.
    this.#progress.gotThrough(queue, session);
    this.#deliverWritten(session);
    this.#progress.defer(queue, session, stageIndex.mailboxDelivery);
  }

  broken(session: number): void {
    this.#progress.failed(this.#queueOf(session), session, stageIndex.mailboxDelivery);
  }

  /** The message has reached the Mailbox Transport of the believed holder, which answers from its own copy. */
  #arrived(queue: DeliveryQueue, session: number): void {
    const { sessions, store, simulation } = this.#context;
    const copy = sessions.copy(session);
    store.charge(copy, stageIndex.transfer, simulation.nowMs);
    this.#answered(queue, session);
  }

  #answered(queue: DeliveryQueue, session: number): void {
    const { sessions, simulation, databaseCopies } = this.#context;
    const holder = sessions.target(session);
    switch (databaseCopies.answer(holder, queue.database)) {
      case 'accept':
        this.#mailboxDelivery.writes.accept(session, holder, queue.database);
        break;
      case 'active-elsewhere': {
        const copy = sessions.copy(session);
        this.#progress.gotThrough(queue, session);
        this.#progress.leave(queue, session);
        this.#mailboxDelivery.refuse(copy, queue.server, queue.database, holder);
        this.#transport.submit(copy);
        this.#progress.next(queue, session);
        break;
      }
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

  /** Of a copy that is refused now, the recipients that have been written are delivered. */
  #deliverWritten(session: number): void {
    const { sessions, store, simulation } = this.#context;
    const lastRow = this.#mailboxDelivery.writes.lastWrittenRow(session);
    if (lastRow === none) return;
    const copy = sessions.copy(session);
    const queue = this.#queueOf(session);
    store.charge(copy, stageIndex.mailboxDelivery, simulation.nowMs);
    this.#mailboxDelivery.deliverPart(copy, lastRow, queue.server, this.#writer(queue, session));
  }

  /** RT-21: an older hub's store driver writes to the database itself, whoever holds it. */
  #writer(queue: DeliveryQueue, session: number): number {
    return queue.key.deliveryType === 'MapiDelivery' ? queue.server : this.#context.sessions.target(session);
  }

  #queueOf(session: number): DeliveryQueue {
    return this.#progress.queue(this.#context.sessions.subject(session));
  }
}
