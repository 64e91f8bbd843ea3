import {
  count,
  duration,
  gigabyte,
  kilobyte,
  largestCount,
  megabyte,
  minute,
  type SettingDefinition,
  second,
} from '../settings/setting-definition.js';

const unlimited = Number.POSITIVE_INFINITY;
const formula = 'BP, WE-18';

/** A threshold in messages, buckets or sessions. */
function threshold(
  value: number,
  value2016: number,
  source: string,
  meaning: string,
  smallest: 0 | 1 = 1,
): SettingDefinition {
  return count(value, [smallest, largestCount], source, meaning, { default2016: value2016 });
}

/** A threshold in per cent of a disk or of the memory. */
function percentage(value: number, value2016: number, source: string, meaning: string): SettingDefinition {
  return count(value, [0, 100], source, meaning, { default2016: value2016 });
}

/** For how many polls the level has to stand. */
function depth(value: number, what: string): SettingDefinition {
  const meaning = `polls in a row at which ${what} must be above Normal before mail is refused`;
  return count(value, [1, largestCount], 'BP, CAP-45', meaning);
}

/** How long MAIL FROM is held up. */
function delay(valueMs: number, value2016Ms: number, meaning: string): SettingDefinition {
  return duration(valueMs, [0, 10 * minute], 'BP-03, CAP-43', meaning, { default2016: value2016Ms });
}

/** The settings of back pressure that belong to the Transport service (BP, CAP-40, CAP-41). */
export const backPressureSettings = {
  enableResourceMonitoring: {
    unit: 'flag',
    default: true,
    source: 'BP',
    meaning: 'the Transport service watches its resources and answers with back pressure',
  },
  resourceMonitoringInterval: {
    unit: 'duration',
    default: 2 * second,
    range: [100, minute],
    source: 'BP',
    meaning: 'time between two polls of the resources',
  },
  smtpBaseThrottlingDelayInterval: delay(0, 0, 'how long MAIL FROM is held up without pressure'),
  smtpStartThrottlingDelayInterval: delay(
    10 * second,
    second,
    'how long MAIL FROM is held up at first under pressure',
  ),
  smtpStepThrottlingDelayInterval: delay(
    5 * second,
    second,
    'by how much longer MAIL FROM is held up at each further poll under pressure',
  ),
  smtpMaxThrottlingDelayInterval: delay(55 * second, 55 * second, 'how long MAIL FROM is held up at most'),
  databaseCheckPointDepthMax: {
    unit: 'size',
    default: 384 * megabyte,
    range: [0, 1_024 * gigabyte],
    source: 'CAP-25, WE-18',
    meaning: 'how far the log of the queue database may run ahead: decides the thresholds of its disk',
  },
  percentageDatabaseDiskSpaceUsedHighThreshold: percentage(
    0,
    99,
    formula,
    'used per cent of the disk of the queue database at High; 0: 500 MB are left, rounded down',
  ),
  percentageDatabaseDiskSpaceUsedMediumThreshold: percentage(
    0,
    96,
    formula,
    'used per cent of the disk of the queue database at Medium; 0: 2 below High',
  ),
  percentageDatabaseDiskSpaceUsedNormalThreshold: percentage(
    0,
    94,
    formula,
    'used per cent of the disk of the queue database at Normal; 0: 2 below Medium',
  ),
  percentageDatabaseDiskSpaceUsedHighToMediumThreshold: percentage(
    0,
    97,
    'BP-06, CAP-41',
    'used per cent of the disk of the queue database where High falls to Medium; 0: at Medium',
  ),
  percentageDatabaseLoggingDiskSpaceUsedHighThreshold: percentage(
    0,
    99,
    formula,
    'used per cent of the disk of the logs of the queue database at High; 0: three times databaseCheckPointDepthMax, at most 5 GB, are left, rounded down',
  ),
  percentageDatabaseLoggingDiskSpaceUsedMediumThreshold: percentage(
    0,
    89,
    formula,
    'used per cent of the disk of the logs of the queue database at Medium; 0: 2 below High',
  ),
  percentageDatabaseLoggingDiskSpaceUsedNormalThreshold: percentage(
    0,
    80,
    formula,
    'used per cent of the disk of the logs of the queue database at Normal; 0: 2 below Medium',
  ),
  percentageDatabaseLoggingDiskSpaceUsedHighToMediumThreshold: percentage(
    0,
    90,
    'BP-06, CAP-41',
    'used per cent of the disk of the logs of the queue database where High falls to Medium; 0: at Medium',
  ),
  percentagePrivateBytesUsedHighThreshold: percentage(
    0,
    75,
    'BP, CAP-40',
    "per cent of the server's memory that the Transport service uses at High; 0: 75, or 1 TB where that is less",
  ),
  percentagePrivateBytesUsedMediumThreshold: percentage(
    0,
    72,
    'BP, CAP-40',
    "per cent of the server's memory that the Transport service uses at Medium; 0: 73, or 2 below High",
  ),
  percentagePrivateBytesUsedNormalThreshold: percentage(
    0,
    71,
    'BP, CAP-40',
    "per cent of the server's memory that the Transport service uses at Normal; 0: 71, or 4 below High",
  ),
  percentagePrivateBytesUsedHighToMediumThreshold: percentage(
    0,
    73,
    'CAP-41',
    "per cent of the server's memory that the Transport service uses where High falls to Medium; 0: at Medium",
  ),
  privateBytesHistoryDepth: depth(30, "the Transport service's memory"),
  percentagePhysicalMemoryUsedLimit: percentage(
    94,
    94,
    'BP, CAP-40',
    "used per cent of the server's memory at High",
  ),
  percentagePhysicalMemoryUsedMediumThreshold: percentage(
    0,
    88,
    'CAP-41',
    "used per cent of the server's memory at Medium; 0: there is no Medium",
  ),
  percentagePhysicalMemoryUsedNormalThreshold: percentage(
    0,
    84,
    'CAP-41',
    "used per cent of the server's memory at Normal; 0: below Medium; without it, below High",
  ),
  percentagePhysicalMemoryUsedHighToMediumThreshold: percentage(
    0,
    89,
    'CAP-41',
    "used per cent of the server's memory where High falls to Medium; 0: at Medium",
  ),
  versionBucketsHighThreshold: threshold(2_500, 1_500, 'BP, BP-06', 'version buckets at High'),
  versionBucketsMediumThreshold: threshold(2_000, 999, 'BP, BP-06', 'version buckets at Medium'),
  versionBucketsNormalThreshold: threshold(1_750, 800, 'BP, BP-06', 'version buckets at Normal'),
  versionBucketsHighToMediumThreshold: threshold(
    0,
    1_000,
    'BP-06',
    'version buckets where High falls to Medium; 0: at Medium',
    0,
  ),
  versionBucketsHistoryDepth: depth(10, 'version buckets'),
  batchPointHighThreshold: threshold(4_000, unlimited, 'BP', 'batch points at High'),
  batchPointMediumThreshold: threshold(2_000, unlimited, 'BP', 'batch points at Medium'),
  batchPointNormalThreshold: threshold(1_000, unlimited, 'BP', 'batch points at Normal'),
  batchPointHighToMediumThreshold: threshold(
    0,
    0,
    'A-pressure-falls',
    'batch points where High falls to Medium; 0: at Medium',
    0,
  ),
  batchPointHistoryDepth: depth(300, 'batch points'),
  submissionQueueHigh: threshold(10_000, 15_000, 'BP, BP-06', 'Submission queue length at High'),
  submissionQueueMedium: threshold(4_000, 9_999, 'BP, BP-06', 'Submission queue length at Medium'),
  submissionQueueNormal: threshold(2_000, 2_000, 'BP, BP-06', 'Submission queue length at Normal'),
  submissionQueueHighToMedium: threshold(
    0,
    10_000,
    'BP-06',
    'Submission queue length where High falls to Medium; 0: at Medium',
    0,
  ),
  submissionQueueHistoryDepth: depth(300, 'the Submission queue'),
  jetSessionsHigh: threshold(unlimited, 1_500, 'CAP-41', 'sessions with the queue database at High'),
  jetSessionsMedium: threshold(unlimited, 1_000, 'CAP-41', 'sessions with the queue database at Medium'),
  jetSessionsNormal: threshold(unlimited, 900, 'CAP-41', 'sessions with the queue database at Normal'),
  jetSessionsHighToMedium: threshold(
    0,
    1_400,
    'CAP-41',
    'sessions with the queue database where High falls to Medium; 0: at Medium',
    0,
  ),
  checkpointDepthHigh: threshold(unlimited, 300, 'CAP-41', 'MB of log not yet in the database file at High'),
  checkpointDepthMedium: threshold(
    unlimited,
    250,
    'CAP-41',
    'MB of log not yet in the database file at Medium',
  ),
  checkpointDepthNormal: threshold(
    unlimited,
    230,
    'CAP-41',
    'MB of log not yet in the database file at Normal',
  ),
  checkpointDepthHighToMedium: threshold(
    0,
    280,
    'CAP-41',
    'MB of log not yet in the database file where High falls to Medium; 0: at Medium',
    0,
  ),
  dehydrateMessagesUnderMemoryPressure: {
    unit: 'flag',
    default: true,
    source: 'BP-04',
    meaning: 'the content of queued messages leaves the memory under pressure',
  },
} as const satisfies Record<string, SettingDefinition>;

/** What the resources of back pressure come from: the hardware's side (assumptions all). */
export const pressureHardwareSettings = {
  transportMemory: {
    unit: 'size',
    default: gigabyte,
    range: [0, 1_024 * gigabyte],
    source: 'A-process-memory',
    meaning: 'memory of the Transport service without any mail, the cache of its database included',
  },
  cachedContent: {
    unit: 'fraction',
    default: 0.1,
    range: [0, 1],
    source: 'A-process-memory',
    meaning: 'share of the content of queued mail that the Transport service has in memory',
  },
  otherMemory: {
    unit: 'fraction',
    default: 0.2,
    range: [0, 1],
    source: 'A-all-memory',
    meaning: 'share of the memory that other processes use',
  },
  dehydratedReadTime: {
    unit: 'duration',
    default: 20,
    range: [0, minute],
    source: 'A-dehydration',
    meaning: 'what reading a message from the queue database adds to categorizing and sending it',
  },
  versionBucketSize: {
    unit: 'size',
    default: 64 * kilobyte,
    range: [kilobyte, gigabyte],
    source: 'A-version-buckets',
    meaning: 'what a version bucket holds of a message that is not committed yet',
  },
  checkpointSpeed: {
    unit: 'size',
    default: 100 * megabyte,
    range: [kilobyte, 1_024 * gigabyte],
    source: 'A-checkpoint-depth',
    meaning: 'how much of the log of the queue database gets into its file in a second',
  },
} as const satisfies Record<string, SettingDefinition>;
