import { compileScenario, runReplication } from '../../src/experiment/index.js';
import type { Scenario } from '../../src/scenario/index.js';
import { bytesInUse } from '../weigh.js';
import {
  type GrowthSize,
  growthScenario,
  type QueuedSize,
  queuedScenario,
  retainedScenario,
} from './growth-scenario.js';

/** What it took to simulate a size. */
export interface GrowthPoint extends GrowthSize {
  /** Messages that came in, and deliveries. */
  readonly submitted: number;
  readonly delivered: number;
  readonly events: number;
  /** CPU time of the simulation, without loading and compiling. */
  readonly cpuMs: number;
  readonly eventsPerSecond: number;
  /** The most that the process took at a time. */
  readonly peakRssBytes: number;
}

/** What so many waiting messages take. */
export interface QueuedPoint {
  /** Waiting when it was measured. */
  readonly messages: number;
  /** By how much the heap and the array buffers grew, garbage collected before and after. */
  readonly bytes: number;
  /** By how much the process's resident memory grew likewise. */
  readonly rssBytes: number;
  readonly peakRssBytes: number;
  readonly events: number;
  readonly cpuMs: number;
  readonly eventsPerSecond: number;
}

/**
 * Simulates a size once, after a smaller one that counts for nothing: the first second of a process goes into compiling its
 * code, which says nothing about growth. For a process of its own: what ran before leaves memory behind.
 * @param before - messages of the smaller one
 */
export async function measureGrowth(size: GrowthSize, before: number): Promise<GrowthPoint> {
  const earlier = growthScenario({ ...size, messages: before });
  await runReplication(earlier, compileScenario(earlier), 1, { sink: () => {}, recordMessages: false });
  const scenario = growthScenario(size);
  const tables = compileScenario(scenario);
  const start = process.cpuUsage();
  const { result, events } = await runReplication(scenario, tables, 1, {
    sink: () => {},
    recordMessages: false,
  });
  return {
    ...size,
    submitted: result.messages.submitted,
    delivered: result.recipients.delivered,
    events,
    ...speedOf(events, start),
    peakRssBytes: peakRssBytes(),
  };
}

/**
 * Lets messages come to a queue that they cannot leave, and measures what the process takes with all of them waiting.
 * Everything that grows with them counts: the model, its events, the metrics, and what arrays have in reserve.
 * @throws Error if not all of them wait when the mail has come in, or not all or none of them have a shadow copy
 */
export async function measureQueued(size: QueuedSize): Promise<QueuedPoint> {
  const { messages } = size;
  const scenario: Scenario = queuedScenario(size);
  const tables = compileScenario(scenario);
  const used = bytesInUse();
  // What the first messages bring once and for all: compiled code, columns at their first size.
  await runReplication(queuedScenario({ ...size, messages: 1_000 }), tables, 1, {
    sink: () => {},
    recordMessages: false,
  });
  const before = { bytes: used(), rssBytes: process.memoryUsage.rss() };
  const start = process.cpuUsage();
  let found: QueuedPoint | undefined;
  const { result } = await runReplication(scenario, tables, 1, {
    sink: () => {},
    recordMessages: false,
    onProgress: ({ nowMs, messagesInFlight, events }) => {
      if (nowMs < scenario.durationMs) return 'continue';
      const speed = speedOf(events, start);
      const bytes = used() - before.bytes;
      const rssBytes = process.memoryUsage.rss() - before.rssBytes;
      found = { messages: messagesInFlight, bytes, rssBytes, peakRssBytes: peakRssBytes(), events, ...speed };
      return 'stop';
    },
  });
  if (found?.messages !== messages) throw new Error(`${found?.messages} messages wait, not ${messages}`);
  const { shadowed } = result.protection;
  if (shadowed !== (size.isShadowed ? messages : 0)) throw new Error(`${shadowed} have a shadow copy`);
  return found;
}

/** What the deliveries that Safety Net keeps take. */
export interface RetainedPoint {
  /** Deliveries, all of them kept. */
  readonly deliveries: number;
  /** By how much the heap and the array buffers grew, garbage collected before and after. */
  readonly bytes: number;
}

/**
 * Delivers messages of one recipient that Safety Net is to keep, and measures what the process takes when nearly all of
 * them are there. Everything that grows with them counts, as in `measureQueued`.
 */
export async function measureRetained(messages: number): Promise<RetainedPoint> {
  const scenario = retainedScenario({ servers: retainedOn, messages });
  const tables = compileScenario(scenario);
  const used = bytesInUse();
  const earlier = retainedScenario({ servers: retainedOn, messages: 10_000 });
  await runReplication(earlier, tables, 1, { sink: () => {}, recordMessages: false });
  const before = used();
  let bytes = 0;
  const { result } = await runReplication(scenario, tables, 1, {
    sink: () => {},
    recordMessages: false,
    onProgress: ({ nowMs }) => {
      if (nowMs < scenario.durationMs) return 'continue';
      bytes = used() - before;
      return 'stop';
    },
  });
  return { deliveries: result.recipients.delivered, bytes };
}

/** The servers that messages are kept on. */
const retainedOn = 10;

function speedOf(events: number, start: NodeJS.CpuUsage) {
  const { user, system } = process.cpuUsage(start);
  const cpuMs = (user + system) / 1_000;
  return { cpuMs, eventsPerSecond: (events * 1_000) / cpuMs };
}

function peakRssBytes(): number {
  return process.resourceUsage().maxRSS * 1_024;
}
