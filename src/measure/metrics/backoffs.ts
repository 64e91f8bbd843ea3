import type { MetricSummaries } from '../metric-summaries.js';
import { mergeNamedCounts, type NamedCount, NamedCounts, toRecord, totalOf } from '../named-counts.js';
import type { MetricKind } from './kind.js';

export interface BackoffsPart {
  readonly bySite: readonly NamedCount[];
}

/** Messages that backed off along their path (RT-41), by the site that accepted them. */
export const backoffs: MetricKind<BackoffsPart, MetricSummaries['backoffs']> = {
  open({ view }) {
    const bySite = new NamedCounts();
    return {
      facts: {
        fallenBack(_atMs, _message, _server, _nextHopDomain, _tier, reason, site) {
          if (reason === 'backoff') bySite.add(view().topology.sites[site]?.name ?? '');
        },
      },
      close: () => ({ bySite: bySite.toData() }),
    };
  },
  merge: (parts) => ({ bySite: mergeNamedCounts(parts.map((part) => part.bySite)) }),
  summarize: ({ bySite }) => ({ total: totalOf(bySite), bySite: toRecord(bySite) }),
};
