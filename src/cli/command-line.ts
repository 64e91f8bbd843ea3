import { type CommandEntry, exitCodes, type Terminal } from './command.js';
import { formatOverview } from './overview.js';

/**
 * Parses a command line, runs its command and reports what went wrong.
 * @returns the exit code of design section 3; never rejects
 */
export async function runCommandLine(
  entries: readonly CommandEntry[],
  argv: readonly string[],
  terminal: Terminal,
): Promise<number> {
  // What is loaded only where it is needed takes most of the time that somebody waits who only asks for help.
  if (argv.length === 1 && argv[0] === '--help') {
    terminal.stdout.write(formatOverview(entries));
    return exitCodes.fine;
  }
  try {
    const { parseAndRun } = await import('./parsed-command-line.js');
    return await parseAndRun(entries, argv, terminal);
  } catch (error) {
    const { reportFailure } = await import('./report-failure.js');
    return reportFailure(error, isJsonWanted(argv), terminal);
  }
}

/** Whatever is wrong with the rest of the line. */
function isJsonWanted(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end === -1 ? undefined : end).some((each) => /^--json(=true)?$/.test(each));
}
