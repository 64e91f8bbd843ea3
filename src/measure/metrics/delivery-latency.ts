import { stages } from '../../sim/model/index.js';
import { Histogram, type HistogramData } from '../histogram.js';
import type { MetricSummaries, StageMeans } from '../metric-summaries.js';
import { type MetricKind, ratio } from './kind.js';

export interface DeliveryLatencyPart {
  readonly latencyMs: HistogramData;
  /** Summed over deliveries, in the order of `stages`. */
  readonly stageMs: readonly number[];
  /** Time of deliveries that no stage accounts for, as a sum of absolute values: 0 unless the model is wrong. */
  readonly unaccountedMs: number;
  /** Recipients that would count if they were delivered. */
  readonly pending: number;
  readonly oldestPendingMs: number;
}

const stageCount = stages.length;

/**
 * From submission to delivery, for each recipient inside and outside of mail submitted after the warm-up, no
 * notifications; and the same time by stage.
 */
export const deliveryLatency: MetricKind<DeliveryLatencyPart, MetricSummaries['deliveryLatency']> = {
  open({ isMeasured, view }) {
    const latency = new Histogram();
    const sums = new Float64Array(stageCount);
    let unaccountedMs = 0;
    return {
      facts: {
        ended(atMs, end, message, _recipient, _server, _hops, stageMs, offset) {
          if (end !== 'delivered' || !isMeasured(message)) return;
          const latencyMs = atMs - message.submittedMs;
          latency.record(latencyMs);
          let rest = latencyMs;
          for (let stage = 0; stage < stageCount; stage++) {
            const spentMs = stageMs[offset + stage]!;
            sums[stage]! += spentMs;
            rest -= spentMs;
          }
          unaccountedMs += Math.abs(rest);
        },
      },
      close(endMs) {
        let pending = 0;
        let oldestPendingMs = 0;
        view().forEachPending((message) => {
          if (!isMeasured(message)) return;
          pending++;
          oldestPendingMs = Math.max(oldestPendingMs, endMs - message.submittedMs);
        });
        return {
          latencyMs: latency.toData(),
          stageMs: [...sums],
          unaccountedMs,
          pending,
          oldestPendingMs,
        };
      },
    };
  },
  merge: (parts) => ({
    latencyMs: Histogram.of(parts.map((part) => part.latencyMs)).toData(),
    stageMs: stages.map((_, stage) => parts.reduce((sum, part) => sum + part.stageMs[stage]!, 0)),
    unaccountedMs: parts.reduce((sum, part) => sum + part.unaccountedMs, 0),
    pending: parts.reduce((sum, part) => sum + part.pending, 0),
    oldestPendingMs: parts.reduce((oldest, part) => Math.max(oldest, part.oldestPendingMs), 0),
  }),
  summarize({ latencyMs, stageMs, oldestPendingMs }) {
    const latency = Histogram.of([latencyMs]);
    const means = stageMs.map((sum) => ratio(sum, latency.count));
    return {
      count: latency.count,
      // Not sum / count: the printed stages are to add up to the last digit.
      meanMs: means.reduce((sum, mean) => sum + mean, 0),
      p50Ms: latency.quantile(0.5),
      p90Ms: latency.quantile(0.9),
      p95Ms: latency.quantile(0.95),
      p99Ms: latency.quantile(0.99),
      maxMs: latency.max,
      byStage: Object.fromEntries(stages.map((stage, index) => [stage, means[index]!])) as StageMeans,
      oldestPendingMs,
    };
  },
};
