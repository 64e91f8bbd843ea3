import { mostShards } from '../experiment/index.js';
import { formatCount } from '../report/index.js';
import { parseDurationMs, parseSizeBytes, UnitError } from '../scenario/index.js';
import { UsageError } from './errors.js';

/** What a scenario takes; asked here, too, so that a complaint names the option. */
export const mostReplications = 100_000;
const longestSeed = 200;
const mostWorkers = 1_024;

/** @throws UsageError when it is none that a scenario takes */
export function readSeed(text: string): string {
  if (text.length >= 1 && text.length <= longestSeed) return text;
  throw new UsageError(
    `--seed: expected a text of 1 to ${longestSeed} characters, got ${text === '' ? '""' : text.length}`,
  );
}

/**
 * Reads a whole number from 1.
 * @throws UsageError that names the option
 */
export function readCount(option: string, text: string, most = Number.MAX_SAFE_INTEGER): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= most) return count;
  const range = most === Number.MAX_SAFE_INTEGER ? 'from 1' : `from 1 to ${formatCount(most)}`;
  throw new UsageError(`${option}: expected a whole number ${range}, got ${JSON.stringify(text)}`);
}

/** The number of workers; undefined where the option is absent. */
export function readWorkers(text: string | undefined): number | undefined {
  return text === undefined ? undefined : readCount('--workers', text, mostWorkers);
}

/**
 * Reads `<i>/<n>`: the i-th of n shards.
 * @throws UsageError when there is no such share
 */
export function readShard(text: string): { readonly index: number; readonly count: number } {
  const [, index, count] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (index !== undefined && count !== undefined && index >= 1 && index <= count && count <= mostShards) {
    return { index, count };
  }
  throw new UsageError(
    `--shard: expected <i>/<n>, such as 2/4, with n up to ${formatCount(mostShards)}, got ${JSON.stringify(text)}`,
  );
}

/**
 * Reads a percentage, with or without its sign: `5`, `0.5%`.
 * @throws UsageError that names the option
 */
export function readPercent(option: string, text: string): number {
  const percent = Number(/^(\d+(?:\.\d+)?) ?%?$/.exec(text)?.[1]);
  if (percent > 0 && percent <= 100) return percent;
  throw new UsageError(
    `${option}: expected a percentage above 0, up to 100, such as 5, got ${JSON.stringify(text)}`,
  );
}

/**
 * Reads a time with its unit, in ms.
 * @throws UsageError that names the option
 */
export function readTime(option: string, text: string): number {
  return withUnit(option, text, parseDurationMs);
}

/**
 * Reads a size with its unit, in bytes.
 * @throws UsageError that names the option
 */
export function readSize(option: string, text: string): number {
  return withUnit(option, text, parseSizeBytes);
}

function withUnit(option: string, text: string, parse: (text: string) => number): number {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof UnitError) throw new UsageError(`${option}: ${error.message}`);
    throw error;
  }
}
