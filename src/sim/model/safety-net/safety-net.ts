import { copyFlags, none, stageIndex } from '../message-store.js';
import type { ModelContext, Place, WaitingRoom } from '../model-context.js';
import type { RecipientEndings } from '../recipient-endings.js';
import { type Delivery, DeliveryLog, type Envelope } from './delivery-log.js';
import { FurtherDeliveries } from './further-deliveries.js';
import type { KeptDelivery, LostDelivery } from './lost-delivery.js';
import { type Asked, type Resubmission, ResubmissionRequests } from './resubmission-requests.js';
import { SafetyNets } from './safety-nets.js';

/** Where resubmitted mail goes. */
export interface ResubmissionQueues {
  /** Into a delivery queue of the copy's server. */
  enqueue(copy: number, nextHop: number): void;
  /** Into its Submission queue. */
  submit(copy: number): void;
  /** Another server has a shadow copy of what is resubmitted, if one takes it (assumption A-promoted-are-shadowed). */
  protect(copy: number, server: number): void;
}

/** What is known of the shadow copy of a copy's present hop (SH-02). */
export interface ShadowHolders {
  /** The server that has it; `none` if there is none, as of a report, for which the shadow copy of its message stands. */
  holderOfMessage(copy: number): number;
  /** To whom the message was addressed when the copy's server took it; null: to those who are on the copy. */
  envelope(copy: number): Envelope | null;
  /**
   * Has copies that no server has wait for shadow copies of the same message that will be promoted, where such reach them.
   * @returns those of them that wait from now on
   */
  awaitPromotion(
    copies: readonly number[],
    reaches: (envelope: readonly number[], copy: number) => boolean,
  ): ReadonlySet<number>;
}

/**
 * Safety Net: what has been written to mailboxes is kept where it was processed, and where its shadow copy was (SN-01). When
 * a database fails over with loss, the mailboxes' part of it begins anew: each recipient has a further row, which
 * waits here until a Safety Net has resubmitted the message, or is lost because none has it (SN-02 to SN-06).
 *
 * Each delivery is asked for once: what has been lost with its database counts from the moment in which it is there again
 * (assumption A-safety-net-requests). What kind of mail it was: nobody is told of its fate (NDR-02).
 */
export class SafetyNet implements Place, WaitingRoom, Resubmission {
  readonly name = 'mail that Safety Net is asked for';
  /** Which servers have what. */
  readonly nets: SafetyNets;
  readonly #context: ModelContext;
  readonly #endings: RecipientEndings;
  readonly #queues: ResubmissionQueues;
  readonly #shadows: ShadowHolders;
  readonly #requests: ResubmissionRequests;
  readonly #log: DeliveryLog;
  /** By database: the longest window that it may lose. */
  readonly #mayLoseMs: Float64Array;
  /** Copies that wait for an answer. */
  readonly #asked: number;

  constructor(
    context: ModelContext,
    endings: RecipientEndings,
    queues: ResubmissionQueues,
    shadows: ShadowHolders,
  ) {
    this.#context = context;
    this.#endings = endings;
    this.#queues = queues;
    this.#shadows = shadows;
    this.nets = new SafetyNets(context, context.safetyNetStorage);
    this.#requests = new ResubmissionRequests(context, this.nets, this);
    const { servers, databases } = context.topology;
    this.#log = new DeliveryLog(servers.length, databases.length);
    this.#mayLoseMs = new Float64Array(databases.length);
    this.#asked = context.lists.make();
  }

  /**
   * A database may lose what was written to it in the last `ms`: deliveries to it are kept by themselves from now on. What
   * nobody will ask for is kept as bytes alone.
   */
  expectLoss(database: number, ms: number): void {
    this.#mayLoseMs[database] = Math.max(this.#mayLoseMs[database]!, ms);
    this.#log.keepFor(ms);
  }

  /** Deliveries that are kept by themselves now. */
  get retained(): number {
    return this.#log.length;
  }

  /** Whether deliveries to a database are to be told to `retain`. */
  expectsLossOf(database: number): boolean {
    return this.#mayLoseMs[database]! > 0;
  }

  /**
   * To whom the message of a copy, which is about to be written to a database, was addressed; null: to those who are on it,
   * or it will not be retained.
   */
  envelopeOf(copy: number): Envelope | null {
    const { store, topology } = this.#context;
    const database = topology.recipients.mailboxDatabase[store.rowRecipient[store.copyFirstRow[copy]!]!]!;
    return this.expectsLossOf(database) ? this.#shadows.envelope(copy) : null;
  }

  /**
   * A copy has been written to a database, for `recipients`, whose rows have ended just now.
   * @param isDropped - they had it, and the database dropped it: whoever has delivered it has it for the case that the
   *   first to do so has it no more
   */
  retain(
    copy: number,
    database: number,
    recipients: readonly number[],
    envelope: Envelope | null,
    isDropped: boolean,
  ): void {
    const { store, simulation } = this.#context;
    const message = store.copyMessage[copy]!;
    const delivery = {
      message: store.messageNumber[message]!,
      sender: store.messageSender[message]!,
      sizeBytes: store.messageSizeBytes[message]!,
      deliveredMs: simulation.nowMs,
      database,
      primary: store.copyServer[copy]!,
      shadow: this.#shadows.holderOfMessage(copy),
      hops: store.copyHops[copy]!,
      priority: store.messagePriority[message]!,
      recipients,
      envelope,
    };
    this.#log.append(delivery, isDropped);
  }

  /**
   * A primary has made shadow copies of messages anew that `former` had and lost.
   * @param holders - by message number: who has them now
   */
  shadowsRenewed(primary: number, former: number, holders: ReadonlyMap<number, number>): void {
    this.#log.renewShadows(primary, former, holders, this.#context.simulation.nowMs);
  }

  /**
   * The active copy of a database has nothing of what was written to it after `afterMs`. `expectLoss` has been told.
   * @param server - where the copy is
   */
  loseMailboxes(database: number, server: number, afterMs: number): void {
    const { lists } = this.#context;
    this.#endings.missing.tidy();
    const deliveries: Delivery[] = [];
    const further = new FurtherDeliveries();
    this.#log.take(database, afterMs, (delivery, isAgain) => {
      if (isAgain) further.add(delivery);
      else deliveries.push(delivery);
    });
    const has = ({ primary, shadow, deliveredMs }: KeptDelivery) =>
      this.nets.has(primary, database, deliveredMs) || this.nets.has(shadow, database, deliveredMs);
    const messages = new Map<number, number>();
    const kept: LostDelivery[] = [];
    const gone: LostDelivery[] = [];
    for (const delivery of deliveries) {
      for (const part of further.partsOf(delivery)) {
        const lost = this.#begin(delivery, part.recipients, part.kept.filter(has), messages);
        if (lost.kept.length === 0) {
          gone.push(lost);
        } else {
          lists.append(this.#asked, lost.copy);
          kept.push(lost);
        }
      }
    }
    this.#lose(gone, server);
    this.#requests.ask(database, kept);
  }

  forEachCopy(visit: (copy: number) => void): void {
    this.#context.lists.forEach(this.#asked, visit);
  }

  findForgotten(found: (what: string) => void): void {
    this.#requests.findForgotten(found);
  }

  fromPrimary(server: number, database: number, asked: readonly Asked[]): number {
    const { store, queueDatabases, routing, activeManager, observer, simulation } = this.#context;
    observer.resubmitted(simulation.nowMs, none, 'safety-net', asked.length);
    for (const { lost, kept } of asked) {
      const { copy } = lost;
      store.copyHops[copy] = kept.hops;
      this.#place(copy, server);
      queueDatabases.hold(copy);
      this.#queues.protect(copy, server);
      // Who asks says where the mail is to go.
      store.setHolder(copy, activeManager.activeServer(database));
      const nextHop = routing.of(server).toDatabase(server, database);
      this.#queues.enqueue(copy, nextHop < 0 ? none : nextHop);
    }
    return asked.length;
  }

  fromShadow(server: number, asked: readonly Asked[]): number {
    const { observer, simulation } = this.#context;
    const envelopes = this.#byEnvelope(asked);
    observer.resubmitted(simulation.nowMs, none, 'safety-net', envelopes.length);
    for (const parts of envelopes) this.#resubmitEnvelope(server, parts);
    return envelopes.length;
  }

  lost(lost: readonly LostDelivery[]): number {
    for (const { copy } of lost) this.#context.lists.remove(copy);
    return this.#lose(lost, none);
  }

  /** The rows of a delivery that mailboxes have no more begin anew; its copy is in no list. */
  #begin(
    delivery: Delivery,
    recipients: readonly number[],
    kept: KeptDelivery[],
    messages: Map<number, number>,
  ): LostDelivery {
    const { store, simulation, observer } = this.#context;
    // What came as one message, in several parts perhaps, is one message again.
    const message = messages.get(delivery.message) ?? this.#beginMessage(delivery);
    messages.set(delivery.message, message);
    const copy = store.makeCopy(message, simulation.nowMs);
    store.copyHops[copy] = delivery.hops;
    store.copyFlags[copy] = copyFlags.resolved;
    for (let place = recipients.length - 1; place >= 0; place--) {
      store.linkRow(copy, this.#endings.beginAnew(message, recipients[place]!));
    }
    observer.submitted(simulation.nowMs, store.facts(message), recipients.length);
    return { copy, kept, asked: [...kept], isAnswered: false };
  }

  #beginMessage({ message: number, sender, sizeBytes, priority }: Delivery): number {
    const { store, simulation } = this.#context;
    return store.makeMessageAgain(number, sender, sizeBytes, simulation.nowMs, priority);
  }

  /**
   * No Safety Net has it; its copies are in no list. It may come with a shadow copy of the message that is promoted: by one
   * that will be, or what has come of one.
   * @returns how many deliveries are lost
   */
  #lose(lost: readonly LostDelivery[], server: number): number {
    const { store, claims, simulation } = this.#context;
    const copies = lost.map(({ copy }) => copy);
    const waiting = this.#shadows.awaitPromotion(copies, this.#reaches);
    let count = 0;
    for (const copy of copies) {
      store.charge(copy, stageIndex.submission, simulation.nowMs);
      if (waiting.has(copy) || claims.isOpen(store.messageNumber[store.copyMessage[copy]!]!)) {
        claims.addOrphan(copy);
      } else {
        this.#loseCopy(copy, server);
        count++;
      }
    }
    return count;
  }

  /** Whether who is on a copy gets what is addressed to an envelope; of groups it is not known before. */
  readonly #reaches = (envelope: readonly number[], copy: number): boolean => {
    const { store, addressBook } = this.#context;
    if (envelope.some((each) => addressBook.isGroup(each))) return true;
    return store.recipientsOf(copy).every((each) => envelope.includes(each));
  };

  #loseCopy(copy: number, server: number): void {
    const { store } = this.#context;
    let row = store.takeRows(copy);
    while (row !== none) {
      const next = store.rowNext[row]!;
      this.#endings.loseRow(copy, row, server, 'mailbox-lost');
      row = next;
    }
    store.freeCopy(copy);
  }

  /** A server has a copy from now on, which waited for its answer; in no list afterwards. */
  #place(copy: number, server: number): void {
    const { store, lists, simulation } = this.#context;
    lists.remove(copy);
    store.copyServer[copy] = server;
    store.charge(copy, stageIndex.submission, simulation.nowMs);
  }

  /** What came of one message at its primary together: that is one shadow copy. */
  #byEnvelope(asked: readonly Asked[]): readonly (readonly Asked[])[] {
    const { store } = this.#context;
    const envelopes = new Map<string, Asked[]>();
    for (const each of asked) {
      const { copy } = each.lost;
      const { primary, hops } = each.kept;
      const number = store.messageNumber[store.copyMessage[copy]!]!;
      // Of one message several parts may have come, each with its own recipients.
      const envelope = each.kept.envelope ?? each.kept.recipients;
      const key = `${number}/${primary}/${hops}/${Array.from(envelope).join()}`;
      const parts = envelopes.get(key);
      if (parts === undefined) envelopes.set(key, [each]);
      else parts.push(each);
    }
    return [...envelopes.values()];
  }

  /**
   * A shadow copy knows to whom the message was addressed, not who has it: all are sent to again (SN-05), but for
   * those on older servers, whom the categorizer leaves out (SH-10). Those who lost it are found when they are met;
   * all others have it twice.
   */
  #resubmitEnvelope(server: number, parts: readonly Asked[]): void {
    const { store, queueDatabases, lists, claims, simulation } = this.#context;
    const { lost, kept } = parts[0]!;
    const again = store.forkCopy(lost.copy);
    store.copyServer[again] = server;
    store.copyHops[again] = kept.hops;
    store.copyFlags[again] = 0;
    store.charge(again, stageIndex.submission, simulation.nowMs);
    const envelope = kept.envelope ?? kept.recipients;
    const message = store.copyMessage[again]!;
    const number = store.messageNumber[message]!;
    claims.hold(number);
    store.forgetDoneAgain(message);
    for (let place = envelope.length - 1; place >= 0; place--) {
      store.linkRow(again, this.#endings.beginAgain(message, envelope[place]!));
    }
    for (const { copy } of parts.map((each) => each.lost)) {
      lists.remove(copy);
      claims.addOrphan(copy);
      claims.offer(copy);
    }
    this.#endings.releaseHold(number);
    queueDatabases.hold(again);
    this.#queues.protect(again, server);
    this.#queues.submit(again);
  }
}
