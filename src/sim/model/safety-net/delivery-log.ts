/** Deliveries of one block: 130 KB, so that a block that is begun is hardly ever much of the whole. */
const blockLength = 4_096;
/** What two bytes hold. */
const mostInTwoBytes = 2 ** 16;
/** Hops, of which there are 500 at the most (SZ-03), in 13 bits; then the priority in two; then whether it is noted again. */
const hopsMask = 2 ** 13 - 1;
const priorityAt = 13;
const priorityMask = 3;
const againMark = 2 ** 15;
/** A list of recipients in the pool that is none: the envelope is that of those who got the message. */
const noEnvelope = -1;

/** A delivery: a message, as it was written to one database at one time. */
export interface Delivery {
  readonly message: number;
  readonly sender: number;
  readonly sizeBytes: number;
  readonly deliveredMs: number;
  readonly database: number;
  /** The server whose Transport service delivered it. */
  readonly primary: number;
  /** The server that had its shadow copy; -1 if none. */
  readonly shadow: number;
  readonly hops: number;
  readonly priority: number;
  /** The mailboxes that it was written to, in order. */
  readonly recipients: readonly number[];
  /** To whom it was addressed when the primary took it; null: to `recipients`. */
  readonly envelope: Envelope | null;
}

export type Envelope = ArrayLike<number>;

/**
 * What was written to mailboxes, and by whom, as far back as a database failover may ask for it (SN-02): an append-only log
 * in blocks of typed arrays. Deliveries come in the order of time, so what nobody will ask for any more is at the
 * beginning, and goes a block at a time.
 *
 * A delivery to one recipient whose message was addressed to nobody else takes 32 bytes; else 8 more, 4 for each recipient
 * of several, and a share of the envelope, which is there once for all deliveries of a block (design section 10).
 */
export class DeliveryLog {
  readonly #blocks: Block[] = [];
  readonly #servers: number;
  readonly #databases: number;
  #keepMs = 0;
  #spare: Block | null = null;

  /**
   * @param servers - how many there are
   * @param databases - how many there are
   */
  constructor(servers: number, databases: number) {
    this.#servers = servers;
    this.#databases = databases;
  }

  /** Deliveries are kept for that long at least from now on. */
  keepFor(ms: number): void {
    this.#keepMs = Math.max(this.#keepMs, ms);
  }

  /** Deliveries kept now. */
  get length(): number {
    return this.#blocks.reduce((sum, { length }) => sum + length, 0);
  }

  /**
   * Notes a delivery, which is no earlier than any before it.
   * @param isAgain - it is another one of what is noted already
   */
  append(delivery: Delivery, isAgain = false): void {
    const { deliveredMs } = delivery;
    let last = this.#blocks.at(-1);
    if (last === undefined || last.length === blockLength) {
      last?.close();
      this.#forget(deliveredMs - this.#keepMs);
      last = this.#spare ?? new Block(this.#servers, this.#databases);
      this.#spare = null;
      this.#blocks.push(last);
    }
    last.append(delivery, isAgain);
  }

  /**
   * Takes the deliveries to a database after `afterMs`, in order. Whoever asks for one again is told that.
   * @param taken - must not append; `isAgain` where it has been taken before, or is another one of what is noted already
   */
  take(database: number, afterMs: number, taken: (delivery: Delivery, isAgain: boolean) => void): void {
    for (const block of this.#blocks) {
      if (block.lastMs > afterMs) block.take(database, afterMs, taken);
    }
  }

  /**
   * Shadow copies of what one server delivered have been made anew: noted as deliveries of the same, by the same.
   * @param from - where they were
   * @param to - by message: where they are
   */
  renewShadows(primary: number, from: number, to: ReadonlyMap<number, number>, nowMs: number): void {
    const found = this.#blocks.flatMap((block) => block.withShadow(primary, from, to));
    for (const delivery of found) {
      this.append({ ...delivery, deliveredMs: nowMs, shadow: to.get(delivery.message)! }, true);
    }
  }

  #forget(beforeMs: number): void {
    while (this.#blocks.length > 0 && this.#blocks[0]!.lastMs <= beforeMs) {
      this.#spare = this.#blocks.shift()!;
      this.#spare.clear();
    }
  }
}

class Block {
  length = 0;
  readonly #message = new Int32Array(blockLength);
  readonly #sender = new Int32Array(blockLength);
  readonly #sizeBytes = new Uint32Array(blockLength);
  readonly #deliveredMs = new Float64Array(blockLength);
  readonly #database: Uint16Array | Int32Array;
  readonly #primary: Uint16Array | Int32Array;
  /** Counted from 1; 0: none. */
  readonly #shadow: Uint16Array | Int32Array;
  /** Hops, priority, and whether it is taken, or another one of what is noted already. */
  readonly #marks = new Uint16Array(blockLength);
  /** The recipient, if there is one and the message had no other; else below 0: where to look in the pool. */
  readonly #recipient = new Int32Array(blockLength);
  /**
   * For a delivery where its envelope is, or `noEnvelope`, and then its recipient, or, below 0, how many there are and
   * who; for an envelope how many recipients, and who.
   */
  #pool = new Int32Array(0);
  #poolLength = 0;
  /** By message, while the block is not full: where the last envelope of it is. */
  readonly #envelopes = new Map<number, number>();

  constructor(servers: number, databases: number) {
    const numbers = (count: number) =>
      count < mostInTwoBytes ? new Uint16Array(blockLength) : new Int32Array(blockLength);
    this.#database = numbers(databases);
    this.#primary = numbers(servers);
    this.#shadow = numbers(servers + 1);
  }

  /** When the last delivery was. */
  get lastMs(): number {
    return this.#deliveredMs[this.length - 1]!;
  }

  append(delivery: Delivery, isAgain: boolean): void {
    const { recipients, envelope } = delivery;
    const place = this.length++;
    this.#message[place] = delivery.message;
    this.#sender[place] = delivery.sender;
    this.#sizeBytes[place] = delivery.sizeBytes;
    this.#deliveredMs[place] = delivery.deliveredMs;
    this.#database[place] = delivery.database;
    this.#primary[place] = delivery.primary;
    this.#shadow[place] = delivery.shadow + 1;
    this.#marks[place] = delivery.hops | (delivery.priority << priorityAt) | (isAgain ? againMark : 0);
    const isAlone = recipients.length === 1 && envelope === null;
    this.#recipient[place] = isAlone ? recipients[0]! : -1 - this.#keepList(delivery);
  }

  /** Nothing is appended any more. */
  close(): void {
    this.#pool = this.#pool.slice(0, this.#poolLength);
    this.#envelopes.clear();
  }

  take(database: number, afterMs: number, taken: (delivery: Delivery, isAgain: boolean) => void): void {
    for (let place = 0; place < this.length; place++) {
      if (this.#database[place] !== database || this.#deliveredMs[place]! <= afterMs) continue;
      const marks = this.#marks[place]!;
      this.#marks[place] = marks | againMark;
      taken(this.#delivery(place), marks >= againMark);
    }
  }

  withShadow(primary: number, shadow: number, messages: ReadonlyMap<number, number>): readonly Delivery[] {
    const found: Delivery[] = [];
    for (let place = 0; place < this.length; place++) {
      if (this.#primary[place] !== primary || this.#shadow[place] !== shadow + 1) continue;
      if (messages.has(this.#message[place]!)) found.push(this.#delivery(place));
    }
    return found;
  }

  clear(): void {
    this.length = 0;
    this.#poolLength = 0;
  }

  #delivery(place: number): Delivery {
    const recipient = this.#recipient[place]!;
    const listAt = -1 - recipient;
    const isAlone = recipient >= 0;
    const marks = this.#marks[place]!;
    const envelopeAt = isAlone ? noEnvelope : this.#pool[listAt]!;
    return {
      message: this.#message[place]!,
      sender: this.#sender[place]!,
      sizeBytes: this.#sizeBytes[place]!,
      deliveredMs: this.#deliveredMs[place]!,
      database: this.#database[place]!,
      primary: this.#primary[place]!,
      shadow: this.#shadow[place]! - 1,
      hops: marks & hopsMask,
      priority: (marks >> priorityAt) & priorityMask,
      recipients: isAlone ? [recipient] : this.#recipientsAt(listAt + 1),
      envelope: envelopeAt === noEnvelope ? null : this.#listAt(envelopeAt + 1, this.#pool[envelopeAt]!),
    };
  }

  #recipientsAt(at: number): readonly number[] {
    const first = this.#pool[at]!;
    return first >= 0 ? [first] : this.#listAt(at + 1, -first);
  }

  #listAt(at: number, length: number): readonly number[] {
    return [...this.#pool.subarray(at, at + length)];
  }

  /** Where in the pool the recipients of a delivery, and its envelope, are looked up. */
  #keepList({ message, recipients, envelope }: Delivery): number {
    const envelopeAt = envelope === null ? noEnvelope : this.#keepEnvelope(message, envelope);
    const at = this.#poolLength;
    this.#reserve(2 + recipients.length);
    this.#add(envelopeAt);
    if (recipients.length > 1) this.#add(-recipients.length);
    for (const recipient of recipients) this.#add(recipient);
    return at;
  }

  #keepEnvelope(message: number, envelope: Envelope): number {
    const known = this.#envelopes.get(message);
    if (known !== undefined && this.#isListAt(known, envelope)) return known;
    const at = this.#poolLength;
    this.#reserve(1 + envelope.length);
    this.#add(envelope.length);
    for (let place = 0; place < envelope.length; place++) this.#add(envelope[place]!);
    this.#envelopes.set(message, at);
    return at;
  }

  #isListAt(at: number, list: Envelope): boolean {
    if (this.#pool[at] !== list.length) return false;
    for (let place = 0; place < list.length; place++) {
      if (this.#pool[at + 1 + place] !== list[place]) return false;
    }
    return true;
  }

  #add(value: number): void {
    this.#pool[this.#poolLength++] = value;
  }

  #reserve(more: number): void {
    const length = this.#poolLength + more;
    if (length <= this.#pool.length) return;
    const longer = new Int32Array(Math.max(length, 2 * this.#pool.length));
    longer.set(this.#pool);
    this.#pool = longer;
  }
}
