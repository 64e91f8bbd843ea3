import { type SimulateOptions, shownPath } from '../runner/index.js';
import { plainLine } from '../topology/index.js';
import type { CommandContext } from './command.js';

/** Warns, even with `--quiet`, where something that an earlier run came to is lost. */
export function warnOfLosses(
  context: Pick<CommandContext, 'warn'>,
): Required<Pick<SimulateOptions, 'onRemoved' | 'onLacking' | 'onDamaged'>> {
  return {
    onRemoved: (replications) => {
      context.warn(
        `warning: finished replications of an interrupted run are removed: ${replications}; --resume would have gone ` +
          'on from them\n',
      );
    },
    onLacking: (table, replications) => {
      const which =
        replications === 1
          ? 'one finished replication has no rows of'
          : `${replications} finished replications have no rows of`;
      const again = replications === 1 ? 'it is' : 'they are';
      context.warn(`warning: ${which} ${table}.csv, which is wanted now: ${again} run again\n`);
    },
    onDamaged: (file, job) => {
      const what =
        job === null
          ? 'all replications are'
          : `${job.kind === 'pilot' ? 'pilot' : 'replication'} ${job.replication} is`;
      context.warn(`warning: ${plainLine(shownPath(file))} is not as it was written: ${what} run again\n`);
    },
  };
}
