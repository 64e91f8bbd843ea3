import {
  compileOrganization,
  type FailureAnswer,
  findFailures,
  type ProgressAnswer,
  simulateFailures,
} from '../../experiment/index.js';
import { formatCount, formatFailuresText, nameFailure } from '../../report/index.js';
import { loadOrganization, loadScenario, packageVersion } from '../../runner/index.js';
import { formatProblem } from '../../scenario/index.js';
import { type CommandContext, defineCommand, exitCodes } from '../command.js';
import { endAsInterrupted } from '../ending-signals.js';
import { readCount } from '../option-values.js';

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
  },
  async run({ file, pairs, simulate, limit }, context) {
    const simulated = simulate === undefined ? 0 : readCount('--simulate', simulate);
    const shown = limit === undefined ? undefined : readCount('--limit', limit);
    const most = shown ?? (context.json ? Number.POSITIVE_INFINITY : failuresShown);
    // Read first: no file that cannot be simulated makes anybody wait.
    const decoded = simulated === 0 ? undefined : loadScenario(file, { root: context.root });
    for (const warning of decoded?.warnings ?? []) context.tell(`warning: ${formatProblem(warning)}\n`);
    const tables = compileOrganization(loadOrganization(file, { root: context.root }));
    const progress = new FailureProgress(context);
    const found = findFailures(tables, {
      pairs,
      most: Math.max(most, simulated),
      onProgress: (done) => progress.looked(done),
    });
    if (decoded === undefined) {
      progress.end();
      report(found, context);
      return exitCodes.fine;
    }
    const signal = context.interruption();
    const restoreSignals = endAsInterrupted();
    const { answer, outcome } = await simulateFailures(found, decoded.scenario, tables, {
      version: packageVersion(),
      most: simulated,
      onRun: (failed, place) => {
        progress.running(
          `${place} of ${simulated}: ${failed === null ? 'nothing failed' : nameFailure(failed)}`,
        );
      },
      onProgress: () => breathe(signal),
    }).finally(() => {
      progress.end();
      restoreSignals();
    });
    report({ ...answer, failures: answer.failures.slice(0, Math.max(1, most)) }, context);
    return outcome === 'stopped' ? exitCodes.interrupted : exitCodes.fine;
  },
});

function report(answer: FailureAnswer, context: CommandContext): void {
  if (context.json) context.answerJson(answer);
  else context.answer(formatFailuresText(answer));
}

/** Signals come in while the event loop goes round once. */
function breathe(signal: AbortSignal): Promise<ProgressAnswer> {
  return new Promise((resolve) => {
    setImmediate(() => resolve(signal.aborted ? 'stop' : 'continue'));
  });
}

/** Between two lines of progress. */
const lineEveryMs = 1_000;

/** Tells on a terminal how far it is, and plainly what is run. */
class FailureProgress {
  readonly #context: CommandContext;
  #toldMs = performance.now();
  #hasLine = false;

  constructor(context: CommandContext) {
    this.#context = context;
  }

  looked(done: number): void {
    if (!this.#context.interactive || performance.now() - this.#toldMs < lineEveryMs) return;
    this.#toldMs = performance.now();
    this.#hasLine = true;
    this.#context.tell(`\r${formatCount(done)} failures looked at\u001b[K`);
  }

  running(what: string): void {
    this.end();
    this.#context.tell(`simulating ${what}\n`);
  }

  end(): void {
    if (this.#hasLine) this.#context.tell('\r\u001b[K');
    this.#hasLine = false;
  }
}
