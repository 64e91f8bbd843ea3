import { compileScenario, type KernelParts, runReplication } from '../../src/experiment/index.js';
import type { Scenario } from '../../src/scenario/index.js';
import {
  type CounterStream,
  counterStream,
  type EventHandle,
  type EventKind,
  type RandomStream,
  randomStreams,
  Simulation,
} from '../../src/sim/kernel/index.js';
import { LadderEventList } from '../../src/sim/kernel/ladder-event-list.js';

/**
 * What one replication of a scenario costs, in numbers that are the same on every machine. A change that makes the
 * program do more, or otherwise, shows here, however noisy the clock is.
 */
export interface WorkCounts {
  /** Executed. */
  readonly events: number;
  /** Put on the future event list, taken back, still there at the end; `scheduled` is the sum of these and `events`. */
  readonly scheduled: number;
  readonly cancelled: number;
  readonly left: number;
  /** Cancels of what had run or been cancelled before. */
  readonly cancelledInVain: number;
  /** The most that were on the list at a time. */
  readonly mostPending: number;
  /** What the future event list did for it: events moved, rungs and buckets looked at. */
  readonly listWork: number;
  /** Random numbers by what they are for, in order of names. */
  readonly draws: Readonly<Record<string, number>>;
  /** What came of it, to set the others against. */
  readonly messages: number;
  readonly deliveries: number;
}

/** A simulation that counts what it is asked for. */
class CountingSimulation extends Simulation {
  scheduled = 0;
  cancelled = 0;
  cancelledInVain = 0;
  mostPending = 0;

  override schedule(delayMs: number, kind: EventKind, subject: number, priority?: number): EventHandle {
    return this.#counted(super.schedule(delayMs, kind, subject, priority));
  }

  override scheduleAt(atMs: number, kind: EventKind, subject: number, priority?: number): EventHandle {
    return this.#counted(super.scheduleAt(atMs, kind, subject, priority));
  }

  override cancel(handle: EventHandle): boolean {
    const hit = super.cancel(handle);
    if (hit) this.cancelled++;
    else if (handle >= 0) this.cancelledInVain++;
    return hit;
  }

  #counted(handle: EventHandle): EventHandle {
    this.scheduled++;
    this.mostPending = Math.max(this.mostPending, this.eventsPending);
    return handle;
  }
}

/** Counts the work of a scenario's first replication. */
export async function countWork(scenario: Scenario): Promise<WorkCounts> {
  const draws = new Map<string, number>();
  const count = (purpose: string) => draws.set(purpose, (draws.get(purpose) ?? 0) + 1);
  let simulation = new CountingSimulation();
  const list = new LadderEventList();
  const kernel: KernelParts = {
    simulation: (options) => {
      simulation = new CountingSimulation({ ...options, events: list });
      return simulation;
    },
    randomStreams: (seed, replication) => {
      const streams = randomStreams(seed, replication);
      return (name): RandomStream => {
        const draw = streams(name);
        const purpose = purposeOf(name);
        return () => {
          count(purpose);
          return draw();
        };
      };
    },
    counterStream: (seed, replication, name): CounterStream => {
      const draw = counterStream(seed, replication, name);
      return (entity, stage) => {
        count(name);
        return draw(entity, stage);
      };
    },
  };
  const { result, events } = await runReplication(scenario, compileScenario(scenario), 1, {
    sink: () => {},
    recordMessages: false,
    kernel,
  });
  const { scheduled, cancelled, cancelledInVain, mostPending, eventsPending } = simulation;
  return {
    events,
    scheduled,
    cancelled,
    left: eventsPending,
    cancelledInVain,
    mostPending,
    listWork: list.work,
    draws: Object.fromEntries([...draws].sort(([a], [b]) => (a < b ? -1 : 1))),
    messages: result.messages.submitted,
    deliveries: result.recipients.delivered,
  };
}

/** A stream is named by who draws and then what for, but for failures: these by what they are and whom they strike. */
function purposeOf(stream: string): string {
  const parts = stream.split('/');
  return parts[0] === 'random-failures' ? parts[0] : parts.at(-1)!;
}
