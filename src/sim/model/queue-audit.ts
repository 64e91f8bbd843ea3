import { noEvent } from '../kernel/index.js';
import type { DeliveryQueue } from './delivery-queue.js';
import type { ModelContext } from './model-context.js';
import type { QueueLines } from './queue-lines.js';
import { serviceIndex } from './server-states.js';

/**
 * Finds what is wrong with a delivery queue of a Transport service that runs: a message that waits though the queue may
 * open a session (QU-07), will never be tried again (MI-01), or is older than it may get (MI-05).
 * @param mayNotOpen - the server has as many connections as it may have, or sends nothing for its own back pressure
 */
export function auditQueue(
  { states, lists, topology, backPressure }: ModelContext,
  lines: QueueLines,
  queue: DeliveryQueue,
  mayNotOpen: boolean,
  found: (what: string) => void,
): void {
  const name = () =>
    `queue ${queue.key.nextHopDomain} (${queue.kind}, ${queue.status}) of ${topology.servers[queue.server]!.name}`;
  let length = lists.length(queue.sending);
  queue.forEachWaitingList((list) => {
    length += lists.length(list);
  });
  if (queue.length !== length) found(`${name()} holds ${length} messages and counts ${queue.length}`);
  if (lists.length(queue.sending) !== queue.sessions) {
    found(`${name()} sends ${lists.length(queue.sending)} messages in ${queue.sessions} sessions`);
  }
  if (!states.isRunning(queue.server, serviceIndex.transport) || queue.kind === 'poison') return;
  if (backPressure.isHeldBack(queue.server)) return;
  queue.forEachWaitingList((list) => {
    lists.forEach(list, (copy) => {
      if (lines.isForgotten(queue, copy)) found(`${name()} keeps a message that has expired`);
    });
  });
  if (!queue.sends) return;
  if (lists.length(queue.deferred) > 0 && queue.deferredTimer === noEvent) {
    found(`${name()} will never try its deferred messages again`);
  }
  if (queue.status === 'Retry') {
    if (queue.retryTimer === noEvent) found(`${name()} will never be tried again`);
    if (queue.sessions > 0) found(`${name()} has ${queue.sessions} sessions`);
    return;
  }
  if (queue.failing && queue.sessions === 0) found(`${name()} fails without a session`);
  const mayOpen = !queue.failing && queue.sessions < queue.sessionsFor(queue.length);
  if (mayOpen && lines.hasNext(queue) && !mayNotOpen) {
    found(`${name()} has messages that wait, ${queue.sessions} sessions, and may open one`);
  }
}
