/** Nobody is left to be drawn. */
export const nobody = -1;

/**
 * People to draw from, each at most once a message: whoever has been drawn is put before the others, and the next is drawn
 * from those behind. So everybody left is equally likely, no draw is in vain, and each takes one number.
 */
export class AddressPool {
  /** Everybody, in the order of the list. */
  readonly #ids: Int32Array;
  /** Everybody; the first of them have been drawn for this message. */
  readonly #order: Int32Array;
  #drawn = 0;

  /** @param ids - of addresses, each once */
  constructor(ids: Int32Array) {
    this.#ids = ids;
    this.#order = ids.slice();
  }

  /** A new message: everybody can be drawn again. */
  restart(): void {
    this.#drawn = 0;
  }

  /**
   * Somebody who has not been drawn for this message.
   * @param u - uniform in [0, 1)
   * @returns an id; `nobody` if all have been drawn
   */
  draw(u: number): number {
    const order = this.#order;
    const drawn = this.#drawn;
    const left = order.length - drawn;
    if (left === 0) return nobody;
    const place = drawn + Math.floor(u * left);
    const id = order[place]!;
    order[place] = order[drawn]!;
    order[drawn] = id;
    this.#drawn = drawn + 1;
    return id;
  }

  /**
   * Anybody, drawn or not, for a pool that is not empty.
   * @param u - uniform in [0, 1)
   */
  pick(u: number): number {
    return this.#ids[Math.floor(u * this.#ids.length)]!;
  }
}
