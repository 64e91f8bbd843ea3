import type { MetricSummaries } from '../metric-summaries.js';
import { type MetricKind, measuredSeconds, ratio } from './kind.js';

export interface ThroughputPart {
  /** Recipients of mail submitted after the warm-up. */
  readonly submitted: number;
  /** Of these (and of what they were expanded to), those delivered. */
  readonly delivered: number;
  readonly peakDeliveredPerSecond: number;
}

/**
 * Recipients a second, for mail submitted after the warm-up: submitted, in the time in which mail arrives; delivered,
 * in all the time after the warm-up, drain included; and delivered in the busiest sample interval.
 */
export const throughput: MetricKind<ThroughputPart, MetricSummaries['throughput']> = {
  open({ warmUpMs, sampleEveryMs, isMeasured }) {
    let submitted = 0;
    let delivered = 0;
    let deliveredBefore = 0;
    let peak = 0;
    return {
      facts: {
        submitted(_atMs, message, count) {
          if (isMeasured(message)) submitted += count;
        },
        ended(_atMs, end, message) {
          if (end === 'delivered' && isMeasured(message)) delivered++;
        },
      },
      sampled() {
        // A last interval cut short counts as a whole one: a few deliveries in its few ms are no peak.
        peak = Math.max(peak, (delivered - deliveredBefore) / (sampleEveryMs / 1_000));
        deliveredBefore = delivered;
      },
      close(endMs) {
        // Some stretch of a run is at least as busy as the whole.
        const mean = ratio(delivered, (endMs - warmUpMs) / 1_000);
        return { submitted, delivered, peakDeliveredPerSecond: Math.max(peak, mean) };
      },
    };
  },
  merge: (parts) => ({
    submitted: parts.reduce((sum, part) => sum + part.submitted, 0),
    delivered: parts.reduce((sum, part) => sum + part.delivered, 0),
    peakDeliveredPerSecond: parts.reduce((peak, part) => Math.max(peak, part.peakDeliveredPerSecond), 0),
  }),
  summarize: ({ submitted, delivered, peakDeliveredPerSecond }, window) => ({
    submittedPerSecond: ratio(submitted, measuredSeconds(window, window.durationMs)),
    deliveredPerSecond: ratio(delivered, measuredSeconds(window)),
    peakDeliveredPerSecond,
  }),
};
