import { formatCount, formatFigure, plainText, threeDigits } from './quantities.js';

interface ReportedMetric {
  readonly metric: string;
  readonly a: number;
  readonly b: number;
  readonly difference: number;
  readonly halfWidth: number | null;
  readonly verdict: string;
}

/** What a text of a comparison is made from: `compare/1`. */
export interface ReportedComparison {
  readonly tolerance: number;
  readonly confidence: number;
  readonly intervals: 'replications' | 'batch-means' | null;
  readonly pairs: number;
  readonly pairing: number | null;
  readonly metrics: readonly ReportedMetric[];
  readonly figures: readonly ReportedMetric[];
}

/** Verdicts that have lines of their own, the worst first. */
const shownVerdicts = ['worse', 'better', 'different', 'unclear'];

/**
 * A comparison for people: the verdict, metrics that are worse, better or unclear, figures that differ, and how many
 * are the same. Ended by LF.
 */
export function formatCompareText(comparison: ReportedComparison): string {
  const { metrics, figures } = comparison;
  const shown = [...metrics, ...figures.filter(({ verdict }) => verdict === 'different')]
    .filter(({ verdict }) => shownVerdicts.includes(verdict))
    .sort((x, y) => shownVerdicts.indexOf(x.verdict) - shownVerdicts.indexOf(y.verdict));
  const same = metrics.filter(({ verdict }) => verdict === 'same');
  const rows = shown.map(({ verdict, metric, a, b, difference, halfWidth }) => [
    verdict,
    plainText(metric),
    `${formatFigure(metric, a)} to ${formatFigure(metric, b)}`,
    `${signed(metric, difference)}${share(difference, a)}`,
    halfWidth === null ? 'no interval' : `± ${formatFigure(metric, halfWidth)}`,
  ]);
  return [headline(comparison), basis(comparison), '', ...aligned(rows), ...listOfSame(same), ''].join('\n');
}

function headline({ metrics }: ReportedComparison): string {
  const count = (verdict: string) => metrics.filter((each) => each.verdict === verdict).length;
  const parts = ['worse', 'better', 'unclear', 'same'].flatMap((verdict) =>
    count(verdict) === 0 ? [] : [`${count(verdict)} ${verdict}`],
  );
  return `b against a: ${parts.length === 0 ? 'nothing to compare' : parts.join(', ')}`;
}

function basis({ tolerance, confidence, intervals, pairs, pairing }: ReportedComparison): string {
  const from = {
    replications: `${formatCount(pairs)} pairs of replications`,
    'batch-means': 'batches of one replication',
  };
  const sure =
    intervals === null
      ? 'no intervals'
      : `intervals that hold together with ${threeDigits(confidence * 100)} %, from ${from[intervals]}`;
  const gain =
    pairing === null
      ? ''
      : `; pairing makes that of the mean latency ${threeDigits(pairing)} times as narrow`;
  return `tolerance ${threeDigits(tolerance * 100)} %; ${sure}${gain}`;
}

function listOfSame(same: readonly ReportedMetric[]): string[] {
  return same.length === 0 ? [] : [`  same: ${same.map(({ metric }) => plainText(metric)).join(', ')}`];
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = [0, 1, 2, 3].map((column) => Math.max(0, ...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
}

function signed(metric: string, difference: number): string {
  return difference > 0 ? `+${formatFigure(metric, difference)}` : formatFigure(metric, difference);
}

function share(difference: number, a: number): string {
  if (a === 0 || difference === 0) return '';
  const percent = (difference / Math.abs(a)) * 100;
  return ` (${percent > 0 ? '+' : ''}${threeDigits(percent)} %)`;
}
