import { type EventHandle, invariant, noEvent, tickMs } from '../kernel/index.js';
import {
  chain,
  grown,
  longerFloat64,
  longerInt16,
  longerInt32,
  longerUint8,
  longerUint16,
  longerUint32,
} from './columns.js';
import { CopyTimes } from './copy-times.js';
import { type MessageFacts, type MessageKind, type Stage, stages } from './observer.js';
import { priorityIndex } from './priority.js';
import { SparseColumn } from './sparse-column.js';

/** The stages by number, as `charge` takes them. */
export const stageIndex = {
  submission: 0,
  accept: 1,
  submissionQueue: 2,
  categorizer: 3,
  deliveryQueue: 4,
  retryWait: 5,
  connection: 6,
  transfer: 7,
  mailboxDelivery: 8,
  count: stages.length,
} as const satisfies Record<Stage | 'count', number>;
const ticksPerMs = 1 / tickMs;
const messageKinds: readonly MessageKind[] = ['mail', 'ndr', 'delay-notice', 'resubmission'];
/** The places of two of them. */
const mail = 0;
const resubmission = messageKinds.indexOf('resubmission');

/** Marks the end of a linked list, and "none" wherever an id stands. */
export const none = -1;

/** So many things may keep a message before the count of them needs four bytes, and so many servers there may be. */
const mostKeepsInTwoBytes = 2 ** 16 - 1;
const mostServersInTwoBytes = 2 ** 15;

/** A count of rows in 8 bits: from here on they are counted when somebody asks. */
const manyRows = 255;

/** The null reverse-path of notifications: nobody is told when they cannot be delivered. */
export const nullSender = -1;

/** Bits of `MessageStore.copyFlags`. */
export const copyFlags = {
  delayNoticeSent: 1,
  resubmitOnFailure: 2,
  rerouted: 4,
  resolved: 8,
  costly: 16,
} as const;

/**
 * The entities of the model, as columns of typed arrays (kernel.md section 3): a *message* is what was submitted,
 * a *copy* is one instance of it on a server or under way with some of its recipients, a *row* is one recipient.
 * Slots are reused; message numbers and row serials never are. Nothing is allocated for a message once the columns
 * have grown to the load.
 *
 * Columns, not objects, because there may be millions: a number in a typed array has no header and is never looked at by
 * the garbage collector. Each has the fewest bytes that hold its values. Free slots are a chain through a column that a
 * free slot does not need otherwise; rows, and the list that holds a copy, are links in columns, too. What few have at a
 * time stands in `SparseColumn`s, times as short as they come in `CopyTimes`. Columns grow by copying, so nobody keeps one: who
 * reads `store.copyServer` reads it anew. The columns are open to the other files of the model: a call for each number
 * would cost more than the number.
 */
export class MessageStore {
  // Messages, by slot.
  messageNumber = new Int32Array(0);
  messageSender = new Int32Array(0);
  messageKind = new Uint8Array(0);
  /** Whole bytes, at most 2 GB. */
  messageSizeBytes = new Uint32Array(0);
  /** What its sender asked for, as `priorityIndex` numbers it. */
  messagePriority = new Uint8Array(0);
  messageSubmittedMs = new Float64Array(0);
  #messageCopies = new Int32Array(0);
  /** How many shadow copies keep it, whatever has become of its copies. */
  #messageKeeps: Uint16Array | Int32Array = new Uint16Array(0);

  // Copies, by slot.
  copyMessage = new Int32Array(0);
  copyFirstRow = new Int32Array(0);
  /** Up to `manyRows`. */
  #copyRowCount = new Uint8Array(0);
  /** The Transport server that holds it, or that it entered at; `none` before. */
  copyServer: Int16Array | Int32Array;
  /** The next hop it is queued for; `none` before routing. */
  copyNextHop = new Int32Array(0);
  /** Transport services that have accepted it, in 16 bits: a limit may be 500 (SZ-03). */
  copyHops = new Uint16Array(0);
  copyFlags = new Uint8Array(0);
  readonly #times = new CopyTimes();
  // Links of the one list that holds the copy.
  copyNext = new Int32Array(0);
  copyPrevious = new Int32Array(0);
  copyList = new Int32Array(0);

  // Recipients' rows, by slot.
  rowRecipient = new Int32Array(0);
  rowSerial = new Int32Array(0);
  rowNext = new Int32Array(0);

  // What few have at a time.
  readonly #priorHops = new SparseColumn(0);
  readonly #holders = new SparseColumn(none);
  readonly #attempts = new SparseColumn(0);
  readonly #crashes = new SparseColumn(0);
  readonly #timers = new SparseColumn(noEvent);
  /** Recipients that a message is done with. */
  readonly #done = new Map<number, Set<number>>();
  /** Of messages that may reach somebody twice: who has got them. */
  readonly #receivers = new Map<number, Set<number>>();
  #freeMessage = none;
  #freeCopy = none;
  #freeRow = none;
  #messagesMade = 0;
  #rowsMade = 0;
  #messagesAlive = 0;
  #copiesAlive = 0;

  // One object for every call of the observer: a fresh one each time would be the only garbage of the hot path.
  readonly #facts = { message: 0, kind: 'mail' as MessageKind, submittedMs: 0.5, sizeBytes: 0.5 };
  readonly #stageMs = new Float64Array(stageIndex.count);

  /** @param servers - how many there are: up to 32,768 their indices take two bytes a copy */
  constructor(servers: number) {
    this.copyServer = servers <= mostServersInTwoBytes ? new Int16Array(0) : new Int32Array(0);
  }

  /** Messages that have not ended. */
  get messagesAlive(): number {
    return this.#messagesAlive;
  }

  /** Copies of them, wherever they are. */
  get copiesAlive(): number {
    return this.#copiesAlive;
  }

  /** Rows made so far; serials are 1 to this. */
  get rowsMade(): number {
    return this.#rowsMade;
  }

  /** The facts of a message slot, in one object that the next call overwrites. */
  facts(message: number): MessageFacts {
    const facts = this.#facts;
    facts.message = this.messageNumber[message]!;
    facts.kind = messageKinds[this.messageKind[message]!]!;
    facts.submittedMs = this.messageSubmittedMs[message]!;
    facts.sizeBytes = this.messageSizeBytes[message]!;
    return facts;
  }

  /** Whether a message is no notification. */
  isMail(message: number): boolean {
    return this.messageKind[message] === mail;
  }

  /** Whether Safety Net has sent a message again. */
  isResubmission(message: number): boolean {
    return this.messageKind[message] === resubmission;
  }

  /** The Received headers of a copy (SZ-03): those that its message came with, and those of its way since then. */
  hops(copy: number): number {
    const message = this.copyMessage[copy]!;
    const prior = this.messageKind[message] === mail ? this.priorHops(message) : 0;
    return prior + this.copyHops[copy]!;
  }

  /**
   * Received headers that a message had when it was submitted (SZ-03); of a notification those of the message attached
   * to it (NDR-03), which nobody takes for its own. Hops since then are the copy's.
   */
  priorHops(message: number): number {
    return this.#priorHops.get(message);
  }

  setPriorHops(message: number, hops: number): void {
    this.#priorHops.set(message, hops);
  }

  /** How many recipients a copy has. */
  rowCount(copy: number): number {
    const count = this.#copyRowCount[copy]!;
    if (count < manyRows) return count;
    let rows = 0;
    for (let row = this.copyFirstRow[copy]!; row !== none; row = this.rowNext[row]!) rows++;
    return rows;
  }

  /** Who is on a copy, in order. */
  recipientsOf(copy: number): readonly number[] {
    const recipients: number[] = [];
    for (let row = this.copyFirstRow[copy]!; row !== none; row = this.rowNext[row]!) {
      recipients.push(this.rowRecipient[row]!);
    }
    return recipients;
  }

  /** The server with the active copy that a rerouted copy was resolved with; `none`: as the server believes. */
  holder(copy: number): number {
    return this.#holders.get(copy);
  }

  setHolder(copy: number, server: number): void {
    this.#holders.set(copy, server);
  }

  /** Failed attempts of a copy by itself in its queue: the next one is its retry of that number. */
  attempts(copy: number): number {
    return this.#attempts.get(copy);
  }

  setAttempts(copy: number, attempts: number): void {
    this.#attempts.set(copy, attempts);
  }

  /** How often its Transport service has stopped while a copy was in the categorizer there (QU-01). */
  crashes(copy: number): number {
    return this.#crashes.get(copy);
  }

  setCrashes(copy: number, crashes: number): void {
    this.#crashes.set(copy, crashes);
  }

  /** The event that a copy outside the delivery queues has of its own; `noEvent` if none. */
  timer(copy: number): EventHandle {
    return this.#timers.get(copy);
  }

  setTimer(copy: number, event: EventHandle): void {
    this.#timers.set(copy, event);
  }

  /** When a copy entered the Submission queue or the delivery queue that holds it. */
  queuedMs(copy: number): number {
    return this.#submittedMs(copy) + this.#times.queued(copy) * tickMs;
  }

  /** A copy enters a queue. */
  setQueued(copy: number, nowMs: number): void {
    this.#times.setQueued(copy, (nowMs - this.#submittedMs(copy)) * ticksPerMs);
  }

  /** When the present stage of a copy began. */
  enteredMs(copy: number): number {
    return this.#submittedMs(copy) + this.#times.entered(copy) * tickMs;
  }

  /** The time that a copy has spent in each of `stages`, ms, exact; in one array that the next call overwrites. */
  stageMs(copy: number): Float64Array {
    this.#times.read(copy, this.#stageMs);
    return this.#stageMs;
  }

  makeMessage(
    kind: MessageKind,
    sender: number,
    sizeBytes: number,
    nowMs: number,
    priority: number = priorityIndex.normal,
  ): number {
    if (this.#freeMessage === none) this.#growMessages();
    const message = this.#freeMessage;
    this.#freeMessage = this.#messageCopies[message]!;
    this.messageNumber[message] = ++this.#messagesMade;
    this.messageSender[message] = sender;
    this.messageKind[message] = kind === 'mail' ? mail : messageKinds.indexOf(kind);
    this.messageSizeBytes[message] = sizeBytes;
    this.messageSubmittedMs[message] = nowMs;
    this.messagePriority[message] = priority;
    this.#messageCopies[message] = 0;
    this.#messageKeeps[message] = 0;
    return message;
  }

  /** A message that has been made before and is sent again by Safety Net: under the number that it had. */
  makeMessageAgain(
    number: number,
    sender: number,
    sizeBytes: number,
    nowMs: number,
    priority: number,
  ): number {
    const message = this.makeMessage('resubmission', sender, sizeBytes, nowMs, priority);
    this.#messagesMade--;
    this.messageNumber[message] = number;
    return message;
  }

  /** A copy of a message without rows, in no list. Its times are whole ticks, as all are from here on. */
  makeCopy(message: number, nowMs: number): number {
    if (this.#freeCopy === none) this.#growCopies();
    const copy = this.#freeCopy;
    this.#freeCopy = this.copyNext[copy]!;
    if (this.#messageCopies[message]!++ === 0) this.#messagesAlive++;
    this.#copiesAlive++;
    this.copyMessage[copy] = message;
    this.copyFirstRow[copy] = none;
    this.#copyRowCount[copy] = 0;
    this.copyServer[copy] = none;
    this.copyNextHop[copy] = none;
    this.copyHops[copy] = 0;
    this.copyFlags[copy] = 0;
    this.copyNext[copy] = none;
    this.copyPrevious[copy] = none;
    this.copyList[copy] = none;
    this.#times.begin(copy, (nowMs - this.messageSubmittedMs[message]!) * ticksPerMs);
    return copy;
  }

  /** Visits the copies of some messages that have recipients. Looks at all slots: for what is rare. */
  forEachCopyOf(messages: ReadonlySet<number>, visit: (copy: number) => void): void {
    for (let copy = 0; copy < this.copyFirstRow.length; copy++) {
      if (this.copyFirstRow[copy] !== none && messages.has(this.copyMessage[copy]!)) visit(copy);
    }
  }

  /** A further copy with the same history, for bifurcation. */
  forkCopy(copy: number): number {
    const fork = this.makeCopy(this.copyMessage[copy]!, this.enteredMs(copy));
    this.copyServer[fork] = this.copyServer[copy]!;
    this.copyHops[fork] = this.copyHops[copy]!;
    this.copyFlags[fork] = this.copyFlags[copy]!;
    this.#times.takeOver(fork, copy);
    return fork;
  }

  /** Gives back a copy whose rows have all ended or moved on; its message goes with the last copy. */
  freeCopy(copy: number): void {
    invariant(this.copyFirstRow[copy] === none, 'a copy was freed with recipients');
    invariant(this.copyList[copy] === none, 'a copy was freed while in a list');
    const message = this.copyMessage[copy]!;
    this.copyNext[copy] = this.#freeCopy;
    this.#freeCopy = copy;
    this.#times.free(copy);
    this.#holders.clear(copy);
    this.#attempts.clear(copy);
    this.#crashes.clear(copy);
    this.#copiesAlive--;
    if (--this.#messageCopies[message]! > 0) return;
    this.#messagesAlive--;
    if (this.#messageKeeps[message] === 0) this.#freeMessageSlot(message);
  }

  /** The message stays known, even without copies, until `letGo`. */
  keep(message: number): void {
    if (this.#messageKeeps[message] === mostKeepsInTwoBytes && this.#messageKeeps instanceof Uint16Array) {
      this.#messageKeeps = Int32Array.from(this.#messageKeeps);
    }
    this.#messageKeeps[message]!++;
  }

  letGo(message: number): void {
    if (--this.#messageKeeps[message]! === 0 && this.#messageCopies[message] === 0) {
      this.#freeMessageSlot(message);
    }
  }

  #freeMessageSlot(message: number): void {
    if (this.#done.size > 0) this.#done.delete(message);
    if (this.#receivers.size > 0) this.#receivers.delete(message);
    this.#priorHops.clear(message);
    this.#messageCopies[message] = this.#freeMessage;
    this.#freeMessage = message;
  }

  /** A new recipient's row, not yet of any copy. */
  makeRow(recipient: number): number {
    if (this.#freeRow === none) this.#growRows();
    const row = this.#freeRow;
    this.#freeRow = this.rowNext[row]!;
    this.rowRecipient[row] = recipient;
    this.rowSerial[row] = ++this.#rowsMade;
    this.rowNext[row] = none;
    return row;
  }

  /** A further row of the same recipient, not yet of any copy: with a serial that stands elsewhere too, or a ghost's. */
  makeRowOf(recipient: number, serial: number): number {
    if (this.#freeRow === none) this.#growRows();
    const row = this.#freeRow;
    this.#freeRow = this.rowNext[row]!;
    this.rowRecipient[row] = recipient;
    this.rowSerial[row] = serial;
    this.rowNext[row] = none;
    return row;
  }

  /** Puts a row at the head of a copy's rows. */
  linkRow(copy: number, row: number): void {
    this.rowNext[row] = this.copyFirstRow[copy]!;
    this.copyFirstRow[copy] = row;
    if (this.#copyRowCount[copy]! < manyRows) this.#copyRowCount[copy]!++;
  }

  /** Takes all rows off a copy; the caller walks `rowNext` and links or frees each. */
  takeRows(copy: number): number {
    const first = this.copyFirstRow[copy]!;
    this.copyFirstRow[copy] = none;
    this.#copyRowCount[copy] = 0;
    return first;
  }

  /** Gives a copy that has no rows those from `first` on. */
  giveRows(copy: number, first: number): void {
    this.copyFirstRow[copy] = first;
    let rows = 0;
    for (let row = first; row !== none && rows < manyRows; row = this.rowNext[row]!) rows++;
    this.#copyRowCount[copy] = rows;
  }

  /**
   * Notes that a message is done with a recipient: a group that is expanded, a mailbox whose forwarding is followed,
   * somebody it is forwarded to. False if it was before, on whichever server (RR-06).
   * @param isAgain - for what is sent again, which knows nothing of the first time
   */
  noteDone(message: number, recipient: number, isAgain: boolean): boolean {
    const key = isAgain ? ~recipient : recipient;
    const recipients = this.#done.get(message);
    if (recipients === undefined) {
      this.#done.set(message, new Set([key]));
      return true;
    }
    if (recipients.has(key)) return false;
    recipients.add(key);
    return true;
  }

  /** From now on it is noted who gets a message: it may reach somebody twice. */
  mayRepeat(message: number): void {
    if (!this.#receivers.has(message)) this.#receivers.set(message, new Set());
  }

  /** Notes that somebody gets a message, where that is to be noted; true if they have it already. */
  isRepeat(message: number, recipient: number): boolean {
    const receivers = this.#receivers.size === 0 ? undefined : this.#receivers.get(message);
    if (receivers === undefined) return false;
    if (receivers.has(recipient)) return true;
    receivers.add(recipient);
    return false;
  }

  /** A message is sent again from the beginning: nothing that this was done with counts any more. */
  forgetDoneAgain(message: number): void {
    const recipients = this.#done.get(message);
    if (recipients === undefined) return;
    for (const key of recipients) if (key < 0) recipients.delete(key);
  }

  isDone(message: number, recipient: number, isAgain: boolean): boolean {
    return this.#done.get(message)?.has(isAgain ? ~recipient : recipient) ?? false;
  }

  freeRow(row: number): void {
    this.rowNext[row] = this.#freeRow;
    this.#freeRow = row;
  }

  /** Books the time since the copy entered its stage under `stage`, and begins the next stage now. */
  charge(copy: number, stage: number, nowMs: number): void {
    this.#times.charge(copy, stage, (nowMs - this.#submittedMs(copy)) * ticksPerMs);
  }

  /** Books `durationMs` of the time since the copy entered its stage under `stage`; the rest stays to be booked. */
  chargePart(copy: number, stage: number, durationMs: number): void {
    this.#times.charge(copy, stage, this.#times.entered(copy) + durationMs * ticksPerMs);
  }

  #submittedMs(copy: number): number {
    return this.messageSubmittedMs[this.copyMessage[copy]!]!;
  }

  #growMessages(): void {
    const old = this.messageNumber.length;
    const size = grown(old);
    this.messageNumber = longerInt32(this.messageNumber, size);
    this.messageSender = longerInt32(this.messageSender, size);
    this.messageKind = longerUint8(this.messageKind, size);
    this.messagePriority = longerUint8(this.messagePriority, size);
    this.messageSizeBytes = longerUint32(this.messageSizeBytes, size);
    this.messageSubmittedMs = longerFloat64(this.messageSubmittedMs, size);
    this.#messageCopies = longerInt32(this.#messageCopies, size);
    this.#messageKeeps =
      this.#messageKeeps instanceof Uint16Array
        ? longerUint16(this.#messageKeeps, size)
        : longerInt32(this.#messageKeeps, size);
    this.#freeMessage = chain(this.#messageCopies, old, size);
  }

  #growCopies(): void {
    const old = this.copyMessage.length;
    const size = grown(old);
    this.copyMessage = longerInt32(this.copyMessage, size);
    this.copyFirstRow = longerInt32(this.copyFirstRow, size).fill(none, old);
    this.#copyRowCount = longerUint8(this.#copyRowCount, size);
    this.copyServer =
      this.copyServer instanceof Int16Array
        ? longerInt16(this.copyServer, size)
        : longerInt32(this.copyServer, size);
    this.copyNextHop = longerInt32(this.copyNextHop, size);
    this.copyHops = longerUint16(this.copyHops, size);
    this.copyFlags = longerUint8(this.copyFlags, size);
    this.#times.grow(size);
    this.copyNext = longerInt32(this.copyNext, size);
    this.copyPrevious = longerInt32(this.copyPrevious, size);
    this.copyList = longerInt32(this.copyList, size);
    this.#freeCopy = chain(this.copyNext, old, size);
  }

  #growRows(): void {
    const old = this.rowRecipient.length;
    const size = grown(old);
    this.rowRecipient = longerInt32(this.rowRecipient, size);
    this.rowSerial = longerInt32(this.rowSerial, size);
    this.rowNext = longerInt32(this.rowNext, size);
    this.#freeRow = chain(this.rowNext, old, size);
  }
}
