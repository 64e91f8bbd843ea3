import type { ProgressAnswer } from '../experiment/index.js';
import type { TableName } from '../measure/index.js';
import { breathEveryMs, breathe, leftMs } from './breath.js';
import { type Crew, LonelyCrew, ThreadCrew } from './crew.js';
import type { Job, JobProgress, JobReport } from './job.js';
import type { JobFiles } from './job-files.js';
import { JobRunner, type OpenedScenario } from './job-runner.js';

/** What a run does for a while. */
export interface RunStage {
  /** Pilots show where the warm-up ends. */
  readonly kind: 'pilots' | 'replications';
  /** So many replications may be run in all, and fewer may do; undefined: it is known how many there will be. */
  readonly atMost?: number | undefined;
  /** Of those `atMost`, what was done before. */
  readonly before?: number | undefined;
  /** A search goes from value to value: which this is, from 1, and which value. */
  readonly step?: { readonly number: number; readonly value: string } | undefined;
}

/** How far a run of one job or many is. */
export interface RunProgress {
  readonly stage: RunStage;
  /** Of those to run in this stage, leaving out what was there already. */
  readonly jobs: number;
  /** Of these. */
  readonly finished: number;
  /** Those that run now. */
  readonly running: readonly JobProgress[];
  /** Of all jobs, so far as is known. */
  readonly events: number;
  /** Since the run began. */
  readonly wallMs: number;
  /** What is left at the pace of this stage; null where nothing can be said, as it is not known how much there will be. */
  readonly leftMs: number | null;
}

/** What stopped a run before its end. */
export type StoppedBy = 'interrupt' | 'max-wall' | 'max-events' | 'max-in-flight';

export interface JobRunOptions {
  /** Jobs at a time; 1: in this thread, more: on worker threads. */
  readonly workers: number;
  /** Heap of one worker thread. */
  readonly workerMemoryBytes?: number | undefined;
  readonly maxWallMs?: number | undefined;
  /** Stops the run. */
  readonly signal?: AbortSignal | undefined;
  /** Called several times a second at most. */
  readonly onProgress?: ((progress: RunProgress) => void) | undefined;
}

/** What is told of what an earlier run left. */
export interface LeftoverOptions {
  /** So many replications are there already, and are not run again. Not called when there are none. */
  readonly onReused?: ((replications: number) => void) | undefined;
  /** So many that an interrupted run had finished are removed. Not called when there are none. */
  readonly onRemoved?: ((replications: number) => void) | undefined;
  /** So many that are there have no rows of a table that is wanted now: they are run again. Not called when there are none. */
  readonly onLacking?: ((table: TableName, replications: number) => void) | undefined;
  /**
   * A file is not as it was written: what it is of is run again, a job, the replications of a point of a sweep, of the
   * points that it lacks or, where it is null, all.
   */
  readonly onDamaged?:
    | ((file: string, again: Pick<Job, 'kind' | 'replication'> | 'point' | 'points' | null) => void)
    | undefined;
  /** A file is not as it was written, and is made anew from replications that are. */
  readonly onRemade?: ((file: string) => void) | undefined;
}

/** A job that failed, and why. */
export interface FailedJob {
  readonly job: Job;
  readonly message: string;
}

/** Runs jobs with a crew, watching clocks and signals; a job that fails leaves the others alone. */
export class JobRun {
  /** In the order in which they failed. */
  readonly failed: FailedJob[] = [];
  readonly #options: JobRunOptions;
  readonly #startedMs = performance.now();
  readonly #crew: Crew;
  readonly #running = new Map<string, JobProgress>();
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #aborted = (): void => this.stop('interrupt');
  #stage: RunStage = { kind: 'replications' };
  #stageStartedMs = performance.now();
  #jobs = 0;
  #finished = 0;
  #events = 0;
  #isOver = false;
  #breathedMs = Number.NEGATIVE_INFINITY;
  #stoppedBy: StoppedBy | null = null;

  /** @param opened - scenario that this thread has read already, for a crew without workers */
  constructor(
    files: JobFiles,
    options: JobRunOptions,
    opened?: { readonly source: Job['source']; readonly scenario: OpenedScenario },
  ) {
    this.#options = options;
    const { workers, workerMemoryBytes, signal } = options;
    if (workers === 1) {
      const runner = new JobRunner(files.folder);
      if (opened !== undefined) runner.adopt(opened.source, opened.scenario);
      this.#crew = new LonelyCrew(runner, (progress) => this.#look(progress));
    } else {
      this.#crew = new ThreadCrew({
        workers,
        folder: files.folder,
        workerMemoryBytes,
        onProgress: (progress) => {
          if (this.#running.has(progress.name)) this.#running.set(progress.name, progress);
        },
      });
      this.#timer = setInterval(() => this.#breathe(), breathEveryMs);
    }
    if (signal?.aborted) this.stop('interrupt');
    else signal?.addEventListener('abort', this.#aborted);
  }

  get wallMs(): number {
    return performance.now() - this.#startedMs;
  }

  /** Of the jobs that this run has done. */
  get events(): number {
    return this.#events;
  }

  /** Why it was stopped before all was done; null if it was not. */
  get stoppedBy(): StoppedBy | null {
    return this.#stoppedBy;
  }

  /** Has the jobs that run end, and no other begin. */
  stop(by: StoppedBy): void {
    this.#stoppedBy ??= by;
    this.end();
  }

  /** As `stop`, there being enough. */
  end(): void {
    this.#isOver = true;
    this.#crew.stop();
  }

  /**
   * Runs jobs, beginning them in their order.
   * @param count - how many there will be
   * @param stage - what is told of it
   * @param onDone - told of each as it is done, in whatever order that is
   */
  async run(
    jobs: Iterable<Job>,
    count: number,
    stage: RunStage,
    onDone: (job: Job, report: JobReport) => void = () => undefined,
  ): Promise<void> {
    this.#stage = stage;
    this.#stageStartedMs = performance.now();
    this.#jobs = count;
    this.#finished = 0;
    const iterator = jobs[Symbol.iterator]();
    const lane = async (): Promise<void> => {
      while (!this.#isOver) {
        const next = iterator.next();
        if (next.done === true) return;
        await this.#runOne(next.value, onDone);
      }
    };
    // One more than can run, so that no worker waits for its next job.
    await Promise.all(Array.from({ length: this.#crew.size === 1 ? 1 : this.#crew.size + 1 }, lane));
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#options.signal?.removeEventListener('abort', this.#aborted);
    await this.#crew.close();
  }

  async #runOne(job: Job, onDone: (job: Job, report: JobReport) => void): Promise<void> {
    const { name, replication } = job;
    this.#running.set(name, { name, replication, nowMs: 0, durationMs: 1, events: 0, messagesInFlight: 0 });
    let report: JobReport;
    try {
      report = await this.#crew.run(job);
    } catch (error) {
      this.failed.push({ job, message: error instanceof Error ? error.message : String(error) });
      return;
    } finally {
      this.#running.delete(name);
      this.#finished++;
    }
    this.#events += report.events;
    onDone(job, report);
  }

  /** Asked between the slices of a job in this thread. */
  #look(progress: JobProgress): ProgressAnswer | Promise<ProgressAnswer> {
    const { wallMs } = this;
    this.#checkWall(wallMs);
    if (wallMs - this.#breathedMs < breathEveryMs) return this.#isOver ? 'stop' : 'continue';
    this.#running.set(progress.name, progress);
    this.#breathedMs = wallMs;
    // Progress is told afterwards: when a terminal is closed the signal says so, and nothing must be written to it any
    // more.
    return breathe().then(() => {
      this.#breathe();
      return this.#isOver ? 'stop' : 'continue';
    });
  }

  #breathe(): void {
    const { wallMs } = this;
    this.#checkWall(wallMs);
    if (!this.#isOver) this.#options.onProgress?.(this.#progressAt(wallMs));
  }

  #checkWall(wallMs: number): void {
    const { maxWallMs } = this.#options;
    if (maxWallMs !== undefined && wallMs >= maxWallMs) this.stop('max-wall');
  }

  #progressAt(wallMs: number): RunProgress {
    const running = [...this.#running.values()].filter(({ events }) => events > 0);
    const underway = running.reduce((sum, each) => sum + Math.min(1, each.nowMs / each.durationMs), 0);
    const share = (this.#finished + underway) / Math.max(1, this.#jobs);
    const { kind, atMost } = this.#stage;
    const isKnown = kind === 'replications' && atMost === undefined;
    return {
      stage: this.#stage,
      jobs: this.#jobs,
      finished: this.#finished,
      running,
      events: running.reduce((sum, { events }) => sum + events, this.#events),
      wallMs,
      leftMs: isKnown ? leftMs(share, performance.now() - this.#stageStartedMs) : null,
    };
  }
}
