import type { WorkloadWindow } from './kind.js';

/** Mail exactly as a file lists it. */
export interface ReplayWorkload extends WorkloadWindow {
  readonly kind: 'replay';
  /** As the scenario names it. */
  readonly file: string;
  /** Those between `startMs` and `endMs`, in order of time; at one instant in the file's order. */
  readonly messages: readonly ReplayMessage[];
}

export interface ReplayMessage {
  readonly atMs: number;
  readonly from: string;
  /** At least one. */
  readonly to: readonly string[];
  readonly sizeBytes: number;
}
