import { InvariantError } from '../kernel/index.js';
import type { BouncingAddresses } from './bouncing-addresses.js';
import { InboundDelivery } from './deliveries/inbound-delivery.js';
import { MailboxQueueDelivery } from './deliveries/mailbox-queue-delivery.js';
import { OutsideDelivery } from './deliveries/outside-delivery.js';
import { RelayDelivery } from './deliveries/relay-delivery.js';
import type { DeliveryQueue, SendingQueueKind } from './delivery-queue.js';
import type { MailboxDelivery } from './mailbox-delivery.js';
import { MessageRetries } from './message-retries.js';
import { copyFlags, none, stageIndex } from './message-store.js';
import type { ModelContext, Place, Storage, WaitingRoom } from './model-context.js';
import type { ResubmissionCause } from './observer.js';
import { OutboundConnections } from './outbound-connections.js';
import { auditQueue } from './queue-audit.js';
import type { QueueDelivery, QueueProgress } from './queue-delivery.js';
import { QueueDirectory } from './queue-directory.js';
import { QueueLines } from './queue-lines.js';
import { QueueRerouting } from './queue-rerouting.js';
import { QueueRetries } from './queue-retries.js';
import type { RecipientEndings } from './recipient-endings.js';
import { serviceIndex } from './server-states.js';
import type { SessionOwner } from './smtp-sessions.js';
import type { TransportService } from './transport-service.js';

/**
 * The delivery queues of all Transport services: waiting, connecting, sending, retrying (QU-01 to QU-07, MI-01 to
 * MI-05). A queue opens sessions as it grows; when its last session fails it is in Retry until its timer is due.
 *
 * A message's way: `enqueue`, a session if the queue wants one more (`#pump`), `connected`, then what a queue of that kind
 * does (`QueueDelivery`), and `next` for the message behind it. A queue is an object, for there are thousands at most
 * and each event needs a dozen fields of one; its messages, of which there may be millions, are chains of copy numbers
 * in `QueueLines`, and events, sessions and callbacks hold numbers alone. What is rare (retries, resubmission, new tables,
 * connections that are scarce) stands in files of its own.
 */
export class DeliveryQueues implements SessionOwner, QueueProgress, Place, Storage, WaitingRoom {
  readonly name = 'delivery queues';
  readonly #context: ModelContext;
  readonly #transport: TransportService;
  readonly #lines: QueueLines;
  readonly #directory: QueueDirectory;
  readonly #retries: QueueRetries;
  readonly #messageRetries: MessageRetries;
  readonly #connections: OutboundConnections;
  readonly #rerouting: QueueRerouting;
  /** By server: the queue that takes all it has to send while it is drained. */
  readonly #redirects: (DeliveryQueue | undefined)[];
  readonly #inbound: InboundDelivery;
  readonly #deliveries: Readonly<Record<SendingQueueKind, QueueDelivery>>;

  constructor(
    context: ModelContext,
    transport: TransportService,
    mailboxDelivery: MailboxDelivery,
    endings: RecipientEndings,
    bouncing: BouncingAddresses,
    delayNotice: (copy: number) => void,
  ) {
    this.#context = context;
    this.#transport = transport;
    const owner = context.sessions.addOwner(this);
    this.#connections = new OutboundConnections(
      context.topology.servers.map(
        (_, server) => context.settingsOf(server).transport.maxOutboundConnections,
      ),
    );
    this.#directory = new QueueDirectory(context);
    this.#retries = new QueueRetries(context, {
      queue: (id) => this.queue(id),
      hasWaiting: (queue) => this.#lines.head(queue) !== none,
      attempt: (queue) => this.#open(queue),
      resubmit: (queue) => this.resubmit(queue, 'idle'),
    });
    this.#lines = new QueueLines(context, endings, (id) => this.queue(id), delayNotice);
    this.#messageRetries = new MessageRetries(
      context,
      this.#lines,
      (id) => this.queue(id),
      (queue) => this.#pump(queue),
    );
    this.#redirects = context.topology.servers.map(() => undefined);
    this.#rerouting = new QueueRerouting(context, this.#directory, this.#lines, {
      resubmit: (queue) => this.resubmit(queue, 'routing-change'),
      submit: (copy) => this.#transport.submit(copy),
      enqueue: (copy, nextHop) => this.enqueue(copy, nextHop),
      emptied: (queue) => this.#emptied(queue),
    });
    this.#inbound = new InboundDelivery(context, transport, this, owner);
    const relay = new RelayDelivery(context, transport, this, owner);
    this.#deliveries = {
      mailbox: new MailboxQueueDelivery(context, transport, mailboxDelivery, this, owner),
      relay,
      redirect: relay,
      outside: new OutsideDelivery(context, endings, bouncing, this, owner),
    };
  }

  get count(): number {
    return this.#directory.all.length;
  }

  /** Messages waiting or being sent in all queues. */
  get messagesQueued(): number {
    return this.#directory.all.reduce((messages, queue) => messages + queue.length, 0);
  }

  queue(id: number): DeliveryQueue {
    return this.#directory.all[id]!;
  }

  queuesOf(server: number): readonly DeliveryQueue[] {
    return this.#directory.ofServer(server);
  }

  forEachCopyOf(queue: DeliveryQueue, visit: (copy: number) => void): void {
    this.#lines.forEachCopy(queue, visit);
  }

  forEachCopy(visit: (copy: number) => void): void {
    for (const queue of this.#directory.all) this.#lines.forEachCopy(queue, visit);
  }

  forEachStored(visit: (copy: number, server: number) => void): void {
    for (const queue of this.#directory.all) {
      this.#lines.forEachCopy(queue, (copy) => visit(copy, queue.server));
    }
  }

  findForgotten(found: (what: string) => void): void {
    for (const queue of this.#directory.all) {
      const mayNotOpen = this.#connections.isFull(queue.server) || this.#isPaused(queue);
      auditQueue(this.#context, this.#lines, queue, mayNotOpen, found);
    }
  }

  /** Queues a categorized copy for its next hop; `none` puts it into the Unreachable queue (QU-01). */
  enqueue(copy: number, nextHop: number): void {
    const { store } = this.#context;
    store.copyNextHop[copy] = nextHop;
    const server = store.copyServer[copy]!;
    const queue =
      nextHop === none
        ? this.#directory.unreachable(server)
        : (this.#redirects[server] ?? this.#directory.forNextHop(server, nextHop));
    this.#lines.enter(queue, copy);
    this.#pump(queue);
  }

  /** Puts a copy, in no list, into its server's Poison queue (QU-01, QU-03). */
  poison(copy: number): void {
    this.#lines.lay(this.#directory.poison(this.#context.store.copyServer[copy]!), copy);
  }

  /** Messages in all Poison queues: none of them moves by itself. */
  get messagesPoisoned(): number {
    return this.#directory.poisonQueues.reduce((messages, queue) => messages + queue.length, 0);
  }

  /** Sends a queue's messages back to the Submission queue, to be categorized anew (MI-03, or an administrator). */
  resubmit(queue: DeliveryQueue, cause: ResubmissionCause): void {
    const { simulation, observer } = this.#context;
    const messages = this.#lines.clear(queue, (copy) => this.#transport.submit(copy));
    this.#followIfItFails(queue);
    if (messages > 0) observer.resubmitted(simulation.nowMs, queue.id, cause, messages);
    this.#emptied(queue);
  }

  /** The service of a server does not run and has lost its queue database: takes all copies out, in no list. */
  removeAll(server: number, take: (copy: number) => void): void {
    for (const queue of this.queuesOf(server)) {
      this.#lines.clear(queue, take);
      this.#emptied(queue);
    }
  }

  /** Nothing waits in a queue any more: its failures are forgotten. */
  #emptied(queue: DeliveryQueue): void {
    this.#retries.forget(queue);
    if (queue.sessions === 0) this.#retries.setStatus(queue, 'Ready');
  }

  /**
   * From now on all that a server has to send goes to other servers (QU-12), that which waits for delivery at once; what
   * is being sent follows if it fails.
   * @param to - null: mail goes its own way again, what waits for others is categorized anew
   */
  redirect(server: number, to: readonly number[] | null): void {
    const target = to === null ? undefined : this.#directory.redirect(server, to);
    this.#redirects[server] = target;
    for (const queue of this.queuesOf(server)) {
      if (!queue.sends || queue === target) continue;
      if (target === undefined) {
        if (queue.kind === 'redirect') this.resubmit(queue, 'administrator');
        continue;
      }
      this.#followIfItFails(queue);
      const left = this.#lines.clear(queue, (copy) => this.#lines.enter(target, copy));
      if (left > 0) this.#emptied(queue);
    }
    if (target !== undefined) this.#pump(target);
  }

  /** What is being tried at this moment is categorized anew if it fails. */
  #followIfItFails(queue: DeliveryQueue): void {
    const { lists, store } = this.#context;
    lists.forEach(queue.sending, (copy) => {
      store.copyFlags[copy]! |= copyFlags.resubmitOnFailure;
    });
  }

  /** A server has new routing tables; see `QueueRerouting.adopted`. */
  adopted(server: number, routeOf: (copy: number) => number): void {
    this.#rerouting.adopted(server, routeOf);
  }

  /** The Transport service of a server has stopped; its sessions were aborted. Messages stay (queue database kept). */
  stopped(server: number): void {
    this.#connections.forget(server);
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

  /** A server sends to others again: BP-06. */
  resumed(server: number): void {
    for (const queue of this.queuesOf(server)) this.#pump(queue);
  }

  /** A database has been activated on a server: who waited for another one hears of it (A-retry-follows-move). */
  activated(database: number): void {
    for (const queue of this.#directory.all) {
      if (queue.database === database) this.#retries.activated(queue);
    }
  }

  connected(session: number): void {
    const { sessions, store, simulation, shadows } = this.#context;
    const queue = this.queue(sessions.subject(session));
    queue.established++;
    if (sessions.targetService(session) === serviceIndex.transport && sessions.remote(session) === none) {
      shadows.met(queue.server, sessions.target(session));
    }
    store.charge(sessions.copy(session), stageIndex.connection, simulation.nowMs);
    const delivery = this.#deliveryOf(queue);
    if (delivery.isTaken?.(queue, session) === false) {
      this.turnedAway(queue, session);
      return;
    }
    if (delivery.connectionDecides) this.gotThrough(queue, session);
    delivery.send(queue, session);
    this.#pump(queue);
  }

  connectFailed(session: number): void {
    const { sessions } = this.#context;
    const queue = this.#giveBack(session);
    this.#retries.failed(
      queue,
      sessions.startedMs(session),
      sessions.attempt(session),
      sessions.target(session),
    );
    this.#passConnectionOn(queue.server);
  }

  aborted(session: number): void {
    this.#deliveryOf(this.queue(this.#context.sessions.subject(session))).aborted?.(session);
    this.#giveBack(session);
  }

  proceeded(session: number): void {
    const queue = this.queue(this.#context.sessions.subject(session));
    this.#deliveryOf(queue).proceeded(queue, session);
  }

  gotThrough(queue: DeliveryQueue, session: number): void {
    const { sessions } = this.#context;
    const wasHeldUp = queue.failing || queue.failures > 0;
    this.#retries.succeeded(queue, sessions.startedMs(session), sessions.attempt(session));
    // Where the connection decides, the queue goes on once the message is being sent.
    if (wasHeldUp && !this.#deliveryOf(queue).connectionDecides) this.#pump(queue);
  }

  turnedAway(queue: DeliveryQueue, session: number): void {
    const { sessions, store, simulation } = this.#context;
    store.charge(sessions.copy(session), stageIndex.connection, simulation.nowMs);
    if (sessions.isEstablished(session)) queue.established--;
    sessions.goOn(session);
  }

  leave(queue: DeliveryQueue, session: number): void {
    const { sessions } = this.#context;
    const copy = sessions.copy(session);
    this.#messageRetries.passed(queue, copy, sessions.startedMs(session));
    this.#lines.leave(queue, copy);
  }

  /** Goes on over the same session while it may, else closes it. */
  next(queue: DeliveryQueue, session: number): void {
    const { sessions } = this.#context;
    const wasFailing = queue.failing;
    queue.failing = false;
    if (this.#mayContinue(queue, session)) {
      sessions.continueWith(session, this.#lines.takeHead(queue));
      const delivery = this.#deliveryOf(queue);
      if (delivery.isTaken?.(queue, session) === false) this.turnedAway(queue, session);
      else delivery.send(queue, session);
      // What has been held back by another session's failure goes on.
      if (wasFailing) this.#pump(queue);
      return;
    }
    this.#sessionEnded(queue, session);
    sessions.close(session);
    this.#passConnectionOn(queue.server);
    this.#pump(queue);
    if (queue.sessions === 0 && queue.status !== 'Retry') this.#retries.setStatus(queue, 'Ready');
  }

  failed(queue: DeliveryQueue, session: number, stage: number): void {
    const { sessions, store, simulation } = this.#context;
    const copy = sessions.copy(session);
    const startedMs = sessions.startedMs(session);
    const attempt = sessions.attempt(session);
    const target = sessions.target(session);
    store.charge(copy, stage, simulation.nowMs);
    this.#sessionEnded(queue, session);
    sessions.close(session);
    this.#returnToQueue(queue, copy);
    this.#retries.failed(queue, startedMs, attempt, target);
    this.#passConnectionOn(queue.server);
  }

  defer(queue: DeliveryQueue, session: number, stage: number): void {
    const { sessions, store, simulation } = this.#context;
    const copy = sessions.copy(session);
    store.charge(copy, stage, simulation.nowMs);
    if ((store.copyFlags[copy]! & copyFlags.resubmitOnFailure) === 0) {
      this.#messageRetries.refused(queue, copy, sessions.startedMs(session));
    } else {
      this.#returnToQueue(queue, copy);
    }
    this.next(queue, session);
  }

  #pump(queue: DeliveryQueue): void {
    const { states, backPressure } = this.#context;
    if (!queue.sends || !states.isRunning(queue.server, serviceIndex.transport)) return;
    if (backPressure.isHeldBack(queue.server)) return;
    while (this.#wantsSession(queue) && this.#open(queue)) {}
  }

  #wantsSession(queue: DeliveryQueue): boolean {
    return (
      queue.status !== 'Retry' &&
      !queue.failing &&
      queue.sessions < queue.sessionsFor(queue.length) &&
      !this.#isPaused(queue) &&
      this.#lines.head(queue) !== none
    );
  }

  /** Whether a queue sends nothing for the back pressure of its own server (BP-06). */
  #isPaused({ kind, server }: DeliveryQueue): boolean {
    return kind !== 'mailbox' && this.#context.backPressure.pausesRemoteDelivery(server);
  }

  /** A connection of a server may have become free: the queues that wait for one get one each, in turn. */
  #passConnectionOn(server: number): void {
    if (!this.#connections.hasWaiting(server)) return;
    for (let queue = this.#connections.next(server); queue; queue = this.#connections.next(server)) {
      if (this.#wantsSession(queue)) this.#open(queue);
      else if (queue.status === 'Connecting' && queue.sessions === 0) this.#retries.settle(queue);
      if (this.#wantsSession(queue)) this.#connections.wait(queue);
    }
  }

  /** Opens a session for the message at the head; false if there is none, no connection left, or it may not send now. */
  #open(queue: DeliveryQueue): boolean {
    if (this.#isPaused(queue)) return false;
    if (this.#connections.isFull(queue.server)) {
      this.#connections.wait(queue);
      return false;
    }
    const copy = this.#lines.takeHead(queue);
    if (copy === none) {
      this.#retries.settle(queue);
      return false;
    }
    queue.sessions++;
    this.#connections.opened(queue.server);
    if (queue.status !== 'Active') this.#retries.setStatus(queue, 'Connecting');
    this.#deliveryOf(queue).open(queue, copy, queue.failures);
    return true;
  }

  #deliveryOf(queue: DeliveryQueue): QueueDelivery {
    if (queue.kind === 'unreachable' || queue.kind === 'poison') {
      throw new InvariantError(`the queue ${queue.key.nextHopDomain} sends nothing`);
    }
    return queue.isInbound ? this.#inbound : this.#deliveries[queue.kind];
  }

  #mayContinue(queue: DeliveryQueue, session: number): boolean {
    const { sessions } = this.#context;
    const head = this.#lines.head(queue);
    return (
      head !== none &&
      !this.#isPaused(queue) &&
      sessions.sentCount(session) + 1 < queue.messagesPerSession &&
      this.#deliveryOf(queue).mayFollow(queue, session, head)
    );
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
    this.#connections.closed(queue.server);
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
