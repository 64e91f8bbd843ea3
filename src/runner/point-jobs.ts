import {
  type PilotSeries,
  type ReplicationOptions,
  type RunGuards,
  replicationKey,
  warmUpFrom,
  warmUpPilots,
  warmUpSearchEndMs,
} from '../experiment/index.js';
import type { FoundWarmUp, ReplicationResult, TableName } from '../measure/index.js';
import type { Scenario } from '../scenario/index.js';
import { type Job, type PilotJob, type ReplicationJob, replicationName, type ScenarioSource } from './job.js';
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

  /** `replicationKey` of its scenario. */
  get key(): string {
    return this.#fields.key;
  }

  /** @param foundWarmUp - to run it: as pilots showed it; undefined where the scenario says what it is */
  replication(number: number, foundWarmUp?: FoundWarmUp | undefined, guards: RunGuards = {}): ReplicationJob {
    return {
      kind: 'replication',
      ...this.#common(replicationName(number), number),
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

  /** What a replication came to; undefined if it is not complete. */
  result(files: JobFiles, number: number): ReplicationResult | undefined {
    const record = files.read(this.replication(number));
    return record?.outcome === 'complete' ? resultOf(record) : undefined;
  }

  /** The same of several; those that are not complete are left out. */
  results(files: JobFiles, numbers: readonly number[]): readonly ReplicationResult[] {
    return numbers.flatMap((number) => this.result(files, number) ?? []);
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

/**
 * Whether a job need not be run again: its record is whole, and so are its rows, of each table that is wanted.
 * @param onDamaged - told of the file where they were, and are not any more
 * @param onLacking - told of a table that is wanted now, and of which no rows were kept when the job was run
 */
export function isFinished(
  files: JobFiles,
  job: Job,
  onDamaged: (file: string) => void,
  onLacking: (table: TableName) => void = () => undefined,
): boolean {
  const record = files.readWhole(job, onDamaged);
  if (record?.outcome !== 'complete') return false;
  const lacking = (job.kind === 'replication' ? job.tables : []).find((table) => !record.kept.has(table));
  if (lacking !== undefined) onLacking(lacking);
  return lacking === undefined;
}

/** What a replication measured, of its record. */
export function resultOf({ result }: JobRecord): ReplicationResult {
  return result as ReplicationResult;
}

/** The jobs of a scenario beside which others are run: names tell them apart, and no tables are kept. */
export function jobsOfPoint(
  scenario: Scenario,
  source: ScenarioSource,
  { version, untilMs }: { readonly version: string; readonly untilMs?: number | undefined },
): PointJobs {
  const key = replicationKey(scenario, { version, untilMs });
  const prefix = `${key.slice(0, 16)}-`;
  return new PointJobs({ prefix, key, source, scenario, untilMs, eventList: undefined, tables: [] });
}

/** The numbers of the first replications. */
export function firstNumbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
