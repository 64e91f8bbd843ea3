import type { CopyLists } from '../copy-lists.js';
import { copyFlags, type MessageStore, none } from '../message-store.js';
import type { Place } from '../model-context.js';
import type { EndKind, NdrReason } from '../observer.js';
import { ghostSerial, type RecipientLedger } from '../recipient-ledger.js';

/** A recipient's row that has not ended. */
interface Claim {
  readonly serial: number;
  /** The copy that nothing but a shadow stands for any more and that the row is on; `none`: a server has it. */
  readonly orphan: number;
  /** Forwarding was followed when the row was resolved: whom it led to have rows of their own. */
  readonly isResolved: boolean;
}

/**
 * A promoted shadow knows its message as it came: the envelope, not what has become of it (SH-05, SN-05). It is
 * categorized with ghosts for recipients, and each of them that turns out to be somebody whose row has not ended claims
 * that row here. Rows that were on a server which has lost its queue database wait here on *orphans*, until then; those
 * that stand in the queue of a server which is merely down become twins.
 */
export class ShadowClaims implements Place {
  readonly name = 'shadow copies whose primary has lost its queue database';
  readonly #store: MessageStore;
  readonly #lists: CopyLists;
  readonly #ledger: RecipientLedger;
  readonly #orphans: number;
  /** By message number. */
  readonly #claims = new Map<number, Map<number, Claim>>();

  constructor(store: MessageStore, lists: CopyLists, ledger: RecipientLedger) {
    this.#store = store;
    this.#lists = lists;
    this.#ledger = ledger;
    this.#orphans = lists.make();
  }

  /** Nobody claims anything: asked for each row. */
  get isEmpty(): boolean {
    return this.#claims.size === 0;
  }

  get hasOrphans(): boolean {
    return this.#lists.length(this.#orphans) > 0;
  }

  forEachCopy(visit: (copy: number) => void): void {
    this.#lists.forEach(this.#orphans, visit);
  }

  /** From now on a copy, in no list, is on no server: a shadow stands for it. */
  addOrphan(copy: number): void {
    this.#lists.append(this.#orphans, copy);
  }

  /** An orphan is none any more; in no list afterwards. */
  removeOrphan(copy: number): void {
    this.#lists.remove(copy);
  }

  isOrphan(copy: number): boolean {
    return this.#store.copyList[copy] === this.#orphans;
  }

  /** The message of a copy is promoted: what is on the copy and has not ended may be claimed. */
  offer(copy: number): void {
    const store = this.#store;
    const number = store.messageNumber[store.copyMessage[copy]!]!;
    let claims = this.#claims.get(number);
    if (claims === undefined) {
      claims = new Map();
      this.#claims.set(number, claims);
    }
    const orphan = this.isOrphan(copy) ? copy : none;
    const isResolved = (store.copyFlags[copy]! & copyFlags.resolved) !== 0;
    for (let row = store.copyFirstRow[copy]!; row !== none; row = store.rowNext[row]!) {
      const serial = store.rowSerial[row]!;
      if (this.#ledger.isAlive(serial)) claims.set(store.rowRecipient[row]!, { serial, orphan, isResolved });
    }
  }

  /**
   * A ghost's row of a message becomes that of its recipient's row, if there is one that has not ended.
   * @returns whether forwarding was followed for it before
   */
  claim(message: number, row: number): boolean {
    const store = this.#store;
    if (store.rowSerial[row] !== ghostSerial) return false;
    const claims = this.#claims.get(store.messageNumber[message]!);
    const claim = claims?.get(store.rowRecipient[row]!);
    if (claims === undefined || claim === undefined) return false;
    claims.delete(store.rowRecipient[row]!);
    if (!this.#ledger.isAlive(claim.serial)) return false;
    if (claim.orphan === none) this.#ledger.twin(claim.serial);
    else this.#takeRow(claim.orphan, claim.serial);
    store.rowSerial[row] = claim.serial;
    return claim.isResolved;
  }

  /**
   * A ghost of a message, a group perhaps that was never expanded again, has ended: orphans that could have come of it
   * end so, each row by `end`.
   */
  giveUp(
    message: number,
    end: (copy: number, row: number, end: EndKind, reason: NdrReason | null) => void,
    how: EndKind,
    reason: NdrReason | null,
  ): void {
    const store = this.#store;
    this.#lists.forEach(this.#orphans, (copy) => {
      if (store.copyMessage[copy] !== message) return;
      this.#lists.remove(copy);
      let row = store.takeRows(copy);
      while (row !== none) {
        const next = store.rowNext[row]!;
        end(copy, row, how, reason);
        row = next;
      }
      store.freeCopy(copy);
    });
  }

  #takeRow(orphan: number, serial: number): void {
    const store = this.#store;
    let row = store.takeRows(orphan);
    while (row !== none) {
      const next = store.rowNext[row]!;
      if (store.rowSerial[row] === serial) store.freeRow(row);
      else store.linkRow(orphan, row);
      row = next;
    }
    if (store.copyFirstRow[orphan] !== none) return;
    this.#lists.remove(orphan);
    store.freeCopy(orphan);
  }
}
