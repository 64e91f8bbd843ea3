import {
  type PilotSeries,
  type ReplicationOptions,
  type RunGuards,
  warmUpFrom,
  warmUpPilots,
  warmUpSearchEndMs,
} from '../experiment/index.js';
import type { FoundWarmUp, ReplicationResult, TableName } from '../measure/index.js';
import type { Scenario } from '../scenario/index.js';
import type { PilotJob, ReplicationJob, ScenarioSource } from './job.js';
import type { JobFiles, JobRecord } from './job-files.js';

/** What all jobs of a point have in common. */
export interface PointFields {
  /** Of the names of its jobs. */
  readonly prefix: string;
  /** `replicationKey` of its scenario. */
  readonly key: string;
  readonly source: ScenarioSource;
  readonly scenario: Pick<Scenario, 'replicationSha256' | 'warmUpMs' | 'durationMs' | 'faults'>;
  readonly untilMs: number | undefined;
  readonly eventList: ReplicationOptions['eventList'];
  /** Those whose rows are kept. */
  readonly tables: readonly TableName[];
}

/** The jobs of one point, a scenario with its changes: pilots, if its warm-up is to be found, and replications. */
export class PointJobs {
  readonly #fields: Omit<PointFields, 'scenario'>;
  readonly #replicationSha256: string;
  /** Where the search for the warm-up ends; null where the scenario says what it is. */
  readonly #searchEndMs: number | null;

  constructor({ scenario, ...fields }: PointFields) {
    this.#fields = fields;
    this.#replicationSha256 = scenario.replicationSha256;
    this.#searchEndMs = scenario.warmUpMs === 'auto' ? warmUpSearchEndMs(scenario, fields.untilMs) : null;
  }

  /** Empty where the scenario says what its warm-up is. */
  pilots(): PilotJob[] {
    const endMs = this.#searchEndMs;
    if (endMs === null) return [];
    return Array.from({ length: warmUpPilots }, (_, index) => ({
      kind: 'pilot',
      ...this.#common(`w${index + 1}`, index + 1),
      endMs,
    }));
  }

  /** @param foundWarmUp - as pilots showed it; undefined where the scenario says what it is */
  replication(number: number, foundWarmUp: FoundWarmUp | undefined, guards: RunGuards = {}): ReplicationJob {
    return {
      kind: 'replication',
      ...this.#common(`r${String(number).padStart(6, '0')}`, number),
      foundWarmUp,
      tables: this.#fields.tables,
      guards,
    };
  }

  /** What the pilots showed; undefined if there are none, null if not all of them are done. */
  findWarmUp(files: JobFiles): FoundWarmUp | undefined | null {
    if (this.#searchEndMs === null) return undefined;
    const pilots = this.pilots().flatMap((job) => files.read(job) ?? []);
    if (pilots.length < warmUpPilots) return null;
    return warmUpFrom(
      pilots.map(({ result }) => result as PilotSeries),
      this.#searchEndMs,
    );
  }

  #common(name: string, replication: number) {
    const { prefix, key, source, untilMs, eventList } = this.#fields;
    return {
      name: `${prefix}${name}`,
      key,
      source,
      replicationSha256: this.#replicationSha256,
      replication,
      untilMs,
      eventList,
    };
  }
}

/** Whether a job need not be run again: its record is whole, and so are its rows. */
export function isFinished(files: JobFiles, job: PilotJob | ReplicationJob): boolean {
  return files.read(job, true)?.outcome === 'complete';
}

/** What a replication measured, of its record. */
export function resultOf({ result }: JobRecord): ReplicationResult {
  return result as ReplicationResult;
}
