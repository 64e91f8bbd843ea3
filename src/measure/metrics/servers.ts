import { grownFloat64 } from '../growable-columns.js';
import type { ServerSummary } from '../metric-summaries.js';
import { type MetricKind, measuredSeconds, ratio } from './kind.js';

export interface ServerPart {
  readonly server: string;
  readonly cores: number;
  /** What its cores have worked after the warm-up, ms of one core. */
  readonly busyMs: number;
  /** Messages categorized after the warm-up. */
  readonly categorized: number;
  readonly queueDatabaseMaxBytes: number;
}

/** What each server has to do, in name order: all servers of the organization, also those that never see a message. */
export const servers: MetricKind<readonly ServerPart[], readonly ServerSummary[]> = {
  open({ warmUpMs, view }) {
    /** What each processor had done when the warm-up was over; empty: nothing. */
    let doneBeforeMs: readonly number[] = [];
    let isWarm = warmUpMs === 0;
    let categorized = new Float64Array(0);
    let databaseMaxBytes = new Float64Array(0);
    return {
      facts: {
        categorized(atMs, server) {
          if (atMs < warmUpMs) return;
          categorized = grownFloat64(categorized, server);
          categorized[server]!++;
        },
        queueDatabaseBytes(_atMs, server, bytes) {
          databaseMaxBytes = grownFloat64(databaseMaxBytes, server);
          if (bytes > databaseMaxBytes[server]!) databaseMaxBytes[server] = bytes;
        },
      },
      warmedUp() {
        isWarm = true;
        doneBeforeMs = view().topology.servers.map((_, server) => view().processorDoneMs(server));
      },
      close: () =>
        view().topology.servers.map(({ name, cores }, server) => ({
          server: name,
          cores,
          busyMs: isWarm ? view().processorDoneMs(server) - (doneBeforeMs[server] ?? 0) : 0,
          categorized: categorized[server] ?? 0,
          queueDatabaseMaxBytes: databaseMaxBytes[server] ?? 0,
        })),
    };
  },
  merge(parts) {
    const merged = new Map<string, ServerPart>();
    for (const part of parts.flat()) {
      const before = merged.get(part.server);
      merged.set(part.server, {
        ...part,
        busyMs: (before?.busyMs ?? 0) + part.busyMs,
        categorized: (before?.categorized ?? 0) + part.categorized,
        queueDatabaseMaxBytes: Math.max(before?.queueDatabaseMaxBytes ?? 0, part.queueDatabaseMaxBytes),
      });
    }
    return [...merged.values()];
  },
  summarize(merged, window) {
    const seconds = measuredSeconds(window);
    return merged.map(({ server, cores, busyMs, categorized, queueDatabaseMaxBytes }) => ({
      server,
      utilization: ratio(busyMs / 1_000, seconds * cores),
      messagesPerSecond: ratio(categorized, seconds),
      queueDatabaseMaxBytes,
    }));
  },
};
