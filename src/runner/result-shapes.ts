import { type RunSummary, verdictReasons } from '../measure/index.js';
import type { Outline } from '../report/index.js';

/** Says of a value out of a file whether it is what it should be. */
type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string';
const number: Check = (value) => typeof value === 'number';
const isTrue: Check = (value) => value === true;
const flag: Check = (value) => typeof value === 'boolean';
const oneOf =
  (...values: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && values.includes(value);
const either =
  (...checks: readonly Check[]): Check =>
  (value) =>
    checks.some((check) => check(value));
const list =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const record =
  (check: Check): Check =>
  (value) =>
    isObject(value) && Object.values(value).every(check);
/** Further properties do no harm. */
const object =
  (shape: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isObject(value) && Object.entries(shape).every(([key, check]) => check(own(value, key)));
const numbers = (...names: readonly string[]): Check =>
  object(Object.fromEntries(names.map((name) => [name, number])));
const all =
  (...checks: readonly Check[]): Check =>
  (value) =>
    checks.every((check) => check(value));

const summaryShape = object({
  mailflow: oneOf('run/1'),
  incomplete: either(isTrue, (value) => value === undefined),
  version: text,
  scenario: object({ name: text, sha256: text }),
  seed: text,
  replications: number,
  simulatedMs: number,
  warmUpMs: number,
  fingerprint: text,
  messages: numbers('submitted', 'categorized', 'relayed'),
  recipients: numbers(
    ...[
      'submitted',
      'expanded',
      'generated',
      'delivered',
      'returned',
      'expired',
      'lost',
      'pending',
      'duplicates',
    ],
  ),
  redirects: object({ total: number, byCause: record(number) }),
  ndrs: object({ total: number, byCode: record(number) }),
  retries: numbers('connections', 'messages'),
  fallbacks: object({ total: number, byReason: record(number) }),
  backoffs: object({ total: number, bySite: record(number) }),
  lost: object({ total: number, byCause: record(number) }),
  delayNotices: number,
  resubmissions: numbers('idle', 'shadow', 'safetyNet'),
  protection: numbers('shadowed', 'unshadowed', 'refused', 'discarded', 'promoted', 'duplicatesDropped'),
  backPressure: numbers('rejected', 'tarpitMs', 'highMs'),
  deliveryLatency: all(
    numbers('count', 'meanMs', 'p50Ms', 'p90Ms', 'p95Ms', 'p99Ms', 'maxMs', 'oldestPendingMs'),
    object({ byStage: record(number) }),
  ),
  throughput: numbers('submittedPerSecond', 'deliveredPerSecond', 'peakDeliveredPerSecond'),
  queues: list(
    all(
      object({ server: text, deliveryType: text, nextHopDomain: text }),
      numbers('meanLength', 'maxLength', 'maxAgeMs', 'retryMs'),
    ),
  ),
  servers: list(
    all(object({ server: text }), numbers('utilization', 'messagesPerSecond', 'queueDatabaseMaxBytes')),
  ),
  links: list(all(object({ link: text }), numbers('bytes', 'utilization'))),
  intervals: record(numbers('mean', 'halfWidth', 'confidence')),
  thresholds: list(
    object({
      ...{ metric: text, limit: text, value: number, verdict: oneOf('pass', 'fail', 'undecided') },
      reason: either(oneOf(...verdictReasons), (value) => value === undefined),
    }),
  ),
});

const outlineShape = object({
  mailflow: oneOf('outline/1'),
  startUtcMs: (value) => typeof value === 'number' && Math.abs(value) <= 8.64e15,
  durationMs: number,
  sampleEveryMs: (value) => typeof value === 'number' && value > 0,
  sites: list(object({ name: text, hub: flag })),
  siteLinks: list(object({ name: text, sites: list(text), cost: number })),
  servers: list(object({ name: text, site: either(text, (value) => value === null), edge: flag })),
});

/** Whether a document is the summary of a run, with all that this version writes. */
export function isRunSummary(document: unknown): document is RunSummary {
  return summaryShape(document);
}

/** Whether a document is the outline of a run. */
export function isOutline(document: unknown): document is Outline {
  return outlineShape(document);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function own(value: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}
