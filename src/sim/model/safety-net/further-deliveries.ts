import type { Delivery } from './delivery-log.js';
import type { KeptDelivery } from './lost-delivery.js';

/** Those recipients of a delivery who got its message in the same ways, and all of these ways. */
export interface DeliveryPart {
  readonly recipients: readonly number[];
  readonly kept: readonly KeptDelivery[];
}

/**
 * Further deliveries to a database of what it had already: by a promoted shadow copy, the old primary that returns (SH-06), a
 * group on another server, or Safety Net, for the second time. The database has dropped them, or lost the message before;
 * whoever delivered them has it (SN-01).
 */
export class FurtherDeliveries {
  readonly #ofMessage = new Map<number, Delivery[]>();

  add(delivery: Delivery): void {
    const others = this.#ofMessage.get(delivery.message);
    if (others === undefined) this.#ofMessage.set(delivery.message, [delivery]);
    else others.push(delivery);
  }

  /** A delivery, parted by who has got its message by which others. */
  partsOf(delivery: Delivery): readonly DeliveryPart[] {
    const others = this.#ofMessage.get(delivery.message);
    if (others === undefined) return [{ recipients: delivery.recipients, kept: [delivery] }];
    const parts = new Map<string, { recipients: number[]; kept: KeptDelivery[] }>();
    for (const recipient of delivery.recipients) {
      const places = [...others.keys()].filter((place) => others[place]!.recipients.includes(recipient));
      const key = places.join();
      const part = parts.get(key);
      if (part !== undefined) part.recipients.push(recipient);
      else
        parts.set(key, {
          recipients: [recipient],
          kept: [delivery, ...places.map((place) => others[place]!)],
        });
    }
    return [...parts.values()];
  }
}
