import { grownFloat64 } from '../growable-columns.js';
import type { LinkSummary } from '../metric-summaries.js';
import { printedMs } from '../printed-numbers.js';
import { type MetricKind, ratio } from './kind.js';

export interface LinkPart {
  readonly link: string;
  readonly bytes: number;
  /** How long it would have been busy, had it always carried its full bandwidth; absent: never. */
  readonly busyMs?: number;
}

/**
 * Traffic over each site link, in name order; a row a sample interval in `links.csv`. Bytes count when they cross,
 * those of a transfer under way too. Utilization is bytes by what the link could have carried with the bandwidth it
 * had, 0 while that was unlimited: in a row of the interval, in the summary of the whole run, as the bytes are.
 */
export const links: MetricKind<readonly LinkPart[], readonly LinkSummary[]> = {
  open({ replication, emit, view }) {
    /** What nothing held up. */
    let free = new Float64Array(0);
    let bytesBefore = new Float64Array(0);
    let busyMsBefore = new Float64Array(0);
    let sampledMs = 0;
    // Half a transfer need not be whole bytes.
    const bytesOf = (link: number) => (free[link] ?? 0) + Math.round(view().linkCarriedBytes(link));
    return {
      facts: {
        linkUsed(_atMs, link, used) {
          free = grownFloat64(free, link);
          free[link]! += used;
        },
      },
      sampled(atMs) {
        const { siteLinks } = view().topology;
        bytesBefore = grownFloat64(bytesBefore, siteLinks.length - 1);
        busyMsBefore = grownFloat64(busyMsBefore, siteLinks.length - 1);
        siteLinks.forEach(({ name }, link) => {
          const bytes = bytesOf(link);
          const busyMs = view().linkBusyMs(link);
          const utilization = ratio(busyMs - busyMsBefore[link]!, atMs - sampledMs);
          emit('links', [replication, printedMs(atMs), name, bytes - bytesBefore[link]!, utilization]);
          bytesBefore[link] = bytes;
          busyMsBefore[link] = busyMs;
        });
        sampledMs = atMs;
      },
      close: () =>
        view().topology.siteLinks.map(({ name }, link) => {
          const busyMs = view().linkBusyMs(link);
          return { link: name, bytes: bytesOf(link), ...(busyMs > 0 && { busyMs }) };
        }),
    };
  },
  merge(parts) {
    const merged = new Map<string, LinkPart>();
    for (const { link, bytes, busyMs = 0 } of parts.flat()) {
      const before = merged.get(link);
      const both = busyMs + (before?.busyMs ?? 0);
      merged.set(link, { link, bytes: bytes + (before?.bytes ?? 0), ...(both > 0 && { busyMs: both }) });
    }
    return [...merged.values()];
  },
  summarize(merged, { endsMs }) {
    const runMs = endsMs.reduce((sum, endMs) => sum + endMs, 0);
    return merged.map(({ link, bytes, busyMs = 0 }) => ({ link, bytes, utilization: ratio(busyMs, runMs) }));
  },
};
