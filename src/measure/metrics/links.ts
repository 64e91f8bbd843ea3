import { grownFloat64 } from '../growable-columns.js';
import { printedMs } from '../printed-numbers.js';
import type { LinkSummary } from '../results.js';
import type { MetricKind } from './kind.js';

export interface LinkPart {
  readonly link: string;
  readonly bytes: number;
}

/**
 * Traffic over each site link, in name order; a row a sample interval in `links.csv`. Utilization is 0: bandwidth is
 * unlimited until it is modelled.
 */
export const links: MetricKind<readonly LinkPart[], readonly LinkSummary[]> = {
  open({ replication, emit, view }) {
    let bytes = new Float64Array(0);
    let bytesBefore = new Float64Array(0);
    return {
      facts: {
        linkUsed(_atMs, link, used) {
          bytes = grownFloat64(bytes, link);
          bytes[link]! += used;
        },
      },
      sampled(atMs) {
        bytesBefore = grownFloat64(bytesBefore, bytes.length - 1);
        view().topology.siteLinks.forEach(({ name }, link) => {
          const total = bytes[link] ?? 0;
          emit('links', [replication, printedMs(atMs), name, total - (bytesBefore[link] ?? 0), 0]);
          if (total > 0) bytesBefore[link] = total;
        });
      },
      close: () =>
        view().topology.siteLinks.map(({ name }, link) => ({ link: name, bytes: bytes[link] ?? 0 })),
    };
  },
  merge(parts) {
    const merged = new Map<string, number>();
    for (const { link, bytes } of parts.flat()) merged.set(link, (merged.get(link) ?? 0) + bytes);
    return [...merged].map(([link, bytes]) => ({ link, bytes }));
  },
  summarize: (merged) => merged.map(({ link, bytes }) => ({ link, bytes, utilization: 0 })),
};
