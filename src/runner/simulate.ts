import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import {
  checkThresholds,
  compileScenario,
  replicationKey,
  runFacts,
  type WarmScenario,
} from '../experiment/index.js';
import { type RunSummary, summarize, tableNames } from '../measure/index.js';
import { type FaultRow, formatJson, formatReplicationsJson } from '../report/index.js';
import { engineFacts } from './engine-facts.js';
import type { ScenarioSource } from './job.js';
import type { StoppedBy } from './job-run.js';
import { loadScenario } from './load-file.js';
import { outlineOf } from './outline-of.js';
import { folderName, ResultFolder } from './result-folder.js';
import { simulateDirectly } from './simulate-directly.js';
import { openSimulationJobs } from './simulation-jobs.js';
import {
  claimOf,
  type FailedReplication,
  type RanReplications,
  type SimulateOptions,
  type SimulationTask,
} from './simulation-task.js';

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
  const folder = jobs?.folder ?? new ResultFolder(out, 'run', tables, claimOf(task));
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
