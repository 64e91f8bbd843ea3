import type { NextHopSolutionKey, RoutingTables } from '../../routing/index.js';
import type { Simulation } from '../kernel/index.js';
import type { AddressBook } from './address-book.js';
import { auditConservation, auditShadows, auditStorage, auditWaiting } from './audit.js';
import type { BackPressure } from './back-pressure/back-pressure.js';
import { BouncingAddresses } from './bouncing-addresses.js';
import { Categorizer } from './categorizer.js';
import { DatabaseFailover } from './database-failover.js';
import { DeliveryQueues } from './delivery-queues.js';
import { Drains } from './drains.js';
import { FrontEndTransport } from './front-end-transport.js';
import { MailboxDelivery } from './mailbox-delivery.js';
import { MailboxSubmission } from './mailbox-submission.js';
import { none } from './message-store.js';
import type { ModelContext, Place } from './model-context.js';
import { namingRemoteServer, ndrReasons } from './ndr.js';
import type { Network } from './network.js';
import { makeNewMessage } from './new-message.js';
import { Notifications } from './notifications.js';
import type { FaultPhase, MessageFacts, ModelView, QueueStatus } from './observer.js';
import { openModelContext, type TransportModelOptions } from './open-model-context.js';
import { PickupDirectories } from './pickup-directories.js';
import type { Priority } from './priority.js';
import type { Processors } from './processors.js';
import { QueueDatabaseLoss } from './queue-database-loss.js';
import { RecipientEndings } from './recipient-endings.js';
import type { Fate } from './recipient-ledger.js';
import type { RemoteDomains } from './remote-domains.js';
import { RoutingChanges } from './routing-changes.js';
import { SafetyNet } from './safety-net/safety-net.js';
import type { ServerSlowdowns } from './server-slowdowns.js';
import { type Service, serviceIndex, services } from './server-states.js';
import { PromotedShadows } from './shadow-redundancy/shadow-promotion.js';
import { TransportService } from './transport-service.js';

/**
 * The mail transport of one organization, running on a simulation: workloads submit messages, faults change what
 * stands, the tiers do the rest and report to the observer. Servers, databases, links and recipients are topology
 * indexes and address-book ids throughout.
 */
export class TransportModel implements ModelView {
  readonly addressBook: AddressBook;
  /** For faults of sites and links. */
  readonly network: Network;
  /** Where databases are mounted: moves, failover. Several changes at once: `databaseFailover.together`. */
  readonly databaseFailover: DatabaseFailover;
  readonly routingChanges: RoutingChanges;
  readonly drains: Drains;
  readonly remoteDomains: RemoteDomains;
  readonly bouncingAddresses: BouncingAddresses;
  readonly slowdowns: ServerSlowdowns;
  readonly pickupDirectories: PickupDirectories;
  /** For faults that fill disks. */
  readonly backPressure: BackPressure;
  /** For faults that lose what has been written to mailboxes. */
  readonly safetyNet: SafetyNet;
  readonly #processors: Processors;
  readonly #context: ModelContext;
  readonly #transport: TransportService;
  readonly #queues: DeliveryQueues;
  readonly #submission: MailboxSubmission;
  readonly #frontEnd: FrontEndTransport;
  readonly #endings: RecipientEndings;
  readonly #mailboxDelivery: MailboxDelivery;
  readonly #queueDatabaseLoss: QueueDatabaseLoss;
  readonly #places: readonly Place[];

  constructor(options: TransportModelOptions) {
    const context = openModelContext(options);
    const { topology, network, shadows } = context;
    this.#processors = context.processors;
    this.slowdowns = context.slowdowns;
    this.network = network;
    this.addressBook = context.addressBook;
    this.remoteDomains = context.remoteDomains;
    this.backPressure = context.backPressure;
    this.#context = context;
    const notifications = new Notifications(
      context,
      () => this.#endings,
      (copy) => this.#transport.submit(copy),
    );
    this.#endings = new RecipientEndings(context, notifications);
    this.safetyNet = new SafetyNet(
      context,
      this.#endings,
      {
        enqueue: (copy, nextHop) => this.#queues.enqueue(copy, nextHop),
        submit: (copy) => this.#transport.submit(copy),
        protect: (copy, server) => this.#transport.protectPromoted(copy, server),
      },
      shadows,
    );
    const mailboxDelivery = new MailboxDelivery(context, this.#endings, notifications, this.safetyNet);
    this.#mailboxDelivery = mailboxDelivery;
    const categorizer = new Categorizer(
      context,
      this.#endings,
      notifications,
      mailboxDelivery,
      () => this.#queues,
    );
    this.#transport = new TransportService(
      context,
      (copy) => categorizer.categorize(copy),
      (copy, from, to) => {
        const reason = namingRemoteServer(ndrReasons.tooManyHops, topology.servers[to]!.fqdn);
        this.#endings.endCopy(copy, 'returned', from, reason);
      },
      (copy) => this.#queues.poison(copy),
    );
    this.#submission = new MailboxSubmission(context, this.#transport);
    this.#frontEnd = new FrontEndTransport(context, this.#transport, this.#endings);
    this.bouncingAddresses = new BouncingAddresses(context, this.#endings, this.#frontEnd);
    this.#queues = new DeliveryQueues(
      context,
      this.#transport,
      mailboxDelivery,
      this.#endings,
      this.bouncingAddresses,
      (copy) => notifications.delay(copy),
    );
    this.pickupDirectories = new PickupDirectories(context, this.#transport, this.#endings);
    this.#places = [
      this.#submission,
      this.#frontEnd,
      this.pickupDirectories,
      this.#transport,
      this.#queues,
      context.claims,
      this.safetyNet,
    ];
    shadows.promoteBy(
      new PromotedShadows(context, this.#endings, {
        protect: (copy, server) => this.#transport.protectPromoted(copy, server),
        submit: (copy) => this.#transport.submit(copy),
        choosePartner: (primary) => this.#transport.acceptances.choosePartner(primary),
        renewed: (primary, former, holders) => this.safetyNet.shadowsRenewed(primary, former, holders),
      }),
    );
    this.#queueDatabaseLoss = new QueueDatabaseLoss(
      context,
      this.#endings,
      this.#transport,
      this.#queues,
      this.safetyNet,
    );
    this.drains = new Drains(context, this.#transport, this.#queues);
    this.routingChanges = new RoutingChanges(context, options.organization, options.compile, (server) => {
      this.#queues.adopted(server, (copy) => categorizer.reroute(copy));
      this.#frontEnd.adopted();
    });
    this.databaseFailover = new DatabaseFailover(context, {
      mounted: (database) => this.#submission.release(database),
      withdrawn: (database) => mailboxDelivery.writes.withdraw(database),
      activated: (database) => this.#queues.activated(database),
    });
    this.backPressure.whenScanned((server) => this.#scan(server));
    this.backPressure.whenResumed((server) => this.#queues.resumed(server));
    network.onChange(() => mailboxDelivery.writes.pathsChanged());
  }

  get topology() {
    return this.#context.topology;
  }

  get simulation(): Simulation {
    return this.#context.simulation;
  }

  get tables(): RoutingTables {
    return this.#context.routing.initial;
  }

  /**
   * Submits a new message now: from a mailbox of the organization through Mailbox Transport Submission, from anybody
   * else through Front End Transport.
   * @param sender - an address-book id
   * @param recipients - address-book ids, of which the first `count` are meant; at least one
   * @param priority - what the sender asks for; it counts where `priorityQueuingEnabled` is on (PQ)
   */
  submit(
    sender: number,
    recipients: ArrayLike<number>,
    count: number,
    sizeBytes: number,
    priority: Priority = 'normal',
  ): void {
    const copy = makeNewMessage(this.#context, this.#endings, sender, recipients, count, sizeBytes, priority);
    if (sender < this.topology.recipients.mailboxCount) this.#submission.submit(copy);
    else this.#frontEnd.receive(copy);
  }

  /** The server is silent from now on. What it has in its queue database is kept, or `loseQueueDatabase` is called. */
  beginServerOutage(server: number): void {
    this.#processors.stop(server, this.simulation.nowMs);
    for (const service of this.#context.states.stopServer(server)) this.#stopped(server, service);
    this.databaseFailover.reviewServer(server);
  }

  /** A server that is down has a new, empty queue database (SH-05, SH-08). */
  loseQueueDatabase(server: number): void {
    this.#queueDatabaseLoss.lose(server);
  }

  endServerOutage(server: number): void {
    for (const service of this.#context.states.startServer(server)) this.#started(server, service);
    this.databaseFailover.reviewServer(server);
  }

  /** The service refuses connections from now on. */
  beginServiceOutage(server: number, service: Service): void {
    if (this.#context.states.stopService(server, services.indexOf(service))) this.#stopped(server, service);
  }

  endServiceOutage(server: number, service: Service): void {
    if (this.#context.states.startService(server, services.indexOf(service))) this.#started(server, service);
  }

  beginLinkOutage(link: number): void {
    this.#context.network.beginLinkOutage(link);
  }

  endLinkOutage(link: number): void {
    this.#context.network.endLinkOutage(link);
  }

  /** Begins a move: `DatabaseFailover.beginMove`. */
  dismountDatabase(database: number): number {
    return this.databaseFailover.beginMove(database);
  }

  /** Ends a move: `DatabaseFailover.endMove`. */
  activateDatabase(database: number, server: number, move: number): boolean {
    return this.databaseFailover.endMove(database, server, move);
  }

  /**
   * The active copy of a database has nothing of what was written to it after `afterMs`: Safety Net is asked for it
   * (SN-02), as far back as `safetyNet.expectLoss` has been told before.
   */
  loseMailboxes(database: number, afterMs: number): void {
    this.safetyNet.loseMailboxes(database, this.#context.activeManager.activeServer(database), afterMs);
  }

  beginDatabaseOutage(database: number): void {
    this.#context.databaseCopies.beginOutage(database);
    this.#mailboxDelivery.writes.withdraw(database);
  }

  endDatabaseOutage(database: number): void {
    this.#context.databaseCopies.endOutage(database);
    this.#submission.release(database);
  }

  /**
   * Sends the messages of a server's queues that `matches` chooses back to the Submission queue.
   * @returns how many queues that were, of those that are there; none when the server's Transport service does not run
   */
  resubmitQueues(server: number, matches: (key: NextHopSolutionKey) => boolean): number {
    if (!this.#context.states.isRunning(server, serviceIndex.transport)) return 0;
    const nowMs = this.simulation.nowMs;
    const chosen = this.#queues.queuesOf(server).filter((each) => each.isThere(nowMs) && matches(each.key));
    for (const queue of chosen) this.#queues.resubmit(queue, 'administrator');
    return chosen.length;
  }

  /** Reports a fault's phase to the observer. */
  reportFault(kind: string, subject: string, phase: FaultPhase): void {
    this.#context.observer.fault(this.#context.simulation.nowMs, kind, subject, phase);
  }

  /** Checks the laws of design section 6 now; see `auditConservation`, `auditStorage` and `auditWaiting`. */
  audit(): Readonly<Record<Fate, number>> {
    auditStorage(this.#context, [this.#transport, this.#queues]);
    auditShadows(this.#context);
    auditWaiting(this.#context, [
      this.#submission,
      this.#frontEnd,
      this.pickupDirectories,
      this.#transport,
      this.#queues,
      this.#mailboxDelivery.writes,
      this.safetyNet,
    ]);
    return auditConservation(this.#context, this.#places);
  }

  get queueCount(): number {
    return this.#queues.count;
  }

  get shadowQueueCount(): number {
    return this.#context.shadows.shown.length;
  }

  shadowQueueServer(queue: number): number {
    return this.#context.shadows.shown[queue]!.holder;
  }

  shadowQueuePrimary(queue: number): number {
    return this.#context.shadows.shown[queue]!.primary;
  }

  get messagesInFlight(): number {
    return this.#context.store.messagesAlive;
  }

  /** Copies of them: messages as queues count them, of which one to several recipients is several. */
  get copiesInFlight(): number {
    return this.#context.store.copiesAlive;
  }

  /** Whether nothing of what is in flight will ever move by itself: what is left is in Poison queues (QU-03). */
  get isAtRest(): boolean {
    return this.#context.store.copiesAlive === this.#queues.messagesPoisoned;
  }

  get messagesQueued(): number {
    return this.#queues.messagesQueued;
  }

  queueServer(queue: number): number {
    return this.#queues.queue(queue).server;
  }

  queueKey(queue: number): NextHopSolutionKey {
    return this.#queues.queue(queue).key;
  }

  queueMessages(queue: number): number {
    return this.#queues.queue(queue).length;
  }

  /** Whether a queue is there for all to see: an empty one goes after a while (QU-02). */
  queueIsThere(queue: number): boolean {
    return this.#queues.queue(queue).isThere(this.simulation.nowMs);
  }

  queueStatusNow(queue: number): QueueStatus {
    return this.#queues.queue(queue).status;
  }

  queueOldestMs(queue: number): number {
    const { store, simulation } = this.#context;
    let oldestMs = 0;
    this.#queues.forEachCopyOf(this.#queues.queue(queue), (copy) => {
      oldestMs = Math.max(oldestMs, simulation.nowMs - store.messageSubmittedMs[store.copyMessage[copy]!]!);
    });
    return oldestMs;
  }

  linkCarriedBytes(link: number): number {
    return this.#context.traffic.flows.carriedBytes(link);
  }

  linkBusyMs(link: number): number {
    return this.#context.traffic.flows.busyMs(link);
  }

  recipientAddress(recipient: number): string {
    return this.addressBook.address(recipient);
  }

  processorDoneMs(server: number): number {
    return this.#processors.doneMs(server, this.simulation.nowMs);
  }

  forEachPending(visit: (message: MessageFacts, recipient: number, server: number) => void): void {
    const { store, ledger } = this.#context;
    const twinsSeen = new Set<number>();
    for (const place of this.#places) {
      place.forEachCopy((copy) => {
        for (let row = store.copyFirstRow[copy]!; row !== none; row = store.rowNext[row]!) {
          const serial = store.rowSerial[row]!;
          if (!ledger.isAlive(serial) || twinsSeen.has(serial)) continue;
          if (ledger.isTwin(serial)) twinsSeen.add(serial);
          visit(store.facts(store.copyMessage[copy]!), store.rowRecipient[row]!, store.copyServer[copy]!);
        }
      });
    }
  }

  #stopped(server: number, service: Service): void {
    switch (service) {
      case 'front-end':
        this.#frontEnd.stopped(server);
        break;
      case 'transport':
        this.#context.sessions.abortAll(server, serviceIndex.transport);
        this.backPressure.stopped(server);
        this.#frontEnd.transportStopped(server);
        this.pickupDirectories.stopped(server);
        this.#transport.stopped(server);
        this.#queues.stopped(server);
        this.#context.activeManager.forget(server);
        break;
      case 'mailbox-submission':
        this.#submission.stopped(server);
        break;
      case 'mailbox-delivery':
        this.#mailboxDelivery.writes.stopped(server);
        break;
    }
  }

  /** A Transport service goes on with what it has in its queues. */
  #scan(server: number): void {
    this.#transport.started(server);
    this.#queues.started(server);
  }

  #started(server: number, service: Service): void {
    switch (service) {
      case 'transport':
        this.#context.shadows.review();
        this.routingChanges.started(server);
        if (this.backPressure.started(server)) this.#scan(server);
        this.pickupDirectories.started(server);
        break;
      case 'mailbox-submission':
        this.#submission.started(server);
        break;
      case 'front-end':
      case 'mailbox-delivery':
        // Both wait for others to come.
        break;
    }
  }
}
