import { Histogram, quantileError } from '../../src/measure/histogram.js';
import { openMetrics, type ReplicationResult } from '../../src/measure/index.js';
import { TimeWeighted } from '../../src/measure/time-weighted.js';
import type { ModelView } from '../../src/sim/model/index.js';
import { buildTopology } from '../../src/topology/index.js';
import { ClearMetrics, type ClearQueue } from '../clear-metrics.js';
import { median } from '../compare/slow-down.js';
import { drawFacts, factKind, type ObservedFacts, observed, tellFacts } from '../observed-facts.js';
import { drawOrganization, large } from '../organizations.js';
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
      check: () => differs(metrics.close(facts.endMs), clear, facts),
    };
  },
};

function observe(facts: ObservedFacts, view: ModelView) {
  const metrics = openMetrics({
    replication: 1,
    warmUpMs: 0,
    sampleEveryMs: 60_000,
    sink: () => {},
    recordMessages: false,
  });
  metrics.attach(view);
  tellFacts(facts, metrics.observer);
  return metrics;
}

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
        return wrongQuantile(histogram, clear);
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

/** A model of the large organization in which nothing happens: it has the names that metrics ask for. */
function motionless(): ModelView {
  const topology = buildTopology(drawOrganization(large));
  return {
    topology,
    queueCount: observed.queues,
    shadowQueueCount: 0,
    shadowQueueServer: () => 0,
    shadowQueuePrimary: () => 0,
    messagesInFlight: 0,
    messagesQueued: 0,
    queueServer: (queue) => queue % observed.servers,
    queueKey: (queue) => ({
      deliveryType: 'SmtpRelayToRemoteActiveDirectorySite',
      nextHopDomain: `${queue}`,
      nextHopConnector: null,
    }),
    queueMessages: () => 0,
    queueStatusNow: () => 'Ready',
    queueOldestMs: () => 0,
    recipientAddress: () => '',
    linkCarriedBytes: () => 0,
    linkBusyMs: () => 0,
    processorDoneMs: () => 0,
    forEachPending: () => {},
  };
}

/** What the metrics have wrong, if anything. */
function differs(
  { queues, servers, recipients, throughput, deliveryLatency }: ReplicationResult,
  clear: ClearMetrics,
  facts: ObservedFacts,
): string | undefined {
  const count = facts.deliveries;
  const ended = [recipients.submitted, recipients.delivered, throughput.delivered].find((n) => n !== count);
  if (ended !== undefined) return `${ended} recipients of ${count}`;
  if (deliveryLatency.unaccountedMs !== 0) return `${deliveryLatency.unaccountedMs} ms are in no stage`;

  const names = servers.map(({ server }) => server);
  const isSubmission = ({ nextHopDomain }: { nextHopDomain: string }) => nextHopDomain === 'Submission';
  const wrongQueue =
    wrongOf(
      queues.filter((each) => !isSubmission(each)),
      clear.queues,
      (each) => Number(each.nextHopDomain),
    ) ?? wrongOf(queues.filter(isSubmission), clear.submissionQueues, ({ server }) => names.indexOf(server));
  if (wrongQueue !== undefined) return wrongQueue;

  const { categorized, mostBytes } = clear;
  for (const [server, part] of servers.entries()) {
    if (part.categorized !== (categorized.get(server) ?? 0)) return `${part.server}: ${part.categorized}`;
    if (part.queueDatabaseMaxBytes !== (mostBytes.get(server) ?? 0))
      return `${part.server}: ${part.queueDatabaseMaxBytes} bytes`;
  }
  return wrongQuantile(Histogram.of([deliveryLatency.latencyMs]), clear.latenciesMs);
}

function wrongOf(
  parts: ReplicationResult['queues'],
  clear: ReadonlyMap<number, ClearQueue>,
  queueOf: (part: ReplicationResult['queues'][number]) => number,
): string | undefined {
  if (parts.length !== clear.size) return `${parts.length} queues of ${clear.size}`;
  for (const part of parts) {
    const { lengthMs, maxLength, maxAgeMs, littlesLaw } = part;
    const said: ClearQueue = { lengthMs, maxLength, maxAgeMs, waitedMs: littlesLaw?.waitedMs ?? 0 };
    const queue = queueOf(part);
    if (JSON.stringify(said) !== JSON.stringify(clear.get(queue)))
      return `queue ${queue}: ${JSON.stringify(said)}, not ${JSON.stringify(clear.get(queue))}`;
  }
  return undefined;
}

function wrongQuantile(histogram: Histogram, sortedMs: readonly number[]): string | undefined {
  if (histogram.max !== sortedMs.at(-1)) return `the largest is ${histogram.max}`;
  for (const share of [0.01, 0.5, 0.95, 0.999]) {
    const exactMs = sortedMs[Math.ceil(share * sortedMs.length - 1e-9) - 1]!;
    const saidMs = histogram.quantile(share);
    if (!(Math.abs(saidMs - exactMs) <= exactMs * quantileError))
      return `quantile ${share}: ${saidMs} ms, not ${exactMs}`;
  }
  return undefined;
}
