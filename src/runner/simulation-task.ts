import { type ExperimentOptions, replicationKey, type WarmScenario } from '../experiment/index.js';
import type { ReplicationResult, TableName } from '../measure/index.js';
import type { FaultRow } from '../report/index.js';
import type { Problem } from '../scenario/index.js';
import type { ScenarioSource } from './job.js';
import type { JobRunOptions, LeftoverOptions, RunProgress, StoppedBy } from './job-run.js';
import type { OpenedScenario } from './job-runner.js';
import type { Claim } from './result-folder.js';

/** Replications go on until they are precise enough (`--precision`). */
export interface WantedPrecision {
  /** Half of an interval's width, in percent of the mean. */
  readonly percent: number;
  /** There are so many replications at most, whatever the scenario says. */
  readonly mostReplications: number;
}

/** How a scenario is run, and where its result goes. */
export interface SimulateOptions extends Partial<Omit<JobRunOptions, 'onProgress'>>, LeftoverOptions {
  /** The version of the program. */
  readonly version: string;
  readonly root?: string | undefined;
  /** `<path>=<value>` each, applied in order. */
  readonly set?: readonly string[] | undefined;
  /** Default: `results/<scenario name>`. */
  readonly out?: string | undefined;
  /** Writes `messages.csv`: a row for each recipient. */
  readonly messages?: boolean | undefined;
  /** Each replication ends here at the latest, simulated ms. */
  readonly untilMs?: number | undefined;
  /** Guards: limits over the whole run that stop it, with a partial result. With `maxEvents` there is one worker. */
  readonly maxEvents?: number | undefined;
  readonly maxInFlight?: number | undefined;
  /** The future event list to run on, which changes no result. */
  readonly eventList?: ExperimentOptions['eventList'];
  /** Goes on from what an earlier run left: finished replications are not run again. */
  readonly resume?: boolean | undefined;
  /** As `resume`, where a complete result has fewer replications than are wanted. */
  readonly extend?: boolean | undefined;
  readonly precision?: WantedPrecision | undefined;
  /** The scenario is read and sound; nothing has been written. */
  readonly onLoaded?:
    | ((name: string, replications: number, warnings: readonly Problem[]) => void)
    | undefined;
  /** Called several times a second at most. */
  readonly onProgress?: ((progress: RunProgress) => void) | undefined;
}

/** A replication that failed, and why. */
export interface FailedReplication {
  readonly replication: number;
  readonly message: string;
}

/** What the replications of a run came to, however they were run. */
export interface RanReplications {
  /** With the warm-up found; null if the run was stopped before. */
  readonly warm: WarmScenario | null;
  /** In order. */
  readonly replications: readonly ReplicationResult[];
  readonly events: number;
  readonly wallMs: number;
  readonly workers: number;
  readonly stoppedBy: StoppedBy | null;
  readonly failed: readonly FailedReplication[];
  readonly isPrecise: boolean;
  readonly faults: readonly FaultRow[];
}

/** What a run is of. */
export interface SimulationTask {
  readonly source: ScenarioSource;
  readonly opened: OpenedScenario;
  /** The tables of the result. */
  readonly tables: readonly TableName[];
  /** Replications wanted; with `precision` at most. */
  readonly replications: number;
  readonly options: SimulateOptions;
}

/**
 * Of what an interrupted run left: a simulation of the same scenario, seed and version has the same replications to do.
 * One that goes on from them must want as many.
 */
export function claimOf({ opened, replications, options }: SimulationTask): Claim {
  const own = replicationKey(opened.scenario, options);
  const resumes = options.resume === true;
  return {
    resumes,
    isOwn: ({ name, key }) =>
      key === own && /^r\d+$/.test(name) && (!resumes || Number(name.slice(1)) <= replications),
    onRemoved: options.onRemoved,
  };
}
