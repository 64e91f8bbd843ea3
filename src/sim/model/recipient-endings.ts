import { none, nullSender } from './message-store.js';
import type { ModelContext } from './model-context.js';
import type { EndKind, LossCause, NdrReason } from './observer.js';
import { ghostSerial } from './recipient-ledger.js';

/** Makes a notification for the sender of a message and submits it on `server`. */
export interface NotificationSender {
  nonDelivery(copy: number, server: number): void;
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
    if (!this.isGhost(row)) observer.expanded(simulation.nowMs, store.facts(store.copyMessage[copy]!), -1);
    this.endExpanded(row);
  }

  /** Ends the row of a group whose members have rows of their own now. */
  endExpanded(row: number): void {
    const { store, ledger } = this.#context;
    if (!this.#leaveGhost(row)) ledger.end(store.rowSerial[row]!, 'expanded');
    store.freeRow(row);
  }

  /** Whether a row counts nowhere: its recipient has the message already, or was told (`ghostSerial`). */
  isGhost(row: number): boolean {
    const { store, ledger } = this.#context;
    return !ledger.isAlive(store.rowSerial[row]!);
  }

  /**
   * Makes a row, not yet of any copy, of somebody whom a message is sent to again.
   * @param serial - where that of a row which has not ended stands elsewhere; else a ghost's
   */
  beginAgain(recipient: number, serial: number = ghostSerial): number {
    const { store, ledger } = this.#context;
    if (serial !== ghostSerial) ledger.twin(serial);
    return store.makeRowOf(recipient, serial);
  }

  /** A ghost has come to its end; false if the row is none. */
  #leaveGhost(row: number): boolean {
    if (!this.isGhost(row)) return false;
    const { store, ledger } = this.#context;
    ledger.leavePlace(store.rowSerial[row]!);
    return true;
  }

  /**
   * Ends one row that has been taken off its copy. The copy's stages must be booked up to now. A second delivery to
   * somebody is a duplicate, and no end.
   * @returns whether the row has ended; a ghost has not
   */
  endRow(copy: number, row: number, end: EndKind, server: number, reason: NdrReason | null): boolean {
    const { store, ledger, observer, simulation, claims, addressBook } = this.#context;
    const isDelivered = end === 'delivered';
    if (!ledger.isAlive(store.rowSerial[row]!)) {
      if (isDelivered) this.#duplicated(copy, row);
      const isGroup = claims.hasOrphans && addressBook.isGroup(store.rowRecipient[row]!);
      this.endExpanded(row);
      if (isGroup) {
        const endOrphan = (orphan: number, own: number, how: EndKind, why: NdrReason | null) =>
          this.endRow(orphan, own, how, server, why);
        claims.giveUp(store.copyMessage[copy]!, endOrphan, end, reason);
      }
      return false;
    }
    if (isDelivered && store.isRepeat(store.copyMessage[copy]!, store.rowRecipient[row]!)) {
      this.#duplicated(copy, row);
      this.endRepeated(copy, row);
      return false;
    }
    ledger.end(store.rowSerial[row]!, end);
    observer.ended(
      simulation.nowMs,
      end,
      store.facts(store.copyMessage[copy]!),
      store.rowRecipient[row]!,
      server,
      store.copyHops[copy]!,
      store.stageMs(copy),
      0,
      reason,
    );
    store.freeRow(row);
    return true;
  }

  /** The store of a mailbox drops what it has already (RR-06); a remote domain takes it. */
  #duplicated(copy: number, row: number): void {
    const { store, observer, simulation, addressBook } = this.#context;
    const facts = store.facts(store.copyMessage[copy]!);
    const recipient = store.rowRecipient[row]!;
    observer.duplicated(simulation.nowMs, facts, recipient, addressBook.isInside(recipient));
  }

  /**
   * Gives up one row that has been taken off its copy: `server` had it and has it no more. Where it stands elsewhere
   * too it is not lost.
   */
  loseRow(copy: number, row: number, server: number, cause: LossCause): void {
    const { store, ledger, observer, simulation, claims, addressBook } = this.#context;
    const message = store.copyMessage[copy]!;
    const recipient = store.rowRecipient[row]!;
    // What a shadow copy is sent to again may be lost before anybody has looked who that is.
    if (!claims.isEmpty) claims.claim(message, row);
    if (this.isGhost(row)) {
      this.endExpanded(row);
      if (!claims.hasOrphans || !addressBook.isGroup(recipient)) return;
      claims.giveUp(message, (orphan, own) => this.loseRow(orphan, own, server, cause), 'lost', null);
    } else if (ledger.leavePlace(store.rowSerial[row]!)) {
      store.freeRow(row);
    } else {
      observer.lost(simulation.nowMs, store.facts(message), recipient, cause);
      this.endRow(copy, row, 'lost', server, null);
    }
  }

  /** As `loseRow`, for all rows of a copy that is in no list; frees it. */
  loseCopy(copy: number, server: number, cause: LossCause): void {
    const { store } = this.#context;
    let row = store.takeRows(copy);
    while (row !== none) {
      const next = store.rowNext[row]!;
      this.loseRow(copy, row, server, cause);
      row = next;
    }
    store.freeCopy(copy);
  }

  /** Ends all rows of a copy that is in no list, frees it, and tells the sender if they did not arrive. */
  endCopy(copy: number, end: EndKind, server: number, reason: NdrReason | null): void {
    const { store, queueDatabases, safetyNetStorage } = this.#context;
    const message = store.copyMessage[copy]!;
    let row = store.takeRows(copy);
    let hasEnded = false;
    while (row !== none) {
      const next = store.rowNext[row]!;
      hasEnded = this.endRow(copy, row, end, server, reason) || hasEnded;
      row = next;
    }
    if (hasEnded && reason !== null && server !== none && store.messageSender[message] !== nullSender) {
      this.#notifications.nonDelivery(copy, server);
    }
    if (end === 'delivered') safetyNetStorage.retire(copy);
    else queueDatabases.release(copy);
    store.freeCopy(copy);
  }
}
