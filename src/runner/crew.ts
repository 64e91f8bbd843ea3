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

/** As many jobs at a time as there are worker threads. A worker that dies fails the job that it had, and is replaced. */
export class ThreadCrew implements Crew {
  readonly size: number;
  readonly #stop = new Int32Array(new SharedArrayBuffer(4));
  readonly #pool: Piscina;

  constructor({ workers, folder, workerMemoryBytes, onProgress }: ThreadCrewOptions) {
    this.size = workers;
    const setup: WorkerSetup = { folder, stop: this.#stop };
    this.#pool = new Piscina({
      filename: workerFile(),
      name: 'runJob',
      minThreads: 0,
      maxThreads: workers,
      idleTimeout: 1_000,
      // Progress is told while a job runs.
      atomics: 'disabled',
      workerData: setup,
      resourceLimits: { maxOldGenerationSizeMb: heapMb(workers, workerMemoryBytes) },
    });
    this.#pool.on('message', (progress: JobProgress) => onProgress(progress));
  }

  run(job: Job): Promise<JobReport> {
    return this.#pool.run(job) as Promise<JobReport>;
  }

  stop(): void {
    Atomics.store(this.#stop, 0, 1);
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
