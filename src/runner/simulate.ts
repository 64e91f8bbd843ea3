import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import {
  checkThresholds,
  compileScenario,
  type ExperimentOptions,
  replicationKey,
  runFacts,
  type WarmScenario,
} from '../experiment/index.js';
import {
  type ReplicationResult,
  type RunSummary,
  summarize,
  type TableName,
  tableNames,
} from '../measure/index.js';
import { type FaultRow, formatJson, formatReplicationsJson } from '../report/index.js';
import type { Problem } from '../scenario/index.js';
import { engineFacts } from './engine-facts.js';
import type { ScenarioSource } from './job.js';
import type { JobRunOptions, RunProgress, StoppedBy } from './job-run.js';
import type { OpenedScenario } from './job-runner.js';
import { loadScenario } from './load-file.js';
import { outlineOf } from './outline-of.js';
import { folderName, ResultFolder } from './result-folder.js';
import { simulateDirectly } from './simulate-directly.js';
import { openSimulationJobs } from './simulation-jobs.js';

/** Replications go on until they are precise enough (`--precision`). */
export interface WantedPrecision {
  /** Half of an interval's width, in percent of the mean. */
  readonly percent: number;
  /** There are so many replications at most, whatever the scenario says. */
  readonly mostReplications: number;
}

/** How a scenario is run, and where its result goes. */
export interface SimulateOptions extends Partial<Omit<JobRunOptions, 'onProgress'>> {
  /** The version of the program. */
  readonly version: string;
  readonly root?: string | undefined;
  /** `<path>=<value>` each, applied in order. */
  readonly set?: readonly string[] | undefined;
  /** Default: `results/<scenario name>`. */
  readonly out?: string | undefined;
  /** Writes `messages.csv`: a row for each recipient. */
  readonly messages?: boolean | undefined;
  /** Each replication ends here at the latest, simulated ms. */
  readonly untilMs?: number | undefined;
  /** Guards: limits over the whole run that stop it, with a partial result. With `maxEvents` there is one worker. */
  readonly maxEvents?: number | undefined;
  readonly maxInFlight?: number | undefined;
  /** The future event list to run on, which changes no result. */
  readonly eventList?: ExperimentOptions['eventList'];
  /** Goes on from what an earlier run left: finished replications are not run again. */
  readonly resume?: boolean | undefined;
  /** As `resume`, where a complete result has fewer replications than are wanted. */
  readonly extend?: boolean | undefined;
  readonly precision?: WantedPrecision | undefined;
  /** The scenario is read and sound; nothing has been written. */
  readonly onLoaded?:
    | ((name: string, replications: number, warnings: readonly Problem[]) => void)
    | undefined;
  /** So many replications are there already, and are not run again. Not called when there are none. */
  readonly onReused?: ((replications: number) => void) | undefined;
  /** Called several times a second at most. */
  readonly onProgress?: ((progress: RunProgress) => void) | undefined;
}

/** A replication that failed, and why. */
export interface FailedReplication {
  readonly replication: number;
  readonly message: string;
}

/** What `simulate` came to. */
export interface SimulateOutcome {
  readonly summary: RunSummary;
  /** The folder that holds the result: the partial one when the run was stopped, or replications failed. */
  readonly folder: string;
  /** Null when nothing stopped it. */
  readonly stoppedBy: StoppedBy | null;
  readonly failed: readonly FailedReplication[];
  /** False when `precision` was not reached; true when it was, or was not asked for. */
  readonly isPrecise: boolean;
  /** Those of the first replication. */
  readonly faults: readonly FaultRow[];
}

/** What the replications of a run came to, however they were run. */
export interface RanReplications {
  /** With the warm-up found; null if the run was stopped before. */
  readonly warm: WarmScenario | null;
  /** In order. */
  readonly replications: readonly ReplicationResult[];
  readonly events: number;
  readonly wallMs: number;
  readonly workers: number;
  readonly stoppedBy: StoppedBy | null;
  readonly failed: readonly FailedReplication[];
  readonly isPrecise: boolean;
  readonly faults: readonly FaultRow[];
}

/** What a run is of. */
export interface SimulationTask {
  readonly source: ScenarioSource;
  readonly opened: OpenedScenario;
  /** The tables of the result. */
  readonly tables: readonly TableName[];
  /** Replications wanted; with `precision` at most. */
  readonly replications: number;
  readonly options: SimulateOptions;
}

/**
 * Loads a scenario, runs it and writes its result folder. Nothing is written before the scenario is found sound. Several
 * replications run on worker threads, if `workers` is more than 1 (default: one, this thread): the result is the same
 * bytes.
 * @throws ScenarioError on bad input, ResultFolderError when the result cannot be written
 */
export async function simulate(path: string, options: SimulateOptions): Promise<SimulateOutcome> {
  const startedMs = performance.now();
  const source: ScenarioSource = { path, root: options.root, set: options.set ?? [] };
  const { scenario, warnings } = loadScenario(path, source);
  checkThresholds(scenario, path);
  const opened = { scenario, tables: compileScenario(scenario) };
  const loadMs = performance.now() - startedMs;
  const replications = options.precision?.mostReplications ?? scenario.replications;
  options.onLoaded?.(scenario.name, replications, warnings);

  const tables = tableNames.filter((name) => name !== 'messages' || options.messages === true);
  const out = options.out ?? join('results', folderName(scenario.name));
  const task: SimulationTask = { source, opened, tables, replications, options };
  const jobs = openSimulationJobs(out, task);
  const folder = jobs?.folder ?? new ResultFolder(out, 'run', tables);
  try {
    const ran = await (jobs?.run() ?? simulateDirectly(folder, task));
    return finish(folder, task, ran, loadMs);
  } finally {
    folder.close();
  }
}

/** As many workers as the machine can keep busy. */
export function defaultWorkers(): number {
  return availableParallelism();
}

function finish(
  folder: ResultFolder,
  { source, opened, options }: SimulationTask,
  ran: RanReplications,
  loadMs: number,
): SimulateOutcome {
  const { stoppedBy, failed, replications, isPrecise, faults } = ran;
  const isWhole = stoppedBy === null && failed.length === 0;
  const { scenario } = opened;
  const warm: WarmScenario = ran.warm ?? { ...scenario, warmUpMs: 0 };
  // As many replications as it came to are what the scenario says then.
  const sha256 =
    isWhole && replications.length !== scenario.replications
      ? loadScenario(source.path, { ...source, set: [...source.set, `replications=${replications.length}`] })
          .scenario.sha256
      : scenario.sha256;
  const facts = runFacts({ ...warm, sha256 }, options);
  const summary = summarize(replications, { ...facts, incomplete: !isWhole });
  folder.write('summary.json', formatJson(summary));
  const key = replicationKey(scenario, options);
  folder.write('replications.json', formatReplicationsJson({ ...facts, key }, replications));
  folder.write('outline.json', formatJson(outlineOf(scenario, opened.tables)));
  const engine = engineFacts(ran, summary.recipients.delivered, loadMs);
  folder.write('engine.json', formatJson({ ...engine, tables: folder.sealTables() }));
  if (isWhole) folder.commit();
  return {
    summary,
    folder: isWhole ? folder.path : folder.partialPath,
    stoppedBy,
    failed,
    isPrecise,
    faults,
  };
}
