import { MailboxWrites } from './mailbox-writes.js';
import { copyFlags, none, nullSender, stageIndex } from './message-store.js';
import type { ModelContext } from './model-context.js';
import { namingRemoteServer, ndrReasons } from './ndr.js';
import type { NdrReason } from './observer.js';
import type { NotificationSender, RecipientEndings } from './recipient-endings.js';
import type { Envelope } from './safety-net/delivery-log.js';
import type { SafetyNet } from './safety-net/safety-net.js';

/**
 * Mailbox Transport Delivery: takes messages over SMTP from Transport and writes them to a local, active copy, or
 * refuses them (RT-50, RT-55, MD-01, MD-02). Stateless: a message is its sender's until it is written.
 */
export class MailboxDelivery {
  readonly writes: MailboxWrites;
  readonly #context: ModelContext;
  readonly #endings: RecipientEndings;
  readonly #notifications: NotificationSender;
  readonly #safetyNet: SafetyNet;

  constructor(
    context: ModelContext,
    endings: RecipientEndings,
    notifications: NotificationSender,
    safetyNet: SafetyNet,
  ) {
    this.writes = new MailboxWrites(context);
    this.#context = context;
    this.#endings = endings;
    this.#notifications = notifications;
    this.#safetyNet = safetyNet;
  }

  /**
   * The server to send a copy to: the one it was resolved with, while that answer is no older than a believed one may
   * be, else the holder that `server` believes in.
   */
  holderFor(copy: number, server: number, database: number): number {
    const { store, activeManager, simulation } = this.#context;
    const resolved = store.holder(copy);
    if (resolved !== none) {
      // A copy is resolved in the instant in which it enters the queue.
      const ageMs = simulation.nowMs - store.queuedMs(copy);
      if (ageMs === 0 || ageMs < activeManager.cacheAgeMs(server)) return resolved;
    }
    return activeManager.believedServer(server, database, simulation.nowMs);
  }

  /**
   * Ends a copy whose recipients have all been written; a full mailbox returns the message to its sender (MD-02,
   * 5.2.2). Its time must be booked up to now.
   */
  deliver(copy: number, server: number, holder: number): void {
    const { store, safetyNetStorage, queueDatabases } = this.#context;
    const envelope = this.#safetyNet.envelopeOf(copy);
    if (this.#endRows(copy, store.takeRows(copy), server, holder, envelope)) safetyNetStorage.retire(copy);
    else queueDatabases.release(copy);
    store.freeCopy(copy);
  }

  /** As `deliver`, for the recipients up to `lastRow`: the others are refused, and stay on the copy. */
  deliverPart(copy: number, lastRow: number, server: number, holder: number): void {
    const { store } = this.#context;
    const envelope = this.#safetyNet.envelopeOf(copy);
    const written = store.takeRows(copy);
    store.giveRows(copy, store.rowNext[lastRow]!);
    store.rowNext[lastRow] = none;
    this.#endRows(copy, written, server, holder, envelope);
  }

  /** Ends rows of a copy, of mailboxes in one database; whether one of them at least has been written. */
  #endRows(copy: number, first: number, server: number, holder: number, envelope: Envelope | null): boolean {
    const { store, topology } = this.#context;
    const { mailboxQuotaExceeded, mailboxDatabase } = topology.recipients;
    const message = store.copyMessage[copy]!;
    const database = mailboxDatabase[store.rowRecipient[first]!]!;
    const retained: number[] | null = this.#safetyNet.expectsLossOf(database) ? [] : null;
    let dropped: number[] | null = null;
    let returned = false;
    let isWritten = false;
    let row = first;
    while (row !== none) {
      const next = store.rowNext[row]!;
      const recipient = store.rowRecipient[row]!;
      if (mailboxQuotaExceeded[recipient] === 1) {
        returned =
          this.#endings.endRow(copy, row, 'returned', holder, this.#mailboxFull(server, holder)) || returned;
      } else {
        isWritten = true;
        if (this.#endings.endRow(copy, row, 'delivered', holder, null)) {
          retained?.push(recipient);
        } else if (retained !== null) {
          // What somebody gets twice they lose once, and two have it.
          dropped ??= [];
          dropped.push(recipient);
        }
      }
      row = next;
    }
    if (retained !== null && retained.length > 0)
      this.#safetyNet.retain(copy, database, retained, envelope, false);
    if (dropped !== null) this.#safetyNet.retain(copy, database, dropped, envelope, true);
    if (returned && store.messageSender[message] !== nullSender)
      this.#notifications.nonDelivery(copy, server);
    return isWritten;
  }

  /** NDR-01: the server that sends makes the report, and names the one that has refused, if that is another. */
  #mailboxFull(server: number, holder: number): NdrReason {
    const { servers } = this.#context.topology;
    return server === holder
      ? ndrReasons.mailboxFull
      : namingRemoteServer(ndrReasons.mailboxFull, servers[holder]!.fqdn);
  }

  /**
   * Reports that `holder` refused a copy because its own copy of the database is not the active one, and marks the
   * copy to be resolved with a fresh answer (MD-02, *Rerouted By Store Driver*).
   */
  refuse(copy: number, server: number, database: number, holder: number): void {
    const { store, simulation, observer, activeManager } = this.#context;
    const nowMs = simulation.nowMs;
    store.charge(copy, stageIndex.mailboxDelivery, nowMs);
    const active = activeManager.activeServer(database);
    for (let row = store.copyFirstRow[copy]!; row !== none; row = store.rowNext[row]!) {
      const facts = store.facts(store.copyMessage[copy]!);
      const recipient = store.rowRecipient[row]!;
      observer.redirected(nowMs, facts, recipient, server, database, holder, active, 'active-elsewhere');
    }
    store.copyFlags[copy]! |= copyFlags.rerouted;
  }

  /**
   * The categorizer resolves a rerouted copy anew: Active Manager is asked, whatever the server believes. If
   * nobody answers by now, the belief has to do.
   */
  resolveRerouted(copy: number, server: number, database: number): void {
    const { store, activeManager, simulation, settingsOf } = this.#context;
    store.copyFlags[copy]! &= ~copyFlags.rerouted;
    store.setHolder(copy, activeManager.answerTo(server, database));
    if (settingsOf(server).activeManager.refreshOnRefusal)
      activeManager.fetch(server, database, simulation.nowMs);
  }
}
