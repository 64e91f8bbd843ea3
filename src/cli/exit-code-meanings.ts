import { exitCodes } from './command.js';

/** What each exit code means, by its name in `exitCodes`. */
const meanings = {
  fine: 'It worked. For `route` that includes mail that is returned or finds no way.',
  ourBug: 'A bug in mailflow: please report it with the command line and the input files.',
  usage:
    'The command line was not understood, or what it asks for cannot be written where it is to be: something is in the way.',
  invalidInput:
    'Input that cannot be: a file with errors, a name that nothing has, or, with `check --remove-server`, a server ' +
    'that Setup would not remove.',
  thresholdFailed:
    'A threshold of the scenario does not hold, or with `--strict` is undecided; of `capacity`, no value in the range will do.',
  comparisonFound: 'A comparison found a regression, or `diff --fail-on-change` a change.',
  replicationsFailed:
    'Some replications failed; the partial result has the others, and `--resume` runs those that failed again.',
  guardStopped:
    'A run guard (`--max-events`, `--max-in-flight`, `--max-wall`) stopped the run; its result is partial.',
  interrupted: 'Interrupted by a signal; the result so far is partial.',
} as const satisfies Record<keyof typeof exitCodes, string>;

export interface ExitCodeMeaning {
  readonly code: number;
  readonly meaning: string;
}

/** Every exit code with its meaning, lowest first. */
export const exitCodeMeanings: readonly ExitCodeMeaning[] = Object.entries(meanings)
  .map(([name, meaning]) => ({ code: exitCodes[name as keyof typeof meanings], meaning }))
  .sort((a, b) => a.code - b.code);
