import { describe, expect, it, test } from 'vitest';
import { resolveSettings, type SettingOverrides } from '../settings.js';
import {
  diskThresholds,
  memoryThresholds,
  nextLevel,
  pressureResources,
  thresholdsOf,
} from './pressure-thresholds.js';

const megabyte = 1_048_576;
const gigabyte = 1_024 * megabyte;
const depth = 384 * megabyte;

const server = { queueDisk: 200 * gigabyte, memory: 64 * gigabyte };

function thresholds(behavior: '2013' | '2016', transport: SettingOverrides[string] = {}, hardware = server) {
  return thresholdsOf(resolveSettings(behavior, { transport }), hardware);
}

describe('disks', () => {
  it('WE-18: 40 GB: the database is at High from 98 %, Medium 96, Normal 94; its logs from 97, 95, 93', () => {
    expect(diskThresholds(40 * gigabyte, depth)).toEqual({
      database: { high: 98, medium: 96, normal: 94 },
      log: { high: 97, medium: 95, normal: 93 },
    });
  });

  it('WE-18: 10 GB: 95, 93 and 91; 88, 86 and 84', () => {
    expect(diskThresholds(10 * gigabyte, depth)).toEqual({
      database: { high: 95, medium: 93, normal: 91 },
      log: { high: 88, medium: 86, normal: 84 },
    });
  });

  test.each([
    [40, 98, 97],
    [100, 99, 98],
    [500, 99, 99],
  ])('CAP-42: %s GB: the database is at High from %s %%, the logs from %s %%', (size, database, log) => {
    const { database: ofDatabase, log: ofLog } = diskThresholds(size * gigabyte, depth);
    expect([ofDatabase.high, ofLog.high]).toEqual([database, log]);
  });

  it('BP, CAP-25: the logs never need more than 5 GB, whatever the checkpoint depth', () => {
    const { log } = diskThresholds(40 * gigabyte, 10 * gigabyte);
    expect(log.high).toBe(87);
    expect(diskThresholds(40 * gigabyte, gigabyte).log.high).toBe(92);
  });

  it('BP: a threshold that is set leads; those below follow it, 2 and 4 lower', () => {
    const { 'queue-disk': disk } = thresholds('2013', { percentageDatabaseDiskSpaceUsedHighThreshold: 50 });
    expect(disk).toEqual({
      toHigh: 100 * gigabyte,
      toMedium: 96 * gigabyte,
      fromHigh: 96 * gigabyte,
      toNormal: 92 * gigabyte,
    });
  });
});

describe('memory', () => {
  it('BP: 75 % of the memory, 73, 71; where that is more than 1 TB, 1 TB, rounded down', () => {
    expect(memoryThresholds(64 * gigabyte)).toEqual({ high: 75, medium: 73, normal: 71 });
    expect(memoryThresholds(2_048 * gigabyte)).toEqual({ high: 50, medium: 48, normal: 46 });
    expect(memoryThresholds(1_366 * gigabyte).high).toBe(74);
  });

  it('BP: all memory has High alone in 2013: 94 %, and is at Normal below', () => {
    const { 'all-memory': all } = thresholds('2013', {}, { ...server, memory: 100 * gigabyte });
    const at = (percent: number, level: number) => nextLevel(level, percent * gigabyte, all);
    expect([at(93.9, 0), at(94, 0), at(94, 2), at(93.9, 2)]).toEqual([0, 2, 2, 0]);
  });
});

describe('levels', () => {
  const { 'submission-queue': of2013 } = thresholds('2013');
  const { 'submission-queue': of2016 } = thresholds('2016');
  const walk = (readings: readonly number[], from: Parameters<typeof nextLevel>[2]) => {
    let level = 0;
    return readings.map((reading) => {
      level = nextLevel(level, reading, from);
      return level;
    });
  };

  it('BP: Submission queue: Medium from 4,000, High from 10,000; back at Normal from 2,000 down', () => {
    expect(walk([3_999, 4_000, 2_001, 4_000, 9_999, 10_000, 4_001, 4_000, 2_001, 2_000], of2013)).toEqual([
      0, 1, 1, 1, 1, 2, 2, 1, 1, 0,
    ]);
  });

  it('BP-06: 9,999 and 15,000 up, 10,000 and 2,000 down', () => {
    expect(walk([9_998, 9_999, 14_999, 15_000, 10_001, 10_000, 2_001, 2_000], of2016)).toEqual([
      0, 1, 1, 2, 2, 1, 1, 0,
    ]);
  });

  it('BP: a level may be passed at one poll, both ways', () => {
    expect(walk([20_000, 0], of2013)).toEqual([2, 0]);
    expect(walk([20_000, 3_000], of2013)).toEqual([2, 1]);
  });

  it('A-pressure-falls: thresholds out of order never make a level rise and fall at one reading', () => {
    const { 'submission-queue': odd } = thresholds('2013', {
      submissionQueueMedium: 50,
      submissionQueueHigh: 60,
    });
    expect(walk([50, 50, 60, 51, 50, 49], odd)).toEqual([1, 1, 2, 2, 1, 0]);
  });

  test.each([
    ['2013', 'version-buckets', { toMedium: 2_000, toHigh: 2_500, fromHigh: 2_000, toNormal: 1_750 }],
    ['2013', 'batch-points', { toMedium: 2_000, toHigh: 4_000, fromHigh: 2_000, toNormal: 1_000 }],
    ['2016', 'version-buckets', { toMedium: 999, toHigh: 1_500, fromHigh: 1_000, toNormal: 800 }],
    ['2016', 'jet-sessions', { toMedium: 1_000, toHigh: 1_500, fromHigh: 1_400, toNormal: 900 }],
  ] as const)('CAP-40, CAP-41: behavior %s, %s', (behavior, resource, expected) => {
    expect(thresholds(behavior)[resource]).toEqual(expected);
  });

  test.each([
    ['queue-disk', [96, 99, 97, 94], server.queueDisk / 100],
    ['log-disk', [89, 99, 90, 80], server.queueDisk / 100],
    ['process-memory', [72, 75, 73, 71], server.memory / 100],
    ['all-memory', [88, 94, 89, 84], server.memory / 100],
    ['checkpoint-depth', [250, 300, 280, 230], megabyte],
  ] as const)('CAP-41: %s in 2016', (resource, [toMedium, toHigh, fromHigh, toNormal], unit) => {
    const found = thresholds('2016')[resource];
    expect(found.toMedium).toBeCloseTo(toMedium * unit, 0);
    expect(found.toHigh).toBeCloseTo(toHigh * unit, 0);
    expect(found.fromHigh).toBeCloseTo(fromHigh * unit, 0);
    expect(found.toNormal).toBeCloseTo(toNormal * unit, 0);
  });

  it('BP-06: sessions and checkpoint depth are watched from 2016 on, batch points before', () => {
    const watched = (behavior: '2013' | '2016') =>
      pressureResources.filter((each) => Number.isFinite(thresholds(behavior)[each].toHigh));
    expect(watched('2013')).toEqual([
      ...['queue-disk', 'log-disk', 'version-buckets', 'batch-points', 'process-memory', 'all-memory'],
      'submission-queue',
    ]);
    expect(watched('2016')).toEqual([
      ...['queue-disk', 'log-disk', 'version-buckets', 'process-memory', 'all-memory', 'submission-queue'],
      ...['jet-sessions', 'checkpoint-depth'],
    ]);
  });
});
