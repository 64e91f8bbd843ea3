import { join } from 'node:path';
import {
  checkThresholds,
  gridPoints,
  gridSize,
  mostJobs,
  mostPoints,
  planPoints,
  replicationsOfShard,
  runFacts,
  type Shard,
  type SweepPoint,
} from '../experiment/index.js';
import { formatJson } from '../report/index.js';
import {
  decodePlan,
  type Problem,
  readVariations,
  type Scenario,
  ScenarioError,
  variationFile,
} from '../scenario/index.js';
import { breathEveryMs, breathe } from './breath.js';
import { examineSweep, replicationsOfPoint } from './earlier-sweep.js';
import { engineFacts } from './engine-facts.js';
import type { Job, ScenarioSource } from './job.js';
import type { JobFiles } from './job-files.js';
import {
  type FailedJob,
  JobRun,
  type JobRunOptions,
  type LeftoverOptions,
  type RunProgress,
  type StoppedBy,
} from './job-run.js';
import { loadScenario, readInputFile } from './load-file.js';
import { isFinished, jobsOfPoint, type PointJobs } from './point-jobs.js';
import { folderName, ResultFolder } from './result-folder.js';
import { formatPlan, type PlannedRun, planHash, type SweepPlan, sweepIn } from './sweep-plan-file.js';
import { type SweptPoint, writeSweep } from './write-sweep.js';

/** Which points of a scenario are run, which share of them, and where the result goes. */
export interface SweepOptions extends Partial<Omit<JobRunOptions, 'onProgress'>>, LeftoverOptions {
  /** The version of the program. */
  readonly version: string;
  readonly root?: string | undefined;
  /** `<path>=<value>` each, applied in order, before those of a point. */
  readonly set?: readonly string[] | undefined;
  /** `<path>=<v1,v2,…>` each: the full grid. */
  readonly vary?: readonly string[] | undefined;
  /** Instead: the path of a plan. */
  readonly plan?: string | undefined;
  /** Only these of the jobs. */
  readonly shard?: Shard | undefined;
  /** Default: `results/<scenario name>-sweep`, of a shard with `-<i>-of-<n>`. */
  readonly out?: string | undefined;
  /** Each replication ends here at the latest, simulated ms. */
  readonly untilMs?: number | undefined;
  /** Goes on from what an earlier run left: finished replications are not run again. */
  readonly resume?: boolean | undefined;
  /** All points are sound; nothing has been written. */
  readonly onPlanned?: ((name: string, points: number, jobs: number) => void) | undefined;
  /** Called several times a second at most. */
  readonly onProgress?: ((progress: RunProgress) => void) | undefined;
}

/** What `sweep` came to. */
export interface SweepOutcome {
  /**
   * The folder that holds the result: the partial one when the run was stopped, or replications failed; null when it was
   * stopped before anything was written.
   */
  readonly folder: string | null;
  readonly stoppedBy: StoppedBy | null;
  readonly failed: readonly {
    readonly point: number;
    readonly replication: number;
    readonly message: string;
  }[];
  /** Points whose scenario has been read, and all of them. */
  readonly read: number;
  readonly points: number;
}

/** A sound point and its jobs. */
interface PreparedPoint {
  readonly run: PlannedRun;
  readonly jobs: PointJobs;
}

/**
 * Simulates a scenario at each point of a grid or plan, and writes a folder: `sweep.json`, `plan.json`, `engine.json` and,
 * for each point, its summary and replications. Every point is found sound before anything is written.
 * @param onPoint - told of each point when all is done, in order
 * @throws ScenarioError on bad input, ResultFolderError when the result cannot be written
 */
export async function sweep(
  path: string,
  options: SweepOptions,
  onPoint: (point: SweptPoint) => void = () => undefined,
): Promise<SweepOutcome> {
  const startedMs = performance.now();
  const points = readPoints(options);
  const prepared = await preparePoints(path, points, options);
  if (!Array.isArray(prepared)) {
    return { folder: null, stoppedBy: 'interrupt', failed: [], read: prepared.read, points: points.length };
  }
  const all = { read: points.length, points: points.length };
  const plan: SweepPlan = {
    mailflow: 'plan/1',
    version: options.version,
    points: prepared.map(({ run }) => run),
  };
  const loadMs = performance.now() - startedMs;
  const shard = options.shard ?? null;
  const numbers = replicationsOfShard(
    plan.points.map(({ replications }) => replications),
    shard,
  );
  const name = plan.points[0]!.name;
  options.onPlanned?.(name, points.length, numbers.flat().length);

  const out = options.out ?? join('results', `${folderName(name)}-sweep${shardSuffix(shard)}`);
  const isResumed = options.resume === true;
  const own = new Set(
    prepared.flatMap(({ jobs }, index) => numbers[index]!.map((number) => jobs.replication(number).name)),
  );
  const folder = new ResultFolder(out, 'sweep', [], {
    resumes: isResumed,
    isOwn: ({ name }) => own.has(name),
    onRemoved: options.onRemoved,
  });
  try {
    const files = folder.openJobs();
    const there = isResumed ? sweepIn(folder.path) : undefined;
    if (there?.plan === planHash(formatPlan(plan)) && there.shard === nameOfShard(shard)) {
      const { isWhole, sound } = examineSweep(
        folder.path,
        { plan, shard, incomplete: false },
        numbers,
        options,
      );
      if (isWhole) {
        options.onReused?.(numbers.flat().length);
        folder.discard();
        return { folder: folder.path, stoppedBy: null, failed: [], ...all };
      }
      takeOver(folder.path, sound, prepared, files);
    }
    const ran = await runAll(prepared, numbers, files, options);
    const isWhole = ran.stoppedBy === null && ran.failed.length === 0;
    let delivered = 0;
    writeSweep(
      folder,
      { plan, shard, incomplete: !isWhole },
      (index) => collect(prepared[index]!, numbers[index]!, files),
      (point) => {
        delivered += point.summary?.recipients.delivered ?? 0;
        onPoint(point);
      },
    );
    folder.write('engine.json', formatJson(engineFacts(ran, delivered, loadMs)));
    if (isWhole) folder.commit();
    const failed = ran.failed.map(({ job, message }) => ({
      point: prepared.findIndex(({ run }) => run.key === job.key) + 1,
      replication: job.replication,
      message,
    }));
    const path = isWhole ? folder.path : folder.partialPath;
    return { folder: path, stoppedBy: ran.stoppedBy, failed, ...all };
  } finally {
    folder.close();
  }
}

/** Has the replications of a complete sweep stand among those that are done, as if it had been interrupted. */
function takeOver(
  folder: string,
  sound: readonly number[],
  prepared: readonly PreparedPoint[],
  files: JobFiles,
): void {
  for (const index of sound) {
    for (const result of replicationsOfPoint(folder, index)) {
      const job = prepared[index]!.jobs.replication(result.replication);
      // Events are counted of what this run does.
      if (files.read(job) === undefined) files.write(job, { outcome: 'complete', events: 0 }, {}, result);
    }
  }
}

/** `2/4`; null of a whole sweep. */
function nameOfShard(shard: Shard | null): string | null {
  return shard === null ? null : `${shard.index}/${shard.count}`;
}

function shardSuffix(shard: Shard | null): string {
  return shard === null ? '' : `-${shard.index}-of-${shard.count}`;
}

/** The points of the grid, or of the plan. */
function readPoints({ vary = [], plan }: SweepOptions): readonly SweepPoint[] {
  if (plan === undefined) {
    const variations = readVariations(vary);
    const size = gridSize(variations);
    if (size > mostPoints)
      throw tooMany(variationFile, `the grid has ${size} points`, `at most ${mostPoints}`);
    return gridPoints(variations);
  }
  const points = decodePlan(readInputFile(plan), plan);
  if (points.length > mostPoints) {
    throw tooMany(plan, `the plan has ${points.length} points`, `at most ${mostPoints}`);
  }
  return planPoints(points);
}

function tooMany(file: string, what: string, most: string): ScenarioError {
  const hint = 'vary less at a time, or give the points that matter in a plan (`--plan`)';
  return new ScenarioError([
    { file, line: 1, column: 1, path: '', message: `${what}: expected ${most}`, hint },
  ]);
}

/** Problems of points are alike: of more than that not all are told. */
const mostProblems = 50;

/** Decodes and checks the scenario of each point; how many it had read when it was interrupted. */
async function preparePoints(
  path: string,
  points: readonly SweepPoint[],
  options: SweepOptions,
): Promise<PreparedPoint[] | { readonly read: number }> {
  const problems = new Map<string, Problem>();
  const prepared: PreparedPoint[] = [];
  let breathedMs = performance.now();
  for (const point of points) {
    const source: ScenarioSource = {
      path,
      root: options.root,
      set: [...(options.set ?? []), ...point.options],
    };
    try {
      const { scenario } = loadScenario(path, source);
      checkThresholds(scenario, path);
      prepared.push(preparePoint(point, scenario, source, options));
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      for (const each of error.problems) {
        const problem = placed(each, point, options);
        problems.set(JSON.stringify(problem), problem);
      }
      if (problems.size >= mostProblems) break;
    }
    if (performance.now() - breathedMs > breathEveryMs) {
      await breathe();
      if (options.signal?.aborted) return { read: prepared.length };
      breathedMs = performance.now();
    }
  }
  if (problems.size > 0) throw new ScenarioError([...problems.values()].slice(0, mostProblems));
  const jobs = prepared.reduce((sum, { run }) => sum + run.replications, 0);
  if (jobs > mostJobs) {
    throw tooMany(path, `the points have ${jobs} replications together`, `at most ${mostJobs}`);
  }
  return prepared;
}

function preparePoint(
  point: SweepPoint,
  scenario: Scenario,
  source: ScenarioSource,
  { version, untilMs }: SweepOptions,
): PreparedPoint {
  // Points that differ in what no replication depends on have their jobs in common.
  const jobs = jobsOfPoint(scenario, source, { version, untilMs });
  const { name, seed, replications, durationMs, warmUpMs, thresholds } = scenario;
  const facts = runFacts({ ...scenario, warmUpMs: 0 }, { version, untilMs });
  return {
    run: {
      set: point.set,
      name,
      sha256: facts.scenario.sha256,
      seed,
      key: jobs.key,
      replications,
      durationMs,
      warmUpMs,
      thresholds,
    },
    jobs,
  };
}

/** A problem of a point's `--set` is one of a `--vary`, or of a line of the plan. */
function placed(problem: Problem, point: SweepPoint, { set = [], plan }: SweepOptions): Problem {
  if (problem.file !== '--set' || problem.line <= set.length) return problem;
  if (point.place !== null) return { ...problem, file: plan!, ...point.place };
  return { ...problem, file: variationFile, line: problem.line - set.length, column: 1 };
}

/** Runs pilots, then replications; those that are finished are left out. */
async function runAll(
  points: readonly PreparedPoint[],
  numbers: readonly (readonly number[])[],
  files: JobFiles,
  options: SweepOptions,
): Promise<{
  readonly events: number;
  readonly wallMs: number;
  readonly workers: number;
  readonly stoppedBy: StoppedBy | null;
  readonly failed: readonly FailedJob[];
}> {
  const finished = new Set<string>();
  const known = new Set<string>();
  const isToRun = (job: Job): boolean => {
    if (known.has(job.name)) return false;
    known.add(job.name);
    if (!isFinished(files, job, (file) => options.onDamaged?.(file, job))) return true;
    finished.add(job.name);
    return false;
  };
  const pilots = points.flatMap(({ jobs }, index) =>
    numbers[index]!.length === 0 ? [] : jobs.pilots().filter(isToRun),
  );
  const pilotsThere = finished.size;
  const todo = points.flatMap(({ jobs }, index) =>
    numbers[index]!.filter((number) => isToRun(jobs.replication(number))).map((number) => ({
      jobs,
      number,
    })),
  );
  files.keepOnly(finished);
  const reused = finished.size - pilotsThere;
  if (reused > 0) options.onReused?.(reused);
  const workers = Math.min(options.workers ?? 1, Math.max(1, pilots.length, todo.length));
  const run = new JobRun(files, { ...options, workers });
  function* replications(): Generator<Job> {
    let point: PointJobs | undefined;
    let found: ReturnType<PointJobs['findWarmUp']>;
    for (const { jobs, number } of todo) {
      if (jobs !== point) found = jobs.findWarmUp(files);
      point = jobs;
      if (found !== null) yield jobs.replication(number, found);
    }
  }
  try {
    await run.run(pilots, pilots.length, { kind: 'pilots' });
    await run.run(replications(), todo.length, { kind: 'replications' });
  } finally {
    await run.close();
  }
  return { events: run.events, wallMs: run.wallMs, workers, stoppedBy: run.stoppedBy, failed: run.failed };
}

/** What the jobs of a point left; undefined if there is nothing. */
function collect({ jobs }: PreparedPoint, numbers: readonly number[], files: JobFiles) {
  const foundWarmUp = numbers.length === 0 ? null : jobs.findWarmUp(files);
  if (foundWarmUp === null) return undefined;
  return { replications: jobs.results(files, numbers), foundWarmUp };
}
