import type { ReportedPoint } from '../report/index.js';
import type { SweptPoint } from '../runner/index.js';

/** Of a point what its row shows: a sweep may have too many to keep all of each. */
export function reportedPoint({ set, summary }: SweptPoint): ReportedPoint {
  if (summary === null) return { set, summary };
  const { deliveryLatency, throughput, recipients, thresholds } = summary;
  return { set, summary: { deliveryLatency, throughput, recipients, thresholds } };
}
