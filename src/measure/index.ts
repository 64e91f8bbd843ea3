export { type MetricsOptions, openMetrics, type RunMetrics } from './open-metrics.js';
export type { Interval, ReplicationResult, RunSummary, ThresholdResult, Verdict } from './results.js';
export { type Cell, type RowSink, type TableName, tableColumns, tableNames } from './tables/columns.js';
