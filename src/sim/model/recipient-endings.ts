import { none, nullSender, stageIndex } from './message-store.js';
import type { ModelContext } from './model-context.js';
import type { EndKind, LossCause, NdrReason } from './observer.js';
import { ghostSerial } from './recipient-ledger.js';
import { type Found, MissingMail } from './safety-net/missing-mail.js';

/** Makes a notification for the sender of a message and submits it on `server`. */
export interface NotificationSender {
  nonDelivery(copy: number, server: number): void;
}

/** Where recipients' rows begin and end: the ledger, the observer and the store are told together. */
export class RecipientEndings {
  readonly #context: ModelContext;
  readonly #notifications: NotificationSender;
  /** What mailboxes have lost and do not have back. */
  readonly missing: MissingMail;

  constructor(context: ModelContext, notifications: NotificationSender) {
    this.#context = context;
    this.missing = new MissingMail(context.ledger);
    this.#notifications = notifications;
  }

  /** Makes a recipient's row that is not yet of any copy. */
  begin(recipient: number): number {
    const { store, ledger } = this.#context;
    const row = store.makeRow(recipient);
    ledger.begin(store.rowSerial[row]!);
    return row;
  }

  /** As `begin`, of a mailbox that has lost a message. */
  beginAnew(message: number, recipient: number): number {
    const { store } = this.#context;
    const row = this.begin(recipient);
    this.missing.add(store.facts(message), recipient, store.rowSerial[row]!);
    return row;
  }

  /**
   * Ends the row of somebody whom the same copy has a further row for: it is one recipient less (RR-06, assumption
   * A-duplicates).
   */
  endRepeated(copy: number, row: number): void {
    const { store, observer, simulation } = this.#context;
    const message = store.copyMessage[copy]!;
    if (!this.isGhost(row)) observer.expanded(simulation.nowMs, store.facts(message), -1);
    this.endExpanded(message, row);
  }

  /** Ends the row of a group whose members have rows of their own now. */
  endExpanded(message: number, row: number): void {
    const { store, ledger } = this.#context;
    if (this.isGhost(row)) {
      this.leaveGhost(message, row);
      return;
    }
    ledger.end(store.rowSerial[row]!, 'expanded');
    store.freeRow(row);
  }

  /** Whether a row counts nowhere: its recipient has the message already, or was told (`ghostSerial`). */
  isGhost(row: number): boolean {
    const { store, ledger } = this.#context;
    return !ledger.isAlive(store.rowSerial[row]!);
  }

  /** Makes a ghost's row, not yet of any copy: of somebody whom a message is sent to again. */
  beginAgain(message: number, recipient: number): number {
    const { store, claims } = this.#context;
    if (!claims.isEmpty) claims.begun(message);
    return store.makeRowOf(recipient, ghostSerial);
  }

  /** Makes a further row, not yet of any copy, for a row that stands elsewhere and has not ended. */
  beginTwin(recipient: number, serial: number): number {
    const { store, ledger } = this.#context;
    ledger.twin(serial);
    return store.makeRowOf(recipient, serial);
  }

  /** What is sent again of a message is where it belongs (`ShadowClaims.hold`): who has not claimed anything will not. */
  releaseHold(number: number): void {
    if (this.#context.claims.release(number)) this.#endUnclaimed(number);
  }

  /** Ends the rows of a copy, in no list or an orphan, that are ghosts' by now. */
  leaveGhosts(copy: number): void {
    const { store } = this.#context;
    let row = store.takeRows(copy);
    while (row !== none) {
      const next = store.rowNext[row]!;
      if (this.isGhost(row)) this.leaveGhost(store.copyMessage[copy]!, row);
      else store.linkRow(copy, row);
      row = next;
    }
  }

  /** A ghost, on no copy, has come to its end. */
  leaveGhost(message: number, row: number): void {
    const { store, ledger, claims } = this.#context;
    const serial = store.rowSerial[row]!;
    store.freeRow(row);
    if (serial !== ghostSerial) ledger.leavePlace(serial);
    else if (!claims.isEmpty) this.releaseHold(store.messageNumber[message]!);
  }

  /** The last ghost of a message has ended: those whom it has not found are not found any more. */
  #endUnclaimed(number: number): void {
    const { store, ledger, simulation } = this.#context;
    const { copies, how, found } = this.#context.claims.takeUnclaimed(number);
    for (const copy of copies) {
      const { kind } = store.facts(store.copyMessage[copy]!);
      const cause = kind === 'resubmission' ? 'mailbox-lost' : 'queue-database-lost';
      store.charge(copy, stageIndex.deliveryQueue, simulation.nowMs);
      let row = store.takeRows(copy);
      while (row !== none) {
        const next = store.rowNext[row]!;
        const isElsewhere = ledger.leavePlace(store.rowSerial[row]!);
        if (isElsewhere || this.isGhost(row)) store.freeRow(row);
        // Who had come by several groups comes once now.
        else if (found.has(store.rowRecipient[row]!)) this.endRepeated(copy, row);
        else if (how.end === 'lost') this.loseRow(copy, row, store.copyServer[copy]!, cause);
        else this.endRow(copy, row, how.end, store.copyServer[copy]!, how.reason);
        row = next;
      }
      store.freeCopy(copy);
    }
  }

  /**
   * Ends one row that has been taken off its copy. The copy's stages must be booked up to now. A second delivery to
   * somebody is a duplicate, and no end, unless their mailbox has lost the message.
   * @returns whether a row has ended; a ghost has none
   */
  endRow(copy: number, row: number, end: EndKind, server: number, reason: NdrReason | null): boolean {
    const { store, ledger, observer, simulation, claims, addressBook } = this.#context;
    const isDelivered = end === 'delivered';
    if (this.isGhost(row)) {
      const message = store.copyMessage[copy]!;
      let isBack = false;
      if (isDelivered) isBack = this.#duplicated(copy, row, server);
      else if (!claims.isEmpty && addressBook.isGroup(store.rowRecipient[row]!)) {
        claims.noteGivenUp(store.messageNumber[message]!, { end, reason });
      }
      this.leaveGhost(message, row);
      return isBack;
    }
    if (isDelivered && store.isRepeat(store.copyMessage[copy]!, store.rowRecipient[row]!)) {
      const isBack = this.#duplicated(copy, row, server);
      this.endRepeated(copy, row);
      return isBack;
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

  /**
   * The store of a mailbox drops what it has already (RR-06); a remote domain takes it.
   * @returns whether the mailbox had it no more: it has it again, by whoever this was sent for
   */
  #duplicated(copy: number, row: number, server: number): boolean {
    const { store, observer, simulation, addressBook } = this.#context;
    const message = store.copyMessage[copy]!;
    const recipient = store.rowRecipient[row]!;
    const found = this.missing.isEmpty
      ? undefined
      : this.missing.take(store.messageNumber[message]!, recipient);
    if (found === undefined) {
      observer.duplicated(simulation.nowMs, store.facts(message), recipient, addressBook.isInside(recipient));
      return false;
    }
    this.#endMissing(found, recipient, server, store.copyHops[copy]!);
    return true;
  }

  /** A mailbox has a message back before whoever was asked for it has brought it: that one brings it for nothing. */
  #endMissing({ serial, facts }: Found, recipient: number, server: number, hops: number): void {
    const { ledger, observer, simulation } = this.#context;
    ledger.twin(serial);
    ledger.end(serial, 'delivered');
    const stagesMs = new Float64Array(stageIndex.count);
    stagesMs[stageIndex.submission] = simulation.nowMs - facts.submittedMs;
    observer.ended(simulation.nowMs, 'delivered', facts, recipient, server, hops, stagesMs, 0, null);
  }

  /**
   * Gives up one row that has been taken off its copy: `server` had it and has it no more. Where it stands elsewhere
   * too it is not lost.
   */
  loseRow(copy: number, row: number, server: number, cause: LossCause): void {
    const { store, ledger, observer, simulation } = this.#context;
    const message = store.copyMessage[copy]!;
    if (this.isGhost(row)) {
      this.leaveGhost(message, row);
    } else if (ledger.leavePlace(store.rowSerial[row]!)) {
      store.freeRow(row);
    } else {
      observer.lost(simulation.nowMs, store.facts(message), store.rowRecipient[row]!, cause);
      this.endRow(copy, row, 'lost', server, null);
    }
  }

  /**
   * As `loseRow`, for all rows of a copy that is in no list; frees it. While its message is sent again somewhere those who
   * are found there are not lost: they wait for that as orphans.
   */
  loseCopy(copy: number, server: number, cause: LossCause): void {
    const { store, ledger, claims, simulation } = this.#context;
    // It may have been an orphan.
    store.charge(copy, stageIndex.deliveryQueue, simulation.nowMs);
    if (!claims.isEmpty) this.leaveGhosts(copy);
    const number = store.messageNumber[store.copyMessage[copy]!]!;
    let row = store.takeRows(copy);
    while (row !== none) {
      const next = store.rowNext[row]!;
      if (!claims.isOpen(number)) this.loseRow(copy, row, server, cause);
      else if (ledger.leavePlace(store.rowSerial[row]!)) store.freeRow(row);
      else store.linkRow(copy, row);
      row = next;
    }
    if (store.copyFirstRow[copy] === none) {
      store.freeCopy(copy);
    } else {
      claims.addOrphan(copy);
      claims.offer(copy);
    }
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
