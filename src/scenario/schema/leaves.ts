import { z } from 'zod';
import {
  bandwidthPattern,
  durationPattern,
  expectedBandwidth,
  expectedDuration,
  expectedSize,
  expectedStart,
  expectedTimePoint,
  parseBitsPerSecond,
  parseDurationMs,
  parseSizeBytes,
  parseStart,
  parseTimePoint,
  sizePattern,
  UnitError,
} from '../units.js';

/*
 * The values that input files are made of. A message begins with "expected" and leaves out what was found: that is
 * added when an issue becomes a problem. A second line of a message is its hint.
 */

/** Text held by `parse`, which throws UnitError; the file's text is what the JSON Schema describes. */
function parsed<T>(expected: string, pattern: string | undefined, parse: (text: string) => T) {
  return z
    .string({ error: expected })
    .meta(pattern === undefined ? {} : { pattern })
    .transform((text, context): T => {
      try {
        return parse(text);
      } catch (error) {
        if (!(error instanceof UnitError)) throw error;
        context.addIssue({ code: 'custom', message: error.message });
        return z.NEVER;
      }
    });
}

/** A time with a unit, in ms. */
export function duration(smallestMs = 0, largestMs = Number.POSITIVE_INFINITY) {
  return parsed(expectedDuration, durationPattern, (text) =>
    inRange(parseDurationMs(text), smallestMs, largestMs, formatMs),
  );
}

/** A size with a unit, in bytes. */
export function size(smallestBytes = 0, largestBytes = Number.POSITIVE_INFINITY) {
  return parsed(expectedSize, sizePattern, (text) =>
    inRange(parseSizeBytes(text), smallestBytes, largestBytes, formatBytes),
  );
}

/** A size with a unit, or `unlimited`, which is Infinity; `rule` is named where the size is too small. */
export function sizeLimit(smallestBytes = 0, rule?: string) {
  return parsed(`${expectedSize}, or \`unlimited\``, `${sizePattern}|^unlimited$`, (text) =>
    text === 'unlimited'
      ? Number.POSITIVE_INFINITY
      : inRange(parseSizeBytes(text), smallestBytes, Number.POSITIVE_INFINITY, formatBytes, rule),
  );
}

/** A rate with a unit, in bits a second, at least 1. */
export const bandwidth = parsed(expectedBandwidth, bandwidthPattern, (text) =>
  inRange(parseBitsPerSecond(text), 1, Number.POSITIVE_INFINITY, (bits) => `${bits} bit/s`),
);

/** A point in time; what it means depends on the scenario's start. */
export const timePoint = parsed(expectedTimePoint, undefined, parseTimePoint);

/** The start of a scenario: a point in time that depends on nothing. */
export const startPoint = parsed(expectedStart, undefined, parseStart);

/** A whole number; `rule` is named where it is out of range. */
export function count(smallest: number, largest: number, rule?: string) {
  const error = `expected a whole number from ${smallest} to ${largest}${named(rule)}`;
  return z
    .number({ error })
    .int({ error, abort: true })
    .min(smallest, { error, abort: true })
    .max(largest, { error, abort: true });
}

/** A whole number, or `unlimited`, which is Infinity. */
export function countLimit(smallest: number, largest: number) {
  const error = `expected a whole number from ${smallest} to ${largest}, or \`unlimited\``;
  const unlimited = z.literal('unlimited', { error }).transform(() => Number.POSITIVE_INFINITY);
  return z.union([count(smallest, largest), unlimited], { error });
}

/** A number above `over` and up to `largest`. */
export function positive(largest: number) {
  const error = `expected a number above 0, at most ${largest}`;
  return z.number({ error }).gt(0, { error, abort: true }).max(largest, { error, abort: true });
}

/** A number from `smallest` to `largest`. */
export function number(smallest: number, largest: number) {
  const error = `expected a number from ${smallest} to ${largest}`;
  return z.number({ error }).min(smallest, { error, abort: true }).max(largest, { error, abort: true });
}

/** A part of a whole, 0 to 1. */
export const share = number(0, 1);

export const flag = z.boolean({ error: 'expected true or false' });

/** One of several words. */
export function choice<const T extends readonly [string, ...string[]]>(...words: T) {
  return z.enum(words, { error: `expected one of ${words.map((word) => JSON.stringify(word)).join(', ')}` });
}

/** The name of something: 1 to 64 characters, none of them a control character. */
export const name = z
  .string({ error: 'expected a name' })
  .meta({ minLength: 1, maxLength: 64 })
  .refine(isName, { error: 'expected a name of 1 to 64 characters, without control characters' });

function isName(text: string): boolean {
  return text.length >= 1 && text.length <= 64 && text.trim() === text && !hasControlCharacter(text);
}

function hasControlCharacter(text: string): boolean {
  return /\p{Cc}/u.test(text);
}

/** Any text on one line. */
export const line = z
  .string({ error: 'expected text' })
  .refine((text) => text.trim() !== '' && text.length <= 1_000 && !hasControlCharacter(text), {
    error: 'expected one line of text',
  });

/** A DNS domain. */
export const domain = z
  .string({ error: 'expected a domain name' })
  .refine((text) => text.length <= 255 && domainPattern.test(text), {
    error: 'expected a domain name, such as `contoso.com`',
  });
const domainPattern =
  /^[\p{L}\p{N}_]([\p{L}\p{N}_-]*[\p{L}\p{N}_])?(\.[\p{L}\p{N}_]([\p{L}\p{N}_-]*[\p{L}\p{N}_])?)*$/u;

const ipAddress = z.union([z.ipv4(), z.ipv6()]);

/** A DNS domain, or a host by its IP address, which may stand in brackets as Exchange writes it. */
export const domainOrIpAddress = z
  .string({ error: 'expected a domain name or an IP address' })
  .refine(
    (text) =>
      text.length <= 255 &&
      (domainPattern.test(text) || ipAddress.safeParse(text.replace(/^\[(.*)\]$/, '$1')).success),
    { error: 'expected a domain name or an IP address, such as `contoso.com` or `[192.0.2.1]`' },
  );

const longestAddress = 571;

/** Has the form of an SMTP address. */
export function isSmtpAddress(text: string): boolean {
  const at = text.lastIndexOf('@');
  const local = text.slice(0, at);
  return (
    at > 0 &&
    text.length <= longestAddress &&
    /^[^\s\p{Cc}@<>()[\]\\,;:"]+$/u.test(local) &&
    !/^\.|\.\.|\.$/.test(local) &&
    domainPattern.test(text.slice(at + 1))
  );
}

/** An SMTP address of at most 571 characters (RR-09). */
export const smtpAddress = z
  .string({ error: 'expected an address' })
  .refine(isSmtpAddress, { error: 'expected an address, such as `u1@contoso.com` (RR-09)' });

/** The SMTP address of a mailbox, or of many: `{n}` stands for a number. */
export const mailboxAddress = z
  .string({ error: 'expected an address' })
  .refine((text) => isSmtpAddress(text.replaceAll('{n}', '1')), {
    error: 'expected an address, such as `u1@contoso.com` or, with a `count`, `u{n}@contoso.com` (RR-09)',
  });

/** Has the form of an SMTP address, or of one of another type. */
export function isAnyAddress(text: string): boolean {
  return isSmtpAddress(text) || (text.length <= longestAddress && /^[A-Za-z0-9]+:\S(?:.*\S)?$/.test(text));
}

/** An SMTP address, or one of another type: `FAX:5551234`. */
export const anyAddress = z.string({ error: 'expected an address' }).refine(isAnyAddress, {
  error: 'expected an address, such as `u1@contoso.com` or `FAX:5551234` (RR-09)',
});

/** A list; `of` is what its elements are called. */
export function list<T extends z.ZodType>(element: T, of: string) {
  return z.array(element, { error: `expected a list of ${of}` });
}

function inRange(
  value: number,
  smallest: number,
  largest: number,
  format: (value: number) => string,
  rule?: string,
): number {
  if (value >= smallest && value <= largest) return value;
  const range =
    largest === Number.POSITIVE_INFINITY
      ? `at least ${format(smallest)}`
      : `${format(smallest)} to ${format(largest)}`;
  throw new UnitError(`expected ${range}${named(rule)}`);
}

function named(rule: string | undefined): string {
  return rule === undefined ? '' : ` (${rule})`;
}

/** A duration in the largest unit that gives a whole number. */
export function formatMs(ms: number): string {
  return inLargestUnit(ms, [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1_000],
    ['ms', 1],
  ]);
}

function formatBytes(bytes: number): string {
  return inLargestUnit(bytes, [
    ['GB', 1_024 ** 3],
    ['MB', 1_024 ** 2],
    ['KB', 1_024],
    ['B', 1],
  ]);
}

function inLargestUnit(value: number, units: readonly (readonly [string, number])[]): string {
  const [unit, factor] = units.find(([, each]) => value !== 0 && value % each === 0) ?? units.at(-1)!;
  return `${value / factor} ${unit}`;
}
