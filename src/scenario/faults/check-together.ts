import { normalizeName } from '../../topology/index.js';
import type { References } from '../decoding.js';
import { checkDrains } from './check-drains.js';
import type { DatabaseMoveFault } from './database-move.js';
import type { Fault } from './kind.js';

/** Takes what is to be said of a fault, at a path inside it. */
export type NoteFault = (fault: Fault, path: readonly string[], message: string) => void;

/**
 * What faults, each sound by itself, say together: problems and warnings of drains (`checkDrains`), and a warning
 * where a database moves to where it is.
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
    warning,
  );
  for (const fault of faults) {
    if (fault.kind === 'database-move' && isMoveToWhereItIs(fault, faults, references)) {
      const message = `${JSON.stringify(fault.database)} is active there already: the move will only dismount it for a while`;
      warning(fault, ['to'], message);
    }
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
        ((other.kind === 'database-move' || other.kind === 'database-failover') &&
          normalizeName(other.database) === normalizeName(move.database))),
  );
}
