import type { TransportModel } from '../../sim/model/index.js';
import { faultKinds } from './index.js';
import type { Fault, FaultKind } from './kind.js';

/** Faults take effect before anything else that is due at the same instant, their ends before new beginnings. */
const priority = { end: -2, begin: -1 } as const;

/** Schedules the beginning and, if it ends, the end of a fault. */
export function injectFault(fault: Fault, model: TransportModel): void {
  const { simulation } = model;
  const kind: FaultKind = faultKinds[fault.kind];
  const effect = kind.effect?.(fault, model);
  if (effect === undefined) throw new RangeError(`the fault ${fault.kind} has no effect`);
  const { subject, end } = effect;
  const finish = () => {
    end?.();
    model.reportFault(fault.kind, subject, 'end');
  };
  const isInstant = end === undefined || fault.endMs <= fault.beginMs;
  const begin = simulation.addKind(() => {
    model.reportFault(fault.kind, subject, 'begin');
    effect.begin();
    if (isInstant) finish();
  });
  simulation.scheduleAt(fault.beginMs, begin, 0, priority.begin);
  if (isInstant || fault.endMs === Number.POSITIVE_INFINITY) return;
  simulation.scheduleAt(fault.endMs, simulation.addKind(finish), 0, priority.end);
}
