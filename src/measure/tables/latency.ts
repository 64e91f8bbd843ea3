import { Histogram } from '../histogram.js';
import type { MetricContext } from '../metrics/kind.js';
import { printedMs } from '../printed-numbers.js';
import type { Recorder } from './recorder.js';

/**
 * `latency.csv`: a row a sample interval, `timeMs` being its end: how long the recipients delivered in it had waited,
 * inside and outside, no notifications. Unlike the summary it has the warm-up, too. Without a delivery the four times
 * are empty cells.
 */
export function recordLatency({ replication, emit }: MetricContext): Recorder {
  let latency = new Histogram();
  return {
    facts: {
      ended(atMs, end, message) {
        if (end === 'delivered' && message.kind === 'mail') latency.record(atMs - message.submittedMs);
      },
    },
    sampled(atMs) {
      const { count, sum, max } = latency;
      const times =
        count === 0 ? ['', '', '', ''] : [sum / count, latency.quantile(0.5), latency.quantile(0.95), max];
      const cells = times.map((ms) => (typeof ms === 'number' ? printedMs(ms) : ms));
      emit('latency', [replication, printedMs(atMs), count, ...cells]);
      if (count > 0) latency = new Histogram();
    },
  };
}
