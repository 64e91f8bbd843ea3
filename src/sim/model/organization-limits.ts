import { type MessageStore, nullSender } from './message-store.js';
import type { ModelContext } from './model-context.js';
import { ndrReasons } from './ndr.js';
import type { NdrReason } from './observer.js';
import type { Settings } from './settings.js';

/**
 * The limits that the organization sets on messages as such: `maxSendSize` and `maxReceiveSize` (SZ), recipients
 * (RR-04), hops (SZ-03). Notifications have no size here (NDR-04). Limits are exceeded by what is larger only.
 */
export class OrganizationLimits {
  readonly #context: ModelContext;
  readonly #store: MessageStore;
  /** What no mailbox by itself refuses. */
  readonly #smallestOwnBytes: number;

  constructor(context: ModelContext) {
    this.#context = context;
    this.#store = context.store;
    this.#smallestOwnBytes = context.topology.recipients.mailboxMaxReceiveSizeBytes.reduce(
      (smallest, bytes) => Math.min(smallest, bytes),
      Number.POSITIVE_INFINITY,
    );
  }

  /**
   * Why a Transport service does not accept a copy from an outside sender, null if it does. The size is announced and
   * the recipients are named before anything is accepted, so the report is the sending server's own (NDR-01). So it is
   * if the message comes with too many Received headers: a loop that leads through the outside (SZ-03). Receive connectors
   * refuse nothing else (assumption A-receive-connectors).
   */
  refusalToOutside(copy: number, server: number): NdrReason | null {
    const { transport } = this.#context.settingsOf(server);
    const { maxReceiveSize, receiveConnectorMaxMessageSize } = transport;
    const mostBytes = Math.min(maxReceiveSize, receiveConnectorMaxMessageSize);
    if (this.sizeBytes(this.#store.copyMessage[copy]!) > mostBytes) {
      return ndrReasons.tooLargeFromOutside;
    }
    if (this.#store.hops(copy) >= transport.maxHopCount) return ndrReasons.tooManyHops;
    return this.#recipientRefusal(copy, transport);
  }

  /**
   * Why a copy that no server has categorized before goes back to its sender as a whole, null if it does not: more
   * recipients as addressed than a message may have, whoever sends it (RR-04, NDR-04), or larger than what users may
   * send.
   */
  refusalToSender(copy: number, server: number): NdrReason | null {
    const { transport } = this.#context.settingsOf(server);
    const message = this.#store.copyMessage[copy]!;
    if (this.#isFromInside(message) && this.sizeBytes(message) > transport.maxSendSize) {
      return ndrReasons.tooLargeToSend;
    }
    return this.#recipientRefusal(copy, transport);
  }

  /**
   * Why a message is too large for a mailbox, null if it is not. Between users of the organization the mailbox's own
   * limit stands in the place of the organization's; from outside both hold (SZ-02).
   */
  refusalToMailbox(message: number, mailbox: number, server: number): NdrReason | null {
    const sizeBytes = this.sizeBytes(message);
    const { maxReceiveSize } = this.#context.settingsOf(server).transport;
    // Nearly always: the mailbox itself need not be looked at.
    if (sizeBytes <= maxReceiveSize && sizeBytes <= this.#smallestOwnBytes) return null;
    const ownBytes = this.#context.topology.recipients.mailboxMaxReceiveSizeBytes[mailbox]!;
    if (sizeBytes > ownBytes) return ndrReasons.tooLargeForRecipient;
    if (sizeBytes <= maxReceiveSize) return null;
    const overrides = ownBytes < Number.POSITIVE_INFINITY && this.#isFromInside(message);
    return overrides ? null : ndrReasons.tooLargeToReceive;
  }

  /** The size that limits are held against: none for notifications (NDR-04). */
  sizeBytes(message: number): number {
    return this.#store.isMail(message) ? this.#store.messageSizeBytes[message]! : 0;
  }

  #recipientRefusal(copy: number, transport: Settings['transport']): NdrReason | null {
    return this.#store.rowCount(copy) > transport.maxRecipientEnvelopeLimit
      ? ndrReasons.tooManyRecipients
      : null;
  }

  #isFromInside(message: number): boolean {
    const sender = this.#store.messageSender[message]!;
    return sender !== nullSender && this.#context.addressBook.isInside(sender);
  }
}

/**
 * How many Transport services of the organization may accept a message; the next one finds a loop (SZ-03). Hops that a
 * message has from outside come on top for `maxHopCount` alone; a local limit of 0 is none.
 */
export function largestHopCount({ transport }: Settings): number {
  const { maxHopCount, maxLocalHopCount } = transport;
  return maxLocalHopCount === 0 ? maxHopCount : Math.min(maxHopCount, maxLocalHopCount);
}
