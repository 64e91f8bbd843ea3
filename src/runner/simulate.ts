import { join } from 'node:path';
import {
  checkThresholds,
  compileScenario,
  type ExperimentOptions,
  type ExperimentOutcome,
  type ProgressAnswer,
  type ReplicationProgress,
  runExperiment,
} from '../experiment/index.js';
import { type Cell, type RunSummary, tableNames } from '../measure/index.js';
import { type FaultRow, formatJson, formatReplicationsJson } from '../report/index.js';
import type { Problem } from '../scenario/index.js';
import { loadScenario } from './load-file.js';
import { outlineOf } from './outline-of.js';
import { folderName, ResultFolder } from './result-folder.js';

/** How far a run is. */
export interface SimulationProgress extends ReplicationProgress {
  readonly replications: number;
  /** Since the simulation began. */
  readonly wallMs: number;
}

export interface SimulateOptions {
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
  /** Guards: limits over the whole run that stop it, with a partial result. */
  readonly maxEvents?: number | undefined;
  readonly maxInFlight?: number | undefined;
  readonly maxWallMs?: number | undefined;
  /** The future event list to run on, which changes no result. */
  readonly eventList?: ExperimentOptions['eventList'];
  /** Stops the run, with a partial result. */
  readonly signal?: AbortSignal | undefined;
  /** The scenario is read and sound; nothing has been written. */
  readonly onLoaded?:
    | ((name: string, replications: number, warnings: readonly Problem[]) => void)
    | undefined;
  /** Called several times a second at most. */
  readonly onProgress?: ((progress: SimulationProgress) => void) | undefined;
}

export type StoppedBy = 'interrupt' | 'max-wall' | 'max-events' | 'max-in-flight';

export interface SimulateOutcome {
  readonly summary: RunSummary;
  /** The folder that holds the result: the partial one when the run was stopped. */
  readonly folder: string;
  /** Null when the run is complete. */
  readonly stoppedBy: StoppedBy | null;
  /** Those of the first replication. */
  readonly faults: readonly FaultRow[];
}

/** Wall time between two looks at signals and clocks, and two calls of `onProgress`. */
const breathEveryMs = 200;

/**
 * Loads a scenario, runs it and writes its result folder. Nothing is written before the scenario is found sound.
 * @throws ScenarioError on bad input, ResultFolderError when the result cannot be written
 */
export async function simulate(path: string, options: SimulateOptions): Promise<SimulateOutcome> {
  const startedMs = performance.now();
  const { scenario, warnings } = loadScenario(path, { root: options.root, set: options.set });
  checkThresholds(scenario, path);
  const tables = compileScenario(scenario);
  const loadMs = performance.now() - startedMs;
  options.onLoaded?.(scenario.name, scenario.replications, warnings);

  const recordMessages = options.messages === true;
  const out = options.out ?? join('results', folderName(scenario.name));
  const folder = new ResultFolder(
    out,
    tableNames.filter((name) => name !== 'messages' || recordMessages),
  );
  try {
    const faults: FaultRow[] = [];
    const watch = new Watch(options, scenario.replications);
    const ran = await runExperiment(scenario, tables, {
      version: options.version,
      recordMessages,
      untilMs: options.untilMs,
      guards: { maxEvents: options.maxEvents, maxInFlight: options.maxInFlight },
      sink: (table, row) => {
        folder.addRow(table, row);
        if (table === 'faults') keepFault(faults, row);
      },
      eventList: options.eventList,
      onProgress: (progress) => watch.look(progress),
    });
    const wallMs = watch.wallMs;
    folder.write('summary.json', formatJson(ran.summary));
    folder.write(
      'replications.json',
      formatReplicationsJson({ ...ran.summary, durationMs: scenario.durationMs }, ran.replications),
    );
    folder.write('outline.json', formatJson(outlineOf(scenario, tables)));
    folder.write('engine.json', formatJson(engineFacts(ran, wallMs, loadMs)));
    const stoppedBy = ran.outcome === 'stopped' ? (watch.stoppedBy ?? guardOf(ran, options)) : null;
    if (stoppedBy === null) folder.commit();
    return {
      summary: ran.summary,
      folder: stoppedBy === null ? folder.path : folder.partialPath,
      stoppedBy,
      faults,
    };
  } finally {
    folder.close();
  }
}

/** Looks at clocks and signals between the slices of a run. */
class Watch {
  readonly #options: SimulateOptions;
  readonly #replications: number;
  readonly #startedMs = performance.now();
  #breathedMs = Number.NEGATIVE_INFINITY;
  #stoppedBy: StoppedBy | null = null;

  constructor(options: SimulateOptions, replications: number) {
    this.#options = options;
    this.#replications = replications;
  }

  get wallMs(): number {
    return performance.now() - this.#startedMs;
  }

  /** Why this stopped the run; null if it did not. */
  get stoppedBy(): StoppedBy | null {
    return this.#stoppedBy;
  }

  look(progress: ReplicationProgress): ProgressAnswer | Promise<ProgressAnswer> {
    const { wallMs } = this;
    if (wallMs - this.#breathedMs < breathEveryMs) return this.#answer(wallMs);
    this.#breathedMs = wallMs;
    // Signals come in while the event loop goes round once. Progress is told afterwards: when a terminal is closed the
    // signal says so, and nothing must be written to it any more.
    return new Promise((resolve) => {
      setImmediate(() => {
        const answer = this.#answer(wallMs);
        if (!this.#options.signal?.aborted) {
          this.#options.onProgress?.({ ...progress, replications: this.#replications, wallMs });
        }
        resolve(answer);
      });
    });
  }

  #answer(wallMs: number): ProgressAnswer {
    const { signal, maxWallMs } = this.#options;
    if (signal?.aborted) this.#stoppedBy = 'interrupt';
    else if (maxWallMs !== undefined && wallMs >= maxWallMs) this.#stoppedBy = 'max-wall';
    return this.#stoppedBy === null ? 'continue' : 'stop';
  }
}

function guardOf({ events }: ExperimentOutcome, { maxEvents }: SimulateOptions): StoppedBy {
  return maxEvents !== undefined && events >= maxEvents ? 'max-events' : 'max-in-flight';
}

function keepFault(faults: FaultRow[], [replication, timeMs, kind, subject, phase]: readonly Cell[]): void {
  if (replication !== 1) return;
  faults.push({ timeMs: Number(timeMs), kind: String(kind), subject: String(subject), phase: String(phase) });
}

/** What may differ between machines. */
function engineFacts({ summary, events }: ExperimentOutcome, wallMs: number, loadMs: number) {
  const seconds = Math.max(wallMs, 0.001) / 1_000;
  return {
    mailflow: 'engine/1',
    wallMs,
    loadMs,
    events,
    eventsPerSecond: events / seconds,
    deliveriesPerSecond: summary.recipients.delivered / seconds,
    peakRssBytes: process.resourceUsage().maxRSS * 1_024,
    workers: 1,
    node: process.version,
  };
}
