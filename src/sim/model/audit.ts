import { invariant } from '../kernel/index.js';
import { none } from './message-store.js';
import type { ModelContext, Place, Storage, WaitingRoom } from './model-context.js';
import { type Fate, ghostSerial } from './recipient-ledger.js';

/**
 * Holds the conservation law against the model as it stands (design section 6): walks every place where copies can
 * be and every recipient's row on them, and checks that each row ever made is either in exactly one place or has
 * ended, exactly once. Ghosts are passed over; rows that two servers took for theirs may stand in both, and have ended. Counts come from the walk and from the ledger of single rows, never from running totals.
 * @returns how many rows have each fate; `alive` is what was found in places
 * @throws InvariantError with the place and the time when a row is missing, doubled or should have ended
 */
export function auditConservation(
  context: ModelContext,
  places: readonly Place[],
): Readonly<Record<Fate, number>> {
  const { store, ledger, simulation } = context;
  const made = store.rowsMade;
  const seen = new Uint8Array(made + 1);
  let found = 0;
  const when = () => `at ${simulation.nowMs} ms`;
  for (const place of places) {
    place.forEachCopy((copy) => {
      for (let row = store.copyFirstRow[copy]!; row !== none; row = store.rowNext[row]!) {
        const serial = store.rowSerial[row]!;
        if (serial === ghostSerial) continue;
        const isTwin = ledger.isTwin(serial);
        invariant(
          seen[serial] === 0 || isTwin,
          () => `recipient ${serial} is in two places, one of them ${place.name}, ${when()}`,
        );
        invariant(
          ledger.isAlive(serial) || isTwin,
          () => `recipient ${serial} has ended (${ledger.fate(serial)}) but is in ${place.name}, ${when()}`,
        );
        if (seen[serial] === 0 && ledger.isAlive(serial)) found++;
        seen[serial] = 1;
      }
    });
  }
  const counts = ledger.count(made);
  invariant(counts.none === 0, () => `${counts.none} recipients were made but never began, ${when()}`);
  if (counts.alive !== found) {
    const serials: number[] = [];
    for (let serial = 1; serial <= made && serials.length < 5; serial++) {
      if (ledger.fate(serial) === 'alive' && seen[serial] === 0) serials.push(serial);
    }
    invariant(
      false,
      `${counts.alive - found} recipients are in no place (first: ${serials.join(', ')}), ${when()}`,
    );
  }
  return counts;
}

/**
 * What a tier accepted has left it or is in it (design section 6): the copies in the queues of each Transport service are
 * those that its queue database has stored and not let go of, by their bytes.
 * @throws InvariantError with the server and the time
 */
export function auditStorage(
  { store, queueDatabases, topology, simulation }: ModelContext,
  storages: readonly Storage[],
): void {
  const bytes = new Float64Array(topology.servers.length);
  for (const storage of storages) {
    storage.forEachStored((copy, server) => {
      invariant(
        store.copyServer[copy] === server,
        () => `copy ${copy} is in a queue of server ${server}, but that of ${store.copyServer[copy]}`,
      );
      bytes[server]! += store.messageSizeBytes[store.copyMessage[copy]!]!;
    });
  }
  for (const { index, name } of topology.servers) {
    invariant(
      bytes[index] === queueDatabases.bytes(index),
      () =>
        `${name} has accepted and not let go of ${queueDatabases.bytes(index)} bytes, but ${bytes[index]} are in its ` +
        `queues, at ${simulation.nowMs} ms`,
    );
  }
}

/**
 * No message waits for somebody who is up, idle and due (design section 6).
 * @throws InvariantError with the first that does, and the time
 */
export function auditWaiting({ simulation }: ModelContext, rooms: readonly WaitingRoom[]): void {
  for (const room of rooms) {
    room.findForgotten((what) => invariant(false, () => `${what}, at ${simulation.nowMs} ms`));
  }
}

/**
 * What stands in shadow queues stands for what their primaries have not seen off (SH-04, SH-07).
 * @throws InvariantError with the first that does not, and the time
 */
export function auditShadows({ shadows, simulation }: ModelContext): void {
  shadows.findBroken((what) => invariant(false, () => `${what}, at ${simulation.nowMs} ms`));
}
