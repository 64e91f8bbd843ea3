import { plainLine } from '../topology/index.js';
import { type ExitCode, exitCodes, type Terminal } from './command.js';
import { StopError, UnkeptAnswerError, UsageError } from './errors.js';

/** One entry of the `error/1` document. What does not apply is null. */
interface ReportedError {
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly path: string | null;
  readonly message: string;
  readonly hint: string | null;
}

interface Failure {
  readonly exitCode: ExitCode;
  readonly errors: readonly ReportedError[];
}

/**
 * Tells of something thrown, as an `error/1` document or in lines.
 * @returns the exit code that goes with it
 */
export async function reportFailure(
  error: unknown,
  json: boolean,
  { stdout, stderr }: Terminal,
): Promise<ExitCode> {
  const { exitCode, errors } = await describeFailure(error);
  // One document is all that standard output may hold.
  if (json && !(error instanceof UnkeptAnswerError)) {
    stdout.write(`${JSON.stringify({ mailflow: 'error/1', exitCode, errors }, null, 2)}\n`);
    return exitCode;
  }
  for (const each of errors) stderr.write(`${formatError(each)}\n`);
  // Where a result may not be written the command line is understood.
  if (error instanceof UsageError) stderr.write('`mailflow --help` shows how it is used\n');
  return exitCode;
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
async function describeFailure(error: unknown): Promise<Failure> {
  if (error instanceof UsageError || error instanceof UnkeptAnswerError) {
    return { exitCode: exitCodes.usage, errors: [plain(error.message)] };
  }
  if (error instanceof StopError) {
    return { exitCode: error.exitCode, errors: error.messages.map((message) => plain(message)) };
  }
  const { ScenarioError } = await import('../scenario/index.js');
  if (error instanceof ScenarioError) return { exitCode: exitCodes.invalidInput, errors: error.problems };
  // Where to write is said on the command line.
  const { ResultFolderError } = await import('../runner/index.js');
  if (error instanceof ResultFolderError) {
    return { exitCode: exitCodes.usage, errors: [plain(error.message)] };
  }
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
function formatError(error: ReportedError): string {
  const place = [error.file, error.line, error.column].filter((part) => part !== null).join(':');
  const head = [place, error.path].filter((part) => part !== null && part !== '').join(' ');
  const text = `${head === '' ? '' : `${head}: `}${error.message}${error.hint === null ? '' : ` (${error.hint})`}`;
  return error.file === null ? text.split('\n').map(plainLine).join('\n') : plainLine(text);
}
