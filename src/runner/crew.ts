import { existsSync } from 'node:fs';
import { totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { Job, JobProgress, JobReport } from './job.js';
import type { JobRunner, Watch } from './job-runner.js';

/** Carries jobs out. */
export interface Crew {
  /** Jobs that run at a time. */
  readonly size: number;
  /** Rejects when the job failed; others go on. */
  run(job: Job): Promise<JobReport>;
  /** Has the jobs that run end at once, with outcome `stopped`. */
  stop(): void;
  /** No job may be running. */
  close(): Promise<void>;
}

/** One job after another in this thread. */
export class LonelyCrew implements Crew {
  readonly size = 1;
  readonly #runner: JobRunner;
  readonly #watch: Watch;
  #isStopped = false;

  /** @param watch - asked between the slices of a job; `stop` stops it */
  constructor(runner: JobRunner, watch: Watch) {
    this.#runner = runner;
    this.#watch = watch;
  }

  run(job: Job): Promise<JobReport> {
    return this.#runner.run(job, (progress) => (this.#isStopped ? 'stop' : this.#watch(progress)));
  }

  stop(): void {
    this.#isStopped = true;
  }

  async close(): Promise<void> {}
}

/** What a worker thread is started with. */
export interface WorkerSetup {
  /** Of the jobs' files. */
  readonly folder: string;
  /** Not 0: jobs are to stop. Shared between the threads. */
  readonly stop: Int32Array;
}

export interface ThreadCrewOptions {
  readonly workers: number;
  readonly folder: string;
  /** Heap of one worker; default: what the machine has, shared. */
  readonly workerMemoryBytes?: number | undefined;
  readonly onProgress: (progress: JobProgress) => void;
}

/**
 * As many jobs at a time as there are worker threads. A worker that dies fails the job that it had or was started for, and
 * is replaced for the next: workers that cannot even start fail all jobs, one after another.
 */
export class ThreadCrew implements Crew {
  readonly size: number;
  readonly #stop = new Int32Array(new SharedArrayBuffer(4));
  readonly #threads: readonly WorkerThread[];
  /** The one that was idle last is taken first: it is warm. */
  readonly #idle: WorkerThread[];
  readonly #waiting: ((thread: WorkerThread) => void)[] = [];

  constructor({ workers, folder, workerMemoryBytes, onProgress }: ThreadCrewOptions) {
    this.size = workers;
    const setup: WorkerSetup = { folder, stop: this.#stop };
    const mb = heapMb(workers, workerMemoryBytes);
    this.#threads = Array.from({ length: workers }, () => new WorkerThread(setup, mb, onProgress));
    this.#idle = this.#threads.toReversed();
  }

  async run(job: Job): Promise<JobReport> {
    const thread =
      this.#idle.pop() ?? (await new Promise<WorkerThread>((resolve) => this.#waiting.push(resolve)));
    try {
      return await thread.run(job);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#idle.push(thread);
      else next(thread);
    }
  }

  stop(): void {
    Atomics.store(this.#stop, 0, 1);
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }
}

/**
 * A worker thread, or none while there is nothing to do. It is a pool of one: of a thread that dies before it has taken a
 * job a pool says no more than that it died, and starts no other for the jobs that wait; so one job waits for each.
 */
class WorkerThread {
  readonly #pool: Piscina;
  #died = new AbortController();

  constructor(setup: WorkerSetup, heapMb: number, onProgress: (progress: JobProgress) => void) {
    this.#pool = new Piscina({
      filename: workerFile(),
      name: 'runJob',
      minThreads: 0,
      maxThreads: 1,
      idleTimeout: 1_000,
      // Progress is told while a job runs.
      atomics: 'disabled',
      workerData: setup,
      resourceLimits: { maxOldGenerationSizeMb: heapMb },
    });
    this.#pool.on('message', onProgress);
    // With a job, that one rejects instead. Without any that waits nothing is lost.
    this.#pool.on('error', (error: Error) => this.#died.abort(error));
  }

  /** One job at a time. Rejects with what the job threw, or what the thread died of. */
  async run(job: Job): Promise<JobReport> {
    this.#died = new AbortController();
    const { signal } = this.#died;
    try {
      return (await this.#pool.run(job, { signal })) as JobReport;
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    }
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}

/** Of what the machine has three quarters, in equal shares, 512 MB at least. */
function heapMb(workers: number, bytes: number | undefined): number {
  if (bytes !== undefined) return Math.max(1, Math.floor(bytes / 2 ** 20));
  return Math.max(512, Math.floor((0.75 * totalmem()) / workers / 2 ** 20));
}

/** The worker's program: beside this file in the build, in the build of this clone when the sources themselves run. */
function workerFile(): string {
  const name = 'job-worker.js';
  const built = new URL(name, import.meta.url);
  return fileURLToPath(existsSync(built) ? built : new URL(`../../dist/src/runner/${name}`, import.meta.url));
}
