/** Nobody is left to be drawn. */
export const nobody = -1;

/**
 * People to draw from, each at most once a message: whoever has been drawn is put before the others, and the next is drawn
 * from those behind. So everybody left is equally likely, no draw is in vain, and each takes one number. Addresses get
 * their ids when they are first drawn.
 */
export class AddressPool {
  /** By person; below 0: not met yet. */
  readonly #ids: Int32Array;
  readonly #internPerson: (person: number) => number;
  /** Everybody; the first of them have been drawn for this message. */
  readonly #order: Int32Array;
  #drawn = 0;

  private constructor(ids: Int32Array, internPerson: (person: number) => number) {
    this.#ids = ids;
    this.#internPerson = internPerson;
    this.#order = Int32Array.from(ids, (_, person) => person);
  }

  /** @param ids - addresses that are known, each once */
  static of(ids: Int32Array): AddressPool {
    return new AddressPool(ids, () => nobody);
  }

  /** @param internPerson - the id of the address of a person, from 0 to `size` less 1 */
  static ofMany(size: number, internPerson: (person: number) => number): AddressPool {
    return new AddressPool(new Int32Array(size).fill(nobody), internPerson);
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
    const left = order.length - this.#drawn;
    if (left === 0) return nobody;
    const place = this.#drawn + Math.floor(u * left);
    const person = order[place]!;
    order[place] = order[this.#drawn]!;
    order[this.#drawn++] = person;
    return this.#idOf(person);
  }

  /**
   * Anybody, drawn or not, for a pool that is not empty.
   * @param u - uniform in [0, 1)
   */
  pick(u: number): number {
    return this.#idOf(Math.floor(u * this.#ids.length));
  }

  #idOf(person: number): number {
    const known = this.#ids[person]!;
    if (known >= 0) return known;
    const id = this.#internPerson(person);
    this.#ids[person] = id;
    return id;
  }
}
