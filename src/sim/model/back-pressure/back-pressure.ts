import type { Topology } from '../../../topology/index.js';
import { noEvent, type Simulation, tickMs } from '../../kernel/index.js';
import type { TransportObserver } from '../observer.js';
import { type QueueDatabases, storedAs } from '../queue-databases.js';
import { type ServerStates, serviceIndex } from '../server-states.js';
import type { Settings } from '../settings.js';
import { levelIndex, nextLevel, type PressureResource, pressureLevels } from './pressure-thresholds.js';
import { type Gauge, type Watch, watchOf } from './pressure-watch.js';

/**
 * Who sends MAIL FROM, or puts files into Pickup: as the level at which they are refused (BP-02). Front ends for outside
 * senders, and these themselves at an Edge, are `outside`; other Transport services, through a front end or not,
 * `exchange`.
 */
export const senders = {
  outside: levelIndex.medium,
  pickup: levelIndex.medium,
  exchange: levelIndex.high,
  submission: levelIndex.high,
} as const;
export type Sender = (typeof senders)[keyof typeof senders];

/** What a server under pressure does not do in 2016 (BP-06), as bits. */
const pauses = { resubmission: 1, shadows: 2, bootScanning: 4, remoteDelivery: 8 } as const;

/**
 * Back pressure (BP-01 to BP-06): each Transport service watches what it needs, and answers MAIL FROM late, or with
 * `452 4.3.1 Insufficient system resources`, where too little of it is left; what it has in its queues goes on.
 *
 * A resource is polled only while it may matter: from when it reaches its lowest threshold until all is at Normal again
 * (A-pressure-grid). Until then a change costs a comparison.
 */
export class BackPressure {
  readonly #simulation: Simulation;
  readonly #topology: Topology;
  readonly #observer: TransportObserver;
  readonly #states: ServerStates;
  readonly #databases: QueueDatabases;
  readonly #is2016: boolean;
  readonly #watches: readonly (Watch | null)[];
  readonly #pollKind: number;
  readonly #resumed: ((server: number) => void)[] = [];
  readonly #scanned: ((server: number) => void)[] = [];
  /** By server: the level from which senders are refused; 0: nobody is. */
  readonly #refusing: Uint8Array;
  /** By server: how long MAIL FROM is held up, ms. */
  readonly #tarpitMs: Float64Array;
  /** By server: what reading a message takes while it is dehydrated, ms. */
  readonly #readMs: Float64Array;
  readonly #submission: Int32Array;
  readonly #receptions: Int32Array;
  readonly #receivingBytes: Float64Array;
  /** From when on the Submission queue is to be looked at; Infinity where nobody does. */
  readonly #submissionTrigger: Float64Array;
  /** From how many receptions on what is being categorized may bring too many sessions with the database. */
  readonly #sessionsTrigger: Float64Array;

  constructor(
    simulation: Simulation,
    topology: Topology,
    settingsOf: (server: number) => Settings,
    states: ServerStates,
    databases: QueueDatabases,
    observer: TransportObserver,
  ) {
    this.#simulation = simulation;
    this.#topology = topology;
    this.#observer = observer;
    this.#states = states;
    this.#databases = databases;
    // Where versions differ otherwise than in settings.
    this.#is2016 = topology.behavior === '2016';
    const count = topology.servers.length;
    this.#refusing = new Uint8Array(count);
    this.#readMs = new Float64Array(count);
    this.#submission = new Int32Array(count);
    this.#receptions = new Int32Array(count);
    this.#receivingBytes = new Float64Array(count);
    this.#watches = topology.servers.map((server) => watchOf(server, settingsOf(server.index), this.#is2016));
    this.#submissionTrigger = Float64Array.from(this.#watches, (watch) =>
      watch === null ? Number.POSITIVE_INFINITY : watch.thresholds['submission-queue'].toMedium,
    );
    this.#sessionsTrigger = Float64Array.from(this.#watches, (watch) =>
      watch === null
        ? Number.POSITIVE_INFINITY
        : watch.thresholds['jet-sessions'].toMedium - watch.categorizerSlots,
    );
    this.#tarpitMs = Float64Array.from(this.#watches, (watch) => watch?.baseMs ?? 0);
    this.#pollKind = simulation.addKind((server) => this.#poll(server));
    databases.whenChanged((server, totalBytes) => this.#stored(server, totalBytes));
    for (const { index } of topology.servers) this.review(index);
  }

  /**
   * Whether a server answers MAIL FROM of such a sender with `452 4.3.1` now (BP-02, A-pressure-refusals); a refusal is
   * counted.
   */
  refuses(server: number, sender: Sender): boolean {
    if (!this.isRefusing(server, sender)) return false;
    this.#observer.refused(this.#simulation.nowMs, server);
    return true;
  }

  /** As `refuses`, without anybody being refused. */
  isRefusing(server: number, sender: Sender): boolean {
    return this.#refusing[server]! >= sender;
  }

  /** How long a server holds up MAIL FROM that it does not refuse, ms (BP-03); counted. */
  tarpitMs(server: number): number {
    const ms = this.#tarpitMs[server]!;
    if (ms > 0) this.#observer.tarpitted(this.#simulation.nowMs, server, ms);
    return ms;
  }

  /** What reading a message from the database adds to categorizing and sending it, ms; 0 while it is in memory (BP-04). */
  readMs(server: number): number {
    return this.#readMs[server]!;
  }

  /** Whether a server takes no part in resubmissions now: of Safety Net, of shadow copies (BP-06). */
  pausesResubmission(server: number): boolean {
    return this.#isPaused(server, pauses.resubmission);
  }

  /**
   * Whether a server takes no shadow copies from others now: an Exchange server that brings one is refused at High as it is
   * with any mail (BP-02), in 2016 at Medium, too (BP-06). It is not counted: nobody's mail is refused.
   */
  refusesShadows(server: number): boolean {
    return this.isRefusing(server, senders.exchange) || this.#isPaused(server, pauses.shadows);
  }

  /**
   * The Transport service of a server has started: its resources are looked at at once.
   * @returns whether it goes on with what it has in its queues; else `whenScanned` tells when (BP-06, A-boot-scanning)
   */
  started(server: number): boolean {
    const watch = this.#watches[server];
    if (!watch) return true;
    watch.isHeldBack = true;
    if (this.#isNear(server, watch)) this.#poll(server);
    watch.isHeldBack = (watch.paused & pauses.bootScanning) !== 0;
    // Now that the mail in its queues is in memory, too.
    if (!watch.isHeldBack) this.review(server);
    return !watch.isHeldBack;
  }

  /** Whether a service that runs has not yet gone on with what it has in its queues. */
  isHeldBack(server: number): boolean {
    return this.#watches[server]?.isHeldBack ?? false;
  }

  /** Whether a server sends nothing to other servers and outside now (BP-06). */
  pausesRemoteDelivery(server: number): boolean {
    return this.#isPaused(server, pauses.remoteDelivery);
  }

  /** Calls `listener` after each poll at which a server goes on with something that it had paused. */
  whenResumed(listener: (server: number) => void): void {
    this.#resumed.push(listener);
  }

  /** Calls `listener` when a service that was held back at its start goes on with its queues. */
  whenScanned(listener: (server: number) => void): void {
    this.#scanned.push(listener);
  }

  /** The Submission queue of a server, its categorizer included, has come to be so long. */
  submissionQueue(server: number, length: number): void {
    this.#submission[server] = length;
    if (
      length >= this.#submissionTrigger[server]! ||
      this.#receptions[server]! >= this.#sessionsTrigger[server]!
    ) {
      this.#watch(server);
    }
  }

  /** A message of that size begins to come to a Transport service; `received` follows. */
  receiving(server: number, sizeBytes: number): void {
    const watch = this.#watches[server];
    if (!watch) return;
    this.#receptions[server]!++;
    this.#receivingBytes[server]! += sizeBytes;
    if (
      this.#receptions[server]! >= watch.receptionsTrigger ||
      this.#receivingBytes[server]! >= watch.receivingTrigger ||
      this.#processMemory(server, watch) >= watch.memoryTrigger
    ) {
      this.#watch(server);
    }
  }

  /** A message that was `receiving` is committed, or will not come. */
  received(server: number, sizeBytes: number): void {
    const watch = this.#watches[server];
    if (!watch) return;
    this.#receptions[server]!--;
    this.#receivingBytes[server]! -= sizeBytes;
    const { toMedium } = watch.thresholds['checkpoint-depth'];
    if (toMedium === Number.POSITIVE_INFINITY) return;
    watch.checkpointBytes = this.#checkpoint(watch) + sizeBytes;
    watch.checkpointAtMs = this.#simulation.nowMs;
    if (watch.checkpointBytes >= toMedium) this.#watch(server);
  }

  /** Others use that share of a server's queue disk from now on, as long as no fuller one comes (`disk-full`). */
  beginFill(server: number, used: number): void {
    this.#watches[server]?.fills.push(used);
    this.#filled(server);
  }

  endFill(server: number, used: number): void {
    const fills = this.#watches[server]?.fills;
    if (fills !== undefined) fills.splice(fills.indexOf(used), 1);
    this.#filled(server);
  }

  /** The Transport service of a server has stopped: what it knew of its resources is forgotten. */
  stopped(server: number): void {
    const watch = this.#watches[server];
    if (!watch) return;
    this.#simulation.cancel(watch.poll);
    watch.poll = noEvent;
    for (const gauge of watch.gauges) {
      gauge.polls = 0;
      this.#setLevel(server, gauge, levelIndex.normal);
    }
    this.#refusing[server] = 0;
    this.#tarpitMs[server] = watch.baseMs;
    this.#readMs[server] = 0;
    watch.dehydratedBytes = 0;
    watch.paused = 0;
    watch.isHeldBack = false;
  }

  /** Something has changed that may put a server under pressure: looked at with the next poll, which may be now. */
  review(server: number): void {
    const watch = this.#watches[server];
    if (!watch || watch.poll !== noEvent || !this.#runs(server)) return;
    if (!this.#isNear(server, watch)) return;
    const dueMs = pollFrom(this.#simulation.nowMs, watch.intervalMs);
    watch.poll = this.#simulation.scheduleAt(dueMs, this.#pollKind, server);
  }

  #isNear(server: number, watch: Watch): boolean {
    return watch.gauges.some(
      ({ resource, thresholds }) => this.#read(server, watch, resource) >= thresholds.toMedium,
    );
  }

  /** Has the server polled, from the next point of its grid on. */
  #watch(server: number): void {
    const watch = this.#watches[server]!;
    if (watch === null || watch.poll !== noEvent || !this.#runs(server)) return;
    const dueMs = pollFrom(this.#simulation.nowMs + tickMs, watch.intervalMs);
    watch.poll = this.#simulation.scheduleAt(dueMs, this.#pollKind, server);
  }

  #runs(server: number): boolean {
    return this.#states.isRunning(server, serviceIndex.transport);
  }

  #isPaused(server: number, what: number): boolean {
    const watch = this.#watches[server];
    return watch ? (watch.paused & what) !== 0 : false;
  }

  #stored(server: number, totalBytes: number): void {
    const watch = this.#watches[server];
    if (!watch) return;
    if (watch.dehydratedBytes > 0) this.#leftDehydrated(server, watch);
    if (watch.poll !== noEvent) return;
    if (
      totalBytes >= watch.diskTrigger - watch.foreignBytes ||
      this.#processMemory(server, watch) >= watch.memoryTrigger
    ) {
      this.#watch(server);
    }
  }

  /** What has left the queues was the oldest: what has been dropped from memory (A-dehydration). */
  #leftDehydrated(server: number, watch: Watch): void {
    const queuedBytes = this.#databases.bytes(server, storedAs.queue);
    const leftBytes = Math.max(0, watch.queuedBytes - queuedBytes);
    watch.dehydratedBytes = Math.max(0, watch.dehydratedBytes - leftBytes);
    watch.queuedBytes = queuedBytes;
  }

  #filled(server: number): void {
    const watch = this.#watches[server];
    if (!watch) return;
    const { queueDisk, queueDiskUsed, fills } = watch;
    // Of several faults the fullest counts.
    const used = fills.length === 0 ? queueDiskUsed : Math.max(...fills);
    watch.foreignBytes = Math.round(used * queueDisk);
    this.review(server);
  }

  #read(server: number, watch: Watch, resource: PressureResource): number {
    switch (resource) {
      case 'queue-disk':
      case 'log-disk':
        // Free space inside the file of the database counts as free (CAP-13, A-queue-disk).
        return watch.foreignBytes + this.#databases.totalBytes(server);
      case 'version-buckets':
        return Math.ceil(this.#receivingBytes[server]! / watch.bucketBytes);
      // A-batch-points.
      case 'batch-points':
        return this.#receptions[server]!;
      case 'process-memory':
        return this.#processMemory(server, watch);
      case 'all-memory':
        return watch.otherMemory + this.#processMemory(server, watch);
      case 'submission-queue':
        return this.#submission[server]!;
      // A-sessions-with-database.
      case 'jet-sessions':
        return this.#receptions[server]! + Math.min(this.#submission[server]!, watch.categorizerSlots);
      case 'checkpoint-depth':
        return this.#checkpoint(watch);
    }
  }

  #processMemory(server: number, watch: Watch): number {
    const queued = watch.isHeldBack
      ? 0
      : this.#databases.bytes(server, storedAs.queue) - watch.dehydratedBytes;
    return watch.transportMemory + this.#receivingBytes[server]! + watch.cachedContent * Math.max(0, queued);
  }

  #checkpoint({ checkpointBytes, checkpointAtMs, checkpointBytesPerMs }: Watch): number {
    return Math.max(0, checkpointBytes - checkpointBytesPerMs * (this.#simulation.nowMs - checkpointAtMs));
  }

  #poll(server: number): void {
    const watch = this.#watches[server]!;
    watch.poll = noEvent;
    let isAnyPressed = false;
    let refusing = 0;
    let tarpits = false;
    let hasStoppedTarpitting = false;
    for (const gauge of watch.gauges) {
      const reading = this.#read(server, watch, gauge.resource);
      this.#setLevel(server, gauge, nextLevel(gauge.level, reading, gauge.thresholds));
      if (gauge.level === levelIndex.normal) {
        gauge.polls = 0;
        continue;
      }
      isAnyPressed = true;
      gauge.polls++;
      const acts = gauge.polls >= gauge.historyDepth;
      if (acts && gauge.refuses) refusing = Math.max(refusing, gauge.level);
      if (gauge.tarpits && acts) hasStoppedTarpitting = true;
      else if (gauge.tarpits) tarpits = true;
    }
    this.#refusing[server] = refusing;
    this.#setTarpit(server, watch, tarpits, hasStoppedTarpitting);
    this.#dehydrate(server, watch);
    this.#pause(server, watch);
    if (isAnyPressed || this.#tarpitMs[server]! > watch.baseMs) this.#watch(server);
  }

  #setLevel(server: number, gauge: Gauge, level: number): void {
    if (gauge.level === level) return;
    gauge.level = level;
    const { nowMs } = this.#simulation;
    const { name } = this.#topology.servers[server]!;
    const spelled = pressureLevels[level]!;
    this.#observer.pressure(nowMs, server, gauge.resource, spelled);
    this.#observer.fault(nowMs, 'back-pressure', `${name} ${gauge.resource} ${spelled}`, 'effect');
  }

  /** A step longer with each poll under pressure, a step shorter with each after it; none where mail is refused (A-tarpit). */
  #setTarpit(server: number, watch: Watch, tarpits: boolean, hasStopped: boolean): void {
    const { baseMs, startMs, stepMs, maxMs } = watch;
    const beforeMs = this.#tarpitMs[server]!;
    if (tarpits) {
      this.#tarpitMs[server] =
        beforeMs < startMs ? Math.min(startMs, maxMs) : Math.min(beforeMs + stepMs, maxMs);
    } else {
      const lessMs = beforeMs - stepMs;
      this.#tarpitMs[server] = hasStopped || stepMs === 0 || lessMs < startMs ? baseMs : lessMs;
    }
  }

  /** BP-04: what is queued loses its content in memory, and is read from the database when it is worked on. */
  #dehydrate(server: number, watch: Watch): void {
    const isDehydrating =
      watch.dehydrates &&
      watch.gauges.some((gauge) => {
        if (gauge.level === levelIndex.normal || gauge.polls < gauge.historyDepth) return false;
        const isHigh = gauge.level === levelIndex.high;
        switch (gauge.resource) {
          case 'all-memory':
            return isHigh || this.#is2016;
          case 'submission-queue':
            return isHigh;
          case 'process-memory':
            return this.#is2016;
          default:
            return false;
        }
      });
    if (isDehydrating) {
      watch.queuedBytes = this.#databases.bytes(server, storedAs.queue);
      watch.dehydratedBytes = watch.queuedBytes;
    }
    this.#readMs[server] = isDehydrating ? watch.readMs : 0;
  }

  #pause(server: number, watch: Watch): void {
    if (!this.#is2016) return;
    let paused = 0;
    for (const { resource, level, polls, historyDepth } of watch.gauges) {
      if (level === levelIndex.normal) continue;
      if (resource === 'version-buckets' && level === levelIndex.high) paused |= pauses.remoteDelivery;
      if (polls < historyDepth || resource === 'all-memory') continue;
      paused |= pauses.resubmission | pauses.shadows;
      if (resource !== 'queue-disk' && resource !== 'log-disk') paused |= pauses.bootScanning;
    }
    const resumed = watch.paused & ~paused;
    watch.paused = paused;
    if (resumed === 0) return;
    if (watch.isHeldBack && (resumed & pauses.bootScanning) !== 0) {
      watch.isHeldBack = false;
      for (const listener of this.#scanned) listener(server);
    }
    for (const listener of this.#resumed) listener(server);
  }
}

/** When the first poll is that comes at `ms` or later, once the clock has rounded it to a tick. */
function pollFrom(ms: number, intervalMs: number): number {
  return Math.ceil((ms - tickMs / 2) / intervalMs) * intervalMs;
}
