import type { AddressBook } from '../address-book.js';
import type { CopyLists } from '../copy-lists.js';
import { copyFlags, type MessageStore, none } from '../message-store.js';
import type { Place } from '../model-context.js';
import type { EndKind, NdrReason } from '../observer.js';
import { ghostSerial, type RecipientLedger } from '../recipient-ledger.js';
import type { ShadowRedundancy } from './shadow-redundancy.js';

/** A recipient's row that has not ended. */
interface Claim {
  readonly serial: number;
  /** It has been categorized: whom its recipient forwards to has rows of their own. */
  readonly isResolved: boolean;
  /** It began anew when a mailbox lost the message: it is of what Safety Net resubmits. */
  readonly isResubmission: boolean;
}

/** How orphans end that nobody has claimed. */
export interface UnclaimedEnd {
  readonly end: EndKind;
  readonly reason: NdrReason | null;
}

/** A message that is sent again to those who may have it. */
class Recovery {
  /** Ghosts of it that may come to claim something, and holds. */
  ghosts = 0;
  /** By recipient. */
  readonly claims = new Map<number, Claim[]>();
  readonly orphans = new Set<number>();
  /** Whom a row has been claimed for. */
  readonly found = new Set<number>();
  /** What has become of a group that was never expanded again. */
  givenUp: UnclaimedEnd = { end: 'lost', reason: null };
}

/**
 * A promoted shadow knows its message as it came: the envelope, not what has become of it (SH-05, SN-05). It is
 * categorized with ghosts for recipients, and each of them that turns out to be somebody whose row has not ended claims
 * that row here. Rows that were on a server which has lost its queue database wait here on *orphans*, until then; those
 * that stand in the queue of a server which is merely down become twins. What is unclaimed when the last ghost of a message
 * has ended ends, too.
 */
export class ShadowClaims implements Place {
  readonly name = 'shadow copies whose primary has lost its queue database';
  readonly #store: MessageStore;
  readonly #lists: CopyLists;
  readonly #ledger: RecipientLedger;
  readonly #shadows: Pick<ShadowRedundancy, 'isProtected' | 'left'>;
  readonly #addressBook: Pick<AddressBook, 'isGroup'>;
  readonly #orphans: number;
  /** By message number: those with orphans, or sent again. */
  readonly #recoveries = new Map<number, Recovery>();
  /** By serial: the orphan that a row is on. */
  readonly #orphanOf = new Map<number, number>();

  constructor(
    store: MessageStore,
    lists: CopyLists,
    ledger: RecipientLedger,
    shadows: Pick<ShadowRedundancy, 'isProtected' | 'left'>,
    addressBook: Pick<AddressBook, 'isGroup'>,
  ) {
    this.#store = store;
    this.#lists = lists;
    this.#ledger = ledger;
    this.#shadows = shadows;
    this.#addressBook = addressBook;
    this.#orphans = lists.make();
  }

  /** Nobody claims anything: asked for each row. */
  get isEmpty(): boolean {
    return this.#recoveries.size === 0;
  }

  forEachCopy(visit: (copy: number) => void): void {
    this.#lists.forEach(this.#orphans, visit);
  }

  /** From now on a copy, in no list, is on no server: a shadow stands for it, or what came of one. */
  addOrphan(copy: number): void {
    this.#lists.append(this.#orphans, copy);
    this.#recoveryOf(this.#numberOf(copy)).orphans.add(copy);
    this.#forEachSerial(copy, (serial) => this.#orphanOf.set(serial, copy));
  }

  /** An orphan is none any more; in no list afterwards. */
  removeOrphan(copy: number): void {
    const number = this.#numberOf(copy);
    this.#lists.remove(copy);
    this.#recoveryOf(number).orphans.delete(copy);
    this.#forEachSerial(copy, (serial) => this.#orphanOf.delete(serial));
    this.#tidy(number);
  }

  isOrphan(copy: number): boolean {
    return this.#store.copyList[copy] === this.#orphans;
  }

  /** A message is sent again, or what is sent again is about to be worked on: until `release` its orphans may wait. */
  hold(number: number): void {
    this.#recoveryOf(number).ghosts++;
  }

  /** As `hold`, only for what is sent again already. */
  holdIfOpen(number: number): boolean {
    const recovery = this.#recoveries.get(number);
    if (recovery === undefined || recovery.ghosts === 0) return false;
    recovery.ghosts++;
    return true;
  }

  /** A ghost of a message has been made. Counts between the first `hold` of a message and its last `release`. */
  begun(message: number): void {
    this.holdIfOpen(this.#store.messageNumber[message]!);
  }

  /** Whether ghosts of a message may claim something yet. */
  isOpen(number: number): boolean {
    return (this.#recoveries.get(number)?.ghosts ?? 0) > 0;
  }

  /**
   * Ends a hold, or a ghost that has claimed nothing.
   * @returns whether it was the last one
   */
  release(number: number): boolean {
    const recovery = this.#recoveries.get(number);
    if (recovery === undefined || recovery.ghosts === 0 || --recovery.ghosts > 0) return false;
    recovery.claims.clear();
    this.#tidy(number);
    return true;
  }

  /** A ghost, a group that may never be expanded again, has ended: what could have come of it will end so. */
  noteGivenUp(number: number, end: UnclaimedEnd): void {
    const recovery = this.#recoveries.get(number);
    if (recovery !== undefined) recovery.givenUp = end;
  }

  /**
   * The orphans of a message that no shadow copy stands for any more, no orphans from now on; and how they end, but for those
   * who have been found by another row of theirs.
   */
  takeUnclaimed(number: number): {
    readonly copies: readonly number[];
    readonly how: UnclaimedEnd;
    readonly found: ReadonlySet<number>;
  } {
    const recovery = this.#recoveries.get(number);
    if (recovery === undefined) return { copies: [], how: { end: 'lost', reason: null }, found: new Set() };
    const found = new Set(recovery.found);
    recovery.found.clear();
    const copies = [...recovery.orphans].filter((copy) => !this.#shadows.isProtected(copy));
    for (const copy of copies) this.removeOrphan(copy);
    return { copies, how: recovery.givenUp, found };
  }

  /** The message of a copy is sent again: what is on the copy and has not ended may be claimed. */
  offer(copy: number): void {
    const store = this.#store;
    const { claims } = this.#recoveryOf(this.#numberOf(copy));
    const isResolved = (store.copyFlags[copy]! & copyFlags.resolved) !== 0;
    const isResubmission = store.isResubmission(store.copyMessage[copy]!);
    for (let row = store.copyFirstRow[copy]!; row !== none; row = store.rowNext[row]!) {
      const serial = store.rowSerial[row]!;
      if (!this.#ledger.isAlive(serial)) continue;
      const recipient = store.rowRecipient[row]!;
      const known = claims.get(recipient);
      if (known === undefined) claims.set(recipient, [{ serial, isResolved, isResubmission }]);
      else if (!known.some((each) => each.serial === serial))
        known.push({ serial, isResolved, isResubmission });
    }
  }

  /** Recipients of a message that is sent again with a row that may be claimed. */
  sought(number: number): readonly number[] {
    if (!this.isOpen(number)) return [];
    const { claims } = this.#recoveries.get(number)!;
    return [...claims]
      .filter(([, each]) => each.some(({ serial }) => this.#ledger.isAlive(serial)))
      .map(([recipient]) => recipient);
  }

  /**
   * A ghost's row of a message becomes that of its recipient's row, if there is one that has not ended.
   * @returns whether forwarding was followed for it before
   */
  claim(message: number, row: number): boolean {
    const store = this.#store;
    if (store.rowSerial[row] !== ghostSerial) return false;
    const number = store.messageNumber[message]!;
    const recipient = store.rowRecipient[row]!;
    const recovery = this.#recoveries.get(number);
    const claims = recovery?.claims.get(recipient);
    if (recovery === undefined || claims === undefined) return false;
    // Members of a group may be among the orphans: they are found by those who are expanded as ghosts.
    const seeksOrphans = recovery.orphans.size > 0 && this.#addressBook.isGroup(recipient);
    const claim = this.#takeClaim(claims, seeksOrphans, store.isResubmission(message));
    if (claim === undefined) return false;
    const orphan = this.#orphanOf.get(claim.serial);
    if (orphan === undefined) this.#ledger.twin(claim.serial);
    else this.#takeRow(orphan, claim.serial);
    store.rowSerial[row] = claim.serial;
    recovery.found.add(recipient);
    // It may be the last, but whoever looks at it holds the message.
    recovery.ghosts--;
    return claim.isResolved;
  }

  /**
   * Who comes by several groups has several rows: first those that stand nowhere else, and of these first those for which
   * no other shadow copy stands. What began anew is of another kind than the message that was lost: it ends when that is
   * in the mailbox (`MissingMail`).
   */
  #takeClaim(claims: Claim[], orphansOnly: boolean, mayBeAnew: boolean): Claim | undefined {
    const alive = claims.filter(
      ({ serial, isResubmission }) => this.#ledger.isAlive(serial) && (mayBeAnew || !isResubmission),
    );
    const isOrphan = ({ serial }: Claim) => this.#orphanOf.has(serial);
    const isUnprotected = (each: Claim) =>
      isOrphan(each) && !this.#shadows.isProtected(this.#orphanOf.get(each.serial)!);
    const standing = orphansOnly ? undefined : alive[0];
    const claim = alive.find(isUnprotected) ?? alive.find(isOrphan) ?? standing;
    if (claim !== undefined) claims.splice(claims.indexOf(claim), 1);
    return claim;
  }

  #takeRow(orphan: number, serial: number): void {
    const store = this.#store;
    this.#orphanOf.delete(serial);
    let row = store.takeRows(orphan);
    while (row !== none) {
      const next = store.rowNext[row]!;
      if (store.rowSerial[row] === serial) store.freeRow(row);
      else store.linkRow(orphan, row);
      row = next;
    }
    if (store.copyFirstRow[orphan] !== none) return;
    this.removeOrphan(orphan);
    // A shadow copy that has not been promoted yet may stand for it.
    this.#shadows.left(orphan);
    store.freeCopy(orphan);
  }

  #forEachSerial(copy: number, visit: (serial: number) => void): void {
    const { copyFirstRow, rowNext, rowSerial } = this.#store;
    for (let row = copyFirstRow[copy]!; row !== none; row = rowNext[row]!) {
      if (rowSerial[row] !== ghostSerial) visit(rowSerial[row]!);
    }
  }

  #numberOf(copy: number): number {
    return this.#store.messageNumber[this.#store.copyMessage[copy]!]!;
  }

  #recoveryOf(number: number): Recovery {
    let recovery = this.#recoveries.get(number);
    if (recovery === undefined) {
      recovery = new Recovery();
      this.#recoveries.set(number, recovery);
    }
    return recovery;
  }

  #tidy(number: number): void {
    const { ghosts, orphans } = this.#recoveries.get(number)!;
    if (ghosts === 0 && orphans.size === 0) this.#recoveries.delete(number);
  }
}
