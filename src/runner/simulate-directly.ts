import {
  type ProgressAnswer,
  type ReplicationProgress,
  runExperiment,
  warmUpPilots,
} from '../experiment/index.js';
import type { FaultRow } from '../report/index.js';
import { breathEveryMs, breathe, leftMs } from './breath.js';
import { faultOf } from './faults-file.js';
import type { StoppedBy } from './job-run.js';
import type { ResultFolder } from './result-folder.js';
import type { RanReplications, SimulateOptions, SimulationTask } from './simulation-task.js';

/** Runs a single replication in this thread, its rows written to the tables as they come. */
export async function simulateDirectly(
  folder: ResultFolder,
  { opened: { scenario, tables }, options }: SimulationTask,
): Promise<RanReplications> {
  const faults: FaultRow[] = [];
  const watch = new Watch(options);
  const { version, untilMs, maxEvents, maxInFlight, eventList } = options;
  const ran = await runExperiment(scenario, tables, {
    version,
    recordMessages: options.messages === true,
    untilMs,
    guards: { maxEvents, maxInFlight },
    sink: (table, row) => {
      folder.addRow(table, row);
      if (table === 'faults') faults.push(faultOf(row));
    },
    eventList,
    onProgress: (progress) => watch.look(progress),
  });
  const guard: StoppedBy =
    maxEvents !== undefined && ran.events >= maxEvents ? 'max-events' : 'max-in-flight';
  return {
    warm: ran.warm,
    replications: ran.replications,
    events: ran.events,
    wallMs: watch.wallMs,
    workers: 1,
    stoppedBy: ran.outcome === 'stopped' ? (watch.stoppedBy ?? guard) : null,
    failed: [],
    isPrecise: true,
    faults,
  };
}

/** Looks at clocks and signals between the slices of a run. */
class Watch {
  readonly #options: SimulateOptions;
  readonly #startedMs = performance.now();
  #breathedMs = Number.NEGATIVE_INFINITY;
  #stoppedBy: StoppedBy | null = null;
  /** What pilots took, as far as was seen. */
  #pilotsMs = 0;

  constructor(options: SimulateOptions) {
    this.#options = options;
  }

  get wallMs(): number {
    return performance.now() - this.#startedMs;
  }

  /** Why this stopped the run; null if it did not. */
  get stoppedBy(): StoppedBy | null {
    return this.#stoppedBy;
  }

  look(progress: ReplicationProgress): ProgressAnswer | Promise<ProgressAnswer> {
    const { wallMs } = this;
    if (progress.isPilot) this.#pilotsMs = wallMs;
    if (wallMs - this.#breathedMs < breathEveryMs) return this.#answer(wallMs);
    this.#breathedMs = wallMs;
    // Progress is told afterwards: when a terminal is closed the signal says so, and nothing must be written to it any
    // more.
    return breathe().then(() => {
      const answer = this.#answer(wallMs);
      if (!this.#options.signal?.aborted) this.#tell(progress, wallMs);
      return answer;
    });
  }

  #tell(progress: ReplicationProgress, wallMs: number): void {
    const share = Math.min(1, progress.nowMs / progress.durationMs);
    const isPilot = progress.isPilot === true;
    this.#options.onProgress?.({
      stage: { kind: isPilot ? 'pilots' : 'replications' },
      jobs: isPilot ? warmUpPilots : 1,
      finished: isPilot ? progress.replication - 1 : 0,
      running: [{ ...progress, name: '' }],
      events: progress.events,
      wallMs,
      leftMs: isPilot ? null : leftMs(share, wallMs - this.#pilotsMs),
    });
  }

  #answer(wallMs: number): ProgressAnswer {
    const { signal, maxWallMs } = this.#options;
    if (signal?.aborted) this.#stoppedBy = 'interrupt';
    else if (maxWallMs !== undefined && wallMs >= maxWallMs) this.#stoppedBy = 'max-wall';
    return this.#stoppedBy === null ? 'continue' : 'stop';
  }
}
