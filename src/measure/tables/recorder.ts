import type { TransportObserver } from '../../sim/model/index.js';

/** Writes rows of one table and measures nothing: what it is told leaves no trace in a `ReplicationResult`. */
export interface Recorder {
  /** The facts it wants to be told. Hot ones must not allocate. */
  readonly facts: Partial<TransportObserver>;
  /** A sample interval is over; the last one ends with the run and may be shorter. */
  sampled?(atMs: number): void;
  /** The run is over. */
  close?(endMs: number): void;
}
