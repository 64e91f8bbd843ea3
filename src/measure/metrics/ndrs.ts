import type { MetricSummaries } from '../metric-summaries.js';
import { mergeNamedCounts, type NamedCount, NamedCounts, toRecord, totalOf } from '../named-counts.js';
import { printedMs } from '../printed-numbers.js';
import type { MetricKind } from './kind.js';

export interface NdrsPart {
  readonly byCode: readonly NamedCount[];
}

/** Recipients that were given up (returned or expired), whether or not a notification could be sent. */
export const ndrs: MetricKind<NdrsPart, MetricSummaries['ndrs']> = {
  open({ replication, emit, view }) {
    const byCode = new NamedCounts();
    return {
      facts: {
        ended(atMs, end, message, recipient, server, _hops, _stageMs, _offset, reason) {
          if (end !== 'returned' && end !== 'expired') return;
          const { code, text, rule } = reason ?? { code: '', text: '', rule: '' };
          byCode.add(code);
          const { topology } = view();
          emit('ndrs', [
            replication,
            printedMs(atMs),
            message.message,
            view().recipientAddress(recipient),
            topology.servers[server]?.name ?? '',
            code,
            text,
            rule,
          ]);
        },
      },
      close: () => ({ byCode: byCode.toData() }),
    };
  },
  merge: (parts) => ({ byCode: mergeNamedCounts(parts.map((part) => part.byCode)) }),
  summarize: ({ byCode }) => ({ total: totalOf(byCode), byCode: toRecord(byCode) }),
};
