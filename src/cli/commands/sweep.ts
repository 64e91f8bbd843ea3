import { join } from 'node:path';
import { formatSweepText, plainText, type ReportedPoint } from '../../report/index.js';
import { defaultWorkers, packageVersion, type SweepOutcome, shownPath, sweep } from '../../runner/index.js';
import { plainLine } from '../../topology/index.js';
import { answerFile } from '../answer-file.js';
import { type CommandContext, defineCommand, type ExitCode, exitCodes } from '../command.js';
import { warnOfLosses } from '../earlier-run.js';
import { endAsInterrupted } from '../ending-signals.js';
import { StopError, UsageError } from '../errors.js';
import {
  mostReplications,
  readCount,
  readSeed,
  readShard,
  readSize,
  readTime,
  readWorkers,
} from '../option-values.js';
import { ProgressReport } from '../progress.js';
import { mostFailuresTold, runExitCode, stopReason } from '../run-end.js';
import { reportedPoint } from '../sweep-answer.js';

/** `mailflow sweep <scenario>`: a scenario at each point of a grid or plan, on all cores, or a share of it. */
export const command = defineCommand({
  positionals: {
    scenario: { type: 'string', demandOption: true, describe: 'a scenario (YAML or JSON)' },
  },
  options: {
    vary: {
      type: 'string',
      array: true,
      describe: '<path>=<v1,v2,…>, of several the full grid: organization.siteLinks.BF.cost=10,20,40',
    },
    plan: {
      type: 'string',
      describe:
        'instead, a file with a point a row: CSV with paths in its header, or a YAML list of mappings',
    },
    shard: { type: 'string', describe: '<i>/<n>: only this share of the work; `merge` puts them together' },
    seed: { type: 'string', describe: 'instead of that of the scenario; any text' },
    replications: { type: 'string', describe: 'of each point, instead of those of the scenario' },
    set: { type: 'string', array: true, describe: '<path>=<value>: changes the scenario at every point' },
    until: { type: 'string', describe: 'simulated time at which each replication ends at the latest: 2 h' },
    out: { type: 'string', describe: 'folder of the result; default: results/<scenario name>-sweep' },
    workers: { type: 'string', describe: 'replications at a time, on threads; default: one a core' },
    'worker-memory': { type: 'string', describe: 'heap of one worker: 2 GB; default: a share of the memory' },
    resume: {
      type: 'boolean',
      default: false,
      describe: 'goes on from what an interrupted run left; finished replications are not run again',
    },
    'max-wall': { type: 'string', describe: 'stops after so much real time: 5 min' },
  },
  async run(args, context) {
    const hasGrid = args.vary !== undefined && args.vary.length > 0;
    if (hasGrid === (args.plan !== undefined)) {
      throw new UsageError('what to vary: give either --vary <path>=<v1,v2,…> or --plan <file>');
    }
    const replications =
      args.replications === undefined
        ? []
        : [`replications=${readCount('--replications', args.replications, mostReplications)}`];
    const seed = args.seed === undefined ? [] : [`seed=${JSON.stringify(readSeed(args.seed))}`];
    const progress = new ProgressReport(context);
    const points: ReportedPoint[] = [];
    let name = '';
    const options = {
      version: packageVersion(),
      root: context.root,
      set: [...(args.set ?? []), ...seed, ...replications],
      vary: args.vary,
      plan: args.plan,
      shard: args.shard === undefined ? undefined : readShard(args.shard),
      out: args.out,
      untilMs: args.until === undefined ? undefined : readTime('--until', args.until),
      workers: readWorkers(args.workers) ?? defaultWorkers(),
      workerMemoryBytes:
        args.workerMemory === undefined ? undefined : readSize('--worker-memory', args.workerMemory),
      maxWallMs: args.maxWall === undefined ? undefined : readTime('--max-wall', args.maxWall),
      resume: args.resume,
      signal: context.interruption(),
      onPlanned: (scenario: string, planned: number, jobs: number) => {
        name = scenario;
        context.tell(`sweeping ${plainText(scenario)}: points: ${planned}, replications: ${jobs}\n`);
      },
      onReused: (reused: number) => context.tell(`replications that are there already: ${reused}\n`),
      ...warnOfLosses(context),
      onProgress: (now: Parameters<ProgressReport['update']>[0]) => progress.update(now),
    };
    const restoreSignals = endAsInterrupted();
    const outcome = await sweep(args.scenario, options, (point) => points.push(reportedPoint(point))).finally(
      () => {
        progress.end();
        restoreSignals();
      },
    );
    const { folder, read, points: planned } = outcome;
    if (folder === null) {
      const soFar = `${read} of ${planned} points had been read, and nothing was run`;
      throw new StopError(exitCodes.interrupted, [`${stopReason('interrupt')}: ${soFar}`]);
    }
    if (context.json) answerFile(join(folder, 'sweep.json'), context);
    else {
      // Nothing was run again of a result that is whole; and a shard has no answers of its own.
      const table =
        points.length === 0 || options.shard !== undefined ? '' : `${formatSweepText(name, points)}\n`;
      context.answer(`${table}result: ${plainLine(shownPath(folder))}\n`);
    }
    return tellEnd(folder, outcome, context);
  },
});

function tellEnd(folder: string, { stoppedBy, failed }: SweepOutcome, context: CommandContext): ExitCode {
  const where = `: the result so far is in ${plainLine(shownPath(folder))}, --resume goes on from it`;
  for (const { point, replication, message } of failed.slice(0, mostFailuresTold)) {
    context.warn(`point ${point}, replication ${replication} failed: ${plainText(message)}\n`);
  }
  if (failed.length > 0) context.warn(`replications that failed: ${failed.length}${where}\n`);
  if (stoppedBy !== null) context.warn(`${stopReason(stoppedBy)}${where}\n`);
  return runExitCode(stoppedBy, failed);
}
