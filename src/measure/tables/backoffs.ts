import type { MetricContext } from '../metrics/kind.js';
import { printedMs } from '../printed-numbers.js';
import type { Recorder } from './recorder.js';

/** `backoffs.csv`: messages that a tier other than the first accepted, as fallbacks or back-offs. */
export function recordBackoffs({ replication, emit, view }: MetricContext): Recorder {
  return {
    facts: {
      fallenBack(atMs, message, server, nextHopDomain, tier, reason, site, acceptedBy) {
        const { servers, sites } = view().topology;
        emit('backoffs', [
          replication,
          printedMs(atMs),
          message.message,
          servers[server]?.name ?? '',
          nextHopDomain,
          tier,
          reason,
          sites[site]?.name ?? '',
          servers[acceptedBy]?.name ?? '',
        ]);
      },
    },
  };
}
