import { type SimulateOptions, shownPath } from '../runner/index.js';
import { plainLine } from '../topology/index.js';
import type { CommandContext } from './command.js';

/** Warns, even with `--quiet`, where something that an earlier run came to is lost. */
export function warnOfLosses(
  context: Pick<CommandContext, 'warn'>,
): Required<Pick<SimulateOptions, 'onRemoved' | 'onLacking' | 'onDamaged' | 'onRemade'>> {
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
    onDamaged: (file, again) => context.warn(`${notAsWritten(file)}: ${namesOf(again)} run again\n`),
    onRemade: (file) => context.warn(`${notAsWritten(file)}: it is made anew from its replications\n`),
  };
}

function notAsWritten(file: string): string {
  return `warning: ${plainLine(shownPath(file))} is not as it was written`;
}

function namesOf(again: Parameters<NonNullable<SimulateOptions['onDamaged']>>[1]): string {
  if (again === null) return 'all replications are';
  if (again === 'point') return 'the replications of that point are';
  if (again === 'points') return 'the replications of points that it lacks are';
  return `${again.kind === 'pilot' ? 'pilot' : 'replication'} ${again.replication} is`;
}
