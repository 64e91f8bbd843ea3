import type { MetricSummaries } from '../metric-summaries.js';
import { printedMs } from '../printed-numbers.js';
import type { MetricKind } from './kind.js';

export type RetriesPart = MetricSummaries['retries'];

/**
 * Attempts of queues and of single messages, each with a row in `retries.csv`. Attempt 0 is the first that failed and
 * no retry.
 */
export const retries: MetricKind<RetriesPart, RetriesPart> = {
  open({ replication, emit, view }) {
    let connections = 0;
    let messages = 0;
    return {
      facts: {
        attempted(startMs, queue, attempt, stage, outcome, durationMs, queueLength) {
          if (attempt >= 1) {
            if (stage === 'message') messages++;
            else connections++;
          }
          const { deliveryType, nextHopDomain } = view().queueKey(queue);
          emit('retries', [
            replication,
            printedMs(startMs),
            view().topology.servers[view().queueServer(queue)]?.name ?? '',
            deliveryType,
            nextHopDomain,
            attempt,
            stage,
            outcome,
            printedMs(durationMs),
            queueLength,
          ]);
        },
      },
      close: () => ({ connections, messages }),
    };
  },
  merge: (parts) => ({
    connections: parts.reduce((sum, part) => sum + part.connections, 0),
    messages: parts.reduce((sum, part) => sum + part.messages, 0),
  }),
  summarize: ({ connections, messages }) => ({ connections, messages }),
};
