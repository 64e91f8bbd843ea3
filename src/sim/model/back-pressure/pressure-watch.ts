import type { Server } from '../../../topology/index.js';
import { type EventHandle, noEvent } from '../../kernel/index.js';
import type { Settings } from '../settings.js';
import {
  levelIndex,
  type PressureResource,
  type PressureThresholds,
  pressureResources,
  thresholdsOf,
} from './pressure-thresholds.js';

/** Those that are answered with the tarpit first (BP-03, A-pressure-of-later-versions). */
const tarpitting: ReadonlySet<PressureResource> = new Set([
  'version-buckets',
  'batch-points',
  'submission-queue',
  'jet-sessions',
  'checkpoint-depth',
]);

/** One resource of one server. */
export interface Gauge {
  readonly resource: PressureResource;
  readonly thresholds: PressureThresholds;
  /** Polls in a row above Normal before mail is refused; 1: at once. */
  readonly historyDepth: number;
  readonly tarpits: boolean;
  readonly refuses: boolean;
  /** One of `levelIndex`. */
  level: number;
  /** Polls in a row above Normal, up to now. */
  polls: number;
}

/** What back pressure knows of one server: what it goes by, and what has come of it. Memory and disks in bytes. */
export interface Watch {
  readonly intervalMs: number;
  readonly thresholds: Readonly<Record<PressureResource, PressureThresholds>>;
  readonly gauges: readonly Gauge[];
  /** The lowest readings that call for polls: of the disk, the memory of the service, messages being received, their bytes. */
  readonly diskTrigger: number;
  readonly memoryTrigger: number;
  readonly receptionsTrigger: number;
  readonly receivingTrigger: number;
  /** How long MAIL FROM is held up: without pressure, at first, a poll later, at most. */
  readonly baseMs: number;
  readonly startMs: number;
  readonly stepMs: number;
  readonly maxMs: number;
  readonly dehydrates: boolean;
  readonly readMs: number;
  readonly cachedContent: number;
  readonly transportMemory: number;
  readonly otherMemory: number;
  readonly queueDisk: number;
  /** Share of the disk that others use, without faults. */
  readonly queueDiskUsed: number;
  readonly bucketBytes: number;
  readonly checkpointBytesPerMs: number;
  readonly categorizerSlots: number;
  /** `used` of the `disk-full` faults that last. */
  readonly fills: number[];
  /** What others have on the disk. */
  foreignBytes: number;
  /** What of the queues has no content in memory. */
  dehydratedBytes: number;
  /** What was in the queues when `dehydratedBytes` was last reckoned. */
  queuedBytes: number;
  /** What of the log was not in the database file yet, at `checkpointAtMs`. */
  checkpointBytes: number;
  checkpointAtMs: number;
  poll: EventHandle;
  /** What the server does not do now, as bits. */
  paused: number;
  /** The service has started, but not gone on with what it has in its queues (BP-06). */
  isHeldBack: boolean;
}

/** What is to be known of a server when a run begins; null: it has no Transport service, or that watches nothing. */
export function watchOf(
  { isTransport, isEdge, memoryBytes, queueDiskBytes, queueDiskUsed }: Server,
  settings: Settings,
  is2016: boolean,
): Watch | null {
  const { transport, hardware } = settings;
  if (!(isTransport || isEdge) || !transport.enableResourceMonitoring) return null;
  const thresholds = thresholdsOf(settings, { queueDisk: queueDiskBytes, memory: memoryBytes });
  const depths: Readonly<Partial<Record<PressureResource, number>>> = {
    'version-buckets': transport.versionBucketsHistoryDepth,
    'batch-points': transport.batchPointHistoryDepth,
    'process-memory': transport.privateBytesHistoryDepth,
    'submission-queue': transport.submissionQueueHistoryDepth,
    'jet-sessions': transport.versionBucketsHistoryDepth,
    'checkpoint-depth': transport.versionBucketsHistoryDepth,
  };
  const otherMemory = hardware.otherMemory * memoryBytes;
  return {
    intervalMs: transport.resourceMonitoringInterval,
    thresholds,
    gauges: pressureResources.map((resource) => ({
      resource,
      thresholds: thresholds[resource],
      historyDepth: depths[resource] ?? 1,
      tarpits: tarpitting.has(resource),
      // In 2016 all memory is answered by dehydration alone.
      refuses: resource !== 'all-memory' || !is2016,
      level: levelIndex.normal,
      polls: 0,
    })),
    diskTrigger: Math.min(thresholds['queue-disk'].toMedium, thresholds['log-disk'].toMedium),
    memoryTrigger: Math.min(
      thresholds['process-memory'].toMedium,
      thresholds['all-memory'].toMedium - otherMemory,
    ),
    // Sessions of the categorizer come on top, at most one a slot.
    receptionsTrigger: Math.min(
      thresholds['batch-points'].toMedium,
      thresholds['jet-sessions'].toMedium - transport.categorizerSlots,
    ),
    // A bucket that is begun counts.
    receivingTrigger: (thresholds['version-buckets'].toMedium - 1) * hardware.versionBucketSize,
    baseMs: transport.smtpBaseThrottlingDelayInterval,
    startMs: transport.smtpStartThrottlingDelayInterval,
    stepMs: transport.smtpStepThrottlingDelayInterval,
    maxMs: transport.smtpMaxThrottlingDelayInterval,
    dehydrates: transport.dehydrateMessagesUnderMemoryPressure,
    readMs: hardware.dehydratedReadTime,
    cachedContent: hardware.cachedContent,
    transportMemory: hardware.transportMemory,
    otherMemory,
    queueDisk: queueDiskBytes,
    queueDiskUsed,
    bucketBytes: hardware.versionBucketSize,
    checkpointBytesPerMs: hardware.checkpointSpeed / 1_000,
    categorizerSlots: transport.categorizerSlots,
    fills: [],
    foreignBytes: Math.round(queueDiskUsed * queueDiskBytes),
    dehydratedBytes: 0,
    queuedBytes: 0,
    checkpointBytes: 0,
    checkpointAtMs: 0,
    poll: noEvent,
    paused: 0,
    isHeldBack: false,
  };
}
