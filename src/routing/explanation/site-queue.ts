/**
 * The sites that a search has come to, the nearest first, of equally near ones that with the lowest name. A site may be
 * put in again at a smaller key; the former entry stays, and comes out later. A binary heap: unlike `BucketQueue` it
 * takes keys of any distance.
 */
export class SiteQueue {
  /** The key of the site taken last. */
  key = 0;
  readonly #sites: number[] = [];
  readonly #keys: number[] = [];

  clear(): void {
    this.#sites.length = 0;
    this.#keys.length = 0;
  }

  put(site: number, key: number): void {
    let at = this.#sites.length;
    this.#sites.push(site);
    this.#keys.push(key);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#comesBefore(site, key, parent)) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#sites[at] = site;
    this.#keys[at] = key;
  }

  /** Takes out the nearest site; -1 if there is none. */
  take(): number {
    const first = this.#sites[0];
    if (first === undefined) return -1;
    this.key = this.#keys[0]!;
    const site = this.#sites.pop()!;
    const key = this.#keys.pop()!;
    if (this.#sites.length > 0) this.#sink(site, key);
    return first;
  }

  /** Finds a place for an entry from the top down. */
  #sink(site: number, key: number): void {
    const size = this.#sites.length;
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      const other = child + 1;
      if (other < size && this.#comesBefore(this.#sites[other]!, this.#keys[other]!, child)) child = other;
      if (this.#comesBefore(site, key, child)) break;
      this.#move(child, at);
      at = child;
    }
    this.#sites[at] = site;
    this.#keys[at] = key;
  }

  #comesBefore(site: number, key: number, place: number): boolean {
    const other = this.#keys[place]!;
    return key < other || (key === other && site < this.#sites[place]!);
  }

  #move(from: number, to: number): void {
    this.#sites[to] = this.#sites[from]!;
    this.#keys[to] = this.#keys[from]!;
  }
}
