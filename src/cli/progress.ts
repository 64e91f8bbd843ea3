import { formatCount, formatSpan, plainText } from '../report/index.js';
import type { JobProgress, RunProgress } from '../runner/index.js';
import type { CommandContext } from './command.js';

/** Wall time between two plain lines where there is no terminal to rewrite a line on. */
const plainLineEveryMs = 5_000;

/** A line that wraps could not be rewritten. */
const longestLine = 79;

/**
 * Tells how far a run is, on standard error: one line that is rewritten on a terminal, a plain line now and then
 * elsewhere, nothing with `--quiet`.
 */
export class ProgressReport {
  readonly #context: Pick<CommandContext, 'interactive' | 'quiet' | 'tell'>;
  #toldMs = 0;
  #lineShown = false;

  constructor(context: Pick<CommandContext, 'interactive' | 'quiet' | 'tell'>) {
    this.#context = context;
  }

  update(progress: RunProgress): void {
    if (!this.#context.quiet) this.tell(describe(progress), progress.wallMs);
  }

  /** @param wallMs - since it began */
  tell(howFar: string, wallMs: number): void {
    if (this.#context.interactive) {
      this.#context.tell(`\r${howFar.slice(0, longestLine)}\u001b[K`);
      this.#lineShown = true;
    } else if (wallMs - this.#toldMs >= plainLineEveryMs) {
      this.#toldMs = wallMs;
      this.#context.tell(`${howFar}\n`);
    }
  }

  /** Takes the line away; whatever is written next begins on a clean one. */
  end(): void {
    if (this.#lineShown) this.#context.tell('\r\u001b[K');
    this.#lineShown = false;
  }
}

/** Says how much is left only where it is known how much there will be. */
export function describe(progress: RunProgress): string {
  const { stage, jobs, running, events, wallMs, leftMs } = progress;
  const left = leftMs === null ? '' : `, about ${formatSpan(leftMs)} left`;
  const only = jobs === 1 && stage.atMost === undefined ? running[0] : undefined;
  const where = only === undefined ? describeMany(progress) : describeOne(only);
  return `${where}, ${formatCount(events)} events, ${formatSpan(wallMs)}${left}`;
}

function describeMany({ stage, jobs, finished, running }: RunProgress): string {
  const { kind, atMost, before = 0, step } = stage;
  const at = step === undefined ? '' : `step ${formatCount(step.number)}, ${plainText(step.value)}: `;
  const now = `${running.length} running`;
  if (kind === 'pilots')
    return `${at}looking for the warm-up: ${formatCount(finished)} of ${formatCount(jobs)} pilots done, ${now}`;
  if (atMost === undefined) return `${at}${formatCount(finished)} of ${formatCount(jobs)} done, ${now}`;
  return `${at}${formatCount(before + finished)} of at most ${formatCount(atMost)} replications done, ${now}`;
}

function describeOne({ nowMs, durationMs, messagesInFlight }: JobProgress): string {
  const where =
    nowMs <= durationMs
      ? `${Math.floor((nowMs / durationMs) * 100)} % of ${formatSpan(durationMs)}`
      : `draining, ${formatSpan(nowMs - durationMs)} after the last new mail`;
  return `${where}, ${formatCount(messagesInFlight)} in flight`;
}
