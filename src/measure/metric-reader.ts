import type { QueueSummary } from './metric-summaries.js';
import type { Figures } from './results.js';

/** Reads one number of a run; undefined where there are no samples to take it from. */
export type MetricReader = (source: Figures) => number | undefined;

/**
 * Makes a reader of a metric's path. List elements are entered by index, or by
 * their server or link; queues also by `server/nextHopDomain`. A server that has several queues stands for the one with
 * the largest number. A queue, cause, code, reason or site that never occurred counts 0.
 *
 * @param pooled - the summary in which an index is looked up: replications may have other queues, in other places
 * @throws RangeError (the reader) when the path leads to no number, listing what there is
 */
export function metricReader(path: readonly string[], pooled: Figures): MetricReader {
  const [head, key, field] = path as [string, string, string];
  switch (head) {
    case 'queues': {
      const wanted = queueMatcher(key, pooled.queues);
      if (wanted === undefined) return () => undefined;
      return ({ queues }) =>
        queues.reduce(
          (largest, queue) => (wanted(queue) ? Math.max(largest, numberAt(queue, field)) : largest),
          0,
        );
    }
    case 'servers': {
      const name = elementName(key, pooled.servers, (each) => each.server);
      return ({ servers }) => findNumber(servers, (each) => each.server === name, field);
    }
    case 'links': {
      const name = elementName(key, pooled.links, (each) => each.link);
      return ({ links }) => findNumber(links, (each) => each.link === name, field);
    }
    case 'deliveryLatency':
      return (source) =>
        isSampled(path) && source.deliveryLatency.count === 0 ? undefined : walk(source, path);
    default:
      return (source) => walk(source, path);
  }
}

/** Whether a path of `deliveryLatency` needs deliveries to mean anything. */
export function isSampled(path: readonly string[]): boolean {
  return path[0] === 'deliveryLatency' && path[1] !== 'count' && path[1] !== 'oldestPendingMs';
}

/**
 * How a figure of the summary follows from those of the replications: `total`, their sum; `largest`, the largest of
 * them; `constant`, the same whatever they measured; `pooled`, anything in between, such as a mean or a quantile. None
 * is the least of them.
 */
export type MetricScale = 'total' | 'largest' | 'constant' | 'pooled';

/**
 * The scale of a metric (design section 8: counts are totals over all replications).
 * @param path - of the number, its parts without quotes
 */
export function metricScale(path: readonly string[]): MetricScale {
  const head = path[0] ?? '';
  if (head === 'replications') return 'constant';
  const field = `${head}.${path.at(-1)}`;
  if (totals.has(head) || totalFields.has(field)) return 'total';
  return largestFields.has(field) ? 'largest' : 'pooled';
}

const totals: ReadonlySet<string> = new Set([
  'messages',
  'recipients',
  'redirects',
  'ndrs',
  'retries',
  'fallbacks',
  'backoffs',
  'delayNotices',
  'resubmissions',
  'backPressure',
  'lost',
  'protection',
]);

const totalFields: ReadonlySet<string> = new Set(['deliveryLatency.count', 'queues.retryMs', 'links.bytes']);

const largestFields: ReadonlySet<string> = new Set([
  'deliveryLatency.maxMs',
  'deliveryLatency.oldestPendingMs',
  'throughput.peakDeliveredPerSecond',
  'queues.maxLength',
  'queues.maxAgeMs',
  'servers.queueDatabaseMaxBytes',
]);

/** UN-02. */
export function sameName(a: string, b: string): boolean {
  return a.toUpperCase() === b.toUpperCase();
}

function queueMatcher(
  key: string,
  queues: readonly QueueSummary[],
): ((queue: QueueSummary) => boolean) | undefined {
  const byName = (queue: QueueSummary) =>
    sameName(queue.server, key) || sameName(`${queue.server}/${queue.nextHopDomain}`, key);
  if (!isIndex(key) || queues.some(byName)) return byName;
  const chosen = queues[Number(key)];
  if (chosen === undefined) return undefined;
  return ({ server, deliveryType, nextHopDomain }) =>
    server === chosen.server &&
    deliveryType === chosen.deliveryType &&
    nextHopDomain === chosen.nextHopDomain;
}

function elementName<T>(key: string, list: readonly T[], nameOf: (each: T) => string): string | undefined {
  const named = list.find((each) => sameName(nameOf(each), key));
  const chosen = named ?? (isIndex(key) ? list[Number(key)] : undefined);
  return chosen === undefined ? undefined : nameOf(chosen);
}

function findNumber<T extends object>(list: readonly T[], matches: (each: T) => boolean, field: string) {
  const found = list.find(matches);
  return found === undefined ? undefined : numberAt(found, field);
}

function walk(node: object, path: readonly string[]): number {
  const [key, ...rest] = path as [string, ...string[]];
  if (rest.length === 0) return numberAt(node, key);
  const next: unknown = Object.hasOwn(node, key)
    ? (node as Readonly<Record<string, unknown>>)[key]
    : undefined;
  if (typeof next !== 'object' || next === null) throw noNumber(key, node);
  // What a run makes the keys of: one that is missing has not occurred.
  if (rest.length === 1 && openMaps.has(key)) return findEntry(next, rest[0]!) ?? 0;
  return walk(next, rest);
}

const openMaps: ReadonlySet<string> = new Set(['byCause', 'byCode', 'byReason', 'bySite']);

function findEntry(node: object, key: string): number | undefined {
  return Object.entries(node).find(([name]) => sameName(name, key))?.[1] as number | undefined;
}

function numberAt(node: object, key: string): number {
  const value: unknown = Object.hasOwn(node, key)
    ? (node as Readonly<Record<string, unknown>>)[key]
    : undefined;
  if (typeof value !== 'number') throw noNumber(key, node);
  return value;
}

function noNumber(key: string, node: object): RangeError {
  return new RangeError(
    `no number ${JSON.stringify(key)} in a summary; there are ${Object.keys(node).join(', ')}`,
  );
}

export function isIndex(key: string): boolean {
  return /^(0|[1-9]\d{0,8})$/.test(key);
}
