import type { EventListKind } from '../../src/sim/kernel/index.js';
import { copyBuild } from './copy-build.js';

/** Where a simulation gets its future event list from unless told otherwise, from `dist`. */
export const simulationFile = 'src/sim/kernel/simulation.js';
const ownList = /new LadderEventList\(\)/;

/**
 * Copies a build and gives all its simulations another future event list by default.
 * @param dist - the folder with the compiled code
 * @param folder - where the copy is to be; made anew
 * @returns the copy's `dist`
 * @throws Error if the code has no such place any more
 */
export function buildWithEventList(dist: string, folder: string, kind: EventListKind): string {
  return copyBuild(dist, folder, simulationFile, (code) => withEventList(code, kind));
}

/** The code of the simulation with that list by default. */
export function withEventList(code: string, kind: EventListKind): string {
  if (!ownList.test(code))
    throw new Error(`the default event list was not found in the compiled code: ${ownList}`);
  const list = code.replace(ownList, `createEventList('${kind}')`);
  return `import { createEventList } from './event-list-kinds.js';\n${list}`;
}
