import { plainText } from '../formats/quantities.js';
import type { ReportFigures } from '../gather/result-gatherer.js';
import type { Bucket, TimeSeries } from '../gather/time-grid.js';

/** What the page's script draws. Times are seconds, figures have four digits. */
export interface Chart {
  readonly id: string;
  readonly unit: 'ms' | 'count' | 'rate' | 'share' | 'bits';
  readonly log: boolean;
  readonly x: readonly number[];
  readonly lines: readonly ChartLine[];
}

export interface ChartLine {
  readonly label: string;
  readonly y: readonly (number | null)[];
  /** The extremes of each point, where a point stands for several samples or replications. */
  readonly low?: readonly (number | null)[];
  readonly high?: readonly (number | null)[];
}

/** A chart with what stands above it. */
export interface TitledChart extends Chart {
  readonly title: string;
  readonly note: string;
}

type Pick = 'mean' | 'max';

/** The charts of a result; those in which nothing ever happened are left out. */
export function chartsOf(figures: ReportFigures): readonly TitledChart[] {
  const { grid, endMs } = figures;
  const count = endMs === 0 ? 0 : grid.bucketOf(endMs) + 1;
  const x = Array.from({ length: count }, (_, bucket) =>
    rounded(Math.min(endMs, (bucket + 1) * grid.widthMs) / 1_000),
  );
  const line = (label: string, series: TimeSeries, pick: Pick, absent: number | null = null): ChartLine => {
    const buckets = series.buckets(count);
    const part = (which: keyof Bucket) =>
      buckets.map((each) => (each === undefined ? absent : rounded(each[which])));
    const spreads = buckets.some((each) => each !== undefined && each.max > each.min * 1.001);
    if (pick === 'max' || !spreads) return { label, y: part(pick) };
    return { label, y: part('mean'), low: part('min'), high: part('max') };
  };
  const chart = (
    id: string,
    unit: Chart['unit'],
    title: string,
    note: string,
    lines: readonly (readonly [string, TimeSeries, Pick?, number?])[],
    log = false,
  ): TitledChart[] => {
    if (lines.every(([, series]) => series.largest === 0) || count === 0) return [];
    const drawn = lines.map(([label, series, pick = 'mean', absent]) => line(label, series, pick, absent));
    return [{ id, unit, log, x, lines: drawn, title, note }];
  };
  const { longestQueues, busiestLinks } = figures;
  const limited = busiestLinks.some(({ utilization }) => utilization.largest > 0);
  return [
    ...chart(
      'latency',
      'ms',
      'Latency of deliveries',
      'From submission to delivery, of what was delivered at that time; on a logarithmic scale.',
      [
        ['longest', figures.latencyMax, 'max'],
        ['95 %', figures.latencyP95, 'max'],
        ['half', figures.latencyMedian],
      ],
      true,
    ),
    ...chart(
      'in-flight',
      'count',
      'Messages in transport',
      'All that have not ended, and the copies of them in queues: one for each next hop.',
      [
        ['in flight', figures.inFlight],
        ['in queues', figures.queued],
      ],
    ),
    ...chart(
      'queues',
      'count',
      'Longest queues',
      'The queues that were longest at their peak; each point is the most in its time.',
      longestQueues.map(({ queue, length }) => [queueName(queue), length, 'max', 0] as const),
    ),
    ...chart('oldest', 'ms', 'Oldest message in a delivery queue', 'Its age since it was submitted.', [
      ['oldest', figures.oldest, 'max', 0],
    ]),
    ...chart(
      'flow',
      'rate',
      'Recipients a second',
      'Recipients of new mail, and what became of recipients.',
      [
        ['submitted', figures.submitted],
        ['delivered', figures.delivered],
        ['returned', figures.returned],
      ],
    ),
    ...chart(
      'detours',
      'rate',
      'Retries and detours a minute',
      'Attempts by when they started; messages and recipients by when they were sent another way.',
      [
        ['retries', figures.retries],
        ['redirects', figures.redirects],
        ['fallbacks', figures.fallbacks],
        ['back-offs', figures.backoffs],
      ],
    ),
    ...chart(
      'links',
      limited ? 'share' : 'bits',
      limited ? 'Busiest links' : 'Traffic of the busiest links',
      limited ? 'Share of the bandwidth.' : 'Both directions together; their bandwidth is not limited.',
      busiestLinks.map(
        ({ link, utilization, bitsPerSecond }) =>
          [plainText(link, 40), limited ? utilization : bitsPerSecond, 'max', 0] as const,
      ),
    ),
  ];
}

/** A queue for people, in one line. */
export function queueName({
  server,
  deliveryType,
  nextHopDomain,
}: {
  readonly server: string;
  readonly deliveryType: string;
  readonly nextHopDomain: string;
}): string {
  const type = nextHopDomain === deliveryType || deliveryType === 'Undefined' ? '' : `${deliveryType} `;
  return `${plainText(server, 24)}: ${type}${plainText(nextHopDomain, 40)}`;
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
