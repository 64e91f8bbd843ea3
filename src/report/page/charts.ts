import { formatBitRate, formatShare, formatSpan, plainText, threeDigits } from '../formats/quantities.js';
import type { SimulatedClock } from '../formats/simulated-clock.js';
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
  /** The chart in words, for those who do not see it: the most of each line, and when. */
  readonly words: string;
}

type Pick = 'mean' | 'max';

/**
 * The charts of a result; those in which nothing ever happened are left out, and so is a line that is 0 at every sample.
 * @param clock - that tells when something was
 */
export function chartsOf(figures: ReportFigures, clock: SimulatedClock): readonly TitledChart[] {
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
    const risen = lines.filter(([, series]) => series.largest > 0);
    if (risen.length === 0 || count === 0) return [];
    const drawn = risen.map(([label, series, pick = 'mean', absent]) => line(label, series, pick, absent));
    const flat = lines.filter((each) => !risen.includes(each)).map(([label]) => label);
    const words = risen
      .map(([label, { largest, largestAtMs }]) => {
        return `${label}: at most ${formatUnit(unit, largest)}, at ${clock.at(largestAtMs)}`;
      })
      .join('; ');
    const missing = flat.length === 0 ? '' : ` 0 at every sample: ${flat.join(', ')}.`;
    return [
      { id, unit, log, x, lines: drawn, title, note: `${note}${missing}`, words: `${title}. ${words}.` },
    ];
  };
  const { longestQueues, busiestLinks } = figures;
  const limited = busiestLinks.some(({ utilization }) => utilization.largest > 0);
  // A quantile of several samples together does not follow from theirs.
  const merged = figures.latencyP95.isMerged;
  const ofSample = merged ? ' of a sample' : '';
  return [
    ...chart(
      'latency',
      'ms',
      'Latency of deliveries',
      `From submission to delivery, of what was delivered at that time; the scale is logarithmic.${
        merged
          ? ' Each sample has its half and its 95 %: a line is their mean, by deliveries; those of all deliveries of a point lie within the band.'
          : ''
      }`,
      [
        ['longest', figures.latencyMax, 'max'],
        [`95 %${ofSample}`, figures.latencyP95],
        [`half${ofSample}`, figures.latencyMedian],
      ],
      true,
    ),
    ...chart(
      'in-flight',
      'count',
      'Messages in transport',
      'All that have not ended, and their copies in queues, one for each next hop; Submission queues left out.',
      [
        ['in flight', figures.inFlight],
        ['in queues', figures.queued],
      ],
    ),
    ...chart(
      'queues',
      'count',
      'Longest queues',
      'Longest at their peak, shadow queues left out; a point is the most at a sample of its time.',
      longestQueues.map(({ queue, length }) => [queueName(queue), length, 'max', 0] as const),
    ),
    ...chart(
      'oldest',
      'ms',
      'Oldest message in a queue',
      'Age since submission, the most at a sample of its time; Submission and shadow queues left out.',
      [['oldest', figures.oldest, 'max', 0]],
    ),
    ...chart(
      'flow',
      'rate',
      'Recipients a second',
      'Recipients of new mail, and what became of recipients, those of notifications too.',
      [
        ['submitted', figures.submitted],
        ['delivered', figures.delivered],
        ['returned, but for expired', figures.returned],
      ],
    ),
    ...chart(
      'detours',
      'rate',
      'Retries and detours a minute',
      'Attempts after the first, recipients redirected, messages that a later tier took.',
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
      limited
        ? 'Share of the bandwidth, the most in a sample of its time.'
        : 'Both directions together, the most in a sample of its time; their bandwidth is not limited.',
      busiestLinks.map(
        ({ link, utilization, bitsPerSecond }) =>
          [plainText(link, 40), limited ? utilization : bitsPerSecond, 'max', 0] as const,
      ),
    ),
  ];
}

function formatUnit(unit: Chart['unit'], value: number): string {
  switch (unit) {
    case 'ms':
      return formatSpan(value);
    case 'share':
      return formatShare(value);
    case 'bits':
      return formatBitRate(value);
    case 'count':
    case 'rate':
      return threeDigits(value);
  }
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
