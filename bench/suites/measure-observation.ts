import { Histogram } from '../../src/measure/histogram.js';
import { TimeWeighted } from '../../src/measure/time-weighted.js';
import { ClearMetrics } from '../clear-metrics.js';
import { median } from '../compare/slow-down.js';
import { findWrongMetric, findWrongQuantile, motionless, observe } from '../metrics-check.js';
import { drawFacts, factKind } from '../observed-facts.js';
import type { Suite } from '../suite.js';

const deliveries = 100_000;
const quickDeliveries = 10_000;

/** All metrics at work, as a run has them: what it costs to be told of one thing. */
export const measureObservation: Suite = {
  workload:
    '100,000 deliveries by random ones of 12,000 queues on 200 servers, told to all metrics of a run in fourteen facts ' +
    'each: lengths, statuses, waits, bytes, counts, latency by stage; an operation is a fact; lengths, ages, waits, ' +
    'counts, latencies as a clear implementation has them that keeps the facts and goes through them',
  unit: 'ops/s',
  setup: (quick) => {
    const facts = drawFacts(quick ? quickDeliveries : deliveries);
    const view = motionless();
    const clear = new ClearMetrics(facts);
    let metrics = observe(facts, view);
    return {
      ...withProcessorTime(facts.count, () => {
        metrics = observe(facts, view);
      }),
      check: () => findWrongMetric(metrics.close(facts.endMs), clear, facts),
    };
  },
};

/** One histogram, as that of all latencies is. */
export const measureHistogram: Suite = {
  workload:
    'the latencies of 100,000 deliveries recorded in a histogram, ten times over; an operation is one; count, sum, ' +
    'largest exact, quantiles within the stated error of those of the sorted values',
  unit: 'ops/s',
  setup: (quick) => {
    const facts = drawFacts(quick ? quickDeliveries : deliveries);
    const valuesMs = Float64Array.from(facts.kind)
      .map((kind, n) => (kind === factKind.ended ? facts.atMs[n]! - facts.submittedMs[n]! : -1))
      .filter((ms) => ms >= 0);
    const clear = new ClearMetrics(facts).latenciesMs;
    const times = 10;
    let histogram = new Histogram();
    return {
      ...withProcessorTime(times * valuesMs.length, () => {
        histogram = new Histogram();
        for (let time = 0; time < times; time++) {
          for (let n = 0; n < valuesMs.length; n++) histogram.record(valuesMs[n]!);
        }
      }),
      check: () => {
        if (histogram.count !== times * clear.length) return `${histogram.count} values were recorded`;
        const sumMs = times * clear.reduce((sum, ms) => sum + ms, 0);
        if (histogram.sum !== sumMs) return `they add up to ${histogram.sum} ms, not to ${sumMs}`;
        return findWrongQuantile(histogram, clear);
      },
    };
  },
};

/** Many lengths, as those of all delivery queues are. */
export const measureTimeWeighted: Suite = {
  workload:
    'the lengths of 12,000 queues, 200,000 changes in random order, set in time-weighted numbers; an operation is a ' +
    'change; integrals and largest values those of a clear implementation',
  unit: 'ops/s',
  setup: (quick) => {
    const facts = drawFacts(quick ? quickDeliveries : deliveries);
    const places = Int32Array.from(facts.kind.keys()).filter((n) => facts.kind[n] === factKind.queueLength);
    const [id, atMs, value] = [
      Int32Array.from(places, (place) => facts.id[place]!),
      Float64Array.from(places, (place) => facts.atMs[place]!),
      Float64Array.from(places, (place) => facts.value[place]!),
    ];
    const clear = new ClearMetrics(facts).queues;
    let lengths = new TimeWeighted(0);
    return {
      ...withProcessorTime(places.length, () => {
        lengths = new TimeWeighted(0);
        for (let n = 0; n < places.length; n++) lengths.set(id[n]!, atMs[n]!, value[n]!);
      }),
      check: () => {
        for (const [queue, { lengthMs, maxLength }] of clear) {
          const said = [lengths.integral(queue, facts.endMs), lengths.max(queue)];
          if (said[0] !== lengthMs || said[1] !== maxLength)
            return `queue ${queue} has ${said.join(' and ')}, not ${lengthMs} and ${maxLength}`;
        }
        return undefined;
      },
    };
  },
};

/** A run that says, too, how much of the processor's time an operation took: nanoseconds are lost among other programs. */
function withProcessorTime(operations: number, run: () => void) {
  const eachNs: number[] = [];
  return {
    operations,
    run: () => {
      const start = process.cpuUsage();
      run();
      const { user, system } = process.cpuUsage(start);
      eachNs.push(((user + system) * 1_000) / operations);
    },
    remark: () => `${median(eachNs).toFixed(1)} ns of processor time each`,
  };
}
