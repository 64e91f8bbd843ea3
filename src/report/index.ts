export { formatCapacityText, type ReportedCapacity } from './formats/capacity-text.js';
export { formatCompareText, type ReportedComparison } from './formats/compare-text.js';
export { csvHeader, csvRows } from './formats/csv.js';
export { CsvReader } from './formats/csv-reader.js';
export { type DiffReport, formatDiffText } from './formats/diff-text.js';
export { formatFailuresText, nameFailure, type ReportedFailures } from './formats/failures-text.js';
export type { FaultRow } from './formats/fault-spans.js';
export { formatHtml, type PageAssets } from './formats/html.js';
export { formatJson, formatReplicationsJson } from './formats/json.js';
export { formatJunit } from './formats/junit.js';
export { formatMarkdown, mostMarkdownBytes } from './formats/markdown.js';
export { formatBytes, formatCount, formatSpan, plainText } from './formats/quantities.js';
export { formatReadiness, type ReportedFinding, readinessNotExamined } from './formats/readiness-text.js';
export { formatRouteText } from './formats/route-text.js';
export { formatSummaryText } from './formats/summary-text.js';
export { formatSweepText, type ReportedPoint } from './formats/sweep-text.js';
export { verdictReason, wouldBeDecided } from './formats/threshold-figures.js';
export {
  type QueueBoundChanges,
  type QueueCounter,
  queueBounds,
  queueCounters,
} from './gather/queue-bounds.js';
export { gatheredTables, type ReportFigures, ResultGatherer } from './gather/result-gatherer.js';
export type { Outline, ServerOutline, SiteLinkOutline } from './outline.js';
export type { RunReport } from './run-report.js';
