import { exponential, type RandomStream } from '../../sim/kernel/index.js';
import type { TransportModel } from '../../sim/model/index.js';
import { faultKinds } from './index.js';
import type { Fault, FaultEffect, FaultKind } from './kind.js';
import type { RandomFailuresFault } from './random-failures.js';

/** Faults take effect before anything else that is due at the same instant, their ends before new beginnings. */
const priority = { end: -2, begin: -1 } as const;

/** Longer than any run: what would strike later is not put down. */
const latestMs = 100 * 365 * 86_400_000;

/**
 * Schedules the faults of a run.
 * @param streams - the random streams of this replication; each object that fails at random has one of its own, named by
 *   the kind of its failure and itself, so that what else fails never shifts its failures
 */
export function injectFaults(
  faults: readonly Fault[],
  model: TransportModel,
  streams: (name: string) => RandomStream,
): void {
  const taken = new Map<string, number>();
  const streamOf = (name: string) => {
    const repeat = (taken.get(name) ?? 0) + 1;
    taken.set(name, repeat);
    return streams(`random-failures/${name}${repeat === 1 ? '' : `/${repeat}`}`);
  };
  for (const fault of faults) {
    if (fault.kind === 'random-failures') injectRandomFailures(fault, model, streamOf);
    else injectFault(fault, model);
  }
}

/** Schedules the beginning and, if it ends, the end of a fault whose times are given. */
export function injectFault(fault: Fault, model: TransportModel): void {
  const { simulation } = model;
  const effect = effectOf(fault, model);
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

/**
 * Lets each object fail and be repaired in turn, so that no object fails while it has failed already. Its times come in
 * order from its own stream, drawn as they are needed: whatever else happens, they are the same.
 */
function injectRandomFailures(
  fault: RandomFailuresFault,
  model: TransportModel,
  streamOf: (name: string) => RandomStream,
): void {
  const { simulation } = model;
  const { beginMs, endMs } = fault;
  const soundMs = exponential(fault.meanTimeBetweenMs);
  const brokenMs = exponential(fault.meanTimeToRepairMs);
  const struck = fault.of.map((each) => {
    const effect = effectOf(each, model);
    return { kind: each.kind, effect, draw: streamOf(`${each.kind}/${effect.subject}`) };
  });
  const begin = simulation.addKind((index) => {
    const { kind, effect, draw } = struck[index]!;
    model.reportFault(kind, effect.subject, 'begin');
    effect.begin();
    const untilMs = Math.min(simulation.nowMs + brokenMs.sample(draw()), endMs);
    if (untilMs < latestMs) simulation.scheduleAt(untilMs, end, index, priority.end);
  });
  const end = simulation.addKind((index) => {
    const { kind, effect } = struck[index]!;
    effect.end?.();
    model.reportFault(kind, effect.subject, 'end');
    next(index, simulation.nowMs);
  });
  const next = (index: number, soundSinceMs: number) => {
    const atMs = soundSinceMs + soundMs.sample(struck[index]!.draw());
    if (atMs < Math.min(endMs, latestMs)) simulation.scheduleAt(atMs, begin, index, priority.begin);
  };
  struck.forEach((_, index) => {
    next(index, beginMs);
  });
}

function effectOf(fault: Fault, model: TransportModel): FaultEffect {
  const kind: FaultKind = faultKinds[fault.kind];
  const effect = kind.effect?.(fault, model);
  if (effect === undefined) throw new RangeError(`the fault ${fault.kind} has no effect`);
  return effect;
}
