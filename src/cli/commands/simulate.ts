import { formatCount, formatJson, formatSummaryText, plainText } from '../../report/index.js';
import {
  ResultFolderError,
  type SimulateOptions,
  type SimulateOutcome,
  type StoppedBy,
  simulate,
} from '../../runner/index.js';
import { formatProblem, parseDurationMs, UnitError } from '../../scenario/index.js';
import { eventListKinds } from '../../sim/kernel/index.js';
import { plainLine } from '../../topology/index.js';
import { type CommandContext, defineCommand, type ExitCode, exitCodes } from '../command.js';
import { UsageError } from '../errors.js';
import { ProgressReport } from '../progress.js';
import { packageVersion } from '../version.js';

/** `mailflow simulate <scenario>`: what happens under this load, with these faults (design section 8). */
export const command = defineCommand({
  positionals: {
    scenario: { type: 'string', demandOption: true, describe: 'a scenario (YAML or JSON)' },
  },
  options: {
    seed: { type: 'string', describe: 'instead of that of the scenario; any text' },
    replications: { type: 'string', describe: 'instead of those of the scenario' },
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
    const options: SimulateOptions = {
      version: packageVersion(),
      root: context.root,
      set: [
        ...(args.set ?? []),
        ...(args.seed === undefined ? [] : [`seed=${JSON.stringify(readSeed(args.seed))}`]),
        ...(args.replications === undefined
          ? []
          : [`replications=${readCount('--replications', args.replications, mostReplications)}`]),
      ],
      out: args.out,
      messages: args.messages,
      untilMs: args.until === undefined ? undefined : readTime('--until', args.until),
      maxEvents: args.maxEvents === undefined ? undefined : readCount('--max-events', args.maxEvents),
      maxInFlight:
        args.maxInFlight === undefined ? undefined : readCount('--max-in-flight', args.maxInFlight),
      maxWallMs: args.maxWall === undefined ? undefined : readTime('--max-wall', args.maxWall),
      eventList: args.eventList,
      signal: context.interruption(),
      onLoaded: (name, replications, warnings) => {
        for (const warning of warnings) context.tell(`warning: ${formatProblem(warning)}\n`);
        context.tell(
          `simulating ${plainText(name)}${replications === 1 ? '' : `, ${replications} replications`}\n`,
        );
      },
      onProgress: (now) => progress.update(now),
    };
    const restoreSignals = endAsInterrupted();
    const outcome = await simulate(args.scenario, options)
      .catch((error: unknown) => {
        throw error instanceof ResultFolderError ? new UsageError(error.message) : error;
      })
      .finally(() => {
        progress.end();
        restoreSignals();
      });
    report(outcome, context);
    return exitCodeOf(outcome, args.strict);
  },
});

/**
 * Has what else asks a process to end, a supervisor or a closed terminal, do as SIGINT does: the result so far is
 * written and marked, and a second one ends the process at once.
 * @returns undoes it
 */
function endAsInterrupted(): () => void {
  const interrupt = (): void => void process.emit('SIGINT');
  for (const signal of endingSignals) process.on(signal, interrupt);
  return () => {
    for (const signal of endingSignals) process.off(signal, interrupt);
  };
}

const endingSignals = ['SIGTERM', 'SIGHUP'] as const;

function report({ summary, folder, stoppedBy, faults }: SimulateOutcome, context: CommandContext): void {
  if (context.json) context.answer(formatJson(summary));
  else if (!context.quiet)
    context.answer(`${formatSummaryText(summary, faults)}\nresult: ${plainLine(folder)}\n`);
  if (stoppedBy !== null) {
    context.warn(`${stopReasons[stoppedBy]}: the result so far is in ${plainLine(folder)}\n`);
    return;
  }
  for (const { metric, limit, verdict } of summary.thresholds) {
    if (verdict === 'undecided') {
      context.warn(`warning: ${plainLine(metric)} ${limit} is undecided: more replications would tell\n`);
    }
  }
}

const stopReasons: Readonly<Record<StoppedBy, string>> = {
  interrupt: 'interrupted',
  'max-wall': 'stopped by --max-wall',
  'max-events': 'stopped by --max-events',
  'max-in-flight': 'stopped by --max-in-flight',
};

function exitCodeOf({ summary, stoppedBy }: SimulateOutcome, strict: boolean): ExitCode {
  if (stoppedBy !== null) return stoppedBy === 'interrupt' ? exitCodes.interrupted : exitCodes.guardStopped;
  const failed = summary.thresholds.some(
    ({ verdict }) => verdict === 'fail' || (strict && verdict === 'undecided'),
  );
  return failed ? exitCodes.thresholdFailed : exitCodes.fine;
}

/** What a scenario takes; asked here, too, so that a complaint names the option. */
const mostReplications = 100_000;
const longestSeed = 200;

function readSeed(text: string): string {
  if (text.length >= 1 && text.length <= longestSeed) return text;
  throw new UsageError(
    `--seed: expected a text of 1 to ${longestSeed} characters, got ${text === '' ? '""' : text.length}`,
  );
}

function readCount(option: string, text: string, most = Number.MAX_SAFE_INTEGER): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= most) return count;
  const range = most === Number.MAX_SAFE_INTEGER ? 'from 1' : `from 1 to ${formatCount(most)}`;
  throw new UsageError(`${option}: expected a whole number ${range}, got ${JSON.stringify(text)}`);
}

function readTime(option: string, text: string): number {
  try {
    return parseDurationMs(text);
  } catch (error) {
    if (error instanceof UnitError) throw new UsageError(`${option}: ${error.message}`);
    throw error;
  }
}
