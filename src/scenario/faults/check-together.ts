import { normalizeName } from '../../topology/index.js';
import type { References } from '../decoding.js';
import type { DatabaseMoveFault } from './database-move.js';
import type { DrainFault } from './drain.js';
import type { Fault } from './kind.js';

/** Takes what is to be said of a fault, at a path inside it. */
export type NoteFault = (fault: Fault, path: readonly string[], message: string) => void;

/**
 * What faults, each sound by itself, say together: a problem where two servers are drained into each other at a time,
 * a warning where a database moves to where it is.
 */
export function checkFaultsTogether(
  faults: readonly Fault[],
  references: References,
  problem: NoteFault,
  warning: NoteFault,
): void {
  checkDrains(
    faults.filter((fault) => fault.kind === 'drain'),
    problem,
  );
  for (const fault of faults) {
    if (fault.kind === 'database-move' && isMoveToWhereItIs(fault, faults, references)) {
      const message = `${JSON.stringify(fault.database)} is active there already: the move will only dismount it for a while`;
      warning(fault, ['to'], message);
    }
  }
}

/** Two servers that hand each other what they have would never be empty (QU-12). */
function checkDrains(drains: readonly DrainFault[], problem: NoteFault): void {
  for (const [place, later] of drains.entries()) {
    const counterpart = drains
      .slice(0, place)
      .find(
        (each) =>
          each.beginMs < later.endMs &&
          later.beginMs < each.endMs &&
          names(each.to, later.server) &&
          names(later.to, each.server),
      );
    if (counterpart === undefined) continue;
    const name = JSON.stringify(counterpart.server);
    problem(later, ['to'], `${name} is drained to ${JSON.stringify(later.server)} at the same time (QU-12)`);
  }
}

/** Faults after which another copy of a database may be the active one. */
const mayMove: readonly Fault['kind'][] = [
  'server-outage',
  'service-outage',
  'site-outage',
  'site-link-outage',
  'database-outage',
  'random-failures',
];

/** At the start the first copy is active, and nothing before the move can have changed that. */
function isMoveToWhereItIs(
  move: DatabaseMoveFault,
  faults: readonly Fault[],
  references: References,
): boolean {
  const [first] = references.find('databases', move.database)?.copies ?? [];
  if (first === undefined || normalizeName(first) !== normalizeName(move.to)) return false;
  return !faults.some(
    (other) =>
      other !== move &&
      other.beginMs <= move.beginMs &&
      (mayMove.includes(other.kind) ||
        (other.kind === 'database-move' && normalizeName(other.database) === normalizeName(move.database))),
  );
}

function names(list: readonly string[], name: string): boolean {
  return list.some((each) => normalizeName(each) === normalizeName(name));
}
