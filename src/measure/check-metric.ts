import type { RedirectCause, TransportObserver } from '../sim/model/index.js';
import { isIndex, type MetricSource, sameName } from './metric-reader.js';
import type { LinkSummary, QueueSummary, ServerSummary } from './results.js';
import { summarizeMetrics } from './summarize.js';

/** The names that a metric's path may enter lists and maps by. */
export interface MetricNames {
  readonly servers: readonly string[];
  readonly sites: readonly string[];
  readonly links: readonly string[];
}

type TierReason = Parameters<TransportObserver['fallenBack']>[5];

const redirectCauses: readonly RedirectCause[] = ['active-elsewhere', 'drain'];
const fallbackReasons: readonly TierReason[] = [
  'hub-site-servers',
  'local-group-servers',
  'local-site-servers',
  'other-group-servers',
  'primary-site-servers',
];

const queueFields = [
  'meanLength',
  'maxLength',
  'maxAgeMs',
  'retryMs',
] as const satisfies (keyof QueueSummary)[];
const serverFields = [
  'utilization',
  'messagesPerSecond',
  'queueDatabaseMaxBytes',
] as const satisfies (keyof ServerSummary)[];
const linkFields = ['bytes', 'utilization'] as const satisfies (keyof LinkSummary)[];

/** What can be wrong with a path: what it says, and what there is instead. */
export interface MetricProblem {
  readonly message: string;
  readonly hint: string;
}

/** Whether a path names a number of `summary.json`, told before a run; null if it does. */
export function checkMetric(path: readonly string[], names: MetricNames): MetricProblem | null {
  const [head = '', key, ...rest] = path;
  switch (head) {
    case 'queues':
      return checkElement(
        path,
        queueFields,
        key === undefined || isIndex(key) || isQueueOf(key, names.servers),
        names.servers,
      );
    case 'servers':
      return checkElement(
        path,
        serverFields,
        key === undefined || isElement(key, names.servers),
        names.servers,
      );
    case 'links':
      return checkElement(path, linkFields, key === undefined || isElement(key, names.links), names.links);
    case 'redirects':
      if (key === 'byCause')
        return checkKey(path, rest, (name) => includes(redirectCauses, name), redirectCauses);
      break;
    case 'fallbacks':
      if (key === 'byReason')
        return checkKey(path, rest, (name) => includes(fallbackReasons, name), fallbackReasons);
      break;
    case 'backoffs':
      if (key === 'bySite')
        return checkKey(path, rest, (name) => names.sites.some((site) => sameName(site, name)), names.sites);
      break;
    case 'ndrs':
      if (key === 'byCode')
        return checkKey(path, rest, (name) => /^\d\.\d{1,3}\.\d{1,3}$/.test(name), ['"5.1.1"', '"4.4.7"']);
      break;
  }
  return checkPlain(path);
}

/** Holds a path against the summary of an empty run, which has every key that is not a name. */
function checkPlain(path: readonly string[]): MetricProblem | null {
  let node: unknown = emptySummary();
  for (const [depth, key] of path.entries()) {
    if (typeof node !== 'object' || node === null || Array.isArray(node) || !Object.hasOwn(node, key)) {
      return missing(path, depth, keysOf(node));
    }
    node = (node as Readonly<Record<string, unknown>>)[key];
  }
  return typeof node === 'number' ? null : missing(path, path.length, keysOf(node));
}

function checkElement(
  path: readonly string[],
  fields: readonly string[],
  isKnown: boolean,
  known: readonly string[],
): MetricProblem | null {
  const [, key, field] = path;
  if (key === undefined) return missing(path, 1, known);
  if (!isKnown) return missing(path, 1, known);
  if (field === undefined || !fields.includes(field)) return missing(path, 2, fields);
  return path.length > 3 ? missing(path, 3, []) : null;
}

function checkKey(
  path: readonly string[],
  rest: readonly string[],
  isKnown: (name: string) => boolean,
  known: readonly string[],
): MetricProblem | null {
  if (rest.length === 0 || !isKnown(rest[0]!)) return missing(path, 2, known);
  return rest.length > 1 ? missing(path, 3, []) : null;
}

function isElement(key: string, names: readonly string[]): boolean {
  return names.some((name) => sameName(name, key)) || (isIndex(key) && Number(key) < names.length);
}

function isQueueOf(key: string, servers: readonly string[]): boolean {
  return servers.some(
    (server) => sameName(server, key) || sameName(key.slice(0, server.length + 1), `${server}/`),
  );
}

function includes(list: readonly string[], name: string): boolean {
  return list.includes(name);
}

function missing(path: readonly string[], depth: number, known: readonly string[]): MetricProblem {
  const place = path.slice(0, depth).join('.') || 'summary.json';
  const message =
    depth < path.length
      ? `no number ${JSON.stringify(path.join('.'))} in summary.json: ${place} has no ${JSON.stringify(path[depth])}`
      : `${place} is no number of summary.json`;
  const shown = known.length > 20 ? [...known.slice(0, 20), '…'] : known;
  return {
    message,
    hint: shown.length === 0 ? `${place} is a number itself` : `${place} has ${shown.join(', ')}`,
  };
}

function keysOf(node: unknown): readonly string[] {
  return typeof node === 'object' && node !== null ? Object.keys(node) : [];
}

function emptySummary(): Partial<MetricSource> {
  const window = { warmUpMs: 0, durationMs: 0, endsMs: [] };
  return { replications: 0, simulatedMs: 0, warmUpMs: 0, ...summarizeMetrics([], window) };
}
