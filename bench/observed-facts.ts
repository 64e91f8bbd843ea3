import { exponential, randomStreams } from '../src/sim/kernel/index.js';
import {
  type MessageFacts,
  type QueueStatus,
  stages,
  type TransportObserver,
} from '../src/sim/model/index.js';

/** Servers, and delivery queues of all of them together: those of the large organization. */
export const observed = { servers: 200, queues: 12_000 } as const;
/** Deliveries a second in all; each begins after the one before. */
const betweenMs = 2;
/** Means of what a message waits in the Submission queue, in its delivery queue, and is under way. */
const waitsMs = [150, 400, 80] as const;
const sizesBytes = [8_192, 262_144] as const;
const statuses: readonly QueueStatus[] = ['Ready', 'Connecting', 'Active'];

/** What a fact says; the order in which those of one instant are told. */
export const factKind = {
  submitted: 0,
  databaseBytes: 1,
  submissionLength: 2,
  leftSubmission: 3,
  categorized: 4,
  queueLength: 5,
  leftQueue: 6,
  status: 7,
  ended: 8,
} as const;

/** The facts of a stretch of deliveries in the order in which they come about, a column for each thing said. */
export interface ObservedFacts {
  readonly count: number;
  readonly deliveries: number;
  readonly endMs: number;
  readonly kind: Uint8Array;
  readonly atMs: Float64Array;
  /** A server, a queue, or, at the end, the delivery. */
  readonly id: Int32Array;
  /** A length, bytes, a status. */
  readonly value: Float64Array;
  /** When the message entered the queue that it leaves. */
  readonly enteredMs: Float64Array;
  readonly submittedMs: Float64Array;
  /** By delivery: the time in each of `stages`. */
  readonly stageMs: Float64Array;
}

interface Fact {
  readonly kind: number;
  readonly atMs: number;
  readonly id: number;
  /** What a length or a number of bytes changes by; of a status: which. */
  readonly by: number;
  readonly enteredMs: number;
  readonly submittedMs: number;
}

/**
 * Draws what a model tells of so many deliveries: to random queues of random servers, fourteen facts each. The same
 * number gives the same facts.
 */
export function drawFacts(deliveries: number): ObservedFacts {
  const uniform = randomStreams('bench', 0)('observed facts');
  const onTick = (ms: number) => Math.round(ms * 1_024) / 1_024;
  const drawMs = (meanMs: number) => onTick(exponential(meanMs).sample(uniform()));
  const stageMs = new Float64Array(deliveries * stages.length);
  const facts: Fact[] = [];
  let submittedMs = 0;
  for (let delivery = 0; delivery < deliveries; delivery++) {
    submittedMs += drawMs(betweenMs);
    const queue = Math.floor(uniform() * observed.queues);
    const server = queue % observed.servers;
    const bytes = Math.round(sizesBytes[0] + uniform() * sizesBytes[1]);
    const [submissionMs, queueMs, transferMs] = waitsMs.map(drawMs) as [number, number, number];
    const queuedMs = submittedMs + submissionMs;
    const sentMs = queuedMs + queueMs;
    const endMs = sentMs + transferMs;
    stageMs[delivery * stages.length + stages.indexOf('submissionQueue')] = submissionMs;
    stageMs[delivery * stages.length + stages.indexOf('deliveryQueue')] = queueMs;
    stageMs[delivery * stages.length + stages.indexOf('transfer')] = transferMs;
    const began = submittedMs;
    const tell = (kind: number, atMs: number, id: number, by: number, enteredMs = 0) =>
      facts.push({ kind, atMs, id, by, enteredMs, submittedMs: began });
    tell(factKind.submitted, submittedMs, server, 1);
    tell(factKind.databaseBytes, submittedMs, server, bytes);
    tell(factKind.submissionLength, submittedMs, server, 1);
    tell(factKind.submissionLength, queuedMs, server, -1);
    tell(factKind.leftSubmission, queuedMs, server, 0, submittedMs);
    tell(factKind.categorized, queuedMs, server, 0);
    tell(factKind.queueLength, queuedMs, queue, 1);
    tell(factKind.status, queuedMs, queue, 1);
    tell(factKind.status, sentMs, queue, 2);
    tell(factKind.queueLength, endMs, queue, -1);
    tell(factKind.leftQueue, endMs, queue, 0, queuedMs);
    tell(factKind.status, endMs, queue, 0);
    tell(factKind.ended, endMs, delivery, 0);
    tell(factKind.databaseBytes, endMs, server, -bytes);
  }
  return inColumns(facts, deliveries, stageMs);
}

function inColumns(facts: Fact[], deliveries: number, stageMs: Float64Array): ObservedFacts {
  facts.sort((a, b) => a.atMs - b.atMs || a.kind - b.kind);
  const sums = [factKind.databaseBytes, factKind.submissionLength, factKind.queueLength].map(
    (kind) => [kind, new Float64Array(observed.queues)] as const,
  );
  const sumOf = new Map<number, Float64Array>(sums);
  const value = Float64Array.from(facts, ({ kind, id, by }) => {
    const sum = sumOf.get(kind);
    if (sum === undefined) return by;
    sum[id]! += by;
    return sum[id]!;
  });
  return {
    count: facts.length,
    deliveries,
    endMs: facts.at(-1)!.atMs,
    kind: Uint8Array.from(facts, ({ kind }) => kind),
    atMs: Float64Array.from(facts, ({ atMs }) => atMs),
    id: Int32Array.from(facts, ({ id }) => id),
    value,
    enteredMs: Float64Array.from(facts, ({ enteredMs }) => enteredMs),
    submittedMs: Float64Array.from(facts, ({ submittedMs }) => submittedMs),
    stageMs,
  };
}

/** Tells an observer all of them, as a model would. */
export function tellFacts(facts: ObservedFacts, observer: Required<TransportObserver>): void {
  const { count, kind, atMs, id, value, enteredMs, submittedMs, stageMs } = facts;
  const message: { -readonly [K in keyof MessageFacts]: MessageFacts[K] } = {
    message: 0,
    kind: 'mail',
    submittedMs: 0.5,
    sizeBytes: sizesBytes[0],
  };
  for (let n = 0; n < count; n++) {
    const nowMs = atMs[n]!;
    const of = id[n]!;
    switch (kind[n]) {
      case factKind.submitted:
        message.submittedMs = submittedMs[n]!;
        observer.submitted(nowMs, message, 1);
        break;
      case factKind.databaseBytes:
        observer.queueDatabaseBytes(nowMs, of, value[n]!);
        break;
      case factKind.submissionLength:
        observer.submissionQueueLength(nowMs, of, value[n]!);
        break;
      case factKind.leftSubmission:
        observer.leftSubmissionQueue(nowMs, of, enteredMs[n]!, submittedMs[n]!);
        break;
      case factKind.categorized:
        observer.categorized(nowMs, of);
        break;
      case factKind.queueLength:
        observer.queueLength(nowMs, of, value[n]!);
        break;
      case factKind.leftQueue:
        observer.leftQueue(nowMs, of, enteredMs[n]!, submittedMs[n]!);
        break;
      case factKind.status:
        observer.queueStatus(nowMs, of, statuses[value[n]!]!);
        break;
      default:
        message.message = of;
        message.submittedMs = submittedMs[n]!;
        observer.ended(nowMs, 'delivered', message, 0, 0, 1, stageMs, of * stages.length, null);
    }
  }
}
