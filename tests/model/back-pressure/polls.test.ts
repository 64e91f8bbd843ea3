import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Simulation, tickMs } from '../../../src/sim/kernel/index.js';
import { BackPressure, senders } from '../../../src/sim/model/back-pressure/back-pressure.js';
import { resolveSettings, type SettingOverrides } from '../../../src/sim/model/index.js';
import { MessageStore, none } from '../../../src/sim/model/message-store.js';
import { QueueDatabases, storedAs } from '../../../src/sim/model/queue-databases.js';
import { ServerStates, serviceIndex } from '../../../src/sim/model/server-states.js';
import { buildTopology } from '../../../src/topology/index.js';
import { isWhole, shareOf } from '../../random-share.js';
import { silent } from '../silent-observer.js';
import { organization } from '../small-organization.js';
import { ClearPressure } from './clear-pressure.js';
import { gigabyte, megabyte, second } from './pressed-organization.js';

const memoryBytes = gigabyte;
const queueDiskBytes = gigabyte;
const server = 0;

/** Thresholds that a few messages of some MB come near; in each case most resources are never short. */
const never = 1_000_000;
const maybe = (low: number, high: number, otherwise: number) =>
  fc.oneof(
    { weight: 1, arbitrary: fc.integer({ min: low, max: high }) },
    { weight: 2, arbitrary: fc.constant(otherwise) },
  );
const rules = fc.record({
  is2016: fc.boolean(),
  /** Whole ticks, and what falls between them. */
  intervalMs: fc.constantFrom(100, 2 * second, 100.3, 333.333, 1_000.0003),
  submission: maybe(2, 8, never),
  batch: maybe(2, 6, never),
  buckets: maybe(5, 300, never),
  sessions: maybe(3, 12, never),
  checkpoint: maybe(5, 100, never),
  memory: maybe(5, 25, 90),
  allMemory: maybe(20, 40, 95),
  disk: maybe(3, 30, 99),
  depth: fc.integer({ min: 1, max: 4 }),
  slots: fc.integer({ min: 1, max: 10 }),
  dehydrates: fc.boolean(),
});
type Rules = typeof rules extends fc.Arbitrary<infer T> ? T : never;

function settingsOf(drawn: Rules): SettingOverrides {
  const { submission, batch, buckets, sessions, checkpoint, memory, allMemory, disk, depth } = drawn;
  const half = (high: number) => [high, Math.ceil(high / 1.5), Math.ceil(high / 2)] as const;
  const [queueHigh, queueMedium, queueNormal] = half(submission);
  const [batchHigh, batchMedium, batchNormal] = half(batch);
  const [bucketsHigh, bucketsMedium, bucketsNormal] = half(buckets);
  const [sessionsHigh, sessionsMedium, sessionsNormal] = half(sessions);
  const [depthHigh, depthMedium, depthNormal] = half(checkpoint);
  const [memoryHigh, memoryMedium, memoryNormal] = half(memory);
  const [allHigh, allMedium, allNormal] = half(allMemory);
  const [diskHigh, diskMedium, diskNormal] = half(disk);
  return {
    transport: {
      resourceMonitoringInterval: drawn.intervalMs,
      dehydrateMessagesUnderMemoryPressure: drawn.dehydrates,
      categorizerSlots: drawn.slots,
      ...{ submissionQueueHigh: queueHigh, submissionQueueMedium: queueMedium },
      ...{ submissionQueueNormal: queueNormal, submissionQueueHistoryDepth: depth },
      ...{ batchPointHighThreshold: batchHigh, batchPointMediumThreshold: batchMedium },
      ...{ batchPointNormalThreshold: batchNormal, batchPointHistoryDepth: depth },
      ...{ versionBucketsHighThreshold: bucketsHigh, versionBucketsMediumThreshold: bucketsMedium },
      ...{ versionBucketsNormalThreshold: bucketsNormal, versionBucketsHistoryDepth: depth },
      ...{
        jetSessionsHigh: sessionsHigh,
        jetSessionsMedium: sessionsMedium,
        jetSessionsNormal: sessionsNormal,
      },
      ...{ checkpointDepthHigh: depthHigh, checkpointDepthMedium: depthMedium },
      ...{ checkpointDepthNormal: depthNormal },
      ...{ percentagePrivateBytesUsedHighThreshold: memoryHigh },
      ...{ percentagePrivateBytesUsedMediumThreshold: memoryMedium },
      ...{ percentagePrivateBytesUsedNormalThreshold: memoryNormal, privateBytesHistoryDepth: depth },
      ...{
        percentagePhysicalMemoryUsedLimit: allHigh,
        percentagePhysicalMemoryUsedMediumThreshold: allMedium,
      },
      ...{ percentagePhysicalMemoryUsedNormalThreshold: allNormal },
      ...{ percentageDatabaseDiskSpaceUsedHighThreshold: diskHigh },
      ...{ percentageDatabaseDiskSpaceUsedMediumThreshold: diskMedium },
      ...{ percentageDatabaseDiskSpaceUsedNormalThreshold: diskNormal },
      ...{ smtpStartThrottlingDelayInterval: 2 * second, smtpStepThrottlingDelayInterval: second },
      ...{ smtpMaxThrottlingDelayInterval: 5 * second },
    },
    hardware: {
      transportMemory: 16 * megabyte,
      cachedContent: 0.5,
      otherMemory: 0.125,
      checkpointSpeed: 10 * megabyte,
    },
  };
}

/** What may happen, each drawn as often as it stands here. */
const deeds = [
  ...['receive', 'receive', 'receive', 'receive', 'commit', 'commit', 'commit', 'queue', 'queue', 'queue'],
  ...['take', 'take', 'take', 'take', 'keep', 'drop', 'submission', 'submission', 'submission', 'pass'],
  ...['pass', 'pass', 'pass', 'pass', 'pass', 'pass', 'fill', 'free', 'stop', 'start', 'start'],
  ...['start', 'start', 'empty', 'empty', 'drop'],
] as const;
type Deed = (typeof deeds)[number];

/** What the histories have met; a test that meets none of it would say little. */
const met = { pressed: 0, refusing: 0, tarpitting: 0, dehydrated: 0, paused: 0, heldBack: 0, leftOut: 0 };

/** One server, tuned and clear, to which the same happens at the same times. */
class Both {
  readonly #simulation: Simulation;
  readonly #states: ServerStates;
  readonly #store = new MessageStore(1);
  readonly #databases: QueueDatabases;
  /** In the queues, the oldest first. */
  readonly #copies: number[] = [];
  readonly #tuned: BackPressure;
  readonly #clear: ClearPressure;
  readonly #facts: string[] = [];
  readonly #clearFacts: string[] = [];
  readonly #intervalMs: number;
  readonly #faultKind: number;
  #fault: () => void = () => {};
  #kept = 0;
  #polls = 0;
  #events = 0;

  constructor(drawn: Rules) {
    const behavior = drawn.is2016 ? '2016' : '2013';
    const settings = resolveSettings(behavior, settingsOf(drawn));
    const topology = buildTopology(
      organization({
        servers: { A1: { site: 'A', memoryBytes, queueDiskBytes } },
        databases: { DB: ['A1'] },
        behavior,
      }),
    );
    this.#intervalMs = drawn.intervalMs;
    this.#simulation = new Simulation({
      onEvent: (_, kind) => {
        if (kind !== pollKind && kind !== this.#faultKind) this.#events++;
      },
    });
    const simulation = this.#simulation;
    // Every poll of the clear version, from the first one on.
    const pollKind = simulation.addKind((poll) => {
      this.#polls++;
      this.#clear.poll();
      simulation.scheduleAt((poll + 1) * this.#intervalMs, pollKind, poll + 1);
    });
    simulation.scheduleAt(0, pollKind, 0);
    // What goes wrong does so before anything else of its instant.
    this.#faultKind = simulation.addKind(() => this.#fault());
    const tell = (facts: string[]) => (resource: string, level: string) =>
      void facts.push(`${simulation.nowMs} ms: ${resource} ${level}`);
    this.#states = new ServerStates(topology);
    const observer = {
      ...silent,
      pressure: (_: number, __: number, resource: string, level: string) =>
        tell(this.#facts)(resource, level),
    };
    this.#databases = new QueueDatabases(simulation, topology, this.#store, observer);
    this.#tuned = new BackPressure(
      ...([simulation, topology, () => settings, this.#states, this.#databases, observer] as const),
    );
    this.#clear = new ClearPressure(
      { settings, memoryBytes, queueDiskBytes, is2016: drawn.is2016 },
      () => simulation.nowMs,
      tell(this.#clearFacts),
    );
    this.#pass(0);
  }

  /** Does one thing to both, and compares them. */
  do(deed: Deed, size: number): void {
    const tuned = this.#tuned;
    const clear = this.#clear;
    // Parts of a version bucket, too.
    const bytes = (1 + (size % 40)) * megabyte + (size % 3) * 20_000;
    switch (deed) {
      case 'receive':
        tuned.receiving(server, bytes);
        clear.receive(bytes);
        break;
      case 'commit':
        this.#commit();
        break;
      case 'queue':
        this.#queue(bytes);
        break;
      case 'take':
        this.#take(size % 2 === 0);
        break;
      case 'keep':
        this.#keep(bytes);
        break;
      case 'drop':
        this.#keep(-this.#kept);
        break;
      case 'submission':
        this.#submission(size % 8);
        break;
      case 'empty':
        while (this.#commit() > 0);
        while (this.#take(false) > 0);
        this.#submission(0);
        break;
      case 'pass':
        this.#pass(size % 3 === 0 ? (size % 9) * this.#intervalMs : size % (3 * second));
        break;
      case 'fill':
        this.#before(() => {
          const used = (size % 25) / 100;
          tuned.beginFill(server, used);
          clear.beginFill(used);
        });
        break;
      case 'free':
        this.#before(() => {
          const used = clear.endFill();
          if (used !== undefined) tuned.endFill(server, used);
        });
        break;
      case 'stop':
        if (!this.#states.isRunning(server, serviceIndex.transport)) break;
        this.#states.stopService(server, serviceIndex.transport);
        tuned.stopped(server);
        clear.stop();
        break;
      case 'start':
        if (this.#states.isRunning(server, serviceIndex.transport)) break;
        // Between two polls: at one instant it would be chance whether the second is one too many.
        this.#pass(this.#intervalMs / 3);
        this.#states.startService(server, serviceIndex.transport);
        expect(tuned.started(server)).toBe(clear.start());
    }
    this.#compare();
  }

  #commit(): number {
    const bytes = this.#clear.commit();
    if (bytes > 0) this.#tuned.received(server, bytes);
    return bytes;
  }

  #queue(bytes: number): void {
    const store = this.#store;
    const { nowMs } = this.#simulation;
    const copy = store.makeCopy(store.makeMessage('mail', none, bytes, nowMs), nowMs);
    store.copyServer[copy] = server;
    this.#databases.hold(copy);
    this.#copies.push(copy);
    this.#clear.queue(bytes);
  }

  /** The oldest message leaves the queues, for Safety Net or for good. */
  #take(isKept: boolean): number {
    const bytes = this.#clear.takeOldest();
    const copy = this.#copies.shift();
    if (copy === undefined) return 0;
    if (isKept) {
      this.#databases.moveToSafetyNet(copy);
      this.#kept += bytes;
      this.#clear.keep(bytes);
    } else {
      this.#databases.release(copy);
    }
    this.#store.freeCopy(copy);
    return bytes;
  }

  #keep(bytes: number): void {
    this.#kept += bytes;
    this.#databases.add(server, storedAs.safetyNet, bytes);
    this.#clear.keep(bytes);
  }

  #submission(length: number): void {
    this.#tuned.submissionQueue(server, length);
    this.#clear.submissionQueue(length);
  }

  /** Does something at the next poll, or at the next instant, before all else. */
  #before(fault: () => void): void {
    const { nowMs } = this.#simulation;
    const onPoll = Math.round((Math.floor(nowMs / this.#intervalMs) + 1) * this.#intervalMs * 1_024) / 1_024;
    this.#fault = fault;
    this.#simulation.scheduleAt(Math.max(onPoll, nowMs + tickMs), this.#faultKind, 0, -1);
    this.#pass(Math.max(onPoll, nowMs + tickMs) - nowMs);
  }

  #pass(durationMs: number): void {
    // A server that polls without end would never come to it.
    const most = 1_000 + (4 * durationMs) / this.#intervalMs;
    expect(this.#simulation.runUntil(this.#simulation.nowMs + durationMs, most)).toBe('reached');
  }

  #compare(): void {
    const tuned = this.#tuned;
    const clear = this.#clear;
    const { effects } = clear;
    expect(this.#facts.join('\n')).toBe(this.#clearFacts.join('\n'));
    if (this.#facts.length > 0) met.pressed++;
    this.#facts.length = 0;
    this.#clearFacts.length = 0;
    const refuses = [senders.outside, senders.pickup, senders.exchange, senders.submission];
    const found = [
      refuses.map((sender) => tuned.isRefusing(server, sender)),
      ...[tuned.tarpitMs(server), tuned.readMs(server), tuned.isHeldBack(server)],
      ...[tuned.pausesResubmission(server), tuned.pausesRemoteDelivery(server), tuned.refusesShadows(server)],
    ];
    const right = [
      refuses.map((sender) => effects.refusing >= sender),
      ...[effects.tarpitMs, effects.readMs, clear.isHeldBack],
      ...[effects.pausesResubmission, effects.pausesRemoteDelivery],
      effects.pausesShadows || effects.refusing >= senders.exchange,
    ];
    expect(`${this.#simulation.nowMs} ms: ${found.join(' / ')}`).toBe(
      `${this.#simulation.nowMs} ms: ${right.join(' / ')}`,
    );
    if (effects.refusing > 0) met.refusing++;
    if (effects.tarpitMs > 0) met.tarpitting++;
    if (effects.readMs > 0) met.dehydrated++;
    if (effects.pausesResubmission) met.paused++;
    if (clear.isHeldBack) met.heldBack++;
  }

  end(): void {
    this.do('empty', 0);
    this.#pass(30 * this.#intervalMs);
    this.#compare();
    met.leftOut += this.#polls - this.#events;
  }
}

const histories = fc.array(fc.tuple(fc.constantFrom(...deeds), fc.nat(1_000_000)), {
  minLength: 60,
  maxLength: 140,
  size: 'max',
});

it('BP-01, A-pressure-grid: levels and what comes of them are those of a server that polls all the time', () => {
  fc.assert(
    fc.property(rules, histories, (drawn, history) => {
      const both = new Both(drawn);
      for (const [deed, size] of history) both.do(deed, size);
      both.end();
    }),
    { seed: 1, numRuns: shareOf(50) },
  );
});

/** Nothing is ever short; what a test is about it says itself. */
const calm: Rules = {
  ...{ is2016: true, intervalMs: 2 * second, submission: never, batch: never, buckets: never },
  ...{
    sessions: never,
    checkpoint: never,
    memory: 90,
    allMemory: 95,
    disk: 99,
    depth: 1,
    slots: 4,
    dehydrates: true,
  },
};

it('A-pressure-grid: a poll that falls between two ticks of the clock comes once', () => {
  const both = new Both({ ...calm, intervalMs: 1_000.0003, disk: 3 });
  both.do('keep', 399);
  for (let each = 0; each < 20; each++) both.do('keep', 39);
  both.do('pass', 2_999);
  both.end();
});

it('A-pressure-grid: a disk that is filled at the instant of a poll is seen by it, wherever the clock rounds that to', () => {
  for (const intervalMs of [333.333, 1_000.0003, 2 * second]) {
    const both = new Both({ ...calm, intervalMs, disk: 3 });
    both.do('fill', 20);
    both.do('free', 0);
    both.end();
  }
});

it('A-queue-disk: mail fills a disk that others have filled in part', () => {
  const both = new Both({ ...calm, disk: 20 });
  both.do('fill', 12);
  both.do('keep', 29);
  both.do('pass', 2_999);
  both.end();
});

it('A-version-buckets: a bucket that is begun counts', () => {
  // Medium is at 17 buckets, a MB fills 16.
  const both = new Both({ ...calm, buckets: 25 });
  both.do('receive', 40);
  both.do('pass', 2_999);
  both.end();
});

it('A-checkpoint-depth: what is committed runs ahead of the file', () => {
  const both = new Both({ ...calm, intervalMs: 100, checkpoint: 6 });
  both.do('receive', 38);
  both.do('commit', 0);
  both.do('pass', 1_000);
  both.end();
});

it('A-sessions-with-database: what is categorized brings sessions, too, without anything being received', () => {
  const both = new Both({ ...calm, sessions: 4 });
  both.do('submission', 4);
  both.do('pass', 2_999);
  both.do('receive', 1);
  both.do('submission', 2);
  both.do('pass', 2_999);
  both.end();
});

it('A-dehydration: what comes into the queues after a poll is in memory, however much has left them meanwhile', () => {
  const both = new Both({ ...calm, submission: 4, memory: 10 });
  for (let each = 0; each < 3; each++) both.do('queue', 38);
  both.do('submission', 6);
  both.do('pass', 2_999);
  both.do('submission', 0);
  both.do('pass', 2_999);
  for (let each = 0; each < 12; each++) both.do(each % 2 === 0 ? 'take' : 'queue', 38);
  both.do('pass', 2_999);
  both.end();
});

it.runIf(isWhole)('the histories have met what polls are for', () => {
  for (const [what, times] of Object.entries(met)) expect(times, what).toBeGreaterThan(30);
});
