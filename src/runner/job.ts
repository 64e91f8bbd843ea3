import type { ReplicationOptions, RunGuards } from '../experiment/index.js';
import type { FoundWarmUp, TableName } from '../measure/index.js';
import type { Fault } from '../scenario/index.js';

/** What a scenario is read from. */
export interface ScenarioSource {
  readonly path: string;
  readonly root?: string | undefined;
  /** `<path>=<value>` each, applied in order. */
  readonly set: readonly string[];
  /** On top of those that it says. */
  readonly faults?: readonly Fault[] | undefined;
}

interface JobFields {
  /** Of its files: letters, digits and dashes, unlike that of any other job of the run. */
  readonly name: string;
  /** Names all that its result depends on but the replication. */
  readonly key: string;
  readonly source: ScenarioSource;
  /** What the scenario has to hash to still when it is read. */
  readonly replicationSha256: string;
  readonly replication: number;
  /** The run ends here at the latest, simulated ms. */
  readonly untilMs: number | undefined;
  readonly eventList: ReplicationOptions['eventList'];
}

/** One replication to run: a job of design section 9. Its result depends on nothing but what stands here. */
export interface ReplicationJob extends JobFields {
  readonly kind: 'replication';
  /** Where the scenario says `warmUp: auto`. */
  readonly foundWarmUp: FoundWarmUp | undefined;
  /** Those whose rows are kept. */
  readonly tables: readonly TableName[];
  readonly guards: RunGuards;
}

/** One replication to look for the end of the warm-up in. */
export interface PilotJob extends JobFields {
  readonly kind: 'pilot';
  readonly endMs: number;
}

/** Plain data: it goes to another thread. */
export type Job = ReplicationJob | PilotJob;

/** The name of the job of a replication, without what tells points apart. */
export function replicationName(replication: number): string {
  return `r${String(replication).padStart(6, '0')}`;
}

/** What is told of a job that ran. */
export interface JobReport {
  /** Stopped: by a guard, or because all were to stop. */
  readonly outcome: 'complete' | 'stopped';
  readonly events: number;
}

/** How far a job is. */
export interface JobProgress {
  readonly name: string;
  readonly replication: number;
  readonly isPilot?: true;
  readonly nowMs: number;
  readonly durationMs: number;
  readonly events: number;
  readonly messagesInFlight: number;
}
