import { invariant } from '../kernel/index.js';
import { grown, longerUint8 } from './columns.js';
import type { EndKind } from './observer.js';

const fates = ['none', 'alive', 'delivered', 'returned', 'expired', 'lost', 'expanded'] as const;
export type Fate = (typeof fates)[number];
const alive = fates.indexOf('alive');
const delivered = fates.indexOf('delivered');

/**
 * The serial of ghosts: rows of somebody who has a message already, or was told, and whom a server that does not know
 * sends it again (SH-06, CAP-54). What becomes of them counts nowhere.
 */
export const ghostSerial = 0;

/**
 * What has become of every recipient's row ever made, by serial number: one byte each. It is written where a row
 * begins and ends and nowhere else, so that the audit can hold it against the rows found in the model's places.
 */
export class RecipientLedger {
  #fates = new Uint8Array(1_024);
  /** Serials that stand in several places, because two servers took a message for theirs: in how many. */
  readonly #twins = new Map<number, number>();

  constructor() {
    this.#fates[ghostSerial] = delivered;
  }

  /** @throws InvariantError when the row has begun before */
  begin(serial: number): void {
    if (serial >= this.#fates.length) {
      this.#fates = longerUint8(this.#fates, Math.max(serial + 1, grown(this.#fates.length)));
    }
    invariant(this.#fates[serial] === 0, 'a recipient began twice');
    this.#fates[serial] = alive;
  }

  /** @throws InvariantError when the row has ended before or never began */
  end(serial: number, fate: EndKind | 'expanded'): void {
    invariant(this.#fates[serial] === alive, 'a recipient ended twice');
    this.#fates[serial] = fate === 'delivered' ? delivered : fates.indexOf(fate);
  }

  isAlive(serial: number): boolean {
    return this.#fates[serial] === alive;
  }

  /** A row that is somewhere stands in one more place from now on. The first of them that ends decides. */
  twin(serial: number): void {
    this.#twins.set(serial, (this.#twins.get(serial) ?? 1) + 1);
  }

  /**
   * A row is gone from one of its places without an end.
   * @returns whether it is somewhere else still
   */
  leavePlace(serial: number): boolean {
    const places = this.#twins.get(serial);
    if (places === undefined) return false;
    if (places > 2) this.#twins.set(serial, places - 1);
    else this.#twins.delete(serial);
    return true;
  }

  isTwin(serial: number): boolean {
    return this.#twins.size > 0 && this.#twins.has(serial);
  }

  fate(serial: number): Fate {
    return fates[this.#fates[serial] ?? 0]!;
  }

  /** How many rows with serials 1 to `rowsMade` have each fate. */
  count(rowsMade: number): Readonly<Record<Fate, number>> {
    const counts = new Float64Array(fates.length);
    for (let serial = 1; serial <= rowsMade; serial++) counts[this.#fates[serial] ?? 0]!++;
    return Object.fromEntries(fates.map((fate, index) => [fate, counts[index]!])) as Record<Fate, number>;
  }
}
