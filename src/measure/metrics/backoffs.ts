import { mergeNamedCounts, type NamedCount, NamedCounts, toRecord, totalOf } from '../named-counts.js';
import type { MetricSummaries } from '../results.js';
import { emitBackoffRow } from '../tables/backoffs.js';
import type { MetricKind } from './kind.js';

export interface BackoffsPart {
  readonly bySite: readonly NamedCount[];
}

/** Messages that backed off along their path (RT-41), by the site that accepted them; rows in `backoffs.csv`. */
export const backoffs: MetricKind<BackoffsPart, MetricSummaries['backoffs']> = {
  open({ replication, emit, view }) {
    const bySite = new NamedCounts();
    return {
      facts: {
        fallenBack(atMs, message, server, nextHopDomain, tier, reason, site, acceptedBy) {
          if (reason !== 'backoff') return;
          const { topology } = view();
          bySite.add(topology.sites[site]?.name ?? '');
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
      close: () => ({ bySite: bySite.toData() }),
    };
  },
  merge: (parts) => ({ bySite: mergeNamedCounts(parts.map((part) => part.bySite)) }),
  summarize: ({ bySite }) => ({ total: totalOf(bySite), bySite: toRecord(bySite) }),
};
