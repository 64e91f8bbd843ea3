import { chain, grown, longerInt32 } from '../columns.js';
import { none } from '../message-store.js';

/** Lists of recipients that are written once, read and freed: chains in one pool, 8 bytes a recipient. */
export class RecipientLists {
  #recipient = new Int32Array(0);
  /** Of a free entry the next free one. */
  #next = new Int32Array(0);
  #free = none;

  /**
   * @param recipients - at least one
   * @returns the list, by number, from 0
   */
  make(recipients: readonly number[]): number {
    let list = none;
    for (let place = recipients.length - 1; place >= 0; place--) {
      if (this.#free === none) this.#grow();
      const entry = this.#free;
      this.#free = this.#next[entry]!;
      this.#recipient[entry] = recipients[place]!;
      this.#next[entry] = list;
      list = entry;
    }
    return list;
  }

  read(list: number): readonly number[] {
    const recipients: number[] = [];
    for (let entry = list; entry !== none; entry = this.#next[entry]!)
      recipients.push(this.#recipient[entry]!);
    return recipients;
  }

  free(list: number): void {
    let last = list;
    while (this.#next[last] !== none) last = this.#next[last]!;
    this.#next[last] = this.#free;
    this.#free = list;
  }

  #grow(): void {
    const old = this.#next.length;
    const size = grown(old);
    this.#recipient = longerInt32(this.#recipient, size);
    this.#next = longerInt32(this.#next, size);
    this.#free = chain(this.#next, old, size);
  }
}
