import {
  type Interval,
  metricScale,
  type RunSummary,
  type ThresholdResult,
  type VerdictReason,
} from '../../measure/index.js';
import { formatInterval } from './interval-text.js';
import { formatBytes, formatFigure } from './quantities.js';

/** The thresholds with what matters first: what failed, what is undecided, what holds. */
export function worstFirst(thresholds: readonly ThresholdResult[]): readonly ThresholdResult[] {
  const rank = { fail: 0, undecided: 1, pass: 2 };
  return [...thresholds].sort((a, b) => rank[a.verdict] - rank[b.verdict]);
}

/**
 * The figure that was judged, for people: that of all replications together, then the interval of their mean, of a
 * total that of the total: `6 min 10 s [5 min 42 s, 6 min 5 s]`; a size, where the limit is one. Without samples it is a
 * dash.
 */
export function thresholdFigure(
  { metric, limit, value, reason }: Pick<ThresholdResult, 'metric' | 'limit' | 'value' | 'reason'>,
  { intervals, replications }: Pick<RunSummary, 'intervals' | 'replications'>,
): string {
  if (reason === 'no-samples') return '–';
  const scale = metricScale(metric.split('.').map((part) => part.replaceAll('"', '')));
  const interval: Interval | undefined =
    scale === 'constant' || !Object.hasOwn(intervals, metric) ? undefined : intervals[metric];
  const isSize = / [KMG]?B$/.test(limit);
  const format = (figure: number) => (isSize ? formatBytes(figure) : formatFigure(metric, figure));
  const spread = formatInterval(interval, format, scale === 'total' ? replications : 1);
  return spread === undefined ? format(value) : `${format(value)} ${spread}`;
}

/** Why a threshold has its verdict, where the figure beside it does not say it; else undefined. */
export function verdictReason({
  verdict,
  reason,
}: Pick<ThresholdResult, 'verdict' | 'reason'>): string | undefined {
  if (reason === 'interval') {
    return verdict === 'fail' ? 'all of the interval breaks the limit' : 'the limit lies in the interval';
  }
  return reason === undefined ? undefined : reasons[reason];
}

const reasons: Readonly<Record<Exclude<VerdictReason, 'interval'>, string>> = {
  'no-samples': 'nothing was measured',
  pending: 'mail still pending at the end could break the limit',
  incomplete: 'the run was stopped before its end',
  largest: 'a replication broke the limit',
  pooled: 'all replications together break the limit, the interval of their mean does not',
  unequal: 'replications differ, and the total may be so by chance',
};

/** Whether more replications would decide a threshold. */
export function wouldBeDecided({ verdict, reason }: Pick<ThresholdResult, 'verdict' | 'reason'>): boolean {
  return verdict === 'undecided' && (reason === 'interval' || reason === 'pooled');
}
