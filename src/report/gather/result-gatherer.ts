import type { QueueSummary, RunSummary, TableName } from '../../measure/index.js';
import type { FaultRow } from '../formats/fault-spans.js';
import { type QueueBoundChanges, type QueueBoundFinding, QueueCounters } from './queue-bounds.js';
import { Tally } from './tally.js';
import { TimeGrid, TimeSeries } from './time-grid.js';

/** What the charts and tables of a page are made of. Its size does not depend on the length of the run. */
export interface ReportFigures {
  readonly grid: TimeGrid;
  /** When the longest replication ended, as far as its samples tell; 0 without any. */
  readonly endMs: number;
  /** Rows of `timeline.csv`, over all replications. */
  readonly samples: number;
  /** Recipients a second. */
  readonly submitted: TimeSeries;
  readonly delivered: TimeSeries;
  readonly returned: TimeSeries;
  /** Messages. */
  readonly inFlight: TimeSeries;
  readonly queued: TimeSeries;
  /** By the minute. */
  readonly redirects: TimeSeries;
  readonly retries: TimeSeries;
  readonly fallbacks: TimeSeries;
  readonly backoffs: TimeSeries;
  /**
   * Ms; without a value in a result that is older than `latency.csv`. Of each sample its own figure: the least and the
   * most of a time hold those of all its deliveries between them, their mean, which counts a sample as often as it has
   * deliveries, is no quantile of any of them.
   */
  readonly latencyMean: TimeSeries;
  readonly latencyMedian: TimeSeries;
  readonly latencyP95: TimeSeries;
  readonly latencyMax: TimeSeries;
  /** Age in ms of the oldest message in any queue but Submission and shadow queues, which have none. */
  readonly oldest: TimeSeries;
  /** The queues that were longest at their peak, longest first. */
  readonly longestQueues: readonly { readonly queue: QueueSummary; readonly length: TimeSeries }[];
  /** The links that carried most, by share of their bandwidth or bytes, most first. */
  readonly busiestLinks: readonly {
    readonly link: string;
    readonly utilization: TimeSeries;
    readonly bitsPerSecond: TimeSeries;
  }[];
  readonly queueBounds: readonly QueueBoundFinding[];
  /** Of the first replication, and how many more than these there are. */
  readonly faults: readonly FaultRow[];
  readonly moreFaults: number;
  /** Code, text and rule. */
  readonly ndrs: Tally;
  /** Server, delivery type, next hop domain, stage and outcome. */
  readonly retriesByQueue: Tally;
  /** Tier, reason, site. */
  readonly backoffsByTier: Tally;
  /** Cause, database, believed server, active server. */
  readonly redirectsByCause: Tally;
}

const chartedQueues = 6;
const chartedLinks = 6;
const mostFaults = 200;

/** The tables that it wants, in the order in which it wants them. */
export const gatheredTables = [
  'timeline',
  'latency',
  'faults',
  'queues',
  'links',
  'ndrs',
  'retries',
  'backoffs',
  'redirects',
] as const satisfies readonly TableName[];
export type GatheredTable = (typeof gatheredTables)[number];

/** Reads the tables of a result row by row, and keeps what a page shows of them. */
export class ResultGatherer {
  readonly #grid: TimeGrid;
  readonly #series: {
    readonly [K in keyof ReportFigures as ReportFigures[K] extends TimeSeries ? K : never]: TimeSeries;
  };
  readonly #queues = new Map<string, { queue: QueueSummary; length: TimeSeries }>();
  readonly #links = new Map<string, { link: string; utilization: TimeSeries; bitsPerSecond: TimeSeries }>();
  readonly #counters: QueueCounters;
  readonly #faults: FaultRow[] = [];
  #moreFaults = 0;
  #samples = 0;
  #endMs = 0;
  readonly #tallies = {
    ndrs: new Tally(),
    retriesByQueue: new Tally(),
    backoffsByTier: new Tally(),
    redirectsByCause: new Tally(),
  };
  /** Of the table being read: the replication and the time before, and the sample of which `#oldestMs` is. */
  #replication = '';
  #beforeMs = 0;
  #sampleMs = 0;
  #oldestMs = 0;

  /** @param sampleEveryMs - between two samples */
  constructor(summary: RunSummary, sampleEveryMs: number, bounds: QueueBoundChanges = {}) {
    this.#grid = new TimeGrid(sampleEveryMs, summary.simulatedMs);
    const series = () => new TimeSeries(this.#grid);
    this.#series = {
      submitted: series(),
      delivered: series(),
      returned: series(),
      inFlight: series(),
      queued: series(),
      redirects: series(),
      retries: series(),
      fallbacks: series(),
      backoffs: series(),
      latencyMean: series(),
      latencyMedian: series(),
      latencyP95: series(),
      latencyMax: series(),
      oldest: series(),
    };
    this.#counters = new QueueCounters(bounds);
    const longest = [...summary.queues]
      .filter(({ maxLength, deliveryType }) => maxLength > 0 && deliveryType !== 'ShadowRedundancy')
      .sort((a, b) => b.maxLength - a.maxLength || b.meanLength - a.meanLength);
    for (const queue of longest) {
      if (this.#queues.size === chartedQueues) break;
      const key = queueKey(queue.server, queue.deliveryType, queue.nextHopDomain);
      // Two queues may differ in their connector alone, which no row tells.
      if (!this.#queues.has(key)) this.#queues.set(key, { queue, length: series() });
    }
    const busiest = [...summary.links]
      .filter(({ bytes }) => bytes > 0)
      .sort((a, b) => b.utilization - a.utilization || b.bytes - a.bytes)
      .slice(0, chartedLinks);
    for (const { link } of busiest) {
      this.#links.set(link, { link, utilization: series(), bitsPerSecond: series() });
    }
  }

  /** A table begins: its rows follow, the header left out. */
  begin(): void {
    this.#replication = '';
    this.#beforeMs = 0;
    this.#sampleMs = 0;
    this.#oldestMs = 0;
  }

  /** @param cells - as the columns of the table are */
  addRow(table: GatheredTable, cells: readonly string[]): void {
    const [replication = '', time = ''] = cells;
    const timeMs = Number(time);
    if (replication === '' || time === '' || !(timeMs >= 0 && timeMs < Number.MAX_SAFE_INTEGER)) return;
    if (replication !== this.#replication) {
      this.#replication = replication;
      this.#beforeMs = 0;
      this.#sampleMs = 0;
    }
    switch (table) {
      case 'timeline':
        this.#addTimeline(timeMs, cells);
        break;
      case 'latency':
        this.#addLatency(timeMs, cells);
        break;
      case 'faults':
        this.#addFault(replication, timeMs, cells);
        break;
      case 'queues':
        this.#addQueue(replication, timeMs, cells);
        break;
      case 'links':
        this.#addLink(timeMs, cells);
        break;
      case 'ndrs':
        this.#tallies.ndrs.add(timeMs, pick(cells, 5, 6, 7));
        break;
      case 'retries':
        this.#tallies.retriesByQueue.add(timeMs, pick(cells, 2, 3, 4, 6, 7));
        break;
      case 'backoffs':
        this.#tallies.backoffsByTier.add(timeMs, pick(cells, 5, 6, 7));
        break;
      case 'redirects':
        this.#tallies.redirectsByCause.add(timeMs, pick(cells, 8, 5, 6, 7));
        break;
    }
  }

  close(): ReportFigures {
    return {
      grid: this.#grid,
      endMs: this.#endMs,
      samples: this.#samples,
      ...this.#series,
      longestQueues: [...this.#queues.values()],
      busiestLinks: [...this.#links.values()],
      queueBounds: this.#counters.findings(this.#samples),
      faults: this.#faults,
      moreFaults: this.#moreFaults,
      ...this.#tallies,
    };
  }

  #addTimeline(timeMs: number, cells: readonly string[]): void {
    const lengthMs = timeMs - this.#beforeMs;
    this.#beforeMs = timeMs;
    this.#samples++;
    this.#endMs = Math.max(this.#endMs, timeMs);
    if (lengthMs <= 0) return;
    const flows = ['submitted', 'delivered', 'returned'] as const;
    flows.forEach((name, index) => {
      this.#series[name].add(timeMs, (number(cells[2 + index]) / lengthMs) * 1_000, lengthMs);
    });
    this.#series.inFlight.add(timeMs, number(cells[5]), lengthMs);
    this.#series.queued.add(timeMs, number(cells[6]), lengthMs);
    const detours = ['redirects', 'retries', 'fallbacks', 'backoffs'] as const;
    detours.forEach((name, index) => {
      this.#series[name].add(timeMs, (number(cells[7 + index]) / lengthMs) * 60_000, lengthMs);
    });
    this.#series.oldest.add(timeMs, 0, lengthMs);
  }

  #addLatency(timeMs: number, cells: readonly string[]): void {
    const delivered = number(cells[2]);
    if (delivered === 0) return;
    this.#series.latencyMean.add(timeMs, number(cells[3]), delivered);
    this.#series.latencyMedian.add(timeMs, number(cells[4]), delivered);
    this.#series.latencyP95.add(timeMs, number(cells[5]), delivered);
    this.#series.latencyMax.add(timeMs, number(cells[6]), delivered);
  }

  #addFault(
    replication: string,
    timeMs: number,
    [, , kind = '', subject = '', phase = '']: readonly string[],
  ): void {
    if (replication !== '1') return;
    if (this.#faults.length < mostFaults) this.#faults.push({ timeMs, kind, subject, phase });
    else this.#moreFaults++;
  }

  #addQueue(replication: string, timeMs: number, cells: readonly string[]): void {
    const [, , server = '', deliveryType = '', nextHopDomain = '', length = '', oldest = '', status = ''] =
      cells;
    if (timeMs !== this.#sampleMs) this.#oldestMs = 0;
    this.#sampleMs = timeMs;
    const messages = number(length);
    this.#counters.add(replication, timeMs, server, { deliveryType, nextHopDomain }, messages, status);
    this.#queues.get(queueKey(server, deliveryType, nextHopDomain))?.length.add(timeMs, messages);
    const oldestMs = number(oldest);
    // Only what is more than what the sample had so far says something.
    if (oldestMs > this.#oldestMs) {
      this.#oldestMs = oldestMs;
      this.#series.oldest.add(timeMs, oldestMs, 0);
    }
  }

  #addLink(timeMs: number, [, , link = '', bytes, utilization]: readonly string[]): void {
    const lengthMs = timeMs - (timeMs === this.#sampleMs ? this.#beforeMs : this.#sampleMs);
    if (timeMs !== this.#sampleMs) {
      this.#beforeMs = this.#sampleMs;
      this.#sampleMs = timeMs;
    }
    const charted = this.#links.get(link);
    if (charted === undefined || lengthMs <= 0) return;
    charted.utilization.add(timeMs, number(utilization), lengthMs);
    charted.bitsPerSecond.add(timeMs, (number(bytes) * 8_000) / lengthMs, lengthMs);
  }
}

function queueKey(server: string, deliveryType: string, nextHopDomain: string): string {
  return `${server}\u0000${deliveryType}\u0000${nextHopDomain}`;
}

function pick(cells: readonly string[], ...columns: readonly number[]): string[] {
  return columns.map((column) => cells[column] ?? '');
}

/** 0 for an empty cell, and for what is no number. */
function number(cell: string | undefined): number {
  const value = Number(cell);
  return Number.isFinite(value) ? value : 0;
}
