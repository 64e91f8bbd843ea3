import { workloadKinds } from './index.js';
import type { Workload, WorkloadKind, WorkloadStart } from './kind.js';

/** Schedules a workload's messages; each is submitted to the model when its time has come. */
export function startWorkload(workload: Workload, start: WorkloadStart): void {
  const kind: WorkloadKind = workloadKinds[workload.kind];
  if (kind.start === undefined) throw new RangeError(`the workload ${workload.kind} cannot be started`);
  kind.start(workload, start);
}
