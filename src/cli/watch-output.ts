import type { Writable } from 'node:stream';
import { type ExitCode, exitCodes } from './command.js';

/**
 * Ends the program when what it writes cannot be written: a full disk is said on standard error; a reader that has
 * seen enough (`| head`) is no failure.
 */
export function watchOutput(stdout: Writable, stderr: Writable, exit: (exitCode: ExitCode) => void): void {
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') {
      exit(exitCodes.fine);
      return;
    }
    stderr.write(`cannot write to standard output: ${error.message}\n`, () => exit(exitCodes.usage));
  });
  stderr.on('error', (error: NodeJS.ErrnoException) => {
    exit(error.code === 'EPIPE' ? exitCodes.fine : exitCodes.ourBug);
  });
}
