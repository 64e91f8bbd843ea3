import { copyBuild } from './copy-build.js';

/** A place in compiled code where time can be lost on purpose. */
export interface Plant {
  /** In words. */
  readonly what: string;
  /** The bench that measures it. */
  readonly bench: string;
  /** The compiled file, from `dist`. */
  readonly file: string;
  /** Matches the statement, or the beginning of the function, that is slowed down. */
  readonly place: RegExp;
  /** On which side of the match the time is lost. */
  readonly side: 'before' | 'after';
  /** When it is lost: what takes a few ns leaves no room for a tenth of it in each call, nor for counting calls. */
  readonly condition: string;
}

/** The slow-downs that `bench:compare` has to find. */
export const plants = {
  lookUp: {
    what: 'the routing look-up',
    bench: 'route/lookup-large',
    file: 'src/routing/compile-routing-tables.js',
    place: /^ *toDatabase\(server, database\) \{$/m,
    side: 'after',
    condition: '(database & 63) === 0',
  },
  eventLoop: {
    what: 'the event loop',
    bench: 'kernel/mm1',
    file: 'src/sim/kernel/simulation.js',
    place: /^ *this\.#eventsExecuted \+= 1;$/m,
    side: 'before',
    condition: 'true',
  },
} as const satisfies Record<string, Plant>;

/**
 * Copies a build and loses time at a place of its code.
 * @param dist - the folder with the compiled code
 * @param folder - where the copy is to be; made anew
 * @param steps - of a chain of multiplications, a few processor cycles each
 * @returns the copy's `dist`
 * @throws Error if the code has no such place any more
 */
export function plantSlowDown(dist: string, folder: string, plant: Plant, steps: number): string {
  return copyBuild(dist, folder, plant.file, (code) => slowedDown(code, plant, steps));
}

/** The code with the loss in it. */
export function slowedDown(code: string, { what, place, side, condition }: Plant, steps: number): string {
  const found = place.exec(code);
  if (found === null) throw new Error(`the place of ${what} was not found in the compiled code: ${place}`);
  const at = found.index + (side === 'after' ? found[0].length : 0);
  const loss = `if (${condition}) loseTime();`;
  return `${code.slice(0, at)}${side === 'after' ? `\n${loss}` : `${loss}\n`}${code.slice(at)}
let lost = 1;
function loseTime() {
    let word = lost;
    for (let n = 0; n < ${steps}; n++) word = (Math.imul(word, 0x9e3779b1) + n) | 0;
    lost = word;
}
`;
}
