export {
  type BatchMeans,
  batchCount,
  batchMeans,
  type LatencyBatch,
  type LatencySample,
  latencyBatches,
} from './batch-means.js';
export { figuresOf, type MeasuredSpan } from './figures.js';
export { fingerprint } from './fingerprint.js';
export { brokenLaws } from './laws.js';
export { directionOf, type MetricDirection, metricDirections } from './metric-directions.js';
export { findMetricMeaning, type MetricMeaning, metricMeanings } from './metric-meanings.js';
export { unknownMetricName } from './metric-names.js';
export { type MetricScale, metricReader, metricScale } from './metric-reader.js';
export type { LinkSummary, QueueSummary, ServerSummary } from './metric-summaries.js';
export { type MetricsOptions, openMetrics, type RunMetrics } from './open-metrics.js';
export { fewestPreciseReplications, type MetricPrecision, PrecisionWatch } from './precision.js';
export {
  type Figures,
  type FoundWarmUp,
  type Interval,
  type ReplicationResult,
  type RunSummary,
  type ThresholdResult,
  type Verdict,
  type VerdictReason,
  verdictReasons,
} from './results.js';
export { confidenceInterval } from './statistics.js';
export { intervalMetrics, type RunFacts, summarize } from './summarize.js';
export { type Cell, type RowSink, type TableName, tableColumns, tableNames } from './tables/columns.js';
export type { ThresholdDefinition } from './thresholds.js';
export { type Truncation, truncateWarmUp } from './warm-up.js';
