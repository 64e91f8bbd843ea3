import {
  compileScenario,
  type ProgressAnswer,
  runPilot,
  runReplication,
  withFaults,
  withWarmUp,
} from '../experiment/index.js';
import { brokenLaws } from '../measure/index.js';
import type { Scenario } from '../scenario/index.js';
import type { Job, JobProgress, JobReport, PilotJob, ReplicationJob, ScenarioSource } from './job.js';
import { JobFiles } from './job-files.js';
import { loadScenario } from './load-file.js';

/** A scenario with its compiled tables. */
export interface OpenedScenario {
  readonly scenario: Scenario;
  readonly tables: ReturnType<typeof compileScenario>;
}

/** Asked between the slices of a job, several times a second at least. */
export type Watch = (progress: JobProgress) => ProgressAnswer | Promise<ProgressAnswer>;

/** Runs jobs one after another in the thread it is in. Keeps the scenario of the last one. */
export class JobRunner {
  readonly #files: JobFiles;
  #opened: (OpenedScenario & { readonly name: string }) | undefined;

  /** @param folder - of the jobs' files */
  constructor(folder: string) {
    this.#files = new JobFiles(folder);
  }

  /** Spares it reading a scenario that has been read. */
  adopt(source: ScenarioSource, opened: OpenedScenario): void {
    this.#opened = { ...opened, name: nameOf(source) };
  }

  /**
   * Runs a job and writes its files; a job that fails leaves no record.
   * @throws whatever went wrong: a law that is broken, a scenario that is another by now, files that cannot be written
   */
  async run(job: Job, watch: Watch): Promise<JobReport> {
    const opened = this.#open(job);
    return job.kind === 'pilot'
      ? this.#runPilot(job, opened, watch)
      : this.#runReplication(job, opened, watch);
  }

  #open({ source, replicationSha256 }: Job): OpenedScenario {
    const name = nameOf(source);
    if (this.#opened?.name !== name) {
      const { scenario } = loadScenario(source.path, source);
      this.#opened = { scenario, tables: compileScenario(scenario), name };
    }
    const { tables } = this.#opened;
    // Faults change no tables: what has been read will do for all of them.
    const scenario = withFaults(this.#opened.scenario, source.faults ?? []);
    if (scenario.replicationSha256 !== replicationSha256) {
      this.#opened = undefined;
      throw new Error(`${source.path} or a file that it names has been changed while it was simulated`);
    }
    return { scenario, tables };
  }

  async #runReplication(
    job: ReplicationJob,
    { scenario, tables }: OpenedScenario,
    watch: Watch,
  ): Promise<JobReport> {
    const rows = this.#files.openRows(job);
    const wanted = new Set(job.tables);
    let parts: ReturnType<typeof rows.close>;
    let ran: Awaited<ReturnType<typeof runReplication>>;
    try {
      ran = await runReplication(withWarmUp(scenario, job.foundWarmUp), tables, job.replication, {
        sink: (table, row) => {
          if (wanted.has(table)) rows.add(table, row);
        },
        recordMessages: wanted.has('messages'),
        untilMs: job.untilMs,
        guards: job.guards,
        eventList: job.eventList,
        onProgress: (progress) => watch({ ...progress, name: job.name }),
      });
    } finally {
      parts = rows.close();
    }
    const broken = brokenLaws(ran.result);
    if (broken.length > 0) throw new Error(`replication ${job.replication}: ${broken.join('; ')}`);
    const report: JobReport = { outcome: ran.outcome, events: ran.events };
    this.#files.write(job, report, parts, ran.result);
    return report;
  }

  async #runPilot(job: PilotJob, { scenario, tables }: OpenedScenario, watch: Watch): Promise<JobReport> {
    let events = 0;
    const series = await runPilot(scenario, tables, job.replication, job.endMs, {
      eventList: job.eventList,
      onProgress: (progress) => {
        events = progress.events;
        return watch({ ...progress, name: job.name });
      },
    });
    if (series === null) return { outcome: 'stopped', events };
    const report: JobReport = { outcome: 'complete', events };
    this.#files.write(job, report, {}, series);
    return report;
  }
}

function nameOf({ path, root, set }: ScenarioSource): string {
  return JSON.stringify([path, root ?? null, set]);
}
