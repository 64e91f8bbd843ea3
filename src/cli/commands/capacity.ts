import {
  type CapacityValue,
  firstReplications,
  mostReplicationsAStep,
  readCapacityValue,
} from '../../experiment/index.js';
import { formatCapacityText, formatJson, plainText } from '../../report/index.js';
import { type CapacityOutcome, capacity, defaultWorkers, packageVersion } from '../../runner/index.js';
import { type CommandContext, defineCommand, type ExitCode, exitCodes } from '../command.js';
import { answering, type GiveAnswer, outOption } from '../command-answer.js';
import { endAsInterrupted } from '../ending-signals.js';
import { StopError, UsageError } from '../errors.js';
import {
  mostReplications,
  readCount,
  readPercent,
  readSeed,
  readTime,
  readWorkers,
} from '../option-values.js';
import { ProgressReport } from '../progress.js';
import { mostFailuresTold, runExitCode, stopReason } from '../run-end.js';

/** `mailflow capacity`: how much fits before a threshold breaks, or how little will do. */
export const command = defineCommand({
  positionals: {
    scenario: { type: 'string', demandOption: true, describe: 'a scenario (YAML or JSON), with thresholds' },
  },
  options: {
    vary: {
      type: 'string',
      demandOption: true,
      describe: '<path> of the number to vary: workloads.0.messagesPerSecond',
    },
    between: {
      type: 'string',
      array: true,
      demandOption: true,
      describe: 'the lowest and the highest value to try: 1 100, or "10 Mbit/s" "1000 Mbit/s"',
    },
    smallest: {
      type: 'boolean',
      default: false,
      describe: 'the smallest value at which every threshold holds, instead of the largest',
    },
    precision: {
      type: 'string',
      default: '1',
      describe: 'the value is found to this percentage of itself; counts to the next at best',
    },
    replications: {
      type: 'string',
      describe: `of one value, at most (default ${mostReplicationsAStep}); the first ${firstReplications} decide if they can`,
    },
    seed: { type: 'string', describe: 'instead of that of the scenario; any text' },
    set: { type: 'string', array: true, describe: '<path>=<value>: changes the scenario for every value' },
    until: { type: 'string', describe: 'simulated time at which each replication ends at the latest: 2 h' },
    workers: { type: 'string', describe: 'replications at a time, on threads; default: one a core' },
    'max-wall': { type: 'string', describe: 'stops after so much real time: 5 min' },
    out: outOption,
  },
  async run(args, context) {
    const ends = readEnds(args.between);
    const seed = args.seed === undefined ? [] : [`seed=${JSON.stringify(readSeed(args.seed))}`];
    const progress = new ProgressReport(context);
    const options = {
      version: packageVersion(),
      root: context.root,
      set: [...(args.set ?? []), ...seed],
      vary: args.vary,
      ends,
      smallest: args.smallest,
      precision: readPercent('--precision', args.precision) / 100,
      mostReplications:
        args.replications === undefined
          ? mostReplicationsAStep
          : readCount('--replications', args.replications, mostReplications),
      untilMs: args.until === undefined ? undefined : readTime('--until', args.until),
      workers: readWorkers(args.workers) ?? defaultWorkers(),
      maxWallMs: args.maxWall === undefined ? undefined : readTime('--max-wall', args.maxWall),
      signal: context.interruption(),
      onStep: (value: string, replications: number) => {
        progress.end();
        context.tell(`trying ${plainText(value)}, replications: ${replications}\n`);
      },
      onProgress: (now: Parameters<ProgressReport['update']>[0]) => progress.update(now),
    };
    return answering('capacity', args.out, context, async (give) => {
      const restoreSignals = endAsInterrupted();
      const outcome = await capacity(args.scenario, options).finally(() => {
        progress.end();
        restoreSignals();
      });
      return report(outcome, give, context);
    });
  },
});

/** @throws StopError where there is no answer */
function report(
  { capacity: found, stoppedBy, failed, steps }: CapacityOutcome,
  give: GiveAnswer,
  context: CommandContext,
): ExitCode {
  if (found === null) {
    const tried = steps.map(({ value, verdict }) => `${value} ${verdict}`).join(', ');
    const soFar = `no value found; tried so far: ${tried === '' ? 'none to its end' : tried}`;
    throw new StopError(runExitCode(stoppedBy, failed), [
      ...failed
        .slice(0, mostFailuresTold)
        .map(({ job, message }) => `replication ${job.replication} failed: ${plainText(message, 200)}`),
      stoppedBy === null ? soFar : `${stopReason(stoppedBy)}: ${soFar}`,
    ]);
  }
  give({ json: () => [formatJson(found)], text: () => formatCapacityText(found) });
  const open = found.steps.filter(({ verdict }) => verdict === 'undecided');
  for (const { value, replications } of open) {
    const text = `${value} is undecided after ${replications} replications, and counts as too far`;
    context.warn(`warning: ${text}: more (\`--replications\`) would tell\n`);
  }
  return found.value === null ? exitCodes.thresholdFailed : exitCodes.fine;
}

/** @throws UsageError for anything but two values in one unit, the lower first */
function readEnds(texts: readonly string[]): readonly [CapacityValue, CapacityValue] {
  const [low, high] = texts.map((text) => {
    const value = readCapacityValue(text);
    if (value !== undefined) return value;
    throw new UsageError(
      `--between: expected numbers, such as 40, or with a unit 2.5 s, got ${JSON.stringify(text)}`,
    );
  });
  if (texts.length !== 2 || low === undefined || high === undefined) {
    throw new UsageError(`--between: expected two values, got ${texts.length}`);
  }
  if (low.unit !== high.unit) throw new UsageError('--between: expected two values in the same unit');
  if (low.amount >= high.amount) throw new UsageError('--between: expected the lower value first');
  return [low, high];
}
