import { copyFlags, none, nullSender, stageIndex } from './message-store.js';
import type { ModelContext } from './model-context.js';
import { ndrReasons } from './ndr.js';
import type { NotificationSender, RecipientEndings } from './recipient-endings.js';
import { work } from './service-times.js';

/**
 * Mailbox Transport Delivery: takes messages over SMTP from Transport and writes them to a local, active copy, or
 * refuses them (RT-50, RT-55, MD-01, MD-02). Stateless: a message is its sender's until it is written.
 */
export class MailboxDelivery {
  readonly #context: ModelContext;
  readonly #endings: RecipientEndings;
  readonly #notifications: NotificationSender;

  constructor(context: ModelContext, endings: RecipientEndings, notifications: NotificationSender) {
    this.#context = context;
    this.#endings = endings;
    this.#notifications = notifications;
  }

  /**
   * The server to send a copy to: the one it was resolved with, while that answer is no older than a believed one may
   * be, else the holder that `server` believes in.
   */
  holderFor(copy: number, server: number, database: number): number {
    const { store, activeManager, simulation } = this.#context;
    const resolved = store.copyHolder[copy]!;
    if (resolved !== none) {
      // A copy is resolved in the instant in which it enters the queue.
      const ageMs = simulation.nowMs - store.copyQueuedMs[copy]!;
      if (ageMs === 0 || ageMs < activeManager.cacheAgeMs(server)) return resolved;
    }
    return activeManager.believedServer(server, database, simulation.nowMs);
  }

  /**
   * Each recipient's mailbox is written by itself (assumption A-write-per-recipient); the processor's work is the
   * message's.
   */
  writeTimeMs(copy: number, holder: number): number {
    const { store, times } = this.#context;
    const message = store.messageNumber[store.copyMessage[copy]!]!;
    const perRecipientMs = times.drawnMs(work.mailboxDelivery, holder, message, store.copyHops[copy]!);
    return times.withProcessorMs(holder, perRecipientMs * store.copyRowCount[copy]!);
  }

  /** Writes a copy to its mailboxes; a full mailbox returns the message to its sender (5.2.2). */
  deliver(copy: number, server: number, holder: number): void {
    const { store, topology, queueDatabases } = this.#context;
    const message = store.copyMessage[copy]!;
    let returned = false;
    let row = store.takeRows(copy);
    while (row !== none) {
      const next = store.rowNext[row]!;
      if (topology.recipients.mailboxQuotaExceeded[store.rowRecipient[row]!] === 1) {
        this.#endings.endRow(copy, row, 'returned', holder, ndrReasons.mailboxFull);
        returned = true;
      } else {
        this.#endings.endRow(copy, row, 'delivered', holder, null);
      }
      row = next;
    }
    if (returned && store.messageSender[message] !== nullSender)
      this.#notifications.nonDelivery(message, server, store.copyHops[copy]!);
    queueDatabases.release(copy);
    store.freeCopy(copy);
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
    store.copyHolder[copy] = activeManager.answerTo(server, database);
    if (settingsOf(server).activeManager.refreshOnRefusal)
      activeManager.fetch(server, database, simulation.nowMs);
  }
}
