/** Text that is no quantity of the wanted unit; the message says what would be one. */
export class UnitError extends Error {
  override readonly name = 'UnitError';
}

const durationUnits = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const sizeUnits = { B: 1, KB: 1_024, MB: 1_024 ** 2, GB: 1_024 ** 3 } as const;
const bandwidthUnits = { 'bit/s': 1, 'kbit/s': 1e3, 'Mbit/s': 1e6, 'Gbit/s': 1e9 } as const;

/** What a value of each quantity has to look like; every error message about one begins with it. */
export const expectedDuration = 'expected a time with a unit (ms, s, min, h or d), such as `30 s`';
export const expectedSize = 'expected a size with a unit (B, KB, MB or GB), such as `10 MB`';
export const expectedBandwidth =
  'expected a rate with a unit (bit/s, kbit/s, Mbit/s or Gbit/s), such as `100 Mbit/s`';

/** Regular expressions of the quantities, for the JSON Schema. */
export const durationPattern = '^(\\d+(\\.\\d+)?|\\.\\d+) *(ms|s|min|h|d)$';
export const sizePattern = '^(\\d+(\\.\\d+)?|\\.\\d+) *(B|KB|MB|GB)$';
export const bandwidthPattern = '^(\\d+(\\.\\d+)?|\\.\\d+) *(bit|kbit|Mbit|Gbit)/s$';

/** No time of a scenario is longer: a hundred years. */
const longestMs = 36_500 * durationUnits.d;
/** No size is larger: beyond, bytes are no longer whole numbers. */
const largestBytes = Number.MAX_SAFE_INTEGER;

/**
 * `30 s`, `1.5 h`, `500 ms` in milliseconds.
 * @throws UnitError on anything else
 */
export function parseDurationMs(text: string): number {
  return parseQuantity(text, durationUnits, expectedDuration, longestMs);
}

/**
 * `50 KB`, `1.5 MB` in whole bytes; 1 KB = 1024 B.
 * @throws UnitError on anything else
 */
export function parseSizeBytes(text: string): number {
  return Math.round(parseQuantity(text, sizeUnits, expectedSize, largestBytes));
}

/**
 * `100 Mbit/s` in bits a second; 1 Mbit = 10⁶ bit.
 * @throws UnitError on anything else
 */
export function parseBitsPerSecond(text: string): number {
  return parseQuantity(text, bandwidthUnits, expectedBandwidth, 1e15);
}

function parseQuantity(
  text: string,
  units: Readonly<Record<string, number>>,
  expected: string,
  largest: number,
): number {
  const match = /^(\d+(?:\.\d+)?|\.\d+) *([A-Za-z/]+)$/.exec(text.trim());
  const unit = match?.[2];
  if (match === null || unit === undefined || !Object.hasOwn(units, unit)) throw new UnitError(expected);
  const value = Number(match[1]) * units[unit]!;
  if (!(value <= largest)) throw new UnitError(`${expected}, and not as large as this`);
  return value;
}

/** A point in time as a scenario writes it. */
export type TimePoint =
  | { readonly kind: 'clock'; readonly msOfDay: number }
  | { readonly kind: 'after-start'; readonly ms: number }
  | { readonly kind: 'utc'; readonly utcMs: number };

export const expectedTimePoint =
  'expected a clock time (`09:30`), a full UTC time (`2024-04-02T06:00Z`) or a span from the start (`+26 h`)';

/** A point in time by itself, as the start of all time is. */
export type StartPoint = Exclude<TimePoint, { readonly kind: 'after-start' }>;

export const expectedStart = 'expected a clock time (`09:30`) or a full UTC time (`2024-04-02T06:00Z`)';

/**
 * Reads a clock time or a full UTC time.
 * @throws UnitError on anything else, a span included
 */
export function parseStart(text: string): StartPoint {
  if (text.trim().startsWith('+')) throw new UnitError(expectedStart);
  try {
    return parseTimePoint(text) as StartPoint;
  } catch (error) {
    throw error instanceof UnitError ? new UnitError(expectedStart) : error;
  }
}

/**
 * Reads a clock time, a full UTC time, or `+` and a span.
 * @throws UnitError on anything else, 2024-02-30 included
 */
export function parseTimePoint(text: string): TimePoint {
  const trimmed = text.trim();
  if (trimmed.startsWith('+')) return { kind: 'after-start', ms: parseDurationMs(trimmed.slice(1)) };
  if (/^\d{1,2}:\d{2}(:\d{2}(\.\d{1,3})?)?$/.test(trimmed)) {
    const msOfDay = parseClock(trimmed);
    if (msOfDay !== undefined) return { kind: 'clock', msOfDay };
  }
  const utcMs = trimmed.endsWith('Z') ? parseIsoTime(trimmed) : undefined;
  if (utcMs === undefined) throw new UnitError(expectedTimePoint);
  return { kind: 'utc', utcMs };
}

/** `2024-04-02T06:00[:00[.000]]` with `Z` or an offset, as ms since 1970 UTC; undefined for anything else. */
export function parseIsoTime(text: string): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:\d{2})$/.exec(
    text,
  );
  if (match === null) return undefined;
  const [, year, month, day, clock, zone] = match;
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const date = new Date(midnight);
  // Date.UTC carries 30 February over into March.
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return undefined;
  const msOfDay = parseClock(clock!);
  const offsetMs = zone === 'Z' ? 0 : parseClock(zone!.slice(1));
  if (msOfDay === undefined || offsetMs === undefined) return undefined;
  return midnight + msOfDay - (zone!.startsWith('-') ? -offsetMs : offsetMs);
}

/** `09:30[:15[.250]]` as ms of the day; undefined from 24:00 on. Digits beyond the millisecond are rounded. */
function parseClock(text: string): number | undefined {
  const [hours, minutes, seconds = '0'] = text.split(':');
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) >= 60) return undefined;
  return Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Math.round(Number(seconds) * 1_000);
}
