import { grownFloat64 } from '../growable-columns.js';
import type { MetricSummaries } from '../metric-summaries.js';
import type { MetricKind } from './kind.js';

type BackPressurePart = MetricSummaries['backPressure'];

/**
 * What back pressure did: messages refused, each time that they were (BP-02), time that senders were held up at MAIL FROM
 * (BP-03), and time that servers had a resource at High, however many of its resources were.
 */
export const backPressure: MetricKind<BackPressurePart, BackPressurePart> = {
  open() {
    let rejected = 0;
    let tarpitMs = 0;
    let highMs = 0;
    /** By server: how many of its resources are at High, and since when one is. */
    let highResources = new Float64Array(0);
    let highSinceMs = new Float64Array(0);
    /** Which are. */
    const isHigh = new Set<string>();
    return {
      facts: {
        refused() {
          rejected++;
        },
        tarpitted(_atMs, _server, waitMs) {
          tarpitMs += waitMs;
        },
        pressure(atMs, server, resource, level) {
          highResources = grownFloat64(highResources, server);
          highSinceMs = grownFloat64(highSinceMs, server);
          const key = `${server} ${resource}`;
          if (level === 'high') {
            isHigh.add(key);
            if (highResources[server]!++ === 0) highSinceMs[server] = atMs;
          } else if (isHigh.delete(key) && --highResources[server]! === 0) {
            highMs += atMs - highSinceMs[server]!;
          }
        },
      },
      close(endMs) {
        highResources.forEach((count, server) => {
          if (count > 0) highMs += endMs - highSinceMs[server]!;
        });
        return { rejected, tarpitMs, highMs };
      },
    };
  },
  merge: (parts) => ({
    rejected: parts.reduce((sum, part) => sum + part.rejected, 0),
    tarpitMs: parts.reduce((sum, part) => sum + part.tarpitMs, 0),
    highMs: parts.reduce((sum, part) => sum + part.highMs, 0),
  }),
  summarize: (merged) => merged,
};
