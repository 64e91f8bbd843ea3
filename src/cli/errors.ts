import type { ExitCode } from './command.js';

/** Arguments that cannot be meant: exit 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** An answer has been given on standard output, but could not be kept where it was wanted, as the message says: exit 2. */
export class UnkeptAnswerError extends Error {
  override readonly name = 'UnkeptAnswerError';
}

/** A command that came to no answer because it was stopped, or what it ran failed; each message is told. */
export class StopError extends Error {
  override readonly name = 'StopError';
  readonly exitCode: ExitCode;
  readonly messages: readonly string[];

  /** @param messages - what was stopped, and how far it had come; those of replications that failed first */
  constructor(exitCode: ExitCode, messages: readonly string[]) {
    super(messages.join('; '));
    this.exitCode = exitCode;
    this.messages = messages;
  }
}
