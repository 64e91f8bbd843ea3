import { none } from '../message-store.js';

/**
 * The shadow copies there are, as columns: of which message, in which shadow queue, for whom, and how many copies their
 * primary still has to see off. A record takes 26 bytes; an envelope of several recipients has a list besides.
 */
export class ShadowRecords {
  message = new Int32Array(0);
  /** The shadow queue that it is in, by number. */
  queue = new Int32Array(0);
  /** Copies of the message, and of reports about it, that the primary has not handed on (SH-07). */
  copies = new Int32Array(0);
  /** The first recipient of the envelope; all of it where no list is kept. */
  recipient = new Int32Array(0);
  /** Transport services that had accepted the message when the primary had. */
  hops = new Uint16Array(0);
  /** When it was made, or its discard event, in s. */
  atS = new Uint32Array(0);
  /** The next discard event of its queue; of a free slot the next free one. */
  next = new Int32Array(0);
  readonly #envelopes = new Map<number, readonly number[]>();
  #free = none;
  #count = 0;

  /** Shadow copies there are. */
  get count(): number {
    return this.#count;
  }

  /** A shadow copy of a message that is addressed to one recipient; more are given by `setEnvelope`. */
  make(message: number, queue: number, recipient: number, hops: number, nowMs: number): number {
    if (this.#free === none) this.#grow();
    const record = this.#free;
    this.#free = this.next[record]!;
    this.#count++;
    this.message[record] = message;
    this.queue[record] = queue;
    this.copies[record] = 0;
    this.recipient[record] = recipient;
    this.hops[record] = hops;
    this.atS[record] = nowMs / 1_000;
    this.next[record] = none;
    return record;
  }

  free(record: number): void {
    this.queue[record] = none;
    if (this.#envelopes.size > 0) this.#envelopes.delete(record);
    this.next[record] = this.#free;
    this.#free = record;
    this.#count--;
  }

  setEnvelope(record: number, recipients: readonly number[]): void {
    this.#envelopes.set(record, recipients);
  }

  /** To whom the message was addressed: the same list each time. */
  envelope(record: number): readonly number[] {
    const known = this.#envelopes.get(record);
    if (known !== undefined) return known;
    const recipients = [this.recipient[record]!];
    this.#envelopes.set(record, recipients);
    return recipients;
  }

  /** Whether the message was addressed to one recipient alone. */
  isFor(record: number, recipient: number): boolean {
    return this.recipient[record] === recipient && (this.#envelopes.get(record)?.length ?? 1) === 1;
  }

  /** The records of the queues that `isMeant` chooses, in order of their slots. */
  ofQueues(isMeant: (queue: number) => boolean): readonly number[] {
    const found: number[] = [];
    for (let record = 0; record < this.queue.length; record++) {
      const queue = this.queue[record]!;
      if (queue !== none && isMeant(queue)) found.push(record);
    }
    return found;
  }

  #grow(): void {
    const old = this.queue.length;
    const size = old === 0 ? 1_024 : old * 2;
    const grown = <C extends Int32Array | Uint16Array | Uint32Array>(into: C, from: C): C => {
      into.set(from);
      return into;
    };
    this.message = grown(new Int32Array(size), this.message);
    this.queue = grown(new Int32Array(size).fill(none), this.queue);
    this.copies = grown(new Int32Array(size), this.copies);
    this.recipient = grown(new Int32Array(size), this.recipient);
    this.hops = grown(new Uint16Array(size), this.hops);
    this.atS = grown(new Uint32Array(size), this.atS);
    this.next = grown(new Int32Array(size), this.next);
    for (let record = size - 1; record >= old; record--) {
      this.next[record] = this.#free;
      this.#free = record;
    }
  }
}
