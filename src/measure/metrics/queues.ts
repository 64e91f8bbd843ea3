import type { QueueSummary } from '../metric-summaries.js';
import { printedMs } from '../printed-numbers.js';
import { type LittlesLaw, QueueGauges } from '../queue-gauges.js';
import { TimeWeighted } from '../time-weighted.js';
import { type MetricKind, measuredSeconds, ratio } from './kind.js';

export interface QueuePart {
  readonly server: string;
  readonly deliveryType: string;
  readonly nextHopDomain: string;
  readonly nextHopConnector: string | null;
  /** The length, integrated over the time after the warm-up. */
  readonly lengthMs: number;
  readonly maxLength: number;
  readonly maxAgeMs: number;
  readonly retryMs: number;
  readonly littlesLaw: LittlesLaw | null;
}

/** The Submission queue as Exchange's queue cmdlets show it: the one queue without a delivery type. */
const submission = {
  deliveryType: 'Undefined',
  nextHopDomain: 'Submission',
  nextHopConnector: null,
} as const;

/**
 * Every queue that ever held a message: the delivery queues (waiting and being sent), the shadow queues (QU-04: by the
 * primary's name) and, per server, the Submission queue (with the categorizer). Mean lengths are over the time after the warm-up, the rest over the whole run.
 *
 * Ages count from submission. The largest is taken when messages leave, from the stamps on them, and at samples; in a
 * Submission queue only when they leave: what is oldest there while it holds something cannot be asked of the model.
 * So its `oldestMs` in `queues.csv` is 0 when it is empty and else an empty cell, and its `maxAgeMs` lacks messages
 * that are still in it when the run ends. Of shadow queues no ages are known: their cells are empty, or 0.
 */
export const queues: MetricKind<readonly QueuePart[], readonly QueueSummary[]> = {
  open({ replication, warmUpMs, sampleEveryMs, emit, view }) {
    const delivery = new QueueGauges(warmUpMs, sampleEveryMs);
    const submitting = new QueueGauges(warmUpMs, sampleEveryMs);
    const shadowing = new QueueGauges(warmUpMs, sampleEveryMs);
    const shadowKey = (queue: number) => ({
      deliveryType: 'ShadowRedundancy',
      nextHopDomain: view().topology.servers[view().shadowQueuePrimary(queue)]!.fqdn,
      nextHopConnector: null,
    });
    /** 1 while a queue is in Retry. */
    const inRetry = new TimeWeighted(0);
    const serverName = (server: number) => view().topology.servers[server]?.name ?? '';

    return {
      facts: {
        queueLength(atMs, queue, length) {
          delivery.setLength(queue, atMs, length);
        },
        submissionQueueLength(atMs, server, length) {
          submitting.setLength(server, atMs, length);
        },
        shadowQueueLength(atMs, queue, length) {
          shadowing.setLength(queue, atMs, length);
        },
        leftQueue(atMs, queue, enteredMs, submittedMs) {
          delivery.leave(queue, atMs, enteredMs, submittedMs);
        },
        leftSubmissionQueue(atMs, server, enteredMs, submittedMs) {
          submitting.leave(server, atMs, enteredMs, submittedMs);
        },
        queueStatus(atMs, queue, status) {
          inRetry.set(queue, atMs, status === 'Retry' ? 1 : 0);
        },
      },
      sampled(atMs) {
        const timeMs = printedMs(atMs);
        for (let queue = 0; queue < view().queueCount; queue++) {
          if (!delivery.wasHolding(queue)) continue;
          const { deliveryType, nextHopDomain } = view().queueKey(queue);
          const oldestMs = view().queueOldestMs(queue);
          delivery.noteAge(queue, oldestMs);
          emit('queues', [
            replication,
            timeMs,
            serverName(view().queueServer(queue)),
            deliveryType,
            nextHopDomain,
            delivery.lengths.value(queue),
            printedMs(oldestMs),
            view().queueStatusNow(queue),
            printedRate(delivery.velocity(queue, atMs)),
          ]);
        }
        view().topology.servers.forEach(({ name }, server) => {
          if (!submitting.wasHolding(server)) return;
          const length = submitting.lengths.value(server);
          emit('queues', [
            replication,
            timeMs,
            name,
            submission.deliveryType,
            submission.nextHopDomain,
            length,
            // The model tells how old a message there was when it left, not which is oldest while they wait.
            length > 0 ? '' : 0,
            length > 0 ? 'Active' : 'Ready',
            printedRate(submitting.velocity(server, atMs)),
          ]);
        });
        for (let queue = 0; queue < view().shadowQueueCount; queue++) {
          if (!shadowing.wasHolding(queue)) continue;
          const { deliveryType, nextHopDomain } = shadowKey(queue);
          const length = shadowing.lengths.value(queue);
          emit('queues', [
            replication,
            timeMs,
            serverName(view().shadowQueueServer(queue)),
            deliveryType,
            nextHopDomain,
            length,
            length > 0 ? '' : 0,
            'Ready',
            printedRate(shadowing.velocity(queue, atMs)),
          ]);
        }
        delivery.sampled(atMs);
        shadowing.sampled(atMs);
        submitting.sampled(atMs);
      },
      close(endMs) {
        const parts: QueuePart[] = [];
        for (let queue = 0; queue < view().queueCount; queue++) {
          if (!delivery.hasHeld(queue)) continue;
          const { deliveryType, nextHopDomain, nextHopConnector } = view().queueKey(queue);
          parts.push({
            server: serverName(view().queueServer(queue)),
            deliveryType,
            nextHopDomain,
            nextHopConnector,
            retryMs: inRetry.integral(queue, endMs),
            ...measured(delivery, queue, endMs),
          });
        }
        view().topology.servers.forEach(({ name }, server) => {
          if (!submitting.hasHeld(server)) return;
          parts.push({ server: name, ...submission, retryMs: 0, ...measured(submitting, server, endMs) });
        });
        for (let queue = 0; queue < view().shadowQueueCount; queue++) {
          if (!shadowing.hasHeld(queue)) continue;
          const server = serverName(view().shadowQueueServer(queue));
          parts.push({ server, ...shadowKey(queue), retryMs: 0, ...measured(shadowing, queue, endMs) });
        }
        return parts.sort(inOrder);
      },
    };
  },
  merge(parts) {
    const merged = new Map<string, QueuePart>();
    for (const part of parts.flat()) {
      const key = JSON.stringify([part.server, part.deliveryType, part.nextHopDomain, part.nextHopConnector]);
      const before = merged.get(key);
      merged.set(key, before === undefined ? part : addQueueParts(before, part));
    }
    return [...merged.values()].sort(inOrder);
  },
  summarize(merged, window) {
    const measuredMs = measuredSeconds(window) * 1_000;
    return merged.map(({ server, deliveryType, nextHopDomain, lengthMs, maxLength, maxAgeMs, retryMs }) => ({
      server,
      deliveryType,
      nextHopDomain,
      meanLength: ratio(lengthMs, measuredMs),
      maxLength,
      maxAgeMs,
      retryMs,
    }));
  },
};

function measured(gauges: QueueGauges, id: number, endMs: number) {
  return {
    lengthMs: gauges.lengths.integral(id, endMs),
    maxLength: gauges.lengths.max(id),
    maxAgeMs: gauges.maxAgeMs(id),
    littlesLaw: gauges.littlesLaw(id, endMs),
  };
}

function addQueueParts(a: QueuePart, b: QueuePart): QueuePart {
  return {
    ...a,
    lengthMs: a.lengthMs + b.lengthMs,
    maxLength: Math.max(a.maxLength, b.maxLength),
    maxAgeMs: Math.max(a.maxAgeMs, b.maxAgeMs),
    retryMs: a.retryMs + b.retryMs,
    // Held to be true replication by replication; together it says nothing more.
    littlesLaw: null,
  };
}

/** By server, delivery type, next hop domain and connector, in code units. */
function inOrder(a: QueuePart, b: QueuePart): number {
  return (
    compare(a.server, b.server) ||
    compare(a.deliveryType, b.deliveryType) ||
    compare(a.nextHopDomain, b.nextHopDomain) ||
    compare(a.nextHopConnector ?? '', b.nextHopConnector ?? '')
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function printedRate(perSecond: number): number {
  return Math.round(perSecond * 1e6) / 1e6;
}
