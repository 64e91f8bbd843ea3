import { parentPort } from 'node:worker_threads';
import { workerData } from 'piscina';
import type { WorkerSetup } from './crew.js';
import type { Job, JobProgress, JobReport } from './job.js';
import { JobRunner } from './job-runner.js';

/*
 * The program of a worker thread: piscina calls `runJob`, one job at a time.
 */
const { folder, stop } = workerData as WorkerSetup;
const runner = new JobRunner(folder);

/** Wall time between two words of how far a job is. */
const tellEveryMs = 200;

export function runJob(job: Job): Promise<JobReport> {
  let toldMs = performance.now();
  return runner.run(job, (progress: JobProgress) => {
    const nowMs = performance.now();
    if (nowMs - toldMs >= tellEveryMs) {
      toldMs = nowMs;
      parentPort?.postMessage(progress);
    }
    return Atomics.load(stop, 0) === 0 ? 'continue' : 'stop';
  });
}
