import { none } from '../message-store.js';
import { ShadowQueue, type ShownShadowQueue } from './shadow-queue.js';

/**
 * The shadow queues of all servers. A pair of primary and holder has one that is open at a time; with another queue
 * database on either side a new one is opened, and those who look from outside see one queue all the time (QU-04).
 */
export class ShadowQueues {
  readonly #servers: number;
  /** By number. */
  readonly #all: ShadowQueue[] = [];
  readonly #shown: ShownShadowQueue[] = [];
  readonly #shownOf = new Map<number, ShownShadowQueue>();
  /** By primary, once it has had one: the number of its open queue by holder, `none` without. Asked in each delivery. */
  readonly #open: (Int32Array | undefined)[];

  /** @param servers - how many there are */
  constructor(servers: number) {
    this.#servers = servers;
    this.#open = Array.from({ length: servers }, () => undefined);
  }

  /** Those that there have been, open or not, by number. */
  get all(): readonly ShadowQueue[] {
    return this.#all;
  }

  /** As they are seen from outside, by id. */
  get shown(): readonly ShownShadowQueue[] {
    return this.#shown;
  }

  queue(number: number): ShadowQueue {
    return this.#all[number]!;
  }

  /** The open queue of a holder for a primary; undefined if there is none. */
  find(primary: number, holder: number): ShadowQueue | undefined {
    const number = this.#open[primary]?.[holder] ?? none;
    return number === none ? undefined : this.#all[number];
  }

  /** As `find`; opens one if there is none. */
  open(primary: number, holder: number, nowMs: number): ShadowQueue {
    const known = this.find(primary, holder);
    if (known !== undefined) return known;
    const queue = new ShadowQueue(this.#all.length, this.#show(primary, holder), nowMs);
    this.#all.push(queue);
    this.#openOf(primary)[holder] = queue.number;
    return queue;
  }

  /** Nothing more comes into the queue of a holder for a primary. */
  close(primary: number, holder: number): void {
    this.#openOf(primary)[holder] = none;
  }

  /** Nothing more comes into the queues for a primary; returns them in the order in which they were opened. */
  closeOf(primary: number): readonly ShadowQueue[] {
    const open = this.#openOf(primary);
    const numbers = [...open.filter((number) => number !== none)].sort((a, b) => a - b);
    open.fill(none);
    return numbers.map((number) => this.#all[number]!);
  }

  #openOf(primary: number): Int32Array {
    const open = this.#open[primary] ?? new Int32Array(this.#servers).fill(none);
    this.#open[primary] = open;
    return open;
  }

  #show(primary: number, holder: number): ShownShadowQueue {
    const pair = primary * this.#servers + holder;
    const known = this.#shownOf.get(pair);
    if (known !== undefined) return known;
    const shown = { id: this.#shown.length, holder, primary, length: 0 };
    this.#shown.push(shown);
    this.#shownOf.set(pair, shown);
    return shown;
  }
}
