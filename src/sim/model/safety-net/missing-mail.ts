import type { MessageFacts } from '../observer.js';
import type { RecipientLedger } from '../recipient-ledger.js';

/** A row that began anew when its mailbox lost a message. */
interface Missing {
  readonly serial: number;
  readonly submittedMs: number;
  readonly sizeBytes: number;
}

/** A message that is back in its mailbox. */
export interface Found {
  readonly serial: number;
  readonly facts: MessageFacts;
}

/**
 * What mailboxes have lost with their database and do not have back. Whoever brings it to such a mailbox ends that row: Safety
 * Net, which is asked for it, or a shadow copy that is promoted meanwhile and knows nothing of it.
 */
export class MissingMail {
  readonly #ledger: Pick<RecipientLedger, 'isAlive'>;
  /** By message number and recipient; those that are back by now are forgotten late. */
  readonly #missing = new Map<number, Map<number, Missing>>();

  constructor(ledger: Pick<RecipientLedger, 'isAlive'>) {
    this.#ledger = ledger;
  }

  /** No mailbox has lost anything: asked for each message that somebody gets twice. */
  get isEmpty(): boolean {
    return this.#missing.size === 0;
  }

  /** A row has begun anew. */
  add({ message, submittedMs, sizeBytes }: MessageFacts, recipient: number, serial: number): void {
    const ofMessage = this.#missing.get(message);
    const known = ofMessage?.get(recipient);
    if (known !== undefined && this.#ledger.isAlive(known.serial)) return;
    const missing = { serial, submittedMs, sizeBytes };
    if (ofMessage === undefined) this.#missing.set(message, new Map([[recipient, missing]]));
    else ofMessage.set(recipient, missing);
  }

  /** The row of a mailbox that gets a message, if it had lost it; undefined if it had not, or has it back. */
  take(message: number, recipient: number): Found | undefined {
    const ofMessage = this.#missing.get(message);
    const missing = ofMessage?.get(recipient);
    if (ofMessage === undefined || missing === undefined) return undefined;
    ofMessage.delete(recipient);
    if (ofMessage.size === 0) this.#missing.delete(message);
    const { serial, submittedMs, sizeBytes } = missing;
    if (!this.#ledger.isAlive(serial)) return undefined;
    return { serial, facts: { message, kind: 'resubmission', submittedMs, sizeBytes } };
  }

  /** Forgets what is not missing any more. */
  tidy(): void {
    for (const [message, ofMessage] of this.#missing) {
      for (const [recipient, { serial }] of ofMessage) {
        if (!this.#ledger.isAlive(serial)) ofMessage.delete(recipient);
      }
      if (ofMessage.size === 0) this.#missing.delete(message);
    }
  }
}
