import { figuresOf, type MeasuredSpan } from './figures.js';
import { isIndex, metricReader } from './metric-reader.js';
import type { Figures, Interval, ReplicationResult } from './results.js';
import { confidenceInterval } from './statistics.js';

/** No figure is called precise on fewer replications: the spread of a few is often small by chance. */
export const fewestPreciseReplications = 10;

/** How wide the interval of a metric still is. */
export interface MetricPrecision {
  readonly metric: string;
  /** Half of the interval's width as a share of its mean; Infinity while there is no interval. */
  readonly relativeHalfWidth: number;
}

/**
 * Follows how precise metrics become while replications come in, in their order. A replication's figures are worked
 * out once.
 */
export class PrecisionWatch {
  readonly #paths: ReadonlyMap<string, readonly string[]>;
  readonly #span: MeasuredSpan;
  readonly #results: ReplicationResult[] = [];
  readonly #each: Figures[] = [];

  /**
   * @param paths - of the metrics that matter, by their name
   * @param span - of the scenario
   */
  constructor(paths: ReadonlyMap<string, readonly string[]>, span: MeasuredSpan) {
    this.#paths = paths;
    this.#span = span;
  }

  add(result: ReplicationResult): void {
    this.#results.push(result);
    this.#each.push(figuresOf([result], this.#span));
  }

  /** Each metric, in the order given. */
  precisions(): readonly MetricPrecision[] {
    const first = this.#each[0];
    return [...this.#paths].map(([metric, path]) => {
      if (first === undefined) return { metric, relativeHalfWidth: Number.POSITIVE_INFINITY };
      // An element chosen by its place in a list is chosen from that of all replications together.
      const chosenByPlace = path[0] === 'queues' && isIndex(path[1] ?? '');
      const read = metricReader(path, chosenByPlace ? figuresOf(this.#results, this.#span) : first);
      const samples = this.#each.map(read).filter((value) => value !== undefined);
      return { metric, relativeHalfWidth: relativeHalfWidth(confidenceInterval(samples)) };
    });
  }

  /**
   * Whether every metric's interval is within `percent` of its mean, on `fewestPreciseReplications` or more. A metric
   * without samples is never precise; one that is the same in all replications is.
   */
  isPrecise(percent: number): boolean {
    if (this.#results.length < fewestPreciseReplications) return false;
    return this.precisions().every((each) => each.relativeHalfWidth <= percent / 100);
  }
}

function relativeHalfWidth(interval: Interval | null): number {
  if (interval === null) return Number.POSITIVE_INFINITY;
  return interval.halfWidth === 0 ? 0 : interval.halfWidth / Math.abs(interval.mean);
}
