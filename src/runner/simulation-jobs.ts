import { join } from 'node:path';
import { replicationKey, type WarmScenario, watchPrecision, withWarmUp } from '../experiment/index.js';
import type { FoundWarmUp, ReplicationResult, TableName } from '../measure/index.js';
import { type EarlierResult, findEarlierResult } from './earlier-result.js';
import { readFaults } from './faults-file.js';
import type { Job, PilotJob, ReplicationJob } from './job.js';
import type { JobFiles } from './job-files.js';
import { JobRun, type RunStage } from './job-run.js';
import { isFinished, PointJobs, resultOf } from './point-jobs.js';
import { PrecisionSearch } from './precision-search.js';
import { ResultFolder } from './result-folder.js';
import { ResultFolderError } from './result-folder-error.js';
import { shownPath } from './shown-path.js';
import { claimOf, type RanReplications, type SimulationTask } from './simulation-task.js';

/**
 * Opens the folder of a simulation that is made of jobs.
 * @returns undefined for a single replication that is to be run from its beginning: it needs none
 * @throws ResultFolderError when it would go on from a complete result, and lose some of it
 */
export function openSimulationJobs(out: string, task: SimulationTask): SimulationJobs | undefined {
  const { opened, options, replications, tables } = task;
  const { resume = false, extend = false, precision } = options;
  const key = replicationKey(opened.scenario, options);
  const onDamaged = (file: string): void => options.onDamaged?.(file, null);
  const found = resume || extend ? findEarlierResult(out, key, tables, onDamaged) : undefined;
  const goesOn = found !== undefined && (resume || found.replications.length < replications);
  const earlier = goesOn && !isLacking(found, task) ? found : undefined;
  if (earlier !== undefined) checkNothingIsLost(earlier, task);
  if (replications === 1 && earlier === undefined && precision === undefined) return undefined;
  return new SimulationJobs(out, task, key, earlier);
}

/** Whether it has no rows of what is wanted, which is told: then all are run anew. */
function isLacking(
  { hasMessages, replications }: EarlierResult,
  { tables, options }: SimulationTask,
): boolean {
  if (hasMessages || !tables.includes('messages')) return false;
  options.onLacking?.('messages', replications.length);
  return true;
}

/** @throws ResultFolderError when an earlier result has replications, or a table, that are not wanted */
function checkNothingIsLost(earlier: EarlierResult, task: SimulationTask): void {
  const { tables, replications: wanted } = task;
  const { folder, replications, hasMessages } = earlier;
  if (hasMessages && !tables.includes('messages')) {
    throw new ResultFolderError(
      `${shownPath(folder)} has messages.csv, which would be lost: give --messages to go on from it, or choose ` +
        'another folder with --out',
    );
  }
  if (replications.length <= wanted && !isPreciseBefore(earlier, task)) return;
  throw new ResultFolderError(
    `${shownPath(folder)} has ${replications.length} replications already, more than are wanted, and some would be ` +
      'lost: choose another folder with --out, or leave --resume out to run what is wanted anew in its place',
  );
}

/** Whether an earlier result has more replications than the precision wanted takes. */
function isPreciseBefore(found: EarlierResult, { opened, options }: SimulationTask): boolean {
  const { precision } = options;
  if (precision === undefined) return false;
  const watch = watchPrecision({ ...opened.scenario, warmUpMs: found.summary.warmUpMs });
  return found.replications.slice(0, -1).some((replication) => {
    watch.add(replication);
    return watch.isPrecise(precision.percent);
  });
}

/** The replications of a simulation as jobs, on worker threads or in this one. */
export class SimulationJobs {
  readonly folder: ResultFolder;
  readonly #task: SimulationTask;
  readonly #earlier: EarlierResult | undefined;
  readonly #point: PointJobs;

  /** @param earlier - a result whose replications are the first of this one */
  constructor(out: string, task: SimulationTask, key: string, earlier: EarlierResult | undefined) {
    const { source, opened, tables, options } = task;
    this.folder = new ResultFolder(out, 'run', [], claimOf(task));
    this.#task = task;
    this.#earlier = earlier;
    const { untilMs, eventList } = options;
    this.#point = new PointJobs({
      prefix: '',
      key,
      source,
      scenario: opened.scenario,
      untilMs,
      eventList,
      tables,
    });
  }

  /** Runs what has not been run, and writes the tables. */
  async run(): Promise<RanReplications> {
    const { source, opened, options } = this.#task;
    const files = this.folder.openJobs();
    const todo = this.#sift(files);
    const atOnce = Math.max(1, todo.pilots.length, todo.replications.length);
    const workers = options.maxEvents === undefined ? Math.min(options.workers ?? 1, atOnce) : 1;
    const run = new JobRun(files, { ...options, workers }, { source, scenario: opened });
    let warm: WarmScenario | null = null;
    let search: PrecisionSearch | undefined;
    try {
      await run.run(todo.pilots, todo.pilots.length, { kind: 'pilots' });
      const found = this.#foundWarmUp(files);
      if (found !== null) {
        warm = withWarmUp(opened.scenario, found);
        search = this.#searchPrecision(files, warm);
        if (search?.look() === true) run.end();
        const jobs = this.#replicationJobs(todo.replications, found, run);
        const { replications: wanted } = this.#task;
        const stage: RunStage =
          search === undefined
            ? { kind: 'replications' }
            : { kind: 'replications', atMost: wanted, before: wanted - todo.replications.length };
        await run.run(jobs, todo.replications.length, stage, (_, report) => {
          if (search?.look() === true) run.end();
          else if (report.outcome === 'stopped') this.#stopByGuard(run);
        });
      }
    } finally {
      await run.close();
    }
    return { ...this.#collect(files, run, search), warm, workers };
  }

  /** What is to be run; what else there is of jobs, and does not hold good, is removed. */
  #sift(files: JobFiles): { readonly pilots: readonly PilotJob[]; readonly replications: readonly number[] } {
    const earlier = this.#earlier?.replications.length ?? 0;
    const all = Array.from({ length: this.#task.replications - earlier }, (_, index) => earlier + 1 + index);
    const pilots = earlier === 0 ? this.#point.pilots() : [];
    const finished = new Set<string>();
    const lacking = new Map<TableName, number>();
    const { onDamaged, onLacking, onReused } = this.#task.options;
    const isToRun = (job: Job): boolean => {
      const tellDamaged = (file: string): void => onDamaged?.(file, job);
      const countLacking = (table: TableName): void => {
        lacking.set(table, (lacking.get(table) ?? 0) + 1);
      };
      if (!isFinished(files, job, tellDamaged, countLacking)) return true;
      finished.add(job.name);
      return false;
    };
    const todo = {
      pilots: pilots.filter(isToRun),
      replications: all.filter((number) => isToRun(this.#point.replication(number))),
    };
    for (const [table, replications] of lacking) onLacking?.(table, replications);
    files.keepOnly(finished);
    const reused = earlier + all.length - todo.replications.length;
    if (reused > 0) onReused?.(reused);
    return todo;
  }

  /** Undefined where the scenario says what its warm-up is; null if pilots are missing. */
  #foundWarmUp(files: JobFiles): FoundWarmUp | undefined | null {
    if (this.#earlier === undefined) return this.#point.findWarmUp(files);
    const { warmUp, warmUpMs } = this.#earlier.summary;
    return warmUp && { ...warmUp, warmUpMs };
  }

  #searchPrecision(files: JobFiles, warm: WarmScenario): PrecisionSearch | undefined {
    const { precision } = this.#task.options;
    if (precision === undefined) return undefined;
    return new PrecisionSearch(watchPrecision(warm), precision.percent, (number) =>
      this.#result(files, number),
    );
  }

  *#replicationJobs(
    numbers: readonly number[],
    found: FoundWarmUp | undefined,
    run: JobRun,
  ): Generator<ReplicationJob> {
    const { maxEvents, maxInFlight } = this.#task.options;
    for (const number of numbers) {
      // One job after another then: what those before it left is known.
      const eventsLeft = maxEvents === undefined ? undefined : maxEvents - run.events;
      if (eventsLeft !== undefined && eventsLeft <= 0) {
        run.stop('max-events');
        return;
      }
      yield this.#point.replication(number, found, { maxEvents: eventsLeft, maxInFlight });
    }
  }

  /** A job that ended before its time, and was not told to, met a guard. */
  #stopByGuard(run: JobRun): void {
    const { maxEvents } = this.#task.options;
    run.stop(maxEvents !== undefined && run.events >= maxEvents ? 'max-events' : 'max-in-flight');
  }

  /** Of a complete replication. */
  #result(files: JobFiles, number: number): ReplicationResult | undefined {
    const earlier = this.#earlier?.replications[number - 1];
    if (earlier !== undefined) return earlier;
    return this.#point.result(files, number);
  }

  /** Puts together what the jobs left, in order. */
  #collect(
    files: JobFiles,
    run: JobRun,
    search: PrecisionSearch | undefined,
  ): Omit<RanReplications, 'warm' | 'workers'> {
    const { tables, replications: wanted } = this.#task;
    const earlier = this.#earlier?.replications ?? [];
    const last = search?.enough ?? wanted;
    const replications = [...earlier];
    const records: { readonly name: string; readonly tables: ReadonlySet<TableName> }[] = [];
    for (let number = earlier.length + 1; number <= last; number++) {
      const job = this.#point.replication(number);
      const record = files.read(job);
      if (record === undefined) continue;
      replications.push(resultOf(record));
      records.push({ name: job.name, tables: record.tables });
    }
    this.folder.joinTables(tables, files, records, this.#earlier?.folder);
    return {
      replications,
      events: run.events,
      wallMs: run.wallMs,
      stoppedBy: run.stoppedBy,
      failed: run.failed
        .filter(({ job }) => job.kind === 'pilot' || job.replication <= last)
        .map(({ job, message }) => ({ replication: job.replication, message })),
      isPrecise: search === undefined || search.enough !== undefined,
      faults: readFaults(join(this.folder.partialPath, 'faults.csv')),
    };
  }
}
