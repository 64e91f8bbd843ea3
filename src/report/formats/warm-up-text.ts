import type { RunSummary } from '../../measure/index.js';
import { formatSpan } from './quantities.js';

/** How much of the start is left out, for the line that says what the run was; empty where nothing is. */
export function warmUpText({ warmUpMs, warmUp }: Pick<RunSummary, 'warmUpMs' | 'warmUp'>): string {
  if (warmUpMs === 0 && warmUp === undefined) return '';
  const found = warmUp === undefined ? '' : warmUp.found ? ' (found)' : ' (NO steady state found)';
  return `, after a warm-up of ${formatSpan(warmUpMs)}${found}`;
}

/** Where `warmUp: auto` found no steady state: what that means for the figures. */
export function noSteadyState({ warmUp }: Pick<RunSummary, 'warmUp'>): string | undefined {
  if (warmUp === undefined || warmUp.found) return undefined;
  return (
    'No steady state was found: half of the time looked at is left out. The run is too short, overloaded, or its load ' +
    'has a shape; figures of a steady state are not to be taken from it.'
  );
}
