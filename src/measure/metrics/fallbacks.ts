import { mergeNamedCounts, type NamedCount, NamedCounts, toRecord, totalOf } from '../named-counts.js';
import type { MetricSummaries } from '../results.js';
import { emitBackoffRow } from '../tables/backoffs.js';
import type { MetricKind } from './kind.js';

export interface FallbacksPart {
  readonly byReason: readonly NamedCount[];
}

/** Messages that a later tier accepted for another reason than `backoff`; rows in `backoffs.csv`. */
export const fallbacks: MetricKind<FallbacksPart, MetricSummaries['fallbacks']> = {
  open({ replication, emit, view }) {
    const byReason = new NamedCounts();
    return {
      facts: {
        fallenBack(atMs, message, server, nextHopDomain, tier, reason, site, acceptedBy) {
          if (reason === 'backoff') return;
          byReason.add(reason);
          const { topology } = view();
          emitBackoffRow(emit, topology, {
            replication,
            atMs,
            message: message.message,
            server,
            nextHopDomain,
            tier,
            reason,
            site,
            acceptedBy,
          });
        },
      },
      close: () => ({ byReason: byReason.toData() }),
    };
  },
  merge: (parts) => ({ byReason: mergeNamedCounts(parts.map((part) => part.byReason)) }),
  summarize: ({ byReason }) => ({ total: totalOf(byReason), byReason: toRecord(byReason) }),
};
