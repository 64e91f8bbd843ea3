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
  /** By primary: its open queues, by holder. */
  readonly #open: readonly Map<number, ShadowQueue>[];

  /** @param servers - how many there are */
  constructor(servers: number) {
    this.#servers = servers;
    this.#open = Array.from({ length: servers }, () => new Map<number, ShadowQueue>());
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
    return this.#open[primary]!.get(holder);
  }

  /** As `find`; opens one if there is none. */
  open(primary: number, holder: number, nowMs: number): ShadowQueue {
    const known = this.find(primary, holder);
    if (known !== undefined) return known;
    const queue = new ShadowQueue(this.#all.length, this.#show(primary, holder), nowMs);
    this.#all.push(queue);
    this.#open[primary]!.set(holder, queue);
    return queue;
  }

  /** Nothing more comes into the queue of a holder for a primary. */
  close(primary: number, holder: number): void {
    this.#open[primary]!.delete(holder);
  }

  /** Nothing more comes into the queues for a primary; returns them. */
  closeOf(primary: number): readonly ShadowQueue[] {
    const queues = [...this.#open[primary]!.values()];
    this.#open[primary]!.clear();
    return queues;
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
