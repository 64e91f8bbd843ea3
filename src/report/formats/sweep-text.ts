import type { RunSummary, ThresholdResult } from '../../measure/index.js';
import { formatCount, formatSpan, plainText, threeDigits } from './quantities.js';

/** A point of a sweep as the table shows it. */
export interface ReportedPoint {
  readonly set: Readonly<Record<string, unknown>>;
  /** What the table needs of it; null of a point that is not whole. */
  readonly summary: ReportedFigures | null;
}

export interface ReportedFigures {
  readonly deliveryLatency: Pick<RunSummary['deliveryLatency'], 'count' | 'meanMs' | 'p95Ms'>;
  readonly throughput: Pick<RunSummary['throughput'], 'deliveredPerSecond'>;
  readonly recipients: Pick<RunSummary['recipients'], 'lost' | 'pending'>;
  readonly thresholds: readonly Pick<ThresholdResult, 'verdict'>[];
}

/** More points than that are told by their number: `sweep.json` has them all. */
const mostPoints = 200;

/** The points of a sweep as a table: what was set, and what came of it. */
export function formatSweepText(name: string, points: readonly ReportedPoint[]): string {
  const paths = [...new Set(points.flatMap(({ set }) => Object.keys(set)))];
  const shown = points.slice(0, mostPoints);
  const header = [
    ...paths.map(shortPath(paths)),
    'mean',
    'p95',
    'delivered/s',
    'lost',
    'pending',
    'thresholds',
  ];
  const rows = shown.map(({ set, summary }) => [
    ...paths.map((path) => valueText(Object.hasOwn(set, path) ? set[path] : undefined)),
    ...(summary === null ? ['-', '-', '-', '-', '-', 'not whole'] : figures(summary)),
  ]);
  const more = points.length - shown.length;
  return [
    `${plainText(name)}: ${points.length === 1 ? 'one point' : `${formatCount(points.length)} points`}`,
    '',
    ...aligned([header, ...rows]),
    ...(more > 0 ? [`  … and ${formatCount(more)} more`] : []),
    '',
  ].join('\n');
}

function figures({ deliveryLatency, throughput, recipients, thresholds }: ReportedFigures): string[] {
  const verdicts = ['fail', 'undecided', 'pass'].flatMap((verdict) => {
    const count = thresholds.filter((each) => each.verdict === verdict).length;
    return count === 0 ? [] : [`${count} ${verdict}`];
  });
  return [
    // Of no deliveries there is no latency, and 0 ms would look like a good one.
    ...(deliveryLatency.count === 0
      ? ['-', '-']
      : [formatSpan(deliveryLatency.meanMs), formatSpan(deliveryLatency.p95Ms)]),
    threeDigits(throughput.deliveredPerSecond),
    formatCount(recipients.lost),
    formatCount(recipients.pending),
    verdicts.length === 0 ? '-' : verdicts.join(', '),
  ];
}

/** Paths by their last two steps, or three where these would begin with a number: `BF.cost`, `faults.0.for`. */
function shortPath(paths: readonly string[]): (path: string) => string {
  const endOf = (path: string): string => {
    const steps = path.split('.');
    return steps.slice(/^\d+$/.test(steps.at(-2) ?? '') ? -3 : -2).join('.');
  };
  return (path) => {
    const short = endOf(path);
    const isUnique = paths.every((other) => other === path || endOf(other) !== short);
    return plainText(isUnique ? short : path);
  };
}

function valueText(value: unknown): string {
  if (value === undefined) return '-';
  return plainText(typeof value === 'string' ? value : JSON.stringify(value));
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd(),
  );
}
