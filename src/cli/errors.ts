import { plainLine } from '../topology/index.js';
import { type ExitCode, exitCodes } from './command.js';
import { StopError } from './stop-error.js';
import { UsageError } from './usage-error.js';

export { StopError, UsageError };

/** One entry of the `error/1` document. What does not apply is null. */
export interface ReportedError {
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly path: string | null;
  readonly message: string;
  readonly hint: string | null;
}

export interface Failure {
  readonly exitCode: ExitCode;
  readonly errors: readonly ReportedError[];
}

const plain = (message: string, hint: string | null = null): ReportedError => ({
  file: null,
  line: null,
  column: null,
  path: null,
  message,
  hint,
});

/**
 * What to tell the user about something thrown. Bad input never shows a stack trace; neither does our own bug, which
 * asks to be reported instead (`MAILFLOW_DEBUG=1` adds the stack for whoever looks into it).
 */
export async function describeFailure(error: unknown): Promise<Failure> {
  if (error instanceof UsageError) return { exitCode: exitCodes.usage, errors: [plain(error.message)] };
  if (error instanceof StopError) {
    return { exitCode: error.exitCode, errors: error.messages.map((message) => plain(message)) };
  }
  const { ScenarioError } = await import('../scenario/index.js');
  if (error instanceof ScenarioError) return { exitCode: exitCodes.invalidInput, errors: error.problems };
  const name = error instanceof Error && error.name !== 'Error' ? `${error.name}: ` : '';
  const message = error instanceof Error ? error.message : String(error);
  const stack = process.env['MAILFLOW_DEBUG'] === '1' && error instanceof Error ? `\n${error.stack}` : '';
  return {
    exitCode: exitCodes.ourBug,
    errors: [
      plain(
        `internal error: ${name}${message}${stack}`,
        'this is a bug in mailflow: please report it with the command line and the input files',
      ),
    ],
  };
}

/**
 * `file:line:column path: message (hint)`, without what is null; safe to show on a terminal. Lines are kept only in
 * messages of our own, which stand in no file.
 */
export function formatError(error: ReportedError): string {
  const place = [error.file, error.line, error.column].filter((part) => part !== null).join(':');
  const head = [place, error.path].filter((part) => part !== null && part !== '').join(' ');
  const text = `${head === '' ? '' : `${head}: `}${error.message}${error.hint === null ? '' : ` (${error.hint})`}`;
  return error.file === null ? text.split('\n').map(plainLine).join('\n') : plainLine(text);
}
