import type { Scenario } from '../../src/scenario/index.js';

type Workload = Scenario['workloads'][number];

/**
 * The same scenario with the new mail of a part of its time alone: it starts there, at that time of the day. Nothing
 * is in flight when it does.
 * @param fromMs - from the scenario's start
 * @throws Error if it has faults, a warm-up, or workloads of which a part is not known how to be taken
 */
export function windowOf(scenario: Scenario, fromMs: number, lengthMs: number): Scenario {
  if (scenario.faults.length > 0 || scenario.warmUpMs !== 0)
    throw new Error('a window has neither faults nor warm-up');
  return {
    ...scenario,
    startUtcMs: scenario.startUtcMs + fromMs,
    durationMs: lengthMs,
    workloads: scenario.workloads.flatMap((workload) => partOf(workload, fromMs, lengthMs)),
  };
}

function partOf(workload: Workload, fromMs: number, lengthMs: number): readonly Workload[] {
  const startMs = Math.max(0, workload.startMs - fromMs);
  const endMs = Math.min(lengthMs, workload.endMs - fromMs);
  if (startMs >= endMs) return [];
  if (workload.kind === 'mailbox-users') return [{ ...workload, startMs, endMs }];
  if (workload.kind !== 'arrivals') throw new Error(`no part can be taken of a workload "${workload.kind}"`);
  const { arrival } = workload;
  if (arrival.kind === 'poisson') return [{ ...workload, startMs, endMs }];
  if (arrival.kind === 'at') {
    const timesMs = arrival.timesMs.map((atMs) => atMs - fromMs).filter((atMs) => atMs >= 0 && atMs < endMs);
    return timesMs.length === 0 ? [] : [{ ...workload, startMs, endMs, arrival: { kind: 'at', timesMs } }];
  }
  // The first of the even times that is in the window.
  const everyMs = 1_000 / arrival.messagesPerSecond;
  const before = Math.max(0, Math.ceil((fromMs - workload.startMs) / everyMs));
  const firstMs = workload.startMs + before * everyMs - fromMs;
  return firstMs < endMs ? [{ ...workload, startMs: firstMs, endMs }] : [];
}
