import { copyFlags, none, stageIndex } from '../message-store.js';
import type { ModelContext, Place, WaitingRoom } from '../model-context.js';
import type { RecipientEndings } from '../recipient-endings.js';
import { type Delivery, DeliveryLog, type Envelope } from './delivery-log.js';
import type { LostDelivery } from './lost-delivery.js';
import { type Resubmission, ResubmissionRequests } from './resubmission-requests.js';
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

  /** A copy has been written to a database, for `recipients`, whose rows have ended just now. */
  retain(copy: number, database: number, recipients: readonly number[], envelope: Envelope | null): void {
    const { store, simulation } = this.#context;
    const message = store.copyMessage[copy]!;
    this.#log.append({
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
    });
  }

  /**
   * The active copy of a database has nothing of what was written to it after `afterMs`. `expectLoss` has been told.
   * @param server - where the copy is
   */
  loseMailboxes(database: number, server: number, afterMs: number): void {
    const { lists } = this.#context;
    const messages = new Map<number, number>();
    const byPrimary = new Map<number, LostDelivery[]>();
    const gone: LostDelivery[] = [];
    this.#log.take(database, afterMs, (delivery) => {
      const lost = this.#begin(delivery, messages);
      const { deliveredMs, primary, shadow } = lost;
      const isKept = [primary, shadow].some((each) => this.nets.has(each, database, deliveredMs));
      if (!isKept) {
        gone.push(lost);
        return;
      }
      lists.append(this.#asked, lost.copy);
      const others = byPrimary.get(primary);
      if (others === undefined) byPrimary.set(primary, [lost]);
      else others.push(lost);
    });
    for (const lost of gone) this.#lose(lost, server);
    const primaries = [...byPrimary.keys()].sort((a, b) => a - b);
    for (const primary of primaries) this.#requests.ask(database, primary, byPrimary.get(primary)!);
  }

  forEachCopy(visit: (copy: number) => void): void {
    this.#context.lists.forEach(this.#asked, visit);
  }

  findForgotten(found: (what: string) => void): void {
    this.#requests.findForgotten(found);
  }

  fromPrimary(server: number, database: number, lost: readonly LostDelivery[]): number {
    const { store, queueDatabases, routing, activeManager, observer, simulation } = this.#context;
    observer.resubmitted(simulation.nowMs, none, 'safety-net', lost.length);
    for (const { copy } of lost) {
      this.#place(copy, server);
      queueDatabases.hold(copy);
      this.#queues.protect(copy, server);
      // Who asks says where the mail is to go.
      store.setHolder(copy, activeManager.activeServer(database));
      const nextHop = routing.of(server).toDatabase(server, database);
      this.#queues.enqueue(copy, nextHop < 0 ? none : nextHop);
    }
    return lost.length;
  }

  fromShadow(server: number, lost: readonly LostDelivery[]): number {
    const { observer, simulation } = this.#context;
    const envelopes = this.#byEnvelope(lost);
    observer.resubmitted(simulation.nowMs, none, 'safety-net', envelopes.length);
    for (const parts of envelopes) this.#resubmitEnvelope(server, parts);
    return envelopes.length;
  }

  lost(lost: LostDelivery): void {
    this.#context.lists.remove(lost.copy);
    this.#lose(lost, none);
  }

  /** The rows of a delivery that a mailbox has no more begin anew; its copy is in no list. */
  #begin(delivery: Delivery, messages: Map<number, number>): LostDelivery {
    const { store, simulation, observer } = this.#context;
    const { recipients, deliveredMs, primary, shadow, envelope } = delivery;
    // What came as one message, in several parts perhaps, is one message again.
    const message = messages.get(delivery.message) ?? this.#beginMessage(delivery);
    messages.set(delivery.message, message);
    const copy = store.makeCopy(message, simulation.nowMs);
    store.copyHops[copy] = delivery.hops;
    store.copyFlags[copy] = copyFlags.resolved;
    for (let place = recipients.length - 1; place >= 0; place--) {
      store.linkRow(copy, this.#endings.begin(recipients[place]!));
    }
    observer.submitted(simulation.nowMs, store.facts(message), recipients.length);
    return { copy, deliveredMs, primary, shadow, envelope };
  }

  #beginMessage({ message: number, sender, sizeBytes, priority }: Delivery): number {
    const { store, simulation } = this.#context;
    return store.makeMessageAgain(number, sender, sizeBytes, simulation.nowMs, priority);
  }

  /** No Safety Net has it; its copy is in no list. */
  #lose({ copy }: LostDelivery, server: number): void {
    const { store, simulation } = this.#context;
    store.charge(copy, stageIndex.submission, simulation.nowMs);
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
  #byEnvelope(lost: readonly LostDelivery[]): readonly (readonly LostDelivery[])[] {
    const { store } = this.#context;
    const envelopes = new Map<string, LostDelivery[]>();
    for (const each of lost) {
      const number = store.messageNumber[store.copyMessage[each.copy]!]!;
      // Of one message several parts may have come, each with its own recipients.
      const envelope = each.envelope ?? store.recipientsOf(each.copy);
      const key = `${number}/${each.primary}/${store.copyHops[each.copy]!}/${Array.from(envelope).join()}`;
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
  #resubmitEnvelope(server: number, parts: readonly LostDelivery[]): void {
    const { store, queueDatabases, lists, claims, simulation } = this.#context;
    const [first] = parts;
    const again = store.forkCopy(first!.copy);
    store.copyServer[again] = server;
    store.copyFlags[again] = 0;
    store.charge(again, stageIndex.submission, simulation.nowMs);
    const envelope = first!.envelope ?? store.recipientsOf(first!.copy);
    const message = store.copyMessage[again]!;
    const number = store.messageNumber[message]!;
    claims.hold(number);
    store.forgetDoneAgain(message);
    for (let place = envelope.length - 1; place >= 0; place--) {
      store.linkRow(again, this.#endings.beginAgain(message, envelope[place]!));
    }
    for (const { copy } of parts) {
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
