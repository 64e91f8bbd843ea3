import { existsSync, statSync } from 'node:fs';
import yargs, { type Argv } from 'yargs';
import { type Command, type CommandContext, type CommandEntry, exitCodes, type Terminal } from './command.js';
import { type CommonArguments, commonOptions } from './common-options.js';
import { UsageError } from './errors.js';
import { formatOverview } from './overview.js';

/**
 * Parses a command line and runs its command.
 * @returns its exit code
 * @throws UsageError where it cannot be meant; what the command throws
 */
export async function parseAndRun(
  entries: readonly CommandEntry[],
  argv: readonly string[],
  terminal: Terminal,
): Promise<number> {
  let chosen: { readonly command: Command; readonly args: CommonArguments } | undefined;
  const parser = yargs()
    .scriptName('mailflow')
    .locale('en')
    .usage('$0 <command> [options]')
    .parserConfiguration({ 'parse-numbers': false, 'parse-positional-numbers': false })
    .options(commonOptions)
    .option(endOfOptions, { type: 'boolean', hidden: true })
    .strict()
    .demandCommand(1, 'a command is needed')
    .version(await shownVersion(argv))
    .help()
    .wrap(110)
    .exitProcess(false)
    .showHelpOnFail(false)
    .fail((message: string | null, error: Error | undefined) => {
      throw error ?? new UsageError(withoutTwins(message ?? 'not understood'));
    });
  for (const { usage, describe, load } of entries) {
    let command: Command;
    parser.command(
      usage,
      describe,
      async (inner: Argv) => {
        command = (await load()).command;
        return command.declare(inner);
      },
      // Only noted here: what a command throws must not become a complaint about the command line.
      (args) => {
        chosen = { command, args: args as CommonArguments };
      },
    );
  }
  let help = '';
  try {
    await parser.parseAsync(withoutDashes(argv), {}, (_error, args: ParsedWords, output) => {
      help = args._?.length === 0 && args.help === true ? formatOverview(entries) : `${output}\n`;
    });
  } catch (error) {
    if (error instanceof UsageError) throw (await unknownCommand(entries, argv)) ?? error;
    throw error instanceof Error && error.name === 'YError' ? new UsageError(error.message) : error;
  }
  if (chosen === undefined) {
    terminal.stdout.write(help);
    return exitCodes.fine;
  }
  const { command, args } = chosen;
  for (const name of [...command.single, ...Object.keys(commonOptions)]) {
    if (Array.isArray(args[name])) throw new UsageError(`--${name} is given more than once`);
  }
  checkPaths(args);
  const interruption = new Interruption();
  try {
    return await command.run(args, openContext(args, terminal, interruption));
  } finally {
    interruption.close();
  }
}

interface ParsedWords {
  /** The command, and what stands beside options. */
  readonly _?: readonly unknown[];
  readonly help?: unknown;
}

/** Arguments and options that name a file or a folder. */
const pathNames = ['a', 'b', 'file', 'folder', 'out', 'plan', 'result', 'root', 'scenario'];

/** @throws UsageError where a file or a folder has no name, or there is no root */
function checkPaths(args: CommonArguments): void {
  for (const name of pathNames) {
    const value = args[name];
    if (value !== '' && !(Array.isArray(value) && value.includes(''))) continue;
    const what = ['out', 'plan', 'root'].includes(name) ? `--${name}` : name;
    throw new UsageError(`${what}: expected the name of a file or a folder, got ""`);
  }
  const { root } = args;
  if (root === undefined || (existsSync(root) && statSync(root).isDirectory())) return;
  throw new UsageError(`--root: expected a folder that is there, got ${JSON.stringify(root)}`);
}

/** Ends an option that takes several values; not meant to be typed. */
const endOfOptions = 'end-of-options';

/**
 * What follows `--` is what is asked about, files and folders, and no options: yargs itself would leave it aside. A name
 * that begins with a dash is written as a path.
 */
function withoutDashes(argv: readonly string[]): string[] {
  const end = argv.indexOf('--');
  if (end === -1) return [...argv];
  const names = argv.slice(end + 1).map((word) => (word.startsWith('-') ? `./${word}` : word));
  return [...argv.slice(0, end), `--${endOfOptions}=true`, ...names];
}

/** The version where it is asked for: the layer that reads it takes longer to load than all of `--help`. */
async function shownVersion(argv: readonly string[]): Promise<string> {
  if (!argv.some((word) => word.startsWith('--version'))) return '';
  return (await import('../runner/index.js')).packageVersion();
}

/** What to say when the first word is no command, in place of what yargs says of it. */
async function unknownCommand(
  entries: readonly CommandEntry[],
  argv: readonly string[],
): Promise<UsageError | undefined> {
  const word = argv.find((each) => !each.startsWith('-'));
  const names = entries.map(({ usage }) => usage.split(' ')[0]!);
  if (word === undefined || names.includes(word)) return undefined;
  const { hintAt } = await import('../topology/index.js');
  return new UsageError(`unknown command ${JSON.stringify(word)} (${hintAt(word, names)})`);
}

/** Of the unknown options, which yargs lists as they are typed and in camel case, those that were typed. */
function withoutTwins(message: string): string {
  const match = /^Unknown arguments: (.*)$/s.exec(message);
  if (match === null) return message;
  const words = [...new Set(match[1]!.split(', '))];
  const twins = new Set(words.filter((word) => word.includes('-')).map((word) => camelCase(word)));
  const typed = words.filter((word) => !twins.has(word));
  return `Unknown argument${typed.length === 1 ? '' : 's'}: ${typed.join(', ')}`;
}

function camelCase(option: string): string {
  return option.replace(/-+([^-])/g, (_, letter: string) => letter.toUpperCase());
}

function openContext(
  args: CommonArguments,
  { stdout, stderr }: Terminal,
  interruption: Interruption,
): CommandContext {
  const quiet = args.quiet === true;
  const interactive = stderr.isTTY === true;
  return {
    json: args.json === true,
    quiet,
    color: args.color !== false && interactive && (process.env['NO_COLOR'] ?? '') === '',
    root: args.root,
    interactive,
    answer: (text) => void stdout.write(text),
    answerJson: (document) => void stdout.write(`${JSON.stringify(document, null, 2)}\n`),
    tell: (text) => void (quiet || stderr.write(text)),
    warn: (text) => void stderr.write(text),
    interruption: () => interruption.open(),
  };
}

/** Takes SIGINT over while a command runs that can stop by itself; a second one ends the process at once. */
class Interruption {
  readonly #controller = new AbortController();
  readonly #interrupted = (): void => {
    if (this.#controller.signal.aborted) process.exit(exitCodes.interrupted);
    this.#controller.abort();
  };

  open(): AbortSignal {
    process.off('SIGINT', this.#interrupted);
    process.on('SIGINT', this.#interrupted);
    return this.#controller.signal;
  }

  close(): void {
    process.off('SIGINT', this.#interrupted);
  }
}
