import type { DeliveryQueue } from './delivery-queue.js';
import type { MailboxDelivery } from './mailbox-delivery.js';
import { copyFlags, none, stageIndex } from './message-store.js';
import type { ModelContext, Place } from './model-context.js';
import { QueueDirectory } from './queue-directory.js';
import { QueueLines } from './queue-lines.js';
import { QueueRetries } from './queue-retries.js';
import type { RecipientEndings } from './recipient-endings.js';
import { serviceIndex } from './server-states.js';
import { work } from './service-times.js';
import type { SessionOwner } from './smtp-sessions.js';
import type { TransportService } from './transport-service.js';

/** What a session waits for. */
const phase = { relaying: 0, arriving: 1, writing: 2, unanswered: 3, outside: 4 } as const;

/**
 * The delivery queues of all Transport services: waiting, connecting, sending, retrying (QU-01 to QU-07, MI-01 to
 * MI-05). A queue opens sessions as it grows; when its last session fails it is in Retry until its timer is due.
 */
export class DeliveryQueues implements SessionOwner, Place {
  readonly name = 'delivery queues';
  readonly #context: ModelContext;
  readonly #transport: TransportService;
  readonly #mailboxDelivery: MailboxDelivery;
  readonly #endings: RecipientEndings;
  readonly #lines: QueueLines;
  readonly #directory: QueueDirectory;
  readonly #owner: number;
  readonly #retries: QueueRetries;

  constructor(
    context: ModelContext,
    transport: TransportService,
    mailboxDelivery: MailboxDelivery,
    endings: RecipientEndings,
    delayNotice: (copy: number) => void,
  ) {
    this.#context = context;
    this.#transport = transport;
    this.#mailboxDelivery = mailboxDelivery;
    this.#endings = endings;
    this.#owner = context.sessions.addOwner(this);
    this.#directory = new QueueDirectory(context);
    this.#retries = new QueueRetries(context, {
      queue: (id) => this.queue(id),
      length: (queue) => this.length(queue),
      hasWaiting: (queue) => this.#lines.head(queue) !== none,
      attempt: (queue) => this.#open(queue),
      resubmit: (queue) => this.resubmit(queue, 'idle'),
    });
    this.#lines = new QueueLines(context, endings, (id) => this.queue(id), delayNotice);
  }

  get count(): number {
    return this.#directory.all.length;
  }

  /** Messages waiting or being sent in all queues. */
  get messagesQueued(): number {
    return this.#directory.all.reduce((messages, queue) => messages + this.#lines.length(queue), 0);
  }

  queue(id: number): DeliveryQueue {
    return this.#directory.all[id]!;
  }

  queuesOf(server: number): readonly DeliveryQueue[] {
    return this.#directory.ofServer(server);
  }

  /** Messages of a queue, waiting and being sent. */
  length(queue: DeliveryQueue): number {
    return this.#lines.length(queue);
  }

  forEachCopyOf(queue: DeliveryQueue, visit: (copy: number) => void): void {
    this.#lines.forEachCopy(queue, visit);
  }

  forEachCopy(visit: (copy: number) => void): void {
    for (const queue of this.#directory.all) this.#lines.forEachCopy(queue, visit);
  }

  /** Queues a categorized copy for its next hop; `none` puts it into the Unreachable queue (QU-01). */
  enqueue(copy: number, nextHop: number): void {
    const { store } = this.#context;
    store.copyNextHop[copy] = nextHop;
    const queue =
      nextHop === none
        ? this.#directory.unreachable(store.copyServer[copy]!)
        : this.#directory.forNextHop(nextHop);
    this.#lines.enter(queue, copy);
    this.#pump(queue);
  }

  /** Sends a queue's messages back to the Submission queue, to be categorized anew (MI-03, or an administrator). */
  resubmit(queue: DeliveryQueue, cause: 'idle' | 'administrator'): void {
    const { lists, store, simulation, observer } = this.#context;
    const messages = this.#lines.clear(queue, (copy) => this.#transport.submit(copy));
    // What is being tried at this moment goes the same way if it fails.
    lists.forEach(queue.sending, (copy) => {
      store.copyFlags[copy]! |= copyFlags.resubmitOnFailure;
    });
    this.#retries.forget(queue);
    if (messages > 0) observer.resubmitted(simulation.nowMs, queue.id, cause, messages);
    if (queue.sessions === 0) this.#retries.setStatus(queue, 'Ready');
  }

  /** The Transport service of a server has stopped; its sessions were aborted. Messages stay (queue database kept). */
  stopped(server: number): void {
    for (const queue of this.queuesOf(server)) {
      this.#retries.settle(queue);
    }
  }

  /** The Transport service runs again: every queue tries at once (assumption A-restart-tries-at-once). */
  started(server: number): void {
    for (const queue of this.queuesOf(server)) {
      this.#lines.restarted(queue);
      this.#pump(queue);
    }
  }

  connected(session: number): void {
    const { sessions, store, simulation } = this.#context;
    const queue = this.queue(sessions.subject(session));
    queue.established++;
    store.charge(sessions.copy(session), stageIndex.connection, simulation.nowMs);
    if (queue.kind !== 'mailbox')
      this.#retries.succeeded(queue, sessions.startedMs(session), sessions.attempt(session));
    this.#send(queue, session);
    this.#pump(queue);
  }

  connectFailed(session: number): void {
    const { sessions } = this.#context;
    this.#retries.failed(this.#giveBack(session), sessions.startedMs(session), sessions.attempt(session));
  }

  aborted(session: number): void {
    this.#giveBack(session);
  }

  proceeded(session: number): void {
    const { sessions } = this.#context;
    const queue = this.queue(sessions.subject(session));
    const waitedFor = sessions.phase(session);
    if (waitedFor !== phase.unanswered && !sessions.stands(session)) {
      this.#attemptFailed(queue, session, stageIndex.transfer);
      return;
    }
    switch (waitedFor) {
      case phase.relaying:
        this.#relayed(queue, session);
        break;
      case phase.arriving:
        this.#arrived(queue, session);
        break;
      case phase.writing:
        this.#written(queue, session);
        break;
      case phase.unanswered:
        this.#attemptFailed(queue, session, stageIndex.mailboxDelivery);
        break;
      default:
        this.#handedOver(queue, session);
    }
  }

  #pump(queue: DeliveryQueue): void {
    const { states } = this.#context;
    if (queue.kind === 'unreachable' || !states.isRunning(queue.server, serviceIndex.transport)) return;
    while (
      queue.status !== 'Retry' &&
      !queue.failing &&
      queue.sessions < queue.sessionsFor(this.length(queue)) &&
      this.#lines.head(queue) !== none
    ) {
      this.#open(queue);
    }
  }

  /** Opens a session for the message at the head. */
  #open(queue: DeliveryQueue): void {
    const { sessions, store, tables } = this.#context;
    const copy = this.#lines.takeHead(queue);
    if (copy === none) {
      this.#retries.settle(queue);
      return;
    }
    queue.sessions++;
    if (queue.status !== 'Active') this.#retries.setStatus(queue, 'Connecting');
    const message = store.messageNumber[store.copyMessage[copy]!]!;
    const { server, failures: attempt } = queue;
    const { transport, mailboxDelivery } = serviceIndex;
    switch (queue.kind) {
      case 'mailbox': {
        const holder = this.#mailboxDelivery.holderFor(copy, server, queue.database);
        sessions.openToServer(
          this.#owner,
          queue.id,
          server,
          transport,
          holder,
          mailboxDelivery,
          copy,
          message,
          attempt,
        );
        break;
      }
      case 'outside':
        sessions.openOutside(this.#owner, queue.id, server, copy, message, attempt);
        break;
      default: {
        const { tiers } = tables.nextHop(store.copyNextHop[copy]!);
        sessions.openToTiers(
          this.#owner,
          queue.id,
          server,
          transport,
          tiers,
          queue.turn++,
          copy,
          message,
          attempt,
        );
      }
    }
  }

  #send(queue: DeliveryQueue, session: number): void {
    const { sessions, store, times } = this.#context;
    const copy = sessions.copy(session);
    const message = store.messageNumber[store.copyMessage[copy]!]!;
    const hop = store.copyHops[copy]!;
    switch (queue.kind) {
      case 'outside':
        sessions.proceed(
          session,
          phase.outside,
          times.timeMs(work.outsideAccept, queue.server, message, hop),
        );
        break;
      case 'mailbox': {
        const transferMs = sessions.transferMs(session);
        if (transferMs > 0) sessions.proceed(session, phase.arriving, transferMs);
        else this.#arrived(queue, session);
        break;
      }
      default: {
        const sendMs = times.timeMs(work.relay, queue.server, message, hop) + sessions.transferMs(session);
        sessions.proceed(
          session,
          phase.relaying,
          sendMs + this.#transport.acceptMs(sessions.target(session)),
        );
      }
    }
  }

  /** Another Transport service has stored the copy and acknowledged it. */
  #relayed(queue: DeliveryQueue, session: number): void {
    const { sessions, store, simulation, observer } = this.#context;
    const copy = sessions.copy(session);
    const target = sessions.target(session);
    const nowMs = simulation.nowMs;
    store.chargePart(
      copy,
      stageIndex.transfer,
      nowMs - store.copyEnteredMs[copy]! - this.#transport.acceptMs(target),
    );
    store.charge(copy, stageIndex.accept, nowMs);
    const tier = sessions.tierIndex(session);
    if (tier > 0) {
      const { reason, site } = sessions.tiers(session)![tier]!;
      const facts = store.facts(store.copyMessage[copy]!);
      observer.fallenBack(
        nowMs,
        facts,
        queue.server,
        queue.key.nextHopDomain,
        tier + 1,
        reason,
        site,
        target,
      );
    }
    this.#lines.leave(queue, copy);
    this.#transport.acceptRelayed(copy, queue.server, target);
    this.#next(queue, session);
  }

  /** The message has reached the Mailbox Transport of the believed holder, which answers from its own copy. */
  #arrived(queue: DeliveryQueue, session: number): void {
    const { sessions, store, simulation, databaseCopies, traffic } = this.#context;
    const copy = sessions.copy(session);
    const holder = sessions.target(session);
    store.charge(copy, stageIndex.transfer, simulation.nowMs);
    traffic.count(copy, queue.server, holder);
    switch (databaseCopies.answer(holder, queue.database)) {
      case 'accept':
        this.#retries.succeeded(queue, sessions.startedMs(session), sessions.attempt(session));
        sessions.proceed(session, phase.writing, this.#mailboxDelivery.writeTimeMs(copy, holder));
        break;
      case 'active-elsewhere':
        this.#retries.succeeded(queue, sessions.startedMs(session), sessions.attempt(session));
        this.#lines.leave(queue, copy);
        this.#mailboxDelivery.refuse(copy, queue.server, queue.database, holder);
        this.#transport.submit(copy);
        this.#next(queue, session);
        break;
      case 'retry':
        this.#attemptFailed(queue, session, stageIndex.mailboxDelivery);
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
    this.#lines.leave(queue, copy);
    this.#mailboxDelivery.deliver(copy, queue.server, sessions.target(session));
    this.#next(queue, session);
  }

  /** A remote domain has accepted the copy: it is delivered as far as the organization is concerned. */
  #handedOver(queue: DeliveryQueue, session: number): void {
    const { sessions, store, simulation } = this.#context;
    const copy = sessions.copy(session);
    store.charge(copy, stageIndex.transfer, simulation.nowMs);
    this.#lines.leave(queue, copy);
    this.#endings.endCopy(copy, 'delivered', queue.server, null);
    this.#next(queue, session);
  }

  /** A message has got through. Goes on over the same session while it may, else closes it. */
  #next(queue: DeliveryQueue, session: number): void {
    const { sessions } = this.#context;
    queue.failing = false;
    if (this.#mayContinue(queue, session)) {
      sessions.continueWith(session, this.#lines.takeHead(queue));
      this.#send(queue, session);
      return;
    }
    this.#sessionEnded(queue, session);
    sessions.close(session);
    this.#pump(queue);
    if (queue.sessions === 0 && queue.status !== 'Retry') this.#retries.setStatus(queue, 'Ready');
  }

  #mayContinue(queue: DeliveryQueue, session: number): boolean {
    const { sessions, store, tables } = this.#context;
    const head = this.#lines.head(queue);
    if (
      head === none ||
      sessions.sentCount(session) + 1 >= queue.settings.transport.smtpMaxMessagesPerConnection
    ) {
      return false;
    }
    switch (queue.kind) {
      case 'mailbox': {
        const { server, database } = queue;
        const holder = this.#mailboxDelivery.holderFor(head, server, database);
        return holder === sessions.target(session);
      }
      case 'relay':
        // One queue may hold messages that prefer different servers of a hub site (RT-35).
        return tables.nextHop(store.copyNextHop[head]!).tiers === sessions.tiers(session);
      default:
        return true;
    }
  }

  #attemptFailed(queue: DeliveryQueue, session: number, stage: number): void {
    const { sessions, store, simulation } = this.#context;
    const copy = sessions.copy(session);
    const startedMs = sessions.startedMs(session);
    const attempt = sessions.attempt(session);
    store.charge(copy, stage, simulation.nowMs);
    this.#sessionEnded(queue, session);
    sessions.close(session);
    this.#returnToQueue(queue, copy);
    this.#retries.failed(queue, startedMs, attempt);
  }

  /** Ends an attempt that came to nothing before a message was sent; returns its queue. */
  #giveBack(session: number): DeliveryQueue {
    const { sessions, store, simulation } = this.#context;
    const queue = this.queue(sessions.subject(session));
    const copy = sessions.copy(session);
    store.charge(copy, stageIndex.connection, simulation.nowMs);
    this.#sessionEnded(queue, session);
    this.#returnToQueue(queue, copy);
    return queue;
  }

  #sessionEnded(queue: DeliveryQueue, session: number): void {
    queue.sessions--;
    if (this.#context.sessions.isEstablished(session)) queue.established--;
  }

  /** A copy could not be sent: back into the line, or anew to the categorizer if that was asked for meanwhile. */
  #returnToQueue(queue: DeliveryQueue, copy: number): void {
    const { store } = this.#context;
    if ((store.copyFlags[copy]! & copyFlags.resubmitOnFailure) === 0) {
      this.#lines.putBack(queue, copy);
    } else {
      this.#lines.leave(queue, copy);
      this.#transport.submit(copy);
    }
  }
}
