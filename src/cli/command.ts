import type { ArgumentsCamelCase, Argv, InferredOptionTypes, Options, PositionalOptions } from 'yargs';

/** What the program ends with (design section 3). */
export const exitCodes = {
  fine: 0,
  ourBug: 1,
  usage: 2,
  invalidInput: 3,
  thresholdFailed: 4,
  comparisonFound: 5,
  replicationsFailed: 6,
  guardStopped: 7,
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The streams of the process, or those of a test. */
export interface Terminal {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean };
}

/** Where a command writes, and what the common options say. */
export interface CommandContext {
  /** `--json`: standard output holds one JSON document and nothing else. */
  readonly json: boolean;
  /** `--quiet`: no progress and no prose on standard error; the answer on standard output stays. */
  readonly quiet: boolean;
  /** `--no-color`, the environment variable NO_COLOR and a standard error that is no terminal switch it off. */
  readonly color: boolean;
  /** `--root`: the folder that paths inside files must not leave; absent: found from the file. */
  readonly root: string | undefined;
  /** Standard error is a terminal: a progress line may be rewritten in place. */
  readonly interactive: boolean;
  /** Writes to standard output: the answer. */
  answer(text: string): void;
  /** Writes one JSON document and a line end to standard output. */
  answerJson(document: unknown): void;
  /** Writes to standard error: progress and prose; nothing with `--quiet`. */
  tell(text: string): void;
  /** Writes to standard error even with `--quiet`: warnings and errors. */
  warn(text: string): void;
  /**
   * Aborted on the first SIGINT. Asking for it takes the signal over: the command then has to stop and return
   * `exitCodes.interrupted`; a second SIGINT ends the process at once.
   */
  interruption(): AbortSignal;
}

type Positionals = { readonly [name: string]: PositionalOptions };
type OptionTable = { readonly [name: string]: Options };

/** The arguments of a command as its options declare them, in camel case. */
export type CommandArguments<P extends Positionals, O extends OptionTable> = ArgumentsCamelCase<
  InferredOptionTypes<P> & InferredOptionTypes<O>
>;

export interface CommandDefinition<P extends Positionals, O extends OptionTable> {
  /** The `<file>` and `[folder]` of the registry's usage line, by name. */
  readonly positionals: P;
  /** Options besides the common ones; in kebab case as they are typed. */
  readonly options: O;
  /**
   * Does the work; the number it returns ends the program.
   * @throws ScenarioError on bad input (3), UsageError on arguments that make no sense together, ResultFolderError
   * where nothing can be written (2), StopError with an exit code of its own; anything else is reported as our own
   * bug (1)
   */
  run(args: CommandArguments<P, O>, context: CommandContext): Promise<ExitCode>;
}

/** A command with its argument types closed over: what the registry holds. */
export interface Command {
  /** Options that may be given once only. */
  readonly single: readonly string[];
  declare(yargs: Argv): Argv;
  run(args: object, context: CommandContext): Promise<ExitCode>;
}

/** One line of the registry in main.ts: what `--help` shows, and where the command itself is. */
export interface CommandEntry {
  /** `check <file>`, in the notation of yargs. */
  readonly usage: string;
  readonly describe: string;
  readonly load: () => Promise<{ readonly command: Command }>;
}

/** Makes a command of its definition; a command's file exports the result as `command`. */
export function defineCommand<const P extends Positionals, const O extends OptionTable>(
  definition: CommandDefinition<P, O>,
): Command {
  const options = Object.entries(definition.options);
  return {
    single: options.filter(([, each]) => each.array !== true && each.type !== 'array').map(([name]) => name),
    declare(yargs) {
      for (const [name, each] of Object.entries(definition.positionals)) yargs.positional(name, each);
      for (const [name, each] of options) {
        yargs.option(name, { requiresArg: each.type !== 'boolean' && each.boolean !== true, ...each });
      }
      return yargs;
    },
    run: (args, context) => definition.run(args as CommandArguments<P, O>, context),
  };
}
