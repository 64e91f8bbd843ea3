import {
  compileOrganization,
  type FailureAnswer,
  type FailureOptions,
  findFailuresInSteps,
} from '../../experiment/index.js';
import { formatCount, formatFailuresText, formatJson, nameFailure, plainText } from '../../report/index.js';
import {
  breathEveryMs,
  breathe,
  defaultWorkers,
  loadOrganization,
  loadScenario,
  packageVersion,
  type SimulatedFailures,
  simulateFailures,
} from '../../runner/index.js';
import { formatProblem } from '../../scenario/index.js';
import { type CommandContext, defineCommand, type ExitCode, exitCodes } from '../command.js';
import { answering, type CommandAnswer, outOption } from '../command-answer.js';
import { endAsInterrupted } from '../ending-signals.js';
import { StopError } from '../errors.js';
import { readCount, readWorkers } from '../option-values.js';
import { ProgressReport } from '../progress.js';
import { mostFailuresTold, runExitCode, stopReason } from '../run-end.js';

/** So many failures the text shows. */
const failuresShown = 20;

/** `mailflow failures`: which single failure, or which pair, hurts most, and why. */
export const command = defineCommand({
  positionals: {
    file: { type: 'string', demandOption: true, describe: 'an organization or scenario file' },
  },
  options: {
    pairs: { type: 'boolean', default: false, describe: 'every two at once, instead of every one' },
    simulate: {
      type: 'string',
      describe: 'so many of the worst are run, for as long as new mail arrives: what the thresholds say',
    },
    limit: {
      type: 'string',
      describe: `how many failures are listed (default ${failuresShown}, with --json all)`,
    },
    workers: {
      type: 'string',
      describe: 'with --simulate, replications at a time, on threads; default: one a core',
    },
    out: outOption,
  },
  async run({ file, pairs, simulate, limit, workers, out }, context) {
    const simulated = simulate === undefined ? 0 : readCount('--simulate', simulate);
    const shown = limit === undefined ? undefined : readCount('--limit', limit);
    const listed: Listed = { json: shown ?? Number.POSITIVE_INFINITY, text: shown ?? failuresShown };
    const most = context.json || out !== undefined ? listed.json : listed.text;
    const atOnce = readWorkers(workers) ?? defaultWorkers();
    // Read first: no file that cannot be simulated makes anybody wait.
    const decoded = simulated === 0 ? undefined : loadScenario(file, { root: context.root });
    for (const warning of decoded?.warnings ?? []) context.tell(`warning: ${formatProblem(warning)}\n`);
    const tables = compileOrganization(loadOrganization(file, { root: context.root }));
    return answering('failures', out, context, async (give) => {
      const signal = context.interruption();
      const restoreSignals = endAsInterrupted();
      try {
        const found = await look(tables, { pairs, most: Math.max(most, simulated) }, signal, context);
        if (decoded === undefined) {
          give(answerOf(found, listed));
          return exitCodes.fine;
        }
        const progress = new ProgressReport(context);
        const outcome = await simulateFailures(file, found, {
          version: packageVersion(),
          root: context.root,
          most: simulated,
          workers: atOnce,
          signal,
          onPlanned: (failures, replications) => {
            const what = failures === 1 ? 'the worst' : `the ${formatCount(failures)} worst`;
            context.tell(
              `simulating ${what}, and nothing failed: replications: ${formatCount(replications)}\n`,
            );
          },
          onProgress: (now) => progress.update(now),
        }).finally(() => progress.end());
        give(answerOf(outcome.answer, listed));
        return tellEnd(outcome, context);
      } finally {
        restoreSignals();
      }
    });
  },
});

/**
 * Looks at the failures, and now and then at signals.
 * @throws StopError when it was interrupted
 */
async function look(
  tables: ReturnType<typeof compileOrganization>,
  options: Omit<FailureOptions, 'onProgress'>,
  signal: AbortSignal,
  context: CommandContext,
): Promise<FailureAnswer> {
  const progress = new ProgressReport(context);
  const steps = findFailuresInSteps(tables, options);
  const startedMs = performance.now();
  let breathedMs = startedMs;
  try {
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done === true) return step.value;
      if (performance.now() - breathedMs < breathEveryMs) continue;
      await breathe();
      breathedMs = performance.now();
      const looked = `${formatCount(step.value)} failures`;
      if (signal.aborted) {
        const soFar = `${looked} had been looked at, and nothing was simulated`;
        throw new StopError(exitCodes.interrupted, [`${stopReason('interrupt')}: ${soFar}`]);
      }
      progress.tell(`${looked} looked at`, breathedMs - startedMs);
    }
  } finally {
    progress.end();
  }
}

function tellEnd(
  { wanted, simulated, stoppedBy, failedRuns }: SimulatedFailures,
  context: CommandContext,
): ExitCode {
  for (const { failed, replication, message } of failedRuns.slice(0, mostFailuresTold)) {
    const what = failed === null ? 'nothing failed' : nameFailure(failed);
    context.warn(`${what}, replication ${replication} failed: ${plainText(message, 200)}\n`);
  }
  if (stoppedBy !== null) {
    context.warn(`${stopReason(stoppedBy)}: ${simulated} of ${wanted} failures have been simulated\n`);
  }
  return runExitCode(stoppedBy, failedRuns);
}

/** Failures that are listed, at most. */
interface Listed {
  readonly json: number;
  readonly text: number;
}

function answerOf(answer: FailureAnswer, { json, text }: Listed): CommandAnswer {
  const first = (most: number) => ({ ...answer, failures: answer.failures.slice(0, most) });
  return {
    isWhole: answer.incomplete !== true,
    json: () => [formatJson(first(json))],
    text: () => formatFailuresText(first(text)),
  };
}
