import type { Topology } from '../../topology/index.js';

/** What a server's own copy of a database is in. */
export type CopyState = 'passive' | 'mounted' | 'dismounted';

/** What Mailbox Transport Delivery on a server answers for a database of its own (RT-55, MD-02). */
export type DeliveryAnswer = 'accept' | 'active-elsewhere' | 'retry' | 'no-answer';

const passive = 0;
const mounted = 1;
const dismounted = 2;
const stateNumber = { passive, mounted, dismounted } as const satisfies Record<CopyState, number>;

/**
 * The state of every copy of every database, as its own server knows it. Delivery is accepted or refused from this
 * state alone: the server that refuses knows nothing of moves or of what others believe.
 */
export class DatabaseCopies {
  readonly #topology: Topology;
  /** Copies of all databases behind one another; those of a database begin at its entry in `#begin`. */
  readonly #state: Uint8Array;
  readonly #begin: Int32Array;
  readonly #outages: Int32Array;

  constructor(topology: Topology) {
    this.#topology = topology;
    this.#begin = new Int32Array(topology.databases.length + 1);
    topology.databases.forEach((database, index) => {
      this.#begin[index + 1] = this.#begin[index]! + database.copies.length;
    });
    this.#state = new Uint8Array(this.#begin[topology.databases.length]!);
    for (const database of topology.databases) this.#state[this.#begin[database.index]!] = mounted;
    this.#outages = new Int32Array(topology.databases.length);
  }

  /** Copies of all databases. */
  get count(): number {
    return this.#state.length;
  }

  /** The number, from 0 to below `count`, of the copy on `server`, which must hold one. */
  copyNumber(server: number, database: number): number {
    const copy = this.#copy(server, database);
    if (copy < 0) throw new RangeError('the server holds no copy of the database');
    return copy;
  }

  /** Sets the state of the copy on `server`, which must hold one. */
  setState(server: number, database: number, state: CopyState): void {
    this.#state[this.copyNumber(server, database)] = stateNumber[state];
  }

  /** A database that does not answer still does not answer when one of several outages ends. */
  beginOutage(database: number): void {
    this.#outages[database]!++;
  }

  endOutage(database: number): void {
    this.#outages[database]!--;
  }

  /** What the server's own copy says to a message for the database. */
  answer(server: number, database: number): DeliveryAnswer {
    const copy = this.#copy(server, database);
    const state = copy < 0 ? passive : this.#state[copy]!;
    if (state === passive) return 'active-elsewhere';
    if (this.#outages[database]! > 0) return 'no-answer';
    return state === mounted ? 'accept' : 'retry';
  }

  #copy(server: number, database: number): number {
    const { copies } = this.#topology.databases[database]!;
    for (let index = 0; index < copies.length; index++) {
      if (copies[index] === server) return this.#begin[database]! + index;
    }
    return -1;
  }
}
