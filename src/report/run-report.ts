import type { RunSummary } from '../measure/index.js';
import type { ReportFigures } from './gather/result-gatherer.js';
import type { Outline } from './outline.js';

/** What a report tells of: the result of a run, as far as any format shows it. */
export interface RunReport {
  readonly summary: RunSummary;
  /** Null in a result that is older than `outline.json`. */
  readonly outline: Outline | null;
  readonly figures: ReportFigures;
}
