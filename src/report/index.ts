export { formatCompareText, type ReportedComparison } from './formats/compare-text.js';
export { csvHeader, csvRows } from './formats/csv.js';
export { type DiffReport, formatDiffText } from './formats/diff-text.js';
export { formatJson, formatReplicationsJson } from './formats/json.js';
export { formatCount, formatSpan, plainText } from './formats/quantities.js';
export { formatRouteText } from './formats/route-text.js';
export { type FaultRow, formatSummaryText } from './formats/summary-text.js';
export type { Outline, ServerOutline, SiteLinkOutline } from './outline.js';
