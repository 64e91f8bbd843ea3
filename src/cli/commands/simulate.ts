import {
  formatJson,
  formatSummaryText,
  plainText,
  verdictReason,
  wouldBeDecided,
} from '../../report/index.js';
import {
  defaultWorkers,
  packageVersion,
  type SimulateOptions,
  type SimulateOutcome,
  shownPath,
  simulate,
} from '../../runner/index.js';
import { formatProblem } from '../../scenario/index.js';
import { eventListKinds } from '../../sim/kernel/index.js';
import { plainLine } from '../../topology/index.js';
import { type CommandContext, defineCommand, type ExitCode, exitCodes } from '../command.js';
import { warnOfLosses } from '../earlier-run.js';
import { endAsInterrupted } from '../ending-signals.js';
import {
  mostReplications,
  readCount,
  readPercent,
  readSeed,
  readSize,
  readTime,
  readWorkers,
} from '../option-values.js';
import { ProgressReport } from '../progress.js';
import { mostFailuresTold, runExitCode, stopReason } from '../run-end.js';

/** With `--precision` there are so many replications at most, unless `--replications` says how many. */
const mostForPrecision = 1_000;

/** `mailflow simulate <scenario>`: what happens under this load, with these faults (design section 8). */
export const command = defineCommand({
  positionals: {
    scenario: { type: 'string', demandOption: true, describe: 'a scenario (YAML or JSON)' },
  },
  options: {
    seed: { type: 'string', describe: 'instead of that of the scenario; any text' },
    replications: { type: 'string', describe: 'instead of those of the scenario' },
    precision: {
      type: 'string',
      describe: 'runs replications until the intervals of the thresholds are within so many percent: 5',
    },
    workers: { type: 'string', describe: 'replications at a time, on threads; default: one a core' },
    'worker-memory': { type: 'string', describe: 'heap of one worker: 2 GB; default: a share of the memory' },
    resume: {
      type: 'boolean',
      default: false,
      describe: 'goes on from what an interrupted run left; finished replications are not run again',
    },
    set: {
      type: 'string',
      array: true,
      describe: '<path>=<value>: changes the scenario, as organization.siteLinks.BF.cost=20',
    },
    until: { type: 'string', describe: 'simulated time at which each replication ends at the latest: 2 h' },
    out: { type: 'string', describe: 'folder of the result; default: results/<scenario name>' },
    messages: { type: 'boolean', default: false, describe: 'writes messages.csv, a row for each recipient' },
    'max-events': { type: 'string', describe: 'stops after so many events' },
    'max-in-flight': { type: 'string', describe: 'stops when more messages are in flight' },
    'max-wall': { type: 'string', describe: 'stops after so much real time: 5 min' },
    'event-list': {
      choices: eventListKinds,
      describe: 'the future event list to run on; changes the speed and no result; default: ladder',
    },
    strict: { type: 'boolean', default: false, describe: 'an undecided threshold is a failed one' },
  },
  async run(args, context) {
    const progress = new ProgressReport(context);
    const wanted =
      args.replications === undefined
        ? undefined
        : readCount('--replications', args.replications, mostReplications);
    const percent = args.precision === undefined ? undefined : readPercent('--precision', args.precision);
    const options: SimulateOptions = {
      version: packageVersion(),
      root: context.root,
      set: [
        ...(args.set ?? []),
        ...(args.seed === undefined ? [] : [`seed=${JSON.stringify(readSeed(args.seed))}`]),
        ...(wanted === undefined || percent !== undefined ? [] : [`replications=${wanted}`]),
      ],
      out: args.out,
      messages: args.messages,
      untilMs: args.until === undefined ? undefined : readTime('--until', args.until),
      maxEvents: args.maxEvents === undefined ? undefined : readCount('--max-events', args.maxEvents),
      maxInFlight:
        args.maxInFlight === undefined ? undefined : readCount('--max-in-flight', args.maxInFlight),
      maxWallMs: args.maxWall === undefined ? undefined : readTime('--max-wall', args.maxWall),
      eventList: args.eventList,
      workers: readWorkers(args.workers) ?? defaultWorkers(),
      workerMemoryBytes:
        args.workerMemory === undefined ? undefined : readSize('--worker-memory', args.workerMemory),
      resume: args.resume,
      extend: wanted !== undefined && percent === undefined,
      precision:
        percent === undefined ? undefined : { percent, mostReplications: wanted ?? mostForPrecision },
      signal: context.interruption(),
      onLoaded: (name, replications, warnings) => {
        for (const warning of warnings) context.tell(`warning: ${formatProblem(warning)}\n`);
        context.tell(`simulating ${plainText(name)}${howMany(replications, percent)}\n`);
      },
      onReused: (replications) =>
        context.tell(
          `${replications === 1 ? 'one replication is' : `${replications} replications are`} there already\n`,
        ),
      ...warnOfLosses(context),
      onProgress: (now) => progress.update(now),
    };
    const restoreSignals = endAsInterrupted();
    const outcome = await simulate(args.scenario, options).finally(() => {
      progress.end();
      restoreSignals();
    });
    report(outcome, context);
    return exitCodeOf(outcome, args.strict);
  },
});

function howMany(replications: number, percent: number | undefined): string {
  if (percent !== undefined) return `, up to ${replications} replications, until ${percent} % is reached`;
  return replications === 1 ? '' : `, ${replications} replications`;
}

function report(outcome: SimulateOutcome, context: CommandContext): void {
  const { summary, stoppedBy, failed, faults } = outcome;
  const folder = plainLine(shownPath(outcome.folder));
  if (context.json) context.answer(formatJson(summary));
  else context.answer(`${formatSummaryText(summary, faults)}\nresult: ${folder}\n`);
  for (const { replication, message } of failed.slice(0, mostFailuresTold)) {
    context.warn(`replication ${replication} failed: ${plainText(message)}\n`);
  }
  if (failed.length > 0) {
    const who = failed.length === 1 ? 'one replication' : `${failed.length} replications`;
    context.warn(`${who} failed: the others are in ${folder}\n`);
  }
  if (stoppedBy !== null) {
    context.warn(`${stopReason(stoppedBy)}: the result so far is in ${folder}\n`);
    return;
  }
  if (!outcome.isPrecise) {
    context.warn(`warning: the precision wanted is not reached with ${summary.replications} replications\n`);
  }
  for (const threshold of summary.thresholds) {
    const { metric, limit, verdict } = threshold;
    if (verdict === 'undecided' && failed.length === 0) {
      const hint = wouldBeDecided(threshold) ? '; more replications would tell' : '';
      const why = verdictReason(threshold) ?? 'the value does not decide it';
      context.warn(`warning: ${plainLine(metric)} ${limit} is undecided: ${why}${hint}\n`);
    }
  }
}

function exitCodeOf({ summary, stoppedBy, failed, isPrecise }: SimulateOutcome, strict: boolean): ExitCode {
  const code = runExitCode(stoppedBy, failed);
  if (code !== exitCodes.fine) return code;
  const isBroken = summary.thresholds.some(
    ({ verdict }) => verdict === 'fail' || (strict && verdict === 'undecided'),
  );
  return isBroken || (strict && !isPrecise) ? exitCodes.thresholdFailed : exitCodes.fine;
}
