import { noEvent } from '../../kernel/index.js';
import { none } from '../message-store.js';
import type { ModelContext } from '../model-context.js';
import { storedAs } from '../queue-databases.js';
import type { ShadowQueue } from './shadow-queue.js';
import type { ShadowRecords } from './shadow-records.js';

/**
 * Finds what is wrong with the shadow copies, for the audit.
 * @param recordOf - by copy
 */
export function findBrokenShadows(
  { store, queueDatabases, topology }: Pick<ModelContext, 'store' | 'queueDatabases' | 'topology'>,
  records: ShadowRecords,
  queues: readonly ShadowQueue[],
  recordOf: Int32Array,
  found: (what: string) => void,
): void {
  const bytes = new Float64Array(topology.servers.length);
  const lengths = new Int32Array(queues.length);
  const copies = new Int32Array(records.length);
  for (const record of recordOf) if (record !== none) copies[record]!++;
  for (const record of records.ofQueues(() => true)) {
    const { number, holder, isGone } = queues[records.queueOf(record)]!;
    lengths[number]!++;
    if (!isGone) bytes[holder]! += store.messageSizeBytes[records.message[record]!]!;
    if (copies[record] !== records.copies(record)) {
      found(`a shadow copy stands for ${copies[record]} copies and counts ${records.copies(record)}`);
    }
  }
  for (const { number, length, unprotected, holder, heartbeat, firstDiscard, isOrphaned, isGone } of queues) {
    if (lengths[number] !== length + unprotected)
      found(`a shadow queue holds ${lengths[number]} copies and counts ${length + unprotected}`);
    if ((isGone ? length : unprotected) > 0)
      found(`a shadow queue that is ${isGone ? 'gone' : 'there'} is not`);
    const awaitsHeartbeat = firstDiscard !== none || (isOrphaned && length > 0) || unprotected > 0;
    if (awaitsHeartbeat && heartbeat === noEvent)
      found(`${topology.servers[holder]!.name} has shadow copies and no heartbeat`);
  }
  for (const { index, name } of topology.servers) {
    const stored = queueDatabases.bytes(index, storedAs.shadow);
    if (stored !== bytes[index])
      found(`${name} stores ${stored} bytes of shadow copies and has ${bytes[index]}`);
  }
}
