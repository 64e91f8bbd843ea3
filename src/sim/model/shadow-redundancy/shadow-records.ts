import { chain, grown, longerInt32, longerUint16, longerUint32 } from '../columns.js';
import { none } from '../message-store.js';
import { RecipientLists } from './recipient-lists.js';

/** Queues that two bytes can number, 0 being for free records. */
const mostInTwoBytes = 2 ** 16 - 1;

/**
 * The shadow copies there are, as columns: of which message, in which shadow queue, for whom, and how many copies their
 * primary still has to see off. A record takes 20 bytes; one of a message to several recipients has a list besides.
 */
export class ShadowRecords {
  message = new Int32Array(0);
  /** Transport services that had accepted the message when the primary had. */
  hops = new Uint16Array(0);
  /** When the primary was done with it, in s; 0 before. */
  discardedS = new Uint32Array(0);
  /** The shadow queue that it is in, by number, from 1; 0: a free record. Four bytes when two are no longer enough. */
  #queue: Uint16Array | Int32Array = new Uint16Array(0);
  /**
   * From 1: copies of the message, and of reports about it, that the primary has not handed on (SH-07). After the last one
   * there is a discard event: 0 if it is the last of its queue, or there is none, else the next one, from -1 downwards.
   * Of a free record the next free one.
   */
  #copiesOrNext = new Int32Array(0);
  /** From 0: the recipient, if the message was addressed to one alone; else, from -1 downwards, the list of them. */
  #envelope = new Int32Array(0);
  readonly #lists = new RecipientLists();
  #free = none;

  /** Records that there is room for: those that there are, and free ones. */
  get length(): number {
    return this.message.length;
  }

  /** A shadow copy of a message that stands for no copy yet, to be given its envelope. */
  make(message: number, queue: number, hops: number): number {
    if (this.#free === none) this.#grow();
    const record = this.#free;
    this.#free = this.#copiesOrNext[record]!;
    this.message[record] = message;
    this.hops[record] = hops;
    this.discardedS[record] = 0;
    this.moveTo(record, queue);
    this.#copiesOrNext[record] = 0;
    this.#envelope[record] = 0;
    return record;
  }

  /** A record is in another shadow queue from now on. */
  moveTo(record: number, queue: number): void {
    if (queue >= mostInTwoBytes && this.#queue instanceof Uint16Array)
      this.#queue = Int32Array.from(this.#queue);
    this.#queue[record] = queue + 1;
  }

  free(record: number): void {
    const envelope = this.#envelope[record]!;
    if (envelope < 0) this.#lists.free(-1 - envelope);
    this.#queue[record] = 0;
    this.#copiesOrNext[record] = this.#free;
    this.#free = record;
  }

  /** The shadow queue that a record is in; `none` for a free one. */
  queueOf(record: number): number {
    return this.#queue[record]! - 1;
  }

  /** Copies that a record stands for. */
  copies(record: number): number {
    return Math.max(0, this.#copiesOrNext[record]!);
  }

  /** A record, with no discard event yet, stands for one copy more. */
  join(record: number): void {
    this.#copiesOrNext[record]!++;
  }

  /** A record stands for one copy less. */
  part(record: number): void {
    this.#copiesOrNext[record]!--;
  }

  /** The discard event after that of a record, which has one; `none` if there is none. */
  nextDiscard(record: number): number {
    return -1 - this.#copiesOrNext[record]!;
  }

  setNextDiscard(record: number, next: number): void {
    this.#copiesOrNext[record] = -1 - next;
  }

  addressToOne(record: number, recipient: number): void {
    this.#envelope[record] = recipient;
  }

  /** @param recipients - several */
  addressTo(record: number, recipients: readonly number[]): void {
    this.#envelope[record] = -1 - this.#lists.make(recipients);
  }

  /** To whom the message was addressed, in order. */
  envelope(record: number): readonly number[] {
    const envelope = this.#envelope[record]!;
    return envelope >= 0 ? [envelope] : this.#lists.read(-1 - envelope);
  }

  /** Whether the message was addressed to one recipient alone. */
  isFor(record: number, recipient: number): boolean {
    return this.#envelope[record] === recipient;
  }

  /** The records of the queues that `isMeant` chooses, in order of their slots. */
  ofQueues(isMeant: (queue: number) => boolean): readonly number[] {
    const found: number[] = [];
    for (let record = 0; record < this.length; record++) {
      const queue = this.queueOf(record);
      if (queue !== none && isMeant(queue)) found.push(record);
    }
    return found;
  }

  #grow(): void {
    const old = this.length;
    const size = grown(old);
    this.message = longerInt32(this.message, size);
    this.hops = longerUint16(this.hops, size);
    this.discardedS = longerUint32(this.discardedS, size);
    this.#queue =
      this.#queue instanceof Uint16Array ? longerUint16(this.#queue, size) : longerInt32(this.#queue, size);
    this.#copiesOrNext = longerInt32(this.#copiesOrNext, size);
    this.#envelope = longerInt32(this.#envelope, size);
    this.#free = chain(this.#copiesOrNext, old, size);
  }
}
