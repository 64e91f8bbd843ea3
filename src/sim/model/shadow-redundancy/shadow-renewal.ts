import { none } from '../message-store.js';
import type { ModelContext } from '../model-context.js';
import { storedAs } from '../queue-databases.js';
import type { ShadowQueue } from './shadow-queue.js';
import type { ShadowQueues } from './shadow-queues.js';
import type { ShadowRecords } from './shadow-records.js';

/** What making shadow copies anew needs of others. */
export interface RenewalParties {
  /** `primary` has heard from a server: it is not dead. */
  heardFrom(primary: number, server: number): void;
  /** A server that takes a shadow copy of what `primary` has already; `none` if there is none. */
  choosePartner(primary: number): number;
  /** A shadow copy of a message has gone from `primary` to `holder`, held up by nothing. */
  sent(message: number, primary: number, holder: number): void;
  /**
   * `primary` has made shadow copies anew of what `former` had.
   * @param holders - by message number: who has it now
   */
  renewed(primary: number, former: number, holders: ReadonlyMap<number, number>): void;
}

/**
 * The primary of a queue that is gone learns that the holder has another queue database: what it has yet of what the old
 * one had shadow copies of gets another one, where somebody takes it (assumption A-shadow-made-anew).
 * @param lengthened - told of each queue that has a shadow copy more
 */
export function renewShadows(
  queue: ShadowQueue,
  queues: ShadowQueues,
  records: ShadowRecords,
  { store, queueDatabases, simulation }: Pick<ModelContext, 'store' | 'queueDatabases' | 'simulation'>,
  parties: RenewalParties,
  lengthened: (queue: ShadowQueue) => void,
): void {
  const { primary, holder: former, number: own } = queue;
  const holders = new Map<number, number>();
  parties.heardFrom(primary, former);
  for (const record of records.ofQueues((each) => each === own)) {
    const message = records.message[record]!;
    const number = store.messageNumber[message]!;
    const holder = holders.get(number) ?? parties.choosePartner(primary);
    if (holder === none) break;
    const next = queues.open(primary, holder, simulation.nowMs);
    records.moveTo(record, next.number);
    queue.unprotected--;
    queueDatabases.add(holder, storedAs.shadow, store.messageSizeBytes[message]!);
    lengthened(next);
    parties.sent(message, primary, holder);
    holders.set(number, holder);
  }
  if (holders.size > 0) parties.renewed(primary, former, holders);
}
