import {
  type Capacity,
  type CapacityQuestion,
  type CapacityRange,
  type CapacityStep,
  type CapacityValue,
  checkThresholds,
  compileScenario,
  findCapacity,
  firstReplications,
  formatCapacityValue,
  type JudgedValue,
  runFacts,
  saturatedTier,
  verdictOnAll,
  withWarmUp,
} from '../experiment/index.js';
import { summarize } from '../measure/index.js';
import { type Problem, type Scenario, ScenarioError, variationFile } from '../scenario/index.js';
import type { ScenarioSource } from './job.js';
import { JobFiles } from './job-files.js';
import { type FailedJob, JobRun, type JobRunOptions, type StoppedBy } from './job-run.js';
import { loadScenario } from './load-file.js';
import { firstNumbers, jobsOfPoint } from './point-jobs.js';
import { inScratchFolder } from './scratch-folder.js';

/** What `capacity` is to look for, and how. */
export interface CapacityOptions extends JobRunOptions {
  /** The version of the program. */
  readonly version: string;
  readonly root?: string | undefined;
  /** `<path>=<value>` each, applied in order, before the value that varies. */
  readonly set?: readonly string[] | undefined;
  readonly vary: string;
  /** The ends of the range, in one unit; the first is the lower. */
  readonly ends: readonly [CapacityValue, CapacityValue];
  readonly smallest: boolean;
  /** Share of the value to which it is to be known. */
  readonly precision: number;
  /** Of one value; what is undecided then counts as not holding. */
  readonly mostReplications: number;
  /** Each replication ends here at the latest, simulated ms. */
  readonly untilMs?: number | undefined;
  /** A value is tried, with so many replications. */
  readonly onStep?: ((value: string, replications: number) => void) | undefined;
}

/** What `capacity` came to: an answer, or what stopped it. */
export interface CapacityOutcome {
  /** Null when the search was stopped, or a replication failed. */
  readonly capacity: Capacity | null;
  readonly stoppedBy: StoppedBy | null;
  readonly failed: readonly FailedJob[];
  /** The values that were tried to their end, in order. */
  readonly steps: readonly CapacityStep[];
}

/**
 * Searches a scenario's capacity (design section 3). Each value gets five replications, and twice as many as before while
 * they do not decide; all values have their random numbers in common. Replications run on worker threads, their results
 * in a temporary folder.
 * @throws ScenarioError with the problems of the scenario, at either end of the range; ResultFolderError when there is no
 * room for a temporary folder
 */
export async function capacity(path: string, options: CapacityOptions): Promise<CapacityOutcome> {
  return inScratchFolder('capacity', (folder) => new CapacitySearch(path, options, folder).run());
}

class CapacitySearch {
  readonly #path: string;
  readonly #options: CapacityOptions;
  readonly #files: JobFiles;
  readonly #run: JobRun;
  /** Values tried so far. */
  #steps = 0;

  constructor(path: string, options: CapacityOptions, folder: string) {
    this.#path = path;
    this.#options = options;
    this.#files = new JobFiles(folder);
    this.#run = new JobRun(this.#files, options);
  }

  async run(): Promise<CapacityOutcome> {
    const { vary, smallest, precision } = this.#options;
    try {
      const question: CapacityQuestion = { vary, range: this.#range(), smallest, precision };
      const steps: CapacityStep[] = [];
      const found = await findCapacity(
        question,
        (amount) => this.#judge(amount, question.range),
        (step) => steps.push(step),
      );
      const { stoppedBy, failed } = this.#run;
      return { capacity: found, stoppedBy, failed, steps };
    } finally {
      await this.#run.close();
    }
  }

  /** Both ends have to be sound. Where a path takes whole numbers only, a broken one between them is refused. */
  #range(): CapacityRange {
    const [{ amount: low, unit }, { amount: high }] = this.#options.ends;
    this.#load({ amount: low, unit });
    this.#load({ amount: high, unit });
    const isWhole = Number.isInteger(low) && Number.isInteger(high);
    return { low, high, unit, isWhole: isWhole && !this.#takes({ amount: low + 0.5, unit }) };
  }

  #takes(value: CapacityValue): boolean {
    try {
      this.#load(value);
      return true;
    } catch (error) {
      if (error instanceof ScenarioError) return false;
      throw error;
    }
  }

  #load(value: CapacityValue): { readonly source: ScenarioSource; readonly scenario: Scenario } {
    const { root, set = [], vary } = this.#options;
    const source = { path: this.#path, root, set: [...set, `${vary}=${formatCapacityValue(value)}`] };
    try {
      const { scenario } = loadScenario(this.#path, source);
      if (scenario.thresholds.length === 0) throw new ScenarioError([noThresholds(this.#path)]);
      checkThresholds(scenario, this.#path);
      return { source, scenario };
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      throw new ScenarioError(
        error.problems.map((problem) =>
          problem.file === '--set' && problem.line > set.length
            ? { ...problem, file: variationFile, line: 1, column: 1 }
            : problem,
        ),
      );
    }
  }

  async #judge(amount: number, { unit }: CapacityRange): Promise<JudgedValue | null> {
    const { version, untilMs, mostReplications, onStep } = this.#options;
    const { source, scenario } = this.#load({ amount, unit });
    const point = jobsOfPoint(scenario, source, this.#options);
    const pilots = point.pilots();
    const step = { number: ++this.#steps, value: formatCapacityValue({ amount, unit }) };
    await this.#run.run(pilots, pilots.length, { kind: 'pilots', step });
    const found = point.findWarmUp(this.#files);
    if (found === null) return null;
    const warm = withWarmUp(scenario, found);
    let done = 0;
    for (
      let wanted = Math.min(firstReplications, mostReplications);
      ;
      wanted = Math.min(2 * wanted, mostReplications)
    ) {
      onStep?.(step.value, wanted);
      const numbers = firstNumbers(wanted);
      const jobs = numbers.slice(done).map((number) => point.replication(number, found));
      const stage = { kind: 'replications', atMost: mostReplications, before: done, step } as const;
      await this.#run.run(jobs, jobs.length, stage);
      done = wanted;
      const results = point.results(this.#files, numbers);
      // Stopped, or failed: there is no verdict.
      if (results.length < done) return null;
      const summary = summarize(results, { ...runFacts(warm, { version, untilMs }), incomplete: false });
      const verdict = verdictOnAll(summary.thresholds);
      if (verdict === 'undecided' && done < mostReplications) continue;
      return { verdict, summary, findTier: () => saturatedTier(warm, compileScenario(scenario), summary) };
    }
  }
}

function noThresholds(file: string): Problem {
  return {
    file,
    line: 1,
    column: 1,
    path: 'thresholds',
    message: 'there are no thresholds: every value would do',
    hint: 'such as `{ metric: deliveryLatency.p95Ms, below: 90 s }`',
  };
}
