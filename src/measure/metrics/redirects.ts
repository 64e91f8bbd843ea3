import type { MetricSummaries } from '../metric-summaries.js';
import { mergeNamedCounts, type NamedCount, NamedCounts, toRecord, totalOf } from '../named-counts.js';
import { printedMs } from '../printed-numbers.js';
import type { MetricKind } from './kind.js';

export interface RedirectsPart {
  readonly byCause: readonly NamedCount[];
}

/** Recipients whose message a server refused or sent away, each with a row in `redirects.csv`. */
export const redirects: MetricKind<RedirectsPart, MetricSummaries['redirects']> = {
  open({ replication, emit, view }) {
    const byCause = new NamedCounts();
    return {
      facts: {
        redirected(atMs, message, recipient, server, database, believedServer, activeServer, cause) {
          byCause.add(cause);
          const { topology } = view();
          const nameOf = (index: number) => topology.servers[index]?.name ?? '';
          emit('redirects', [
            replication,
            printedMs(atMs),
            message.message,
            view().recipientAddress(recipient),
            nameOf(server),
            topology.databases[database]?.name ?? '',
            nameOf(believedServer),
            nameOf(activeServer),
            cause,
          ]);
        },
      },
      close: () => ({ byCause: byCause.toData() }),
    };
  },
  merge: (parts) => ({ byCause: mergeNamedCounts(parts.map((part) => part.byCause)) }),
  summarize: ({ byCause }) => ({ total: totalOf(byCause), byCause: toRecord(byCause) }),
};
