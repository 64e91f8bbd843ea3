import { type HeapColumns, IndexedHeap } from './indexed-heap.js';

/** The flows from one site to another: all over the same links, all at the same rate. `LinkFlows` acts on it. */
export class FlowGroup {
  readonly id: number;
  readonly from: number;
  readonly to: number;
  /** By the reading of the clock at which they end. */
  readonly flows: IndexedHeap;
  links: readonly number[] = [];
  /** What loss leaves each of them. */
  capBytesPerMs = Number.POSITIVE_INFINITY;
  /** What each of them carries now; Infinity where nothing holds it up. */
  bytesPerMs = 0;
  /** The group's clock at `settledMs`: what a flow that was there from the beginning has carried. */
  servedBytes = 0;
  settledMs = 0;
  /** The sum over the flows of where the clock stood when they came to the present chain. */
  startedSum = 0;
  /** What flows that are over carried over the present chain. */
  endedBytes = 0;

  constructor(id: number, from: number, to: number, columns: HeapColumns) {
    this.id = id;
    this.from = from;
    this.to = to;
    this.flows = new IndexedHeap(columns);
  }

  /** Without flows the clock may as well begin again. */
  reset(nowMs: number): void {
    this.servedBytes = 0;
    this.settledMs = nowMs;
    this.startedSum = 0;
    this.endedBytes = 0;
    this.bytesPerMs = 0;
  }

  /** Brings the clock to `nowMs`. */
  settle(nowMs: number): void {
    this.servedBytes = this.#servedAt(nowMs);
    this.settledMs = nowMs;
  }

  /** What the flows have carried over the present chain until `nowMs`. */
  carriedBytes(nowMs: number): number {
    if (this.flows.size === 0) return this.endedBytes;
    return this.endedBytes + this.flows.size * this.#servedAt(nowMs) - this.startedSum;
  }

  /** Counts what is carried from here on, at `settledMs`. */
  beginCount(): void {
    this.endedBytes = 0;
    this.startedSum = this.flows.size * this.servedBytes;
  }

  #servedAt(nowMs: number): number {
    // What is not held up ends at once, without the clock.
    if (this.bytesPerMs === Number.POSITIVE_INFINITY) return this.servedBytes;
    return this.servedBytes + this.bytesPerMs * (nowMs - this.settledMs);
  }
}
