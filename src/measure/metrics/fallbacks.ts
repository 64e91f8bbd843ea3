import type { MetricSummaries } from '../metric-summaries.js';
import { mergeNamedCounts, type NamedCount, NamedCounts, toRecord, totalOf } from '../named-counts.js';
import type { MetricKind } from './kind.js';

export interface FallbacksPart {
  readonly byReason: readonly NamedCount[];
}

/** Messages that a later tier accepted for another reason than `backoff`. */
export const fallbacks: MetricKind<FallbacksPart, MetricSummaries['fallbacks']> = {
  open() {
    const byReason = new NamedCounts();
    return {
      facts: {
        fallenBack(_atMs, _message, _server, _nextHopDomain, _tier, reason) {
          if (reason !== 'backoff') byReason.add(reason);
        },
      },
      close: () => ({ byReason: byReason.toData() }),
    };
  },
  merge: (parts) => ({ byReason: mergeNamedCounts(parts.map((part) => part.byReason)) }),
  summarize: ({ byReason }) => ({ total: totalOf(byReason), byReason: toRecord(byReason) }),
};
