import type { TransportModel } from '../../sim/model/index.js';
import { faultKinds } from './index.js';
import type { Fault, FaultKind } from './kind.js';

/** Faults take effect before anything else that is due at the same instant. */
const faultPriority = -1;

/** Schedules the beginning and, if it ends, the end of a fault. */
export function injectFault(fault: Fault, model: TransportModel): void {
  const { simulation } = model;
  const kind: FaultKind = faultKinds[fault.kind];
  const effect = kind.effect?.(fault, model);
  if (effect === undefined) throw new RangeError(`the fault ${fault.kind} has no effect`);
  const { subject, end } = effect;
  const begin = simulation.addKind(() => {
    model.reportFault(fault.kind, subject, 'begin');
    effect.begin();
    if (end === undefined) model.reportFault(fault.kind, subject, 'end');
  });
  simulation.scheduleAt(fault.beginMs, begin, 0, faultPriority);
  if (end === undefined || fault.endMs === Number.POSITIVE_INFINITY) return;
  const ended = simulation.addKind(() => {
    end();
    model.reportFault(fault.kind, subject, 'end');
  });
  simulation.scheduleAt(fault.endMs, ended, 0, faultPriority);
}
