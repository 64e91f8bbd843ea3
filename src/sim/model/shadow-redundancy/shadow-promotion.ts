import { none, stageIndex } from '../message-store.js';
import type { ModelContext } from '../model-context.js';
import type { RecipientEndings } from '../recipient-endings.js';
import { serviceIndex } from '../server-states.js';
import type { ShadowQueue } from './shadow-queue.js';

import type { ShadowPromotion } from './shadow-redundancy.js';

/** Makes a copy that is on its server the server's own, with a shadow copy on another one if there can be one. */
export interface PromotedCopies {
  protect(copy: number, server: number): void;
  submit(copy: number): void;
  /** A server that takes a shadow copy of what `primary` has already; `none` if there is none. */
  choosePartner(primary: number): number;
  /** `primary` has made shadow copies anew of what `former` had: by message number who has them now. */
  renewed(primary: number, former: number, holders: ReadonlyMap<number, number>): void;
}

/**
 * What a server does with shadow copies whose primary is gone (SH-05): they are its own from now on, and categorized from
 * the beginning. It knows the envelope, not who has the message by now. So all are sent to again, as ghosts; those whose
 * row has not ended claim it when they are met (`ShadowClaims`).
 *
 * Reports that were only on the primary go on where the shadow copy of their message was (SH-07, assumption
 * A-reports-are-shadowed), and so does what a mailbox has lost that nobody else can bring.
 */
export class PromotedShadows implements ShadowPromotion {
  readonly #context: ModelContext;
  readonly #endings: RecipientEndings;
  readonly #copies: PromotedCopies;

  constructor(context: ModelContext, endings: RecipientEndings, copies: PromotedCopies) {
    this.#context = context;
    this.#endings = endings;
    this.#copies = copies;
  }

  promote({ holder }: ShadowQueue, records: readonly number[], parted: readonly number[]): void {
    const { store, shadows, claims, observer, simulation } = this.#context;
    const messages = new Set(records.map((record) => shadows.records.message[record]!));
    const numbers = [...messages].map((message) => store.messageNumber[message]!);
    for (const number of numbers) claims.hold(number);
    const alive = this.#offerRowsOf(messages);
    for (const copy of parted) {
      if (messages.has(store.copyMessage[copy]!)) continue;
      if (claims.isOrphan(copy)) this.#resumeReport(copy, holder);
      else this.#twinReport(copy, holder);
    }
    for (const record of records) {
      this.#promote(record, holder, alive.get(shadows.records.message[record]!) ?? none);
      observer.shadowEnded(simulation.nowMs, holder, true);
    }
    for (const copy of parted) if (claims.isOrphan(copy)) this.#dropGhosts(copy);
    for (const number of numbers) this.#endings.releaseHold(number);
    if (records.length > 0) observer.resubmitted(simulation.nowMs, none, 'shadow', records.length);
  }

  lost(copy: number): void {
    const { claims, store } = this.#context;
    if (!claims.isOrphan(copy)) return;
    claims.removeOrphan(copy);
    const isMailbox = store.isResubmission(store.copyMessage[copy]!) && store.copyServer[copy] === none;
    const cause = isMailbox ? 'mailbox-lost' : 'queue-database-lost';
    this.#endings.loseCopy(copy, store.copyServer[copy]!, cause);
  }

  retired(holder: number, bytes: number): void {
    this.#context.safetyNetStorage.retireShadows(holder, bytes);
  }

  heardFrom(primary: number, server: number): void {
    this.#context.sessions.liveness.answered(primary, server, serviceIndex.transport);
  }

  choosePartner(primary: number): number {
    return this.#copies.choosePartner(primary);
  }

  sent(message: number, primary: number, holder: number): void {
    const { traffic, shadows } = this.#context;
    traffic.countMessage(message, primary, holder);
    // As for any other shadow copy, the primary's connection is one with which it fetches what it is told in return (SH-04).
    shadows.met(primary, holder);
  }

  renewed(primary: number, former: number, holders: ReadonlyMap<number, number>): void {
    this.#copies.renewed(primary, former, holders);
  }

  /**
   * Offers the rows that have not ended to those who will claim them.
   * @returns for each message one of the copies that they are on, for its history: an orphan if there is one
   */
  #offerRowsOf(messages: ReadonlySet<number>): ReadonlyMap<number, number> {
    const { store, claims, ledger } = this.#context;
    const found = new Map<number, number>();
    store.forEachCopyOf(messages, (copy) => {
      let row = store.copyFirstRow[copy]!;
      while (row !== none && !ledger.isAlive(store.rowSerial[row]!)) row = store.rowNext[row]!;
      if (row === none) return;
      claims.offer(copy);
      const message = store.copyMessage[copy]!;
      if (!found.has(message) || claims.isOrphan(copy)) found.set(message, copy);
    });
    return found;
  }

  #promote(record: number, holder: number, relative: number): void {
    const { store, shadows, queueDatabases, simulation } = this.#context;
    const { records } = shadows;
    const message = records.message[record]!;
    // Its history is that of whoever is still on the way, as theirs is the latency that counts.
    const copy = relative === none ? store.makeCopy(message, simulation.nowMs) : store.forkCopy(relative);
    store.copyServer[copy] = holder;
    store.copyFlags[copy] = 0;
    store.copyHops[copy] = records.hops[record]!;
    store.charge(copy, stageIndex.deliveryQueue, simulation.nowMs);
    store.forgetDoneAgain(message);
    const envelope = records.envelope(record);
    for (let place = envelope.length - 1; place >= 0; place--) {
      store.linkRow(copy, this.#endings.beginAgain(message, envelope[place]!));
    }
    queueDatabases.hold(copy);
    this.#copies.protect(copy, holder);
    this.#copies.submit(copy);
  }

  /** What was sent again and is lost is sent again once more: those ghosts will not claim anything. */
  #dropGhosts(orphan: number): void {
    const { store, claims } = this.#context;
    this.#endings.leaveGhosts(orphan);
    if (store.copyFirstRow[orphan] !== none || !claims.isOrphan(orphan)) return;
    claims.removeOrphan(orphan);
    store.freeCopy(orphan);
  }

  /** An orphaned report has a server again, or what a mailbox has lost. */
  #resumeReport(copy: number, server: number): void {
    const { claims } = this.#context;
    claims.removeOrphan(copy);
    this.#place(copy, server);
  }

  /** A report on a primary that is only silent: what failed there fails again, and is reported here, too. */
  #twinReport(report: number, server: number): void {
    const { store, ledger } = this.#context;
    const twin = store.forkCopy(report);
    for (let row = store.copyFirstRow[report]!; row !== none; row = store.rowNext[row]!) {
      const serial = store.rowSerial[row]!;
      if (!ledger.isAlive(serial)) continue;
      store.linkRow(twin, this.#endings.beginTwin(store.rowRecipient[row]!, serial));
    }
    if (store.copyFirstRow[twin] === none) store.freeCopy(twin);
    else this.#place(twin, server);
  }

  #place(copy: number, server: number): void {
    const { store, queueDatabases, simulation } = this.#context;
    store.copyServer[copy] = server;
    store.charge(copy, stageIndex.deliveryQueue, simulation.nowMs);
    queueDatabases.hold(copy);
    this.#copies.protect(copy, server);
    this.#copies.submit(copy);
  }
}
