import { Histogram, quantileError } from '../src/measure/histogram.js';
import { openMetrics, type ReplicationResult } from '../src/measure/index.js';
import type { ModelView } from '../src/sim/model/index.js';
import { buildTopology } from '../src/topology/index.js';
import type { ClearMetrics, ClearQueue } from './clear-metrics.js';
import { type ObservedFacts, observed, tellFacts } from './observed-facts.js';
import { drawOrganization, large } from './organizations.js';

/** All metrics of a run without warm-up, told these facts. */
export function observe(facts: ObservedFacts, view: ModelView) {
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

/** A model of the large organization in which nothing happens: it has the names that metrics ask for. */
export function motionless(): ModelView {
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

/** What the metrics have wrong, in words; undefined: nothing. */
export function findWrongMetric(
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
  return findWrongQuantile(Histogram.of([deliveryLatency.latencyMs]), clear.latenciesMs);
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

/** Which quantile is further from that of the sorted values than the stated error; undefined: none. */
export function findWrongQuantile(histogram: Histogram, sortedMs: readonly number[]): string | undefined {
  if (histogram.max !== sortedMs.at(-1)) return `the largest is ${histogram.max}`;
  for (const share of [0.01, 0.5, 0.95, 0.999]) {
    const exactMs = sortedMs[Math.ceil(share * sortedMs.length - 1e-9) - 1]!;
    const saidMs = histogram.quantile(share);
    if (!(Math.abs(saidMs - exactMs) <= exactMs * quantileError))
      return `quantile ${share}: ${saidMs} ms, not ${exactMs}`;
  }
  return undefined;
}
