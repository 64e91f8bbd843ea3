/** Deliveries of one block: 160 KB, so that a block that is begun is hardly ever much of the whole. */
const blockLength = 4_096;
/** What a list in the pool begins with: how many recipients it has, and where the envelope of their message is. */
const headerLength = 2;

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
  /** To whom it was addressed when the primary took it; null: to `recipients`. One object for all that had one envelope. */
  readonly envelope: Envelope | null;
}

export type Envelope = ArrayLike<number>;

/**
 * What was written to mailboxes, and by whom, as far back as a database failover may ask for it (SN-02): an append-only log
 * in blocks of typed arrays. Deliveries come in the order of time, so what nobody will ask for any more is at the
 * beginning, and goes a block at a time.
 *
 * A delivery to one recipient whose message was addressed to nobody else takes 40 bytes (design section 10).
 */
export class DeliveryLog {
  readonly #blocks: Block[] = [];
  #keepMs = 0;
  #spare: Block | null = null;

  /** Deliveries are kept for that long at least from now on. */
  keepFor(ms: number): void {
    this.#keepMs = Math.max(this.#keepMs, ms);
  }

  /** Deliveries kept now. */
  get length(): number {
    return this.#blocks.reduce((sum, { length }) => sum + length, 0);
  }

  /** Notes a delivery, which is no earlier than any before it. */
  append(delivery: Delivery): void {
    const { deliveredMs } = delivery;
    let last = this.#blocks.at(-1);
    if (last === undefined || last.length === blockLength) {
      this.#forget(deliveredMs - this.#keepMs);
      last = this.#spare ?? new Block();
      this.#spare = null;
      this.#blocks.push(last);
    }
    last.append(delivery);
  }

  /**
   * Takes the deliveries to a database after `afterMs`, in order: each is taken once, whoever asks for it again.
   * @param taken - must not append
   */
  take(database: number, afterMs: number, taken: (delivery: Delivery) => void): void {
    for (const block of this.#blocks) {
      if (block.lastMs > afterMs) block.take(database, afterMs, taken);
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
  readonly #database = new Int32Array(blockLength);
  readonly #primary = new Int32Array(blockLength);
  readonly #shadow = new Int32Array(blockLength);
  readonly #hops = new Uint16Array(blockLength);
  readonly #priority = new Uint8Array(blockLength);
  /** 1: taken. */
  readonly #taken = new Uint8Array(blockLength);
  /** The recipient, if there is one and the message had no other; else below 0: where its list is in the pool. */
  readonly #recipient = new Int32Array(blockLength);
  /** Lists of recipients behind one another. */
  #pool = new Int32Array(0);
  #poolLength = 0;
  readonly #envelopes: Envelope[] = [];

  /** When the last delivery was. */
  get lastMs(): number {
    return this.#deliveredMs[this.length - 1]!;
  }

  append(delivery: Delivery): void {
    const { recipients, envelope } = delivery;
    const place = this.length++;
    this.#message[place] = delivery.message;
    this.#sender[place] = delivery.sender;
    this.#sizeBytes[place] = delivery.sizeBytes;
    this.#deliveredMs[place] = delivery.deliveredMs;
    this.#database[place] = delivery.database;
    this.#primary[place] = delivery.primary;
    this.#shadow[place] = delivery.shadow;
    this.#hops[place] = delivery.hops;
    this.#priority[place] = delivery.priority;
    this.#taken[place] = 0;
    const isAlone = recipients.length === 1 && envelope === null;
    this.#recipient[place] = isAlone ? recipients[0]! : this.#keepList(recipients, envelope);
  }

  take(database: number, afterMs: number, taken: (delivery: Delivery) => void): void {
    for (let place = 0; place < this.length; place++) {
      if (this.#database[place] !== database || this.#taken[place] === 1) continue;
      if (this.#deliveredMs[place]! <= afterMs) continue;
      this.#taken[place] = 1;
      taken(this.#delivery(place));
    }
  }

  clear(): void {
    this.length = 0;
    this.#poolLength = 0;
    this.#envelopes.length = 0;
  }

  #delivery(place: number): Delivery {
    const recipient = this.#recipient[place]!;
    const listAt = -1 - recipient;
    const hasList = recipient < 0;
    const firstAt = listAt + headerLength;
    return {
      message: this.#message[place]!,
      sender: this.#sender[place]!,
      sizeBytes: this.#sizeBytes[place]!,
      deliveredMs: this.#deliveredMs[place]!,
      database: this.#database[place]!,
      primary: this.#primary[place]!,
      shadow: this.#shadow[place]!,
      hops: this.#hops[place]!,
      priority: this.#priority[place]!,
      recipients: hasList ? [...this.#pool.subarray(firstAt, firstAt + this.#pool[listAt]!)] : [recipient],
      envelope: hasList ? (this.#envelopes[this.#pool[listAt + 1]!] ?? null) : null,
    };
  }

  #keepList(recipients: readonly number[], envelope: Envelope | null): number {
    const at = this.#poolLength;
    const length = at + headerLength + recipients.length;
    if (length > this.#pool.length) {
      const longer = new Int32Array(Math.max(length, 2 * this.#pool.length));
      longer.set(this.#pool);
      this.#pool = longer;
    }
    this.#pool[at] = recipients.length;
    this.#pool[at + 1] = envelope === null ? -1 : this.#envelopes.push(envelope) - 1;
    this.#pool.set(recipients, at + headerLength);
    this.#poolLength = length;
    return -1 - at;
  }
}
