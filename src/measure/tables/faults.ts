import type { MetricContext } from '../metrics/kind.js';
import { printedMs } from '../printed-numbers.js';
import type { Recorder } from './recorder.js';

/** `faults.csv`: what was done to the organization, when. */
export function recordFaults({ replication, emit }: MetricContext): Recorder {
  return {
    facts: {
      fault(atMs, kind, subject, phase) {
        emit('faults', [replication, printedMs(atMs), kind, subject, phase]);
      },
    },
  };
}
