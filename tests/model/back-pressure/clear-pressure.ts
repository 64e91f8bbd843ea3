import {
  nextLevel,
  type PressureResource,
  type PressureThresholds,
  pressureLevels,
  pressureResources,
  thresholdsOf,
} from '../../../src/sim/model/back-pressure/pressure-thresholds.js';
import type { Settings } from '../../../src/sim/model/index.js';

export interface PressedServer {
  readonly settings: Settings;
  readonly memoryBytes: number;
  readonly queueDiskBytes: number;
  readonly is2016: boolean;
}

/** What a server does, as others see it. */
export interface ClearEffects {
  /** Levels from this one on are refused; 0: none. */
  readonly refusing: number;
  readonly tarpitMs: number;
  readonly readMs: number;
  /** BP-06. */
  readonly pausesResubmission: boolean;
  readonly pausesShadows: boolean;
  readonly pausesBootScanning: boolean;
  readonly pausesRemoteDelivery: boolean;
}

interface ClearGauge {
  readonly resource: PressureResource;
  readonly thresholds: PressureThresholds;
  level: number;
  /** In a row, above Normal. */
  polls: number;
}

/** Polls in a row after which mail is refused; of the others the first is enough. */
function depthOf(resource: PressureResource, { transport }: Settings): number {
  switch (resource) {
    case 'submission-queue':
      return transport.submissionQueueHistoryDepth;
    case 'batch-points':
      return transport.batchPointHistoryDepth;
    case 'process-memory':
      return transport.privateBytesHistoryDepth;
    case 'version-buckets':
    case 'jet-sessions':
    case 'checkpoint-depth':
      return transport.versionBucketsHistoryDepth;
    default:
      return 1;
  }
}

const tarpitting: readonly PressureResource[] = [
  ...(['version-buckets', 'batch-points', 'submission-queue', 'jet-sessions', 'checkpoint-depth'] as const),
];

/**
 * The clear version of back pressure on one server (BP-01 to BP-06): all that it holds is kept in lists, and everything is
 * read at every poll, however far from any threshold it is.
 */
export class ClearPressure {
  readonly #server: PressedServer;
  readonly #nowMs: () => number;
  readonly #tell: (resource: PressureResource, level: string) => void;
  readonly #gauges: readonly ClearGauge[];
  /** Bytes of what is queued, the oldest first, each with its content in memory or not. */
  readonly #queued: { readonly bytes: number; isDehydrated: boolean }[] = [];
  readonly #receiving: number[] = [];
  readonly #fills: number[] = [];
  /** What has been committed, and when. */
  readonly #committed: { readonly bytes: number; readonly atMs: number }[] = [];
  #kept = 0;
  #submission = 0;
  #isHeldBack = false;
  #runs = true;
  #effects: ClearEffects;

  constructor(
    server: PressedServer,
    nowMs: () => number,
    tell: (resource: PressureResource, level: string) => void,
  ) {
    this.#server = server;
    this.#nowMs = nowMs;
    this.#tell = tell;
    const { settings, queueDiskBytes, memoryBytes } = server;
    const thresholds = thresholdsOf(settings, { queueDisk: queueDiskBytes, memory: memoryBytes });
    this.#gauges = pressureResources.map((resource) => ({
      ...{ resource, thresholds: thresholds[resource], level: 0, polls: 0 },
    }));
    this.#effects = this.#atRest();
  }

  get effects(): ClearEffects {
    return this.#effects;
  }

  get isHeldBack(): boolean {
    return this.#isHeldBack;
  }

  queue(bytes: number): void {
    this.#queued.push({ bytes, isDehydrated: false });
  }

  /** The oldest message leaves; returns its bytes, 0 if there is none. */
  takeOldest(): number {
    return this.#queued.shift()?.bytes ?? 0;
  }

  /** So much more, or less, is stored that is no queue: shadow copies, Safety Net. */
  keep(bytes: number): void {
    this.#kept += bytes;
  }

  submissionQueue(length: number): void {
    this.#submission = length;
  }

  receive(bytes: number): void {
    this.#receiving.push(bytes);
  }

  /** The first that came is committed; returns its bytes, 0 if nothing is being received. */
  commit(): number {
    const bytes = this.#receiving.shift() ?? 0;
    if (bytes > 0) this.#committed.push({ bytes, atMs: this.#nowMs() });
    return bytes;
  }

  beginFill(used: number): void {
    this.#fills.push(used);
  }

  /** The first that began ends; returns it. */
  endFill(): number | undefined {
    return this.#fills.shift();
  }

  stop(): void {
    this.#runs = false;
    for (const gauge of this.#gauges) {
      gauge.polls = 0;
      this.#setLevel(gauge, 0);
    }
    for (const message of this.#queued) message.isDehydrated = false;
    this.#isHeldBack = false;
    this.#effects = this.#atRest();
  }

  /** @returns whether it goes on with its queues */
  start(): boolean {
    this.#runs = true;
    this.#isHeldBack = true;
    this.poll();
    this.#isHeldBack = this.#effects.pausesBootScanning;
    return !this.#isHeldBack;
  }

  poll(): void {
    if (!this.#runs) return;
    for (const gauge of this.#gauges) {
      this.#setLevel(gauge, nextLevel(gauge.level, this.#read(gauge.resource), gauge.thresholds));
      gauge.polls = gauge.level > 0 ? gauge.polls + 1 : 0;
    }
    const { settings, is2016 } = this.#server;
    const pressed = this.#gauges.filter(({ level }) => level > 0);
    const acting = pressed.filter(({ resource, polls }) => polls >= depthOf(resource, settings));
    const waiting = pressed.filter((gauge) => !acting.includes(gauge));
    const tarpits = ({ resource }: ClearGauge) => tarpitting.includes(resource);
    const isDehydrating = settings.transport.dehydrateMessagesUnderMemoryPressure && this.#dehydrates(acting);
    if (isDehydrating) for (const message of this.#queued) message.isDehydrated = true;
    const pausing = is2016 ? acting.filter(({ resource }) => resource !== 'all-memory') : [];
    const refusing = acting.filter(({ resource }) => resource !== 'all-memory' || !is2016);
    this.#effects = {
      refusing: Math.max(0, ...refusing.map(({ level }) => level)),
      tarpitMs: this.#nextTarpitMs(waiting.some(tarpits), acting.some(tarpits)),
      readMs: isDehydrating ? settings.hardware.dehydratedReadTime : 0,
      pausesResubmission: pausing.length > 0,
      pausesShadows: pausing.length > 0,
      pausesBootScanning: pausing.some(({ resource }) => !resource.endsWith('-disk')),
      pausesRemoteDelivery:
        is2016 && pressed.some(({ resource, level }) => resource === 'version-buckets' && level === 2),
    };
    if (!this.#effects.pausesBootScanning) this.#isHeldBack = false;
  }

  #dehydrates(acting: readonly ClearGauge[]): boolean {
    const { is2016 } = this.#server;
    return acting.some(
      ({ resource, level }) =>
        (resource === 'all-memory' && (level === 2 || is2016)) ||
        (resource === 'submission-queue' && level === 2) ||
        (resource === 'process-memory' && is2016),
    );
  }

  /** A-tarpit. */
  #nextTarpitMs(tarpits: boolean, refuses: boolean): number {
    const { transport } = this.#server.settings;
    const [baseMs, startMs] = [
      transport.smtpBaseThrottlingDelayInterval,
      transport.smtpStartThrottlingDelayInterval,
    ];
    const [stepMs, maxMs] = [
      transport.smtpStepThrottlingDelayInterval,
      transport.smtpMaxThrottlingDelayInterval,
    ];
    const { tarpitMs } = this.#effects;
    if (tarpits) return Math.min(tarpitMs < startMs ? startMs : tarpitMs + stepMs, maxMs);
    const isOver = refuses || stepMs === 0 || tarpitMs - stepMs < startMs;
    return isOver ? baseMs : tarpitMs - stepMs;
  }

  #read(resource: PressureResource): number {
    const { settings, memoryBytes, queueDiskBytes } = this.#server;
    const { hardware, transport } = settings;
    const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0);
    const queued = sum(this.#queued.map(({ bytes }) => bytes));
    const received = sum(this.#receiving);
    switch (resource) {
      case 'queue-disk':
      case 'log-disk':
        return Math.round(Math.max(0, ...this.#fills) * queueDiskBytes) + queued + this.#kept;
      case 'version-buckets':
        return Math.ceil(received / hardware.versionBucketSize);
      case 'batch-points':
        return this.#receiving.length;
      case 'process-memory': {
        const inMemory = sum(this.#queued.map(({ bytes, isDehydrated }) => (isDehydrated ? 0 : bytes)));
        return (
          hardware.transportMemory + received + hardware.cachedContent * (this.#isHeldBack ? 0 : inMemory)
        );
      }
      case 'all-memory':
        return hardware.otherMemory * memoryBytes + this.#read('process-memory');
      case 'submission-queue':
        return this.#submission;
      case 'jet-sessions':
        return this.#receiving.length + Math.min(this.#submission, transport.categorizerSlots);
      case 'checkpoint-depth':
        return this.#checkpoint();
    }
  }

  /** Of all that was ever committed, what has not got from the log into the file yet. */
  #checkpoint(): number {
    const perMs = this.#server.settings.hardware.checkpointSpeed / 1_000;
    let behind = 0;
    let lastMs = 0;
    for (const { bytes, atMs } of this.#committed) {
      behind = Math.max(0, behind - perMs * (atMs - lastMs)) + bytes;
      lastMs = atMs;
    }
    return Math.max(0, behind - perMs * (this.#nowMs() - lastMs));
  }

  #setLevel(gauge: ClearGauge, level: number): void {
    if (gauge.level === level) return;
    gauge.level = level;
    this.#tell(gauge.resource, pressureLevels[level]!);
  }

  #atRest(): ClearEffects {
    return {
      refusing: 0,
      tarpitMs: this.#server.settings.transport.smtpBaseThrottlingDelayInterval,
      readMs: 0,
      ...{ pausesResubmission: false, pausesShadows: false },
      ...{ pausesBootScanning: false, pausesRemoteDelivery: false },
    };
  }
}
