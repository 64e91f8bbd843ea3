import type { StoppedBy } from '../runner/index.js';
import { type ExitCode, exitCodes } from './command.js';

/** Of replications that failed not all are told. */
export const mostFailuresTold = 10;

/** What stopped a run: `interrupted`, `stopped by --max-wall`. */
export function stopReason(by: StoppedBy): string {
  return by === 'interrupt' ? 'interrupted' : `stopped by --${by}`;
}

/** What a run ends with, whatever it found: that it was stopped, or replications failed. */
export function runExitCode(stoppedBy: StoppedBy | null, failed: readonly unknown[]): ExitCode {
  if (stoppedBy === 'interrupt') return exitCodes.interrupted;
  if (failed.length > 0) return exitCodes.replicationsFailed;
  return stoppedBy === null ? exitCodes.fine : exitCodes.guardStopped;
}
