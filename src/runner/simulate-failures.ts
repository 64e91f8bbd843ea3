import {
  checkThresholds,
  compileScenario,
  type FailureAnswer,
  type FailureFinding,
  faultsFor,
  runFacts,
  withFaults,
  withWarmUp,
} from '../experiment/index.js';
import { summarize, type ThresholdResult } from '../measure/index.js';
import type { Fault, Scenario } from '../scenario/index.js';
import type { Job, ScenarioSource } from './job.js';
import { JobFiles } from './job-files.js';
import { JobRun, type JobRunOptions, type StoppedBy } from './job-run.js';
import type { OpenedScenario } from './job-runner.js';
import { loadScenario } from './load-file.js';
import { firstNumbers, jobsOfPoint, type PointJobs } from './point-jobs.js';
import { inScratchFolder } from './scratch-folder.js';

/** How the worst failures are run. */
export interface SimulateFailuresOptions extends JobRunOptions {
  /** The version of the program. */
  readonly version: string;
  readonly root?: string | undefined;
  /** So many of the worst are simulated. */
  readonly most: number;
  /** The scenario is sound: what is run, and how many replications of all that together. */
  readonly onPlanned?: ((failures: number, replications: number) => void) | undefined;
}

/** What thresholds say when nothing has failed, and of the worst failures. */
export interface SimulatedFailures {
  /** What was not simulated, not to its end, or failed has no thresholds. */
  readonly answer: FailureAnswer;
  /** Failures to be simulated, and those that have been. */
  readonly wanted: number;
  readonly simulated: number;
  readonly stoppedBy: StoppedBy | null;
  /** Replications that failed; `failed` is null of the scenario as it is. */
  readonly failedRuns: readonly {
    readonly failed: FailureFinding['failed'] | null;
    readonly replication: number;
    readonly message: string;
  }[];
}

/**
 * Runs the worst failures of an answer, each for as long as new mail arrives, and the scenario as it is, for comparison:
 * every replication of each is a job of its own, on worker threads, with the same answer however many there are. The
 * scenario's own faults come on top.
 * @param path - of the scenario whose organization the answer is of
 * @throws ScenarioError on bad input, ResultFolderError when there is no room for a temporary folder
 */
export async function simulateFailures(
  path: string,
  answer: FailureAnswer,
  options: SimulateFailuresOptions,
): Promise<SimulatedFailures> {
  const source: ScenarioSource = { path, root: options.root, set: [] };
  const { scenario } = loadScenario(path, source);
  checkThresholds(scenario, path);
  const opened = { scenario, tables: compileScenario(scenario) };
  return inScratchFolder('failures', (folder) =>
    new FailureRuns(source, opened, answer, new JobFiles(folder), options).run(),
  );
}

/** The scenario with one failure, or none. */
interface FailureRun {
  readonly scenario: Scenario;
  readonly jobs: PointJobs;
}

class FailureRuns {
  readonly #source: ScenarioSource;
  readonly #opened: OpenedScenario;
  readonly #answer: FailureAnswer;
  readonly #files: JobFiles;
  readonly #options: SimulateFailuresOptions;

  constructor(
    source: ScenarioSource,
    opened: OpenedScenario,
    answer: FailureAnswer,
    files: JobFiles,
    options: SimulateFailuresOptions,
  ) {
    this.#source = source;
    this.#opened = opened;
    this.#answer = answer;
    this.#files = files;
    this.#options = options;
  }

  async run(): Promise<SimulatedFailures> {
    const { scenario, tables } = this.#opened;
    const { failures } = this.#answer;
    const intact = this.#runOf([]);
    const runs = failures.slice(0, this.#options.most).map(({ failed }) => {
      const faults = faultsFor(failed, tables.topology, scenario.durationMs);
      return faults === null ? null : this.#runOf(faults);
    });
    const all = [intact, ...runs.filter((run) => run !== null)];
    this.#options.onPlanned?.(all.length - 1, all.length * scenario.replications);
    // Failures with the same faults have their jobs in common.
    const pilots = unique(all.flatMap(({ jobs }) => jobs.pilots()));
    const run = new JobRun(this.#files, this.#options, { source: this.#source, scenario: this.#opened });
    try {
      await run.run(pilots, pilots.length, { kind: 'pilots' });
      const replications = unique(all.flatMap((each) => this.#replicationsOf(each)));
      await run.run(replications, replications.length, { kind: 'replications' });
    } finally {
      await run.close();
    }
    const thresholds = runs.map((each) => each && this.#judge(each));
    // Of those that have the jobs with a key in common, the worst.
    const failedOf = (key: string) =>
      key === intact.jobs.key ? null : failures[runs.findIndex((each) => each?.jobs.key === key)]!.failed;
    const { mailflow, ...found } = this.#answer;
    const isWhole = run.stoppedBy === null && run.failed.length === 0;
    return {
      answer: {
        mailflow,
        ...(!isWhole && { incomplete: true }),
        ...found,
        thresholdsBefore: this.#judge(intact),
        failures: failures.map((finding, place) => ({ ...finding, thresholds: thresholds[place] ?? null })),
      },
      wanted: all.length - 1,
      simulated: thresholds.filter((each) => each !== null).length,
      stoppedBy: run.stoppedBy,
      failedRuns: run.failed.map(({ job, message }) => ({
        failed: failedOf(job.key),
        replication: job.replication,
        message,
      })),
    };
  }

  #runOf(faults: readonly Fault[]): FailureRun {
    const scenario = withFaults(this.#opened.scenario, faults);
    return { scenario, jobs: jobsOfPoint(scenario, { ...this.#source, faults }, this.#options) };
  }

  /** None where its pilots are not done. */
  #replicationsOf({ scenario, jobs }: FailureRun): readonly Job[] {
    const found = jobs.findWarmUp(this.#files);
    if (found === null) return [];
    return firstNumbers(scenario.replications).map((number) => jobs.replication(number, found));
  }

  /** What the thresholds say; null where replications are missing. */
  #judge({ scenario, jobs }: FailureRun): readonly ThresholdResult[] | null {
    const found = jobs.findWarmUp(this.#files);
    if (found === null) return null;
    const results = jobs.results(this.#files, firstNumbers(scenario.replications));
    if (results.length < scenario.replications) return null;
    const warm = withWarmUp(scenario, found);
    return summarize(results, { ...runFacts(warm, this.#options), incomplete: false }).thresholds;
  }
}

function unique(jobs: readonly Job[]): readonly Job[] {
  return [...new Map(jobs.map((job) => [job.name, job])).values()];
}
