import { noRoute } from '../../routing/index.js';
import type { DeliveryQueues } from './delivery-queues.js';
import type { MailboxDelivery } from './mailbox-delivery.js';
import { copyFlags, none, nullSender } from './message-store.js';
import type { ModelContext } from './model-context.js';
import { ndrReasons } from './ndr.js';
import type { NdrReason } from './observer.js';
import type { NotificationSender, RecipientEndings } from './recipient-endings.js';

/** Where a row goes: a next hop's id, `unreachable`, or back to the sender for `#reason`. */
const unreachable = -1;
const returned = -2;

const nobody = new Int32Array(0);

/**
 * The categorizer's decisions for one message: recipient resolution first, then routing, then one copy for each
 * delivery queue (RT-09, RT-28, RR-02, RR-05). Its time is the Transport service's.
 */
export class Categorizer {
  readonly #context: ModelContext;
  readonly #endings: RecipientEndings;
  readonly #notifications: NotificationSender;
  readonly #mailboxDelivery: MailboxDelivery;
  readonly #queues: () => DeliveryQueues;
  /** The copy made for each queue of the routing tables, valid where the stamp is that of the present message. */
  readonly #copyOfQueue: number[] = [];
  readonly #stampOfQueue: number[] = [];
  #stamp = 0;
  /** The copies of the present message in order of their making, and the next hop of each. */
  readonly #copies: number[] = [];
  readonly #nextHops: number[] = [];
  #copyCount = 0;
  #unreachableCopy = none;
  #reason: NdrReason = ndrReasons.recipientUnknown;
  #returned = false;

  /** @param queues - asked for late: the queues send copies back to be categorized */
  constructor(
    context: ModelContext,
    endings: RecipientEndings,
    notifications: NotificationSender,
    mailboxDelivery: MailboxDelivery,
    queues: () => DeliveryQueues,
  ) {
    this.#context = context;
    this.#endings = endings;
    this.#notifications = notifications;
    this.#mailboxDelivery = mailboxDelivery;
    this.#queues = queues;
  }

  /** Resolves, routes and queues a copy that is in no list. */
  categorize(copy: number): void {
    const { store, queueDatabases } = this.#context;
    const server = store.copyServer[copy]!;
    const message = store.copyMessage[copy]!;
    this.#stamp++;
    this.#copyCount = 0;
    this.#unreachableCopy = none;
    this.#returned = false;
    this.#resolveRerouted(copy, server);

    let row = store.takeRows(copy);
    while (row !== none) {
      const next = store.rowNext[row]!;
      this.#place(copy, row, server);
      row = next;
    }
    if (this.#returned && store.messageSender[message] !== nullSender) {
      this.#notifications.nonDelivery(message, server);
    }
    if (this.#copyCount === 0) {
      queueDatabases.release(copy);
      store.freeCopy(copy);
      return;
    }
    const queues = this.#queues();
    for (let index = 0; index < this.#copyCount; index++) {
      queues.enqueue(this.#copies[index]!, this.#nextHops[index]!);
    }
  }

  #resolveRerouted(copy: number, server: number): void {
    const { store, topology } = this.#context;
    store.copyHolder[copy] = none;
    if ((store.copyFlags[copy]! & copyFlags.rerouted) === 0) return;
    // A rerouted copy came from a mailbox delivery queue: all its recipients are in one database.
    const recipient = store.rowRecipient[store.copyFirstRow[copy]!]!;
    this.#mailboxDelivery.resolveRerouted(copy, server, topology.recipients.mailboxDatabase[recipient]!);
  }

  /** Decides about one row that has been taken off its copy. */
  #place(copy: number, row: number, server: number): void {
    const { store, addressBook } = this.#context;
    const recipient = addressBook.meant(store.rowRecipient[row]!);
    store.rowRecipient[row] = recipient;
    if (addressBook.isExpandedAt(recipient, server)) {
      this.#expand(copy, row, server);
      return;
    }
    const nextHop = this.#route(copy, recipient, server);
    if (nextHop === returned) {
      this.#endings.endRow(copy, row, 'returned', server, this.#reason);
      this.#returned = true;
    } else {
      store.linkRow(this.#copyFor(copy, nextHop), row);
    }
  }

  #expand(copy: number, row: number, server: number): void {
    const { store, addressBook, observer, simulation } = this.#context;
    const group = store.rowRecipient[row]!;
    const message = store.copyMessage[copy]!;
    // RR-06: groups that hold one another through expansion servers are harmless, each is expanded once.
    const members = store.noteExpansion(message, group) ? addressBook.members(group, server) : nobody;
    this.#endings.endExpanded(row);
    observer.expanded(simulation.nowMs, store.facts(message), members.length - 1);
    for (const member of members) this.#place(copy, this.#endings.begin(member), server);
  }

  #route(copy: number, recipient: number, server: number): number {
    const { store, topology, tables, addressBook } = this.#context;
    const { recipients } = topology;
    const message = store.copyMessage[copy]!;
    // NDR-04: notifications are exempt from size limits.
    const sizeBytes = store.kindOf(message) === 'mail' ? store.messageSizeBytes[message]! : 0;
    if (recipient < recipients.mailboxCount) {
      if (sizeBytes > recipients.mailboxMaxReceiveSizeBytes[recipient]!) {
        return this.#return(ndrReasons.tooLargeForRecipient);
      }
      return this.#withinLimits(tables.toDatabase(server, recipients.mailboxDatabase[recipient]!), sizeBytes);
    }
    switch (addressBook.kind(recipient)) {
      case 'outside':
        return this.#withinLimits(
          tables.toOutside(server, addressBook.domain(recipient), sizeBytes),
          sizeBytes,
        );
      case 'distribution-group':
        return this.#withinLimits(
          tables.toExpansionServer(server, addressBook.expansionServer(recipient)),
          sizeBytes,
        );
      default:
        return this.#return(addressBook.failure(recipient) ?? ndrReasons.recipientUnknown);
    }
  }

  #withinLimits(nextHop: number, sizeBytes: number): number {
    switch (nextHop) {
      case noRoute.unreachable:
        return unreachable;
      case noRoute.noConnectorForType:
        return this.#return(ndrReasons.noConnectorForType);
      case noRoute.connectorsTooSmall:
        return this.#return(ndrReasons.tooLargeForConnectors);
      default:
        // AS-05: the limit must be exceeded.
        return sizeBytes > this.#context.tables.nextHop(nextHop).maxMessageSizeBytes
          ? this.#return(ndrReasons.tooLargeForRoute)
          : nextHop;
    }
  }

  #return(reason: NdrReason): number {
    this.#reason = reason;
    return returned;
  }

  /** The copy of the present message for the queue of a next hop; the first is the message's own (RT-28). */
  #copyFor(copy: number, nextHop: number): number {
    if (nextHop === unreachable) {
      if (this.#unreachableCopy === none) this.#unreachableCopy = this.#newCopy(copy, none);
      return this.#unreachableCopy;
    }
    const { queue } = this.#context.tables.nextHop(nextHop);
    if (this.#stampOfQueue[queue] === this.#stamp) return this.#copyOfQueue[queue]!;
    const made = this.#newCopy(copy, nextHop);
    this.#stampOfQueue[queue] = this.#stamp;
    this.#copyOfQueue[queue] = made;
    return made;
  }

  #newCopy(copy: number, nextHop: number): number {
    let made = copy;
    if (this.#copyCount > 0) {
      made = this.#context.store.forkCopy(copy);
      this.#context.queueDatabases.hold(made);
    }
    this.#copies[this.#copyCount] = made;
    this.#nextHops[this.#copyCount] = nextHop;
    this.#copyCount++;
    return made;
  }
}
