import { grownFloat64 } from '../growable-columns.js';
import type { ServerSummary } from '../results.js';
import { TimeWeighted } from '../time-weighted.js';
import { type MetricKind, measuredSeconds, ratio } from './kind.js';

export interface ServerPart {
  readonly server: string;
  readonly slots: number;
  /** Busy categorizer slots, integrated over the time after the warm-up. */
  readonly busyMs: number;
  /** Messages categorized after the warm-up. */
  readonly categorized: number;
  readonly queueDatabaseMaxBytes: number;
}

/** What each server has to do, in name order: all servers of the organization, also those that never see a message. */
export const servers: MetricKind<readonly ServerPart[], readonly ServerSummary[]> = {
  open({ warmUpMs, categorizerSlots, view }) {
    const busy = new TimeWeighted(warmUpMs);
    let categorized = new Float64Array(0);
    let databaseMaxBytes = new Float64Array(0);
    return {
      facts: {
        categorizerBusy(atMs, server, slots) {
          busy.set(server, atMs, slots);
        },
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
      close: (endMs) =>
        view().topology.servers.map(({ name }, server) => ({
          server: name,
          slots: categorizerSlots(server),
          busyMs: busy.integral(server, endMs),
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
    return merged.map(({ server, slots, busyMs, categorized, queueDatabaseMaxBytes }) => ({
      server,
      utilization: ratio(busyMs / 1_000, seconds * slots),
      messagesPerSecond: ratio(categorized, seconds),
      queueDatabaseMaxBytes,
    }));
  },
};
