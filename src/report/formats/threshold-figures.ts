import { metricScale, type RunSummary, type ThresholdResult } from '../../measure/index.js';
import { formatSpan, threeDigits } from './quantities.js';

/** The thresholds with what matters first: what failed, what is undecided, what holds. */
export function worstFirst(thresholds: readonly ThresholdResult[]): readonly ThresholdResult[] {
  const rank = { fail: 0, undecided: 1, pass: 2 };
  return [...thresholds].sort((a, b) => rank[a.verdict] - rank[b.verdict]);
}

/** The figure that was judged, for people: a total is shown as one, with the spread of the total. */
export function thresholdFigure(
  { metric, value }: ThresholdResult,
  { intervals, replications }: Pick<RunSummary, 'intervals' | 'replications'>,
): string {
  const scale = metricScale(metric.split('.').map((part) => part.replaceAll('"', '')));
  const interval = scale === 'constant' || !Object.hasOwn(intervals, metric) ? undefined : intervals[metric];
  const times = scale === 'total' ? replications : 1;
  const shown = formatFigure(metric, scale === 'pooled' && interval !== undefined ? interval.mean : value);
  return interval === undefined ? shown : `${shown} ± ${formatFigure(metric, times * interval.halfWidth)}`;
}

function formatFigure(metric: string, value: number): string {
  return /Ms$|\.byStage\./.test(metric) ? formatSpan(value) : threeDigits(value);
}
