import { invariant, noEvent } from '../kernel/index.js';
import { type MessageFacts, type MessageKind, type Stage, stages } from './observer.js';
import { priorityIndex } from './priority.js';

/** The stages by number, as `charge` takes them; `count` of them stand side by side for each copy. */
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
const stageCount = stageIndex.count;
const messageKinds: readonly MessageKind[] = ['mail', 'ndr', 'delay-notice', 'resubmission'];
/** The place of `mail` among them. */
const mail = 0;

/** Marks the end of a linked list, and "none" wherever an id stands. */
export const none = -1;

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
 */
export class MessageStore {
  // Messages, by slot.
  messageNumber = new Int32Array(0);
  messageSender = new Int32Array(0);
  messageKind = new Uint8Array(0);
  messageSizeBytes = new Float64Array(0);
  /** What its sender asked for, as `priorityIndex` numbers it. */
  messagePriority = new Uint8Array(0);
  messageSubmittedMs = new Float64Array(0);
  /**
   * Received headers that it had when it was submitted (SZ-03); of a notification those of the message attached to it
   * (NDR-03), which nobody takes for its own. Hops since then are the copy's.
   */
  messagePriorHops = new Uint16Array(0);
  #messageCopies = new Int32Array(0);
  /** How many shadow copies keep it, whatever has become of its copies. */
  #messageKeeps = new Int32Array(0);

  // Copies, by slot.
  copyMessage = new Int32Array(0);
  copyFirstRow = new Int32Array(0);
  copyRowCount = new Int32Array(0);
  /** The Transport server that holds it, or that it entered at; `none` before. */
  copyServer = new Int32Array(0);
  /** The next hop it is queued for; `none` before routing. */
  copyNextHop = new Int32Array(0);
  /** The server with the active copy that a rerouted copy was resolved with; `none`: as the server believes. */
  copyHolder = new Int32Array(0);
  /** Transport services that have accepted it, in 16 bits: a limit may be 500 (SZ-03). */
  copyHops = new Uint16Array(0);
  copyFlags = new Uint8Array(0);
  /** Failed attempts of the copy by itself in its queue: the next one is its retry of that number. */
  copyAttempts = new Int32Array(0);
  /** How often its Transport service has stopped while it was in the categorizer there (QU-01). */
  copyCrashes = new Uint8Array(0);
  /** When it entered the Submission queue or the delivery queue that holds it. */
  copyQueuedMs = new Float64Array(0);
  /** When the present stage began. */
  copyEnteredMs = new Float64Array(0);
  /** The queue's retry clock when the copy entered it. */
  copyRetryClockMs = new Float64Array(0);
  /** The event that a waiting copy has of its own; `noEvent` if none. */
  copyTimer = new Float64Array(0);
  /** Time spent in each stage, `stageCount` numbers a copy. */
  copyStageMs = new Float64Array(0);
  // Links of the one list that holds the copy.
  copyNext = new Int32Array(0);
  copyPrevious = new Int32Array(0);
  copyList = new Int32Array(0);

  // Recipients' rows, by slot.
  rowRecipient = new Int32Array(0);
  rowSerial = new Int32Array(0);
  rowNext = new Int32Array(0);

  /** Recipients that a message is done with, by message slot: few messages have any. */
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

  /** The Received headers of a copy (SZ-03): those that its message came with, and those of its way since then. */
  hops(copy: number): number {
    const message = this.copyMessage[copy]!;
    const prior = this.messageKind[message] === mail ? this.messagePriorHops[message]! : 0;
    return prior + this.copyHops[copy]!;
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
    this.messagePriorHops[message] = 0;
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

  /** A copy of a message without rows, in no list. */
  makeCopy(message: number, nowMs: number): number {
    if (this.#freeCopy === none) this.#growCopies();
    const copy = this.#freeCopy;
    this.#freeCopy = this.copyNext[copy]!;
    if (this.#messageCopies[message]!++ === 0) this.#messagesAlive++;
    this.#copiesAlive++;
    this.copyMessage[copy] = message;
    this.copyFirstRow[copy] = none;
    this.copyRowCount[copy] = 0;
    this.copyServer[copy] = none;
    this.copyNextHop[copy] = none;
    this.copyHolder[copy] = none;
    this.copyHops[copy] = 0;
    this.copyFlags[copy] = 0;
    this.copyAttempts[copy] = 0;
    this.copyCrashes[copy] = 0;
    this.copyQueuedMs[copy] = nowMs;
    this.copyEnteredMs[copy] = nowMs;
    this.copyRetryClockMs[copy] = 0;
    this.copyTimer[copy] = noEvent;
    this.copyNext[copy] = none;
    this.copyPrevious[copy] = none;
    this.copyList[copy] = none;
    this.copyStageMs.fill(0, copy * stageCount, (copy + 1) * stageCount);
    return copy;
  }

  /** A further copy with the same history, for bifurcation. */
  forkCopy(copy: number): number {
    const fork = this.makeCopy(this.copyMessage[copy]!, this.copyEnteredMs[copy]!);
    this.copyServer[fork] = this.copyServer[copy]!;
    this.copyHops[fork] = this.copyHops[copy]!;
    this.copyFlags[fork] = this.copyFlags[copy]!;
    const from = copy * stageCount;
    this.copyStageMs.copyWithin(fork * stageCount, from, from + stageCount);
    return fork;
  }

  /** Gives back a copy whose rows have all ended or moved on; its message goes with the last copy. */
  freeCopy(copy: number): void {
    invariant(this.copyFirstRow[copy] === none, 'a copy was freed with recipients');
    invariant(this.copyList[copy] === none, 'a copy was freed while in a list');
    const message = this.copyMessage[copy]!;
    this.copyNext[copy] = this.#freeCopy;
    this.#freeCopy = copy;
    this.#copiesAlive--;
    if (--this.#messageCopies[message]! > 0) return;
    this.#messagesAlive--;
    if (this.#messageKeeps[message] === 0) this.#freeMessageSlot(message);
  }

  /** The message stays known, even without copies, until `letGo`. */
  keep(message: number): void {
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
    this.copyRowCount[copy]!++;
  }

  /** Takes all rows off a copy; the caller walks `rowNext` and links or frees each. */
  takeRows(copy: number): number {
    const first = this.copyFirstRow[copy]!;
    this.copyFirstRow[copy] = none;
    this.copyRowCount[copy] = 0;
    return first;
  }

  /**
   * Notes that a message is done with a recipient: a group that is expanded, a mailbox whose forwarding is followed,
   * somebody it is forwarded to. False if it was before, on whichever server (RR-06).
   */
  noteDone(message: number, recipient: number): boolean {
    const recipients = this.#done.get(message);
    if (recipients === undefined) {
      this.#done.set(message, new Set([recipient]));
      return true;
    }
    if (recipients.has(recipient)) return false;
    recipients.add(recipient);
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

  /** A message is categorized from the beginning: nothing that it was done with counts any more. */
  forgetDone(message: number): void {
    this.#done.delete(message);
  }

  isDone(message: number, recipient: number): boolean {
    return this.#done.get(message)?.has(recipient) ?? false;
  }

  freeRow(row: number): void {
    this.rowNext[row] = this.#freeRow;
    this.#freeRow = row;
  }

  /** Books the time since the copy entered its stage under `stage`, and begins the next stage now. */
  charge(copy: number, stage: number, nowMs: number): void {
    this.copyStageMs[copy * stageCount + stage]! += nowMs - this.copyEnteredMs[copy]!;
    this.copyEnteredMs[copy] = nowMs;
  }

  /** Books `durationMs` of the time since the copy entered its stage under `stage`; the rest stays to be booked. */
  chargePart(copy: number, stage: number, durationMs: number): void {
    this.copyStageMs[copy * stageCount + stage]! += durationMs;
    this.copyEnteredMs[copy]! += durationMs;
  }

  #growMessages(): void {
    const old = this.messageNumber.length;
    const size = grown(old);
    this.messageNumber = copyInt32(this.messageNumber, size);
    this.messageSender = copyInt32(this.messageSender, size);
    this.messageKind = copyUint8(this.messageKind, size);
    this.messagePriority = copyUint8(this.messagePriority, size);
    this.messageSizeBytes = copyFloat64(this.messageSizeBytes, size);
    this.messageSubmittedMs = copyFloat64(this.messageSubmittedMs, size);
    this.messagePriorHops = copyUint16(this.messagePriorHops, size);
    this.#messageCopies = copyInt32(this.#messageCopies, size);
    this.#messageKeeps = copyInt32(this.#messageKeeps, size);
    this.#freeMessage = chain(this.#messageCopies, old, size);
  }

  #growCopies(): void {
    const old = this.copyMessage.length;
    const size = grown(old);
    this.copyMessage = copyInt32(this.copyMessage, size);
    this.copyFirstRow = copyInt32(this.copyFirstRow, size);
    this.copyRowCount = copyInt32(this.copyRowCount, size);
    this.copyServer = copyInt32(this.copyServer, size);
    this.copyNextHop = copyInt32(this.copyNextHop, size);
    this.copyHolder = copyInt32(this.copyHolder, size);
    this.copyHops = copyUint16(this.copyHops, size);
    this.copyFlags = copyUint8(this.copyFlags, size);
    this.copyAttempts = copyInt32(this.copyAttempts, size);
    this.copyCrashes = copyUint8(this.copyCrashes, size);
    this.copyQueuedMs = copyFloat64(this.copyQueuedMs, size);
    this.copyEnteredMs = copyFloat64(this.copyEnteredMs, size);
    this.copyRetryClockMs = copyFloat64(this.copyRetryClockMs, size);
    this.copyTimer = copyFloat64(this.copyTimer, size);
    this.copyStageMs = copyFloat64(this.copyStageMs, size * stageCount);
    this.copyNext = copyInt32(this.copyNext, size);
    this.copyPrevious = copyInt32(this.copyPrevious, size);
    this.copyList = copyInt32(this.copyList, size);
    this.#freeCopy = chain(this.copyNext, old, size);
  }

  #growRows(): void {
    const old = this.rowRecipient.length;
    const size = grown(old);
    this.rowRecipient = copyInt32(this.rowRecipient, size);
    this.rowSerial = copyInt32(this.rowSerial, size);
    this.rowNext = copyInt32(this.rowNext, size);
    this.#freeRow = chain(this.rowNext, old, size);
  }
}

function grown(size: number): number {
  return size === 0 ? 1_024 : size * 2;
}

/** Links the slots from `from` to `to` - 1 into a free list and returns its head. */
function chain(next: Int32Array, from: number, to: number): number {
  for (let slot = from; slot < to; slot++) next[slot] = slot + 1 < to ? slot + 1 : none;
  return from;
}

function copyInt32(old: Int32Array, size: number): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(size);
  copy.set(old);
  return copy;
}

function copyUint8(old: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(size);
  copy.set(old);
  return copy;
}

function copyUint16(old: Uint16Array, size: number): Uint16Array<ArrayBuffer> {
  const copy = new Uint16Array(size);
  copy.set(old);
  return copy;
}

function copyFloat64(old: Float64Array, size: number): Float64Array<ArrayBuffer> {
  const copy = new Float64Array(size);
  copy.set(old);
  return copy;
}
