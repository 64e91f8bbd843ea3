import { none, nullSender, stageIndex } from './message-store.js';
import type { ModelContext } from './model-context.js';
import type { EndKind, NdrReason } from './observer.js';

/** Makes a notification for the sender of a message and submits it on `server`. */
export interface NotificationSender {
  /** @param hops - Received headers of the copy that failed */
  nonDelivery(message: number, server: number, hops: number): void;
}

/** Where recipients' rows begin and end: the ledger, the observer and the store are told together. */
export class RecipientEndings {
  readonly #context: ModelContext;
  readonly #notifications: NotificationSender;

  constructor(context: ModelContext, notifications: NotificationSender) {
    this.#context = context;
    this.#notifications = notifications;
  }

  /** Makes a recipient's row that is not yet of any copy. */
  begin(recipient: number): number {
    const { store, ledger } = this.#context;
    const row = store.makeRow(recipient);
    ledger.begin(store.rowSerial[row]!);
    return row;
  }

  /**
   * Ends the row of somebody whom the same copy has a further row for: it is one recipient less (RR-06, assumption
   * A-duplicates).
   */
  endRepeated(copy: number, row: number): void {
    const { store, observer, simulation } = this.#context;
    observer.expanded(simulation.nowMs, store.facts(store.copyMessage[copy]!), -1);
    this.endExpanded(row);
  }

  /** Ends the row of a group whose members have rows of their own now. */
  endExpanded(row: number): void {
    const { store, ledger } = this.#context;
    ledger.end(store.rowSerial[row]!, 'expanded');
    store.freeRow(row);
  }

  /**
   * Ends one row that has been taken off its copy. The copy's stages must be booked up to now. A second delivery to
   * somebody is a duplicate, and no end.
   */
  endRow(copy: number, row: number, end: EndKind, server: number, reason: NdrReason | null): void {
    const { store, ledger, observer, simulation } = this.#context;
    if (end === 'delivered' && store.isRepeat(store.copyMessage[copy]!, store.rowRecipient[row]!)) {
      observer.duplicated(simulation.nowMs, store.facts(store.copyMessage[copy]!), store.rowRecipient[row]!);
      this.endRepeated(copy, row);
      return;
    }
    ledger.end(store.rowSerial[row]!, end);
    observer.ended(
      simulation.nowMs,
      end,
      store.facts(store.copyMessage[copy]!),
      store.rowRecipient[row]!,
      server,
      store.copyHops[copy]!,
      store.copyStageMs,
      copy * stageIndex.count,
      reason,
    );
    store.freeRow(row);
  }

  /** Ends all rows of a copy that is in no list, frees it, and tells the sender if they did not arrive. */
  endCopy(copy: number, end: EndKind, server: number, reason: NdrReason | null): void {
    const { store, queueDatabases } = this.#context;
    const message = store.copyMessage[copy]!;
    let row = store.takeRows(copy);
    while (row !== none) {
      const next = store.rowNext[row]!;
      this.endRow(copy, row, end, server, reason);
      row = next;
    }
    if (reason !== null && server !== none && store.messageSender[message] !== nullSender) {
      this.#notifications.nonDelivery(message, server, store.hops(copy));
    }
    queueDatabases.release(copy);
    store.freeCopy(copy);
  }
}
