import type { CommandEntry } from './command.js';
import { commonOptions } from './common-options.js';

/**
 * What `--help` says where no command is asked about: every command, and the options that all of them take. It is not left
 * to yargs, which takes longer to load, and to lay this out, than Node.js takes to start.
 */
export function formatOverview(entries: readonly CommandEntry[]): string {
  const commands = entries.map(({ usage, describe }) => [`mailflow ${usage}`, describe] as const);
  const options = Object.entries({
    ...commonOptions,
    version: { describe: 'the version of mailflow' },
    help: { describe: 'this; after a command, its options' },
  }).map(([name, { describe }]) => [`--${name}`, describe] as const);
  return [
    'mailflow <command> [options]',
    '',
    'Commands:',
    ...aligned(commands),
    '',
    'Options:',
    ...aligned(options),
    '',
  ].join('\n');
}

function aligned(rows: readonly (readonly [name: string, describe: string])[]): readonly string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, describe]) => `  ${name.padEnd(width)}  ${describe}`);
}
