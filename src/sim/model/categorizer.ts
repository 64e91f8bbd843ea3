import { type DelayedFanOut, noRoute } from '../../routing/index.js';
import type { Delivery } from './address-book.js';
import type { DeliveryQueues } from './delivery-queues.js';
import { Forwarding } from './forwarding.js';
import type { MailboxDelivery } from './mailbox-delivery.js';
import { copyFlags, none, nullSender } from './message-store.js';
import type { ModelContext } from './model-context.js';
import { ndrReasons } from './ndr.js';
import type { NdrReason } from './observer.js';
import { OrganizationLimits } from './organization-limits.js';
import type { NotificationSender, RecipientEndings } from './recipient-endings.js';
import { SenderCosts } from './sender-costs.js';

/** Where a row goes: a next hop's id, `unreachable`, or back to the sender for `#reason`. */
const unreachable = -1;
const returned = -2;

const nobody = new Int32Array(0);

/**
 * The categorizer's decisions for one message: recipient resolution first, then routing, then one copy for each
 * delivery queue (RT-09, RT-28, RR-02, RR-05), with delayed fan-out perhaps fewer (RT-24). Its time is the Transport
 * service's.
 *
 * Every message comes by here. Its recipients are a chain of rows in `MessageStore`: each row is taken off, gets a next
 * hop (a number; below 0 it has none) and is linked to the copy for that next hop's queue. Which copy that is stands in an
 * array by queue, and whom the message has met in one by recipient; an entry counts only with the stamp of the
 * present message, so that nothing is cleared between messages and nothing is allocated for one.
 */
export class Categorizer {
  readonly #context: ModelContext;
  readonly #endings: RecipientEndings;
  readonly #notifications: NotificationSender;
  readonly #mailboxDelivery: MailboxDelivery;
  /** By server: 1 for an Edge, which has no directory to resolve recipients by (RT-56). */
  readonly #isEdge: Uint8Array;
  readonly #queues: () => DeliveryQueues;
  /** The copy made for each queue of the routing tables, valid where the stamp is that of the present message. */
  #copyOfQueue = new Int32Array(0);
  #stampOfQueue = new Int32Array(0);
  #stamp = 0;
  /** By recipient: the categorization that has placed them last. */
  #placedIn = new Int32Array(0);
  #categorization = 0;
  /** The copies of the present message in order of their making, and the next hop of each. */
  readonly #copies: number[] = [];
  readonly #nextHops: number[] = [];
  #copyCount = 0;
  #unreachableCopy = none;
  /** Members of the groups that are being expanded, the next one last. */
  readonly #members: number[] = [];
  /** For each of them: its group had been expanded before, on a server that did not survive. */
  readonly #membersAgain: boolean[] = [];
  /** With delayed fan-out: rows that have a next hop and no copy yet, and these next hops. */
  readonly #routed: number[] = [];
  readonly #routedTo: number[] = [];
  #delaysFanOut = false;
  /** Whether Safety Net has sent the present message again. */
  #isResubmission = false;
  /** Null where no mailbox forwards its mail or chooses its senders. */
  readonly #forwarding: Forwarding | null;
  readonly #limits: OrganizationLimits;
  readonly #senderCosts: SenderCosts;
  /** Rows that have a next hop in the present chip of the message, and how many a chip holds (RR-03). */
  #chipRows = 0;
  #chipSize = 0;
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
    this.#isEdge = Uint8Array.from(context.topology.servers, ({ isEdge }) => (isEdge ? 1 : 0));
    const forwarding = new Forwarding(context);
    this.#forwarding = forwarding.isIdle ? null : forwarding;
    this.#limits = new OrganizationLimits(context);
    this.#senderCosts = new SenderCosts(context);
  }

  /** Resolves, routes and queues a copy that is in no list. */
  categorize(copy: number): void {
    const { store, claims } = this.#context;
    const number = store.messageNumber[store.copyMessage[copy]!]!;
    // What is sent again claims what it finds before anything of it is given up.
    const isHeld = !claims.isEmpty && claims.holdIfOpen(number);
    this.#categorize(copy);
    if (isHeld) this.#endings.releaseHold(number);
  }

  #categorize(copy: number): void {
    const { store, queueDatabases, settingsOf } = this.#context;
    const server = store.copyServer[copy]!;
    const message = store.copyMessage[copy]!;
    this.#stamp++;
    this.#categorization++;
    this.#copyCount = 0;
    this.#unreachableCopy = none;
    this.#returned = false;
    this.#isResubmission = store.isResubmission(message);
    this.#resolveRerouted(copy, server);
    const {
      delayedFanOut: reading,
      expansionSizeLimit,
      priorityQueuingEnabled,
    } = settingsOf(server).transport;
    this.#chipRows = 0;
    this.#chipSize = expansionSizeLimit;
    this.#delaysFanOut = reading !== 'next-hop';
    this.#forwarding?.begin();
    const isNew = this.#isEdge[server] === 0 && (store.copyFlags[copy]! & copyFlags.resolved) === 0;
    if (isNew) store.copyFlags[copy]! |= copyFlags.resolved;
    const refusal = isNew ? this.#limits.refusalToSender(copy, server) : null;
    if (refusal !== null) {
      for (let row = store.copyFirstRow[copy]!; row !== none; row = store.rowNext[row]!)
        this.#claim(copy, row);
      this.#endings.endCopy(copy, 'returned', server, refusal);
      return;
    }
    if (isNew && priorityQueuingEnabled && this.#senderCosts.isCostly(copy, server)) {
      store.copyFlags[copy]! |= copyFlags.costly;
    }

    let row = store.takeRows(copy);
    while (row !== none) {
      const next = store.rowNext[row]!;
      this.#place(copy, row, server, isNew);
      for (let member = this.#members.pop(); member !== undefined; member = this.#members.pop()) {
        this.#place(copy, this.#beginMember(message, member, this.#membersAgain.pop()!), server, true);
      }
      row = next;
    }
    if (this.#routed.length > 0) this.#fanOut(copy, server, reading);
    if (this.#returned && store.messageSender[message] !== nullSender) {
      this.#notifications.nonDelivery(copy, server);
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
    store.setHolder(copy, none);
    if ((store.copyFlags[copy]! & copyFlags.rerouted) === 0) return;
    // A rerouted copy came from a mailbox delivery queue: all its recipients are in one database.
    const recipient = store.rowRecipient[store.copyFirstRow[copy]!]!;
    this.#mailboxDelivery.resolveRerouted(copy, server, topology.recipients.mailboxDatabase[recipient]!);
  }

  /**
   * Decides about one row that has been taken off its copy.
   * @param isNew - no server has decided about it before
   */
  #place(copy: number, row: number, server: number, isNew: boolean): void {
    const { store, addressBook } = this.#context;
    if (this.#isEdge[server] === 1) {
      this.#send(copy, row, server);
      return;
    }
    const recipient = addressBook.meant(store.rowRecipient[row]!);
    // A row that has not been categorized has the address that its sender gave.
    const wasForwarded = store.rowRecipient[row] !== recipient && this.#claim(copy, row);
    store.rowRecipient[row] = recipient;
    const isForwarded = this.#claim(copy, row) || wasForwarded;
    if (this.#isPlaced(recipient)) {
      this.#endings.endRepeated(copy, row);
      return;
    }
    if (this.#forwarding === null || !isNew) this.#settle(copy, row, server);
    else this.#forward(this.#forwarding, copy, row, server, isForwarded);
  }

  /**
   * Whether the present message has met somebody on this server: addressed and in a group, or by two addresses (RR-06,
   * assumption A-duplicates).
   */
  #isPlaced(recipient: number): boolean {
    if (recipient >= this.#placedIn.length) {
      const grown = new Int32Array(Math.max(2 * this.#placedIn.length, recipient + 64));
      grown.set(this.#placedIn);
      this.#placedIn = grown;
    }
    if (this.#placedIn[recipient] === this.#categorization) return true;
    this.#placedIn[recipient] = this.#categorization;
    return false;
  }

  /**
   * Forwarding first: the row goes on as the first of those who get the message, further ones have rows of their own.
   * @param isForwarded - it was followed for this row before, and the further ones have theirs
   */
  #forward(forwarding: Forwarding, copy: number, row: number, server: number, isForwarded: boolean): void {
    const { store, observer, simulation } = this.#context;
    const message = store.copyMessage[copy]!;
    const isAgain = isForwarded || this.#endings.isGhost(row);
    const deliveries = forwarding.resolve(message, store.rowRecipient[row]!, isAgain, this.#eachPlaced);
    if (deliveries === null) {
      this.#settle(copy, row, server);
      return;
    }
    if (deliveries.length !== 1 && !isAgain) {
      observer.expanded(simulation.nowMs, store.facts(message), deliveries.length - 1);
    }
    if (deliveries.length === 0) {
      const recipient = store.rowRecipient[row]!;
      // Of a row that was forwarded for before, those who got it then count: it is one recipient less.
      if (isAgain) this.#endings.endRepeated(copy, row);
      else this.#endings.endExpanded(message, row);
      if (!isAgain) this.#forwardAgain(forwarding, copy, recipient, server);
    }
    for (const [place, delivery] of deliveries.entries()) {
      const own = place === 0 ? row : this.#beginMember(message, delivery.recipient, isAgain);
      this.#deliver(copy, own, server, delivery);
    }
  }

  /** Who came by a group that was found again, and had been forwarded for before: what has become of that is looked for. */
  #forwardAgain(forwarding: Forwarding, copy: number, recipient: number, server: number): void {
    const { store, claims } = this.#context;
    const message = store.copyMessage[copy]!;
    if (claims.isEmpty || !claims.isOpen(store.messageNumber[message]!)) return;
    const found = forwarding.resolve(message, recipient, true, this.#eachPlaced);
    for (const delivery of found ?? [{ recipient, failure: null }]) {
      this.#deliver(copy, this.#beginMember(message, delivery.recipient, true), server, delivery);
    }
  }

  /** A row goes on as that of somebody who gets the message by forwarding. */
  #deliver(copy: number, row: number, server: number, { recipient, failure }: Delivery): void {
    this.#context.store.rowRecipient[row] = recipient;
    if (failure === null) this.#settle(copy, row, server);
    else this.#giveBack(copy, row, server, failure);
  }

  /** Visits the recipients of the present message that have a next hop by now. */
  readonly #eachPlaced = (visit: (recipient: number) => void): void => {
    const { store } = this.#context;
    for (let index = 0; index < this.#copyCount; index++) {
      const first = store.copyFirstRow[this.#copies[index]!]!;
      for (let row = first; row !== none; row = store.rowNext[row]!) visit(store.rowRecipient[row]!);
    }
    for (const row of this.#routed) visit(store.rowRecipient[row]!);
  };

  /** Expands a group or finds a row's next hop. */
  #settle(copy: number, row: number, server: number): void {
    const { store, addressBook } = this.#context;
    this.#claim(copy, row);
    if (addressBook.isExpandedAt(store.rowRecipient[row]!, server)) this.#expand(copy, row, server);
    else this.#send(copy, row, server);
  }

  /**
   * What a promoted shadow is sent to may be somebody whose row has not ended (SH-05).
   * @returns whether forwarding was followed for that row before
   */
  #claim(copy: number, row: number): boolean {
    const { claims, store } = this.#context;
    return !claims.isEmpty && claims.claim(store.copyMessage[copy]!, row);
  }

  /** Finds a row's next hop, and with it the copy that it belongs to. */
  #send(copy: number, row: number, server: number): void {
    const nextHop = this.#route(copy, this.#context.store.rowRecipient[row]!, server);
    const isSentAgain = this.#isResubmission && this.#endings.isGhost(row);
    if (isSentAgain && (this.#isBehindOlderHub(row) || this.#isToOlderHub(server, nextHop))) {
      this.#endings.leaveGhost(this.#context.store.copyMessage[copy]!, row);
    } else if (nextHop === returned) {
      this.#giveBack(copy, row, server, this.#reason);
    } else if (this.#delaysFanOut) {
      this.#routed.push(row);
      this.#routedTo.push(nextHop);
    } else {
      this.#link(copy, nextHop, row);
    }
  }

  /**
   * Whether a row's recipient is a mailbox of 2007 or 2010, or a group that a hub of these versions expands: Safety
   * Net sends them nothing again (SH-10).
   */
  #isBehindOlderHub(row: number): boolean {
    const { store, topology, addressBook } = this.#context;
    const { recipients, databases, servers } = topology;
    const recipient = store.rowRecipient[row]!;
    if (recipient < recipients.mailboxCount) {
      return databases[recipients.mailboxDatabase[recipient]!]!.majorVersion !== 15;
    }
    const expansionServer = addressBook.expansionServer(recipient);
    return expansionServer !== none && servers[expansionServer]!.majorVersion !== 15;
  }

  /** Whether a next hop is a hub of 2007 or 2010, as for what lies behind its connectors: nor is that sent anything again. */
  #isToOlderHub(server: number, nextHop: number): boolean {
    if (nextHop < 0) return false;
    const { routing, topology } = this.#context;
    const { kind, tiers } = routing.nextHop(server, nextHop);
    const isOlder = (each: number) => {
      const { majorVersion, isEdge } = topology.servers[each]!;
      return majorVersion !== 15 && !isEdge;
    };
    return kind === 'relay' && tiers.length > 0 && tiers[0]!.servers.every(isOlder);
  }

  /** RR-03: recipients are split as they are resolved, before routing parts them further (A-chips-before-routing). */
  #link(copy: number, nextHop: number, row: number): void {
    if (this.#chipRows === this.#chipSize) {
      this.#chipRows = 0;
      this.#stamp++;
      this.#unreachableCopy = none;
    }
    this.#chipRows++;
    this.#context.store.linkRow(this.#copyFor(copy, nextHop), row);
  }

  #giveBack(copy: number, row: number, server: number, reason: NdrReason): void {
    this.#returned = this.#endings.endRow(copy, row, 'returned', server, reason) || this.#returned;
  }

  /** RT-24, AS-11: copies part where the ways of their recipients do, rather than here. */
  #fanOut(copy: number, server: number, reading: DelayedFanOut): void {
    const { routing } = this.#context;
    const nextHops = [...new Set(this.#routedTo)].filter((nextHop) => nextHop !== unreachable);
    const planned = routing.of(server).fanOut(server, nextHops, reading);
    const planOf = new Map(nextHops.map((nextHop, place) => [nextHop, planned[place]!]));
    for (const [place, row] of this.#routed.entries()) {
      const nextHop = this.#routedTo[place]!;
      this.#link(copy, planOf.get(nextHop) ?? nextHop, row);
    }
    this.#routed.length = 0;
    this.#routedTo.length = 0;
  }

  #expand(copy: number, row: number, server: number): void {
    const { store, addressBook, observer, simulation } = this.#context;
    const group = store.rowRecipient[row]!;
    const message = store.copyMessage[copy]!;
    // RR-06: groups that hold one another through expansion servers are harmless, each is expanded once.
    const isGhost = this.#endings.isGhost(row);
    const isFirst = store.noteDone(message, group, isGhost);
    // What a group that is found again brings may have been on the way by another: it is looked for (SH-05).
    const isSought = !isFirst && !isGhost && this.#context.claims.isOpen(store.messageNumber[message]!);
    const isAgain = isGhost || isSought;
    const members =
      isFirst || (isSought && store.noteDone(message, group, true))
        ? addressBook.members(group, server)
        : nobody;
    this.#endings.endExpanded(message, row);
    if (!isGhost) {
      observer.expanded(simulation.nowMs, store.facts(message), (isSought ? 0 : members.length) - 1);
    }
    for (let place = members.length - 1; place >= 0; place--) {
      this.#members.push(members[place]!);
      this.#membersAgain.push(isAgain);
    }
    // Another server may have left a nested group as a row, which this one expands at once: it is met before its members.
    for (const sought of this.#context.claims.sought(store.messageNumber[message]!)) {
      if (!addressBook.isGroup(sought) || !addressBook.isExpandedAt(sought, server)) continue;
      this.#members.push(sought);
      this.#membersAgain.push(true);
    }
  }

  /** Makes the row of a group's member: of a group that had been expanded before a ghost's. */
  #beginMember(message: number, member: number, isAgain: boolean): number {
    return isAgain ? this.#endings.beginAgain(message, member) : this.#endings.begin(member);
  }

  /**
   * Where a copy that waits for delivery would go by the tables that its server has now: a next hop's id, or `none` if
   * its recipients part, or one of them has no way any more.
   */
  reroute(copy: number): number {
    const { store, routing, settingsOf } = this.#context;
    const server = store.copyServer[copy]!;
    const nextHops: number[] = [];
    for (let row = store.copyFirstRow[copy]!; row !== none; row = store.rowNext[row]!) {
      const nextHop = this.#route(copy, store.rowRecipient[row]!, server);
      if (nextHop < 0) return none;
      if (!nextHops.includes(nextHop)) nextHops.push(nextHop);
    }
    const planned = routing.of(server).fanOut(server, nextHops, settingsOf(server).transport.delayedFanOut);
    const { queue } = routing.nextHop(server, planned[0]!);
    return planned.every((each) => routing.nextHop(server, each).queue === queue) ? planned[0]! : none;
  }

  #route(copy: number, recipient: number, server: number): number {
    const { store, topology, routing, addressBook } = this.#context;
    const { recipients } = topology;
    const message = store.copyMessage[copy]!;
    const sizeBytes = this.#limits.sizeBytes(message);
    if (this.#isEdge[server] === 1) return this.#routeOnEdge(copy, recipient, server, sizeBytes);
    if (recipient < recipients.mailboxCount) {
      const refusal = this.#limits.refusalToMailbox(message, recipient, server);
      if (refusal !== null) return this.#return(refusal);
      const nextHop = routing.of(server).toDatabase(server, recipients.mailboxDatabase[recipient]!);
      return this.#withinLimits(server, nextHop, sizeBytes);
    }
    switch (addressBook.kind(recipient)) {
      case 'outside':
        return this.#withinLimits(
          server,
          routing.toOutside(server, addressBook.domain(recipient), sizeBytes),
          sizeBytes,
        );
      case 'distribution-group':
        // What that server finds in it, others may have sent to already.
        store.mayRepeat(message);
        return this.#withinLimits(
          server,
          routing.of(server).toExpansionServer(server, addressBook.expansionServer(recipient)),
          sizeBytes,
        );
      default:
        return this.#return(addressBook.failure(recipient) ?? ndrReasons.recipientUnknown);
    }
  }

  /**
   * An Edge goes by the domain of an address: of one that a server with the directory has resolved, by that of the address
   * it stands for.
   */
  #routeOnEdge(copy: number, recipient: number, server: number, sizeBytes: number): number {
    const { store, routing, addressBook } = this.#context;
    const isResolved = (store.copyFlags[copy]! & copyFlags.resolved) !== 0;
    const domain = isResolved ? addressBook.domain(recipient) : addressBook.domainOnEdge(recipient);
    if (domain === none) return this.#return(ndrReasons.malformedAddress);
    return this.#withinLimits(server, routing.toOutside(server, domain, sizeBytes), sizeBytes);
  }

  #withinLimits(server: number, nextHop: number, sizeBytes: number): number {
    switch (nextHop) {
      case noRoute.unreachable:
        return unreachable;
      case noRoute.noConnectorForType:
        return this.#return(ndrReasons.noConnectorForType);
      case noRoute.connectorsTooSmall:
        return this.#return(ndrReasons.tooLargeForConnectors);
      default:
        // AS-05: the limit must be exceeded.
        return sizeBytes > this.#context.routing.passesEverywhereBytes(server) &&
          sizeBytes > this.#context.routing.nextHop(server, nextHop).maxMessageSizeBytes
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
    const { store, routing } = this.#context;
    const { queue } = routing.nextHop(store.copyServer[copy]!, nextHop);
    if (this.#stampOfQueue[queue] === this.#stamp) return this.#copyOfQueue[queue]!;
    const made = this.#newCopy(copy, nextHop);
    if (queue >= this.#stampOfQueue.length) this.#growQueues(queue);
    this.#stampOfQueue[queue] = this.#stamp;
    this.#copyOfQueue[queue] = made;
    return made;
  }

  #growQueues(queue: number): void {
    const size = Math.max(queue + 1, 2 * this.#stampOfQueue.length);
    const copies = new Int32Array(size);
    copies.set(this.#copyOfQueue);
    this.#copyOfQueue = copies;
    const stamps = new Int32Array(size);
    stamps.set(this.#stampOfQueue);
    this.#stampOfQueue = stamps;
  }

  #newCopy(copy: number, nextHop: number): number {
    let made = copy;
    if (this.#copyCount > 0) {
      made = this.#context.store.forkCopy(copy);
      this.#context.queueDatabases.hold(made);
      this.#context.shadows.joined(made, copy);
    }
    this.#copies[this.#copyCount] = made;
    this.#nextHops[this.#copyCount] = nextHop;
    this.#copyCount++;
    return made;
  }
}
