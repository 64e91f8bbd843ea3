import type { MetricSummaries } from '../metric-summaries.js';
import { mergeNamedCounts, type NamedCount, NamedCounts, toRecord, totalOf } from '../named-counts.js';
import type { MetricKind } from './kind.js';

/** Recipients whose message no server has any more, by cause. */
export const lost: MetricKind<{ readonly byCause: readonly NamedCount[] }, MetricSummaries['lost']> = {
  open() {
    const byCause = new NamedCounts();
    return {
      facts: {
        lost(_atMs, _message, _recipient, cause) {
          byCause.add(cause);
        },
      },
      close: () => ({ byCause: byCause.toData() }),
    };
  },
  merge: (parts) => ({ byCause: mergeNamedCounts(parts.map((part) => part.byCause)) }),
  summarize: ({ byCause }) => ({ total: totalOf(byCause), byCause: toRecord(byCause) }),
};
