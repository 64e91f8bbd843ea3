import { expect, test } from 'vitest';
import {
  parseBitsPerSecond,
  parseDurationMs,
  parseIsoTime,
  parseSizeBytes,
  parseTimePoint,
  UnitError,
} from './units.js';

test.each([
  ['500 ms', 500],
  ['30 s', 30_000],
  ['1 min', 60_000],
  ['1.5 h', 5_400_000],
  ['2 d', 172_800_000],
  ['.5 s', 500],
  [' 10s ', 10_000],
  ['0 s', 0],
])('%s is %d ms', (text, ms) => {
  expect(parseDurationMs(text)).toBe(ms);
});

test.each([
  '30',
  '30 sec',
  '30 S',
  '-1 s',
  '1e3 s',
  's',
  '',
  '1,5 s',
  '30 s 5',
  '36501 d',
  `${'9'.repeat(400)} s`,
  'NaN s',
])('"%s" is no time', (text) => {
  expect(() => parseDurationMs(text)).toThrow(UnitError);
});

test('the message of a wrong unit names those that would do', () => {
  expect(() => parseDurationMs('30 sec')).toThrow('ms, s, min, h or d');
  expect(() => parseSizeBytes('30 kb')).toThrow('B, KB, MB or GB');
  expect(() => parseBitsPerSecond('30 MB/s')).toThrow('bit/s, kbit/s, Mbit/s or Gbit/s');
});

test('1 KB is 1024 B, 1 Mbit is a million bits', () => {
  expect(parseSizeBytes('1 KB')).toBe(1_024);
  expect(parseSizeBytes('2.5 MB')).toBe(2_621_440);
  expect(parseSizeBytes('1 GB')).toBe(1_073_741_824);
  expect(parseSizeBytes('0.3 B')).toBe(0);
  expect(parseBitsPerSecond('100 Mbit/s')).toBe(100_000_000);
});

test('a point in time is a clock time, a full UTC time or a span', () => {
  expect(parseTimePoint('09:30')).toEqual({ kind: 'clock', msOfDay: 34_200_000 });
  expect(parseTimePoint('9:30:15.25')).toEqual({ kind: 'clock', msOfDay: 34_215_250 });
  expect(parseTimePoint('+26 h')).toEqual({ kind: 'after-start', ms: 93_600_000 });
  expect(parseTimePoint('2024-04-02T06:00Z')).toEqual({ kind: 'utc', utcMs: 1_712_037_600_000 });
});

test.each([
  '24:00',
  '09:60',
  '9',
  '+26',
  '2024-02-30T00:00Z',
  '2024-04-02T06:00',
  '2024-04-02',
  '2024-04-02T06:00+02:00',
  'noon',
])('"%s" is no point in time', (text) => {
  expect(() => parseTimePoint(text)).toThrow(UnitError);
});

test('an ISO time may have an offset, and a leap day only in a leap year', () => {
  expect(parseIsoTime('2024-04-02T08:00:00.500+02:00')).toBe(1_712_037_600_500);
  expect(parseIsoTime('2024-04-02T01:00:00-05:00')).toBe(1_712_037_600_000);
  expect(parseIsoTime('2024-02-29T00:00Z')).toBe(1_709_164_800_000);
  expect(parseIsoTime('2023-02-29T00:00Z')).toBeUndefined();
});
