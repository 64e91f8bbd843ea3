import type { Settings } from '../settings.js';

/** What a Transport service watches, as its rows in faults.csv name it (BP, CAP-40, CAP-41). */
export const pressureResources = [
  'queue-disk',
  'log-disk',
  'version-buckets',
  'batch-points',
  'process-memory',
  'all-memory',
  'submission-queue',
  'jet-sessions',
  'checkpoint-depth',
] as const;
export type PressureResource = (typeof pressureResources)[number];

/** How full a resource is; as numbers, 0 to 2. */
export const pressureLevels = ['normal', 'medium', 'high'] as const;
export type PressureLevel = (typeof pressureLevels)[number];
export const levelIndex = { normal: 0, medium: 1, high: 2 } as const;

/**
 * Where a resource changes its level (BP-06): it rises where it reaches a threshold, and falls where it is at one or
 * below. Infinity: never.
 */
export interface PressureThresholds {
  readonly toMedium: number;
  readonly toHigh: number;
  readonly fromHigh: number;
  readonly toNormal: number;
}

const megabyte = 1_048_576;
const gigabyte = 1_024 * megabyte;
const terabyte = 1_024 * gigabyte;
const databaseReserve = 500 * megabyte;
const largestLogReserve = 5 * gigabyte;

/**
 * The default thresholds of a disk, in per cent of its size (BP, CAP-42, WE-18): High where 500 MB are left of the disk
 * of the database, or three times the checkpoint depth, at most 5 GB, of the disk of its logs; rounded down. Medium is
 * 2 below, Normal 4.
 */
export function diskThresholds(
  diskBytes: number,
  checkpointDepthBytes: number,
): { readonly database: Percentages; readonly log: Percentages } {
  const leaving = (reserve: number): Percentages => {
    const high = Math.floor((100 * (diskBytes - reserve)) / diskBytes);
    return { high, medium: high - 2, normal: high - 4 };
  };
  return {
    database: leaving(databaseReserve),
    log: leaving(Math.min(largestLogReserve, 3 * checkpointDepthBytes)),
  };
}

/** Thresholds of the three levels in per cent; 0 as a setting: by the formula. */
export interface Percentages {
  readonly high: number;
  readonly medium: number;
  readonly normal: number;
}

/**
 * The default thresholds of the memory of the Transport service, in per cent of the server's (BP): 75, or 1 TB where that
 * is less; 73 and 71, or 2 and 4 below.
 */
export function memoryThresholds(memoryBytes: number): Percentages {
  const high = Math.floor((100 * Math.min(0.75 * memoryBytes, terabyte)) / memoryBytes);
  return { high, medium: Math.min(73, high - 2), normal: Math.min(71, high - 4) };
}

/** What of a server's hardware the thresholds depend on. */
export interface PressureHardware {
  readonly queueDisk: number;
  readonly memory: number;
}

/**
 * The thresholds of all resources of a server, in what the resource is counted in: bytes of disks and memory, numbers of
 * the rest.
 */
export function thresholdsOf(
  { transport }: Settings,
  { queueDisk, memory }: PressureHardware,
): Readonly<Record<PressureResource, PressureThresholds>> {
  const disk = diskThresholds(queueDisk, transport.databaseCheckPointDepthMax);
  return {
    'queue-disk': inBytes(
      queueDisk,
      transport.percentageDatabaseDiskSpaceUsedHighThreshold,
      transport.percentageDatabaseDiskSpaceUsedMediumThreshold,
      transport.percentageDatabaseDiskSpaceUsedNormalThreshold,
      transport.percentageDatabaseDiskSpaceUsedHighToMediumThreshold,
      disk.database,
    ),
    'log-disk': inBytes(
      queueDisk,
      transport.percentageDatabaseLoggingDiskSpaceUsedHighThreshold,
      transport.percentageDatabaseLoggingDiskSpaceUsedMediumThreshold,
      transport.percentageDatabaseLoggingDiskSpaceUsedNormalThreshold,
      transport.percentageDatabaseLoggingDiskSpaceUsedHighToMediumThreshold,
      disk.log,
    ),
    'version-buckets': plain(
      transport.versionBucketsHighThreshold,
      transport.versionBucketsMediumThreshold,
      transport.versionBucketsNormalThreshold,
      transport.versionBucketsHighToMediumThreshold,
    ),
    'batch-points': plain(
      transport.batchPointHighThreshold,
      transport.batchPointMediumThreshold,
      transport.batchPointNormalThreshold,
      transport.batchPointHighToMediumThreshold,
    ),
    'process-memory': inBytes(
      memory,
      transport.percentagePrivateBytesUsedHighThreshold,
      transport.percentagePrivateBytesUsedMediumThreshold,
      transport.percentagePrivateBytesUsedNormalThreshold,
      transport.percentagePrivateBytesUsedHighToMediumThreshold,
      memoryThresholds(memory),
    ),
    'all-memory': allMemory(transport, memory),
    'submission-queue': plain(
      transport.submissionQueueHigh,
      transport.submissionQueueMedium,
      transport.submissionQueueNormal,
      transport.submissionQueueHighToMedium,
    ),
    'jet-sessions': plain(
      transport.jetSessionsHigh,
      transport.jetSessionsMedium,
      transport.jetSessionsNormal,
      transport.jetSessionsHighToMedium,
    ),
    'checkpoint-depth': scaled(
      megabyte,
      plain(
        transport.checkpointDepthHigh,
        transport.checkpointDepthMedium,
        transport.checkpointDepthNormal,
        transport.checkpointDepthHighToMedium,
      ),
    ),
  };
}

/** The level after a poll that read `reading` where the level before was `level` (BP, BP-06; both 0 to 2). */
export function nextLevel(level: number, reading: number, thresholds: PressureThresholds): number {
  const { toMedium, toHigh, fromHigh, toNormal } = thresholds;
  if (reading >= toHigh) return levelIndex.high;
  // Whatever the thresholds are: what would rise at once has not fallen.
  const isNormal = reading <= toNormal && reading < toMedium;
  switch (level) {
    case levelIndex.normal:
      return reading >= toMedium ? levelIndex.medium : levelIndex.normal;
    case levelIndex.medium:
      return isNormal ? levelIndex.normal : levelIndex.medium;
    default:
      if (reading > fromHigh) return levelIndex.high;
      return isNormal ? levelIndex.normal : levelIndex.medium;
  }
}

function plain(high: number, medium: number, normal: number, highToMedium: number): PressureThresholds {
  return {
    toMedium: Math.min(medium, high),
    toHigh: high,
    fromHigh: highToMedium === 0 ? medium : highToMedium,
    toNormal: normal,
  };
}

/** In whole bytes. */
function scaled(unit: number, { toMedium, toHigh, fromHigh, toNormal }: PressureThresholds) {
  return {
    toMedium: Math.round(toMedium * unit),
    toHigh: Math.round(toHigh * unit),
    fromHigh: Math.round(fromHigh * unit),
    toNormal: Math.round(toNormal * unit),
  };
}

/** Thresholds in per cent of `totalBytes`; each that is 0 comes from the one above, High from the formula. */
function inBytes(
  totalBytes: number,
  highSet: number,
  mediumSet: number,
  normalSet: number,
  highToMedium: number,
  formula: Percentages,
): PressureThresholds {
  const high = highSet === 0 ? formula.high : highSet;
  const medium = mediumSet === 0 ? Math.min(formula.medium, high - 2) : mediumSet;
  const normal = normalSet === 0 ? Math.min(formula.normal, medium - 2) : normalSet;
  return scaled(totalBytes / 100, plain(high, medium, normal, highToMedium));
}

/** Of all memory 2013 has a value for High alone (BP, CAP-40). */
function allMemory(transport: Settings['transport'], memory: number): PressureThresholds {
  const high = transport.percentagePhysicalMemoryUsedLimit;
  const medium = transport.percentagePhysicalMemoryUsedMediumThreshold;
  const normal = transport.percentagePhysicalMemoryUsedNormalThreshold;
  const toMedium = transport.percentagePhysicalMemoryUsedHighToMediumThreshold;
  const rises = medium === 0 ? high : Math.min(medium, high);
  return scaled(memory / 100, {
    toMedium: rises,
    toHigh: high,
    fromHigh: toMedium === 0 ? rises : toMedium,
    toNormal: normal === 0 ? rises : normal,
  });
}
