import { grownInt32 } from '../growable-columns.js';
import type { MetricContext } from '../metrics/kind.js';
import { printedMs } from '../printed-numbers.js';
import type { Recorder } from './recorder.js';

const counted = [
  'submitted',
  'delivered',
  'returned',
  'redirects',
  'retries',
  'fallbacks',
  'backoffs',
] as const;

/**
 * `timeline.csv`: a row a sample interval, `timeMs` being its end. Counts are those of the interval and add up to those
 * of the summary: submitted, delivered, returned and redirects are recipients; submitted leaves out notifications. An
 * attempt counts where it started. `inFlight` and `queued` are messages at the interval's end.
 *
 * Rows are written when the run is over, because an attempt is reported when it has ended, intervals later: 40 bytes
 * are kept an interval.
 */
export function recordTimeline({ replication, sampleEveryMs, emit, view }: MetricContext): Recorder {
  const counts = Object.fromEntries(counted.map((name) => [name, new Int32Array(0)])) as Record<
    (typeof counted)[number],
    Int32Array<ArrayBuffer>
  >;
  let inFlight = new Int32Array(0);
  let queued = new Int32Array(0);
  let intervals = 0;
  /** In the present interval. */
  let delivered = 0;

  const count = (name: (typeof counted)[number], interval: number, by: number) => {
    const column = grownInt32(counts[name], interval);
    counts[name] = column;
    column[interval]! += by;
  };

  return {
    facts: {
      submitted(_atMs, message, recipients) {
        if (message.kind === 'mail') count('submitted', intervals, recipients);
      },
      ended(_atMs, end) {
        if (end === 'delivered') delivered++;
        else if (end === 'returned') count('returned', intervals, 1);
      },
      redirected() {
        count('redirects', intervals, 1);
      },
      fallenBack(_atMs, _message, _server, _nextHopDomain, _tier, reason) {
        count(reason === 'backoff' ? 'backoffs' : 'fallbacks', intervals, 1);
      },
      attempted(startMs, _queue, attempt) {
        // An interval takes in its end, not its start.
        if (attempt >= 1) count('retries', Math.max(0, Math.ceil(startMs / sampleEveryMs) - 1), 1);
      },
    },
    sampled() {
      count('delivered', intervals, delivered);
      delivered = 0;
      inFlight = grownInt32(inFlight, intervals);
      queued = grownInt32(queued, intervals);
      inFlight[intervals] = view().messagesInFlight;
      queued[intervals] = view().messagesQueued;
      intervals++;
    },
    close(endMs) {
      for (let interval = 0; interval < intervals; interval++) {
        const at = (column: Int32Array) => column[interval] ?? 0;
        emit('timeline', [
          replication,
          printedMs(Math.min(endMs, (interval + 1) * sampleEveryMs)),
          at(counts.submitted),
          at(counts.delivered),
          at(counts.returned),
          at(inFlight),
          at(queued),
          at(counts.redirects),
          at(counts.retries),
          at(counts.fallbacks),
          at(counts.backoffs),
        ]);
      }
    },
  };
}
