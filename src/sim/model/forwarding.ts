import type { Delivery } from './address-book.js';
import type { ModelContext } from './model-context.js';

/**
 * What recipients come down to when a message first meets them: mail that is forwarded, and mail that a mailbox does
 * not take from its sender (RR-06, RR-07, 5.7.1). It happens once for each recipient of a message, wherever; later
 * servers find it done.
 */
export class Forwarding {
  readonly #context: ModelContext;
  /** Whom the message that is categorized now goes to so far, since its first forwarding. */
  #placed: Set<number> | null = null;

  constructor(context: ModelContext) {
    this.#context = context;
  }

  /** Whether no mailbox forwards its mail or chooses its senders. */
  get isIdle(): boolean {
    const { forwarding, acceptOnlyFrom } = this.#context.topology.recipients;
    return forwarding.size === 0 && acceptOnlyFrom.size === 0;
  }

  /** The categorizer begins with a copy. */
  begin(): void {
    this.#placed = null;
  }

  /**
   * Those who get a message that a recipient, met for the first time, stands for; without those who get it anyway, so
   * possibly nobody. Null: the recipient, like anybody else.
   * @param isAgain - it is sent to them again: what was done the first time does not count
   * @param eachPlaced - visits whom the categorizer has placed so far
   */
  resolve(
    message: number,
    recipient: number,
    isAgain: boolean,
    eachPlaced: (visit: (recipient: number) => void) => void,
  ): readonly Delivery[] | null {
    const { store, addressBook } = this.#context;
    // Somebody has forwarded it to them before, or it comes by a group a second time.
    if (store.isDone(message, recipient, isAgain)) return nobody;
    if (!addressBook.hasDeliveryRules(recipient)) {
      this.#placed?.add(recipient);
      return null;
    }
    const deliveries = addressBook.deliveries(recipient, store.messageSender[message]!);
    const [first] = deliveries;
    if (deliveries.length === 1 && first!.recipient === recipient) {
      if (first!.failure === null) this.#placed?.add(recipient);
      return first!.failure === null ? null : deliveries;
    }
    return this.#forward(message, recipient, isAgain, deliveries, eachPlaced);
  }
  #forward(
    message: number,
    mailbox: number,
    isAgain: boolean,
    deliveries: readonly Delivery[],
    eachPlaced: (visit: (recipient: number) => void) => void,
  ): readonly Delivery[] {
    const { store, addressBook } = this.#context;
    const placed = this.#placed ?? new Set<number>();
    if (this.#placed === null) eachPlaced((recipient) => placed.add(recipient));
    this.#placed = placed;
    store.noteDone(message, mailbox, isAgain);
    return deliveries.filter(({ recipient, failure }) => {
      if (failure !== null || recipient === mailbox) return true;
      if (placed.has(recipient) || store.isDone(message, recipient, isAgain)) return false;
      placed.add(recipient);
      // A group is done with when it is expanded.
      if (!addressBook.isGroup(recipient)) store.noteDone(message, recipient, isAgain);
      return true;
    });
  }
}

const nobody: readonly Delivery[] = [];
