import { gigabyte, megabyte } from '../settings/setting-definition.js';
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

/** The settings of the Transport service that a resource's thresholds come from. */
export const thresholdSettings = {
  'queue-disk': {
    high: 'percentageDatabaseDiskSpaceUsedHighThreshold',
    medium: 'percentageDatabaseDiskSpaceUsedMediumThreshold',
    normal: 'percentageDatabaseDiskSpaceUsedNormalThreshold',
    highToMedium: 'percentageDatabaseDiskSpaceUsedHighToMediumThreshold',
  },
  'log-disk': {
    high: 'percentageDatabaseLoggingDiskSpaceUsedHighThreshold',
    medium: 'percentageDatabaseLoggingDiskSpaceUsedMediumThreshold',
    normal: 'percentageDatabaseLoggingDiskSpaceUsedNormalThreshold',
    highToMedium: 'percentageDatabaseLoggingDiskSpaceUsedHighToMediumThreshold',
  },
  'version-buckets': {
    high: 'versionBucketsHighThreshold',
    medium: 'versionBucketsMediumThreshold',
    normal: 'versionBucketsNormalThreshold',
    highToMedium: 'versionBucketsHighToMediumThreshold',
  },
  'batch-points': {
    high: 'batchPointHighThreshold',
    medium: 'batchPointMediumThreshold',
    normal: 'batchPointNormalThreshold',
    highToMedium: 'batchPointHighToMediumThreshold',
  },
  'process-memory': {
    high: 'percentagePrivateBytesUsedHighThreshold',
    medium: 'percentagePrivateBytesUsedMediumThreshold',
    normal: 'percentagePrivateBytesUsedNormalThreshold',
    highToMedium: 'percentagePrivateBytesUsedHighToMediumThreshold',
  },
  'all-memory': {
    high: 'percentagePhysicalMemoryUsedLimit',
    medium: 'percentagePhysicalMemoryUsedMediumThreshold',
    normal: 'percentagePhysicalMemoryUsedNormalThreshold',
    highToMedium: 'percentagePhysicalMemoryUsedHighToMediumThreshold',
  },
  'submission-queue': {
    high: 'submissionQueueHigh',
    medium: 'submissionQueueMedium',
    normal: 'submissionQueueNormal',
    highToMedium: 'submissionQueueHighToMedium',
  },
  'jet-sessions': {
    high: 'jetSessionsHigh',
    medium: 'jetSessionsMedium',
    normal: 'jetSessionsNormal',
    highToMedium: 'jetSessionsHighToMedium',
  },
  'checkpoint-depth': {
    high: 'checkpointDepthHigh',
    medium: 'checkpointDepthMedium',
    normal: 'checkpointDepthNormal',
    highToMedium: 'checkpointDepthHighToMedium',
  },
} as const satisfies Record<PressureResource, Record<string, keyof Settings['transport']>>;

/** The name of a setting that is a threshold of a resource. */
export type ThresholdSetting =
  (typeof thresholdSettings)[PressureResource][keyof (typeof thresholdSettings)[PressureResource]];

/** What is set; in per cent where the resource is a disk or memory, and 0 where a formula decides. */
interface SetThresholds extends Percentages {
  readonly highToMedium: number;
}

function setThresholds({ transport }: Settings, resource: PressureResource): SetThresholds {
  const { high, medium, normal, highToMedium } = thresholdSettings[resource];
  return {
    high: transport[high],
    medium: transport[medium],
    normal: transport[normal],
    highToMedium: transport[highToMedium],
  };
}

/**
 * The thresholds of all resources of a server, in what the resource is counted in: bytes of disks and memory, numbers of
 * the rest.
 */
export function thresholdsOf(
  settings: Settings,
  hardware: PressureHardware,
): Readonly<Record<PressureResource, PressureThresholds>> {
  const { queueDisk, memory } = hardware;
  const set = (resource: PressureResource) => setThresholds(settings, resource);
  const formulas = formulasOf(settings, hardware);
  return {
    'queue-disk': inBytes(queueDisk, set('queue-disk'), formulas['queue-disk']),
    'log-disk': inBytes(queueDisk, set('log-disk'), formulas['log-disk']),
    'version-buckets': plain(set('version-buckets')),
    'batch-points': plain(set('batch-points')),
    'process-memory': inBytes(memory, set('process-memory'), formulas['process-memory']),
    'all-memory': allMemory(memory, set('all-memory')),
    'submission-queue': plain(set('submission-queue')),
    'jet-sessions': plain(set('jet-sessions')),
    'checkpoint-depth': scaled(megabyte, plain(set('checkpoint-depth'))),
  };
}

function formulasOf({ transport }: Settings, { queueDisk, memory }: PressureHardware) {
  const { database, log } = diskThresholds(queueDisk, transport.databaseCheckPointDepthMax);
  return { 'queue-disk': database, 'log-disk': log, 'process-memory': memoryThresholds(memory) } as const;
}

/** A threshold that is above the one of the next higher level. */
export interface MisorderedThreshold {
  readonly lower: ThresholdSetting;
  readonly lowerValue: number;
  readonly upper: ThresholdSetting;
  /** As it is set, or as the formula has it for this server, in per cent. */
  readonly upperValue: number;
}

/** Where the thresholds of a server are not Normal, Medium, High in this order (BP): equal ones are. */
export function misorderedThresholds(
  settings: Settings,
  hardware: PressureHardware,
): readonly MisorderedThreshold[] {
  const formulas: Partial<Record<PressureResource, Percentages>> = formulasOf(settings, hardware);
  return pressureResources.flatMap((resource) => {
    const set = setThresholds(settings, resource);
    const formula = formulas[resource];
    const { high, medium } = formula === undefined ? set : withFormula(set, formula);
    const names = thresholdSettings[resource];
    const found: MisorderedThreshold[] = [];
    // 0 is what a formula has put in order.
    if (set.medium !== 0 && set.medium > high)
      found.push({ lower: names.medium, lowerValue: set.medium, upper: names.high, upperValue: high });
    // Of all memory there may be no Medium.
    const [upper, upperValue] = medium === 0 ? [names.high, high] : [names.medium, medium];
    if (set.normal !== 0 && set.normal > upperValue)
      found.push({ lower: names.normal, lowerValue: set.normal, upper, upperValue });
    return found;
  });
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

function plain({ high, medium, normal, highToMedium }: SetThresholds): PressureThresholds {
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

/** Thresholds in per cent of `totalBytes`. */
function inBytes(totalBytes: number, set: SetThresholds, formula: Percentages): PressureThresholds {
  const { highToMedium } = set;
  return scaled(totalBytes / 100, plain({ ...withFormula(set, formula), highToMedium }));
}

/** Each that is 0 comes from the one above, High from the formula. */
function withFormula(set: Percentages, formula: Percentages): Percentages {
  const high = set.high === 0 ? formula.high : set.high;
  const medium = set.medium === 0 ? Math.min(formula.medium, high - 2) : set.medium;
  const normal = set.normal === 0 ? Math.min(formula.normal, medium - 2) : set.normal;
  return { high, medium, normal };
}

/** Of all memory 2013 has a value for High alone (BP, CAP-40). */
function allMemory(
  memory: number,
  { high, medium, normal, highToMedium }: SetThresholds,
): PressureThresholds {
  const rises = medium === 0 ? high : Math.min(medium, high);
  return scaled(memory / 100, {
    toMedium: rises,
    toHigh: high,
    fromHigh: highToMedium === 0 ? rises : highToMedium,
    toNormal: normal === 0 ? rises : normal,
  });
}
