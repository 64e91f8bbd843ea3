import { endKinds, lossCauses, stages } from '../sim/model/index.js';
import { hintAt } from '../topology/index.js';
import type { Decoding } from './decoding.js';
import type { Threshold, ThresholdLimit } from './scenario.js';
import { splitPath } from './source/path.js';
import { parseDurationMs, parseSizeBytes, UnitError } from './units.js';

const limits = [
  'below',
  'at-most',
  'above',
  'at-least',
  'equals',
] as const satisfies readonly ThresholdLimit[];

/** Where the summary has numbers (null): by key, `*` where a run makes the keys. */
type Numbers = null | { readonly [key: string]: Numbers };

function numbers(...keys: readonly string[]): { readonly [key: string]: null } {
  return Object.fromEntries(keys.map((key) => [key, null]));
}

/** The numbers of `summary.json` that a threshold can hold (design section 8). */
const metrics: Numbers = {
  ...numbers('replications', 'simulatedMs', 'warmUpMs', 'delayNotices'),
  messages: numbers('submitted', 'categorized', 'relayed'),
  recipients: {
    ...numbers('submitted', 'expanded', 'generated', 'duplicates', 'pending'),
    ...numbers(...endKinds),
  },
  redirects: { total: null, byCause: numbers('active-elsewhere', 'drain') },
  ndrs: { total: null, byCode: numbers('*') },
  retries: numbers('connections', 'messages'),
  fallbacks: { total: null, byReason: numbers('*') },
  backoffs: { total: null, bySite: numbers('*') },
  resubmissions: numbers('idle', 'shadow', 'safetyNet'),
  lost: { total: null, byCause: numbers(...lossCauses) },
  protection: numbers('shadowed', 'unshadowed', 'refused', 'discarded', 'promoted', 'duplicatesDropped'),
  backPressure: numbers('rejected', 'tarpitMs', 'highMs'),
  deliveryLatency: {
    ...numbers('count', 'meanMs', 'p50Ms', 'p90Ms', 'p95Ms', 'p99Ms', 'maxMs', 'oldestPendingMs'),
    byStage: numbers(...stages),
  },
  throughput: numbers('submittedPerSecond', 'deliveredPerSecond', 'peakDeliveredPerSecond'),
  queues: { '*': numbers('meanLength', 'maxLength', 'maxAgeMs', 'retryMs') },
  servers: { '*': numbers('utilization', 'messagesPerSecond', 'queueDatabaseMaxBytes') },
  links: { '*': numbers('bytes', 'utilization') },
};

/**
 * Decodes a threshold: its metric names a number of the summary, its limit has the metric's unit.
 * @param fields - `metric` and exactly one limit
 */
export function decodeThreshold(
  fields: { readonly metric: string } & { readonly [L in ThresholdLimit]?: number | string | undefined },
  decoding: Decoding,
): Threshold | undefined {
  const metricPath = splitPath(fields.metric);
  if (metricPath === undefined) {
    decoding.problem(['metric'], 'expected a dotted path, such as `deliveryLatency.p95Ms`');
    return undefined;
  }
  if (!isNumberOfSummary(metricPath, decoding)) return undefined;
  const limit = decoding.exactlyOne(fields, ...limits);
  if (limit === undefined) return undefined;
  const written = fields[limit]!;
  const value = toMetricUnit(written, metricPath, (expected) =>
    decoding.problem([limit], `${expected}, got ${JSON.stringify(written)}`),
  );
  return value === undefined
    ? undefined
    : { metric: fields.metric, metricPath, limit, value, text: `${limit} ${written}` };
}

function isNumberOfSummary(path: readonly string[], decoding: Decoding): boolean {
  let known: Numbers = metrics;
  for (const [index, step] of path.entries()) {
    const keys = Object.keys(known ?? {});
    const key = keys.includes('*') ? '*' : step;
    if (known === null || !Object.hasOwn(known, key)) {
      const where = index === 0 ? 'the summary' : path.slice(0, index).join('.');
      // A path that ended in a number before this step was cut at a dot that belongs to a name.
      const hint =
        known === null
          ? `a name with a dot stands in double quotes: ${path.slice(0, 2).join('.')}."${path.slice(2).join('.')}"`
          : hintAt(step, keys);
      decoding.problem(['metric'], `there is no ${JSON.stringify(step)} in ${where}`, hint);
      return false;
    }
    known = known[key] ?? null;
  }
  if (known === null) return true;
  decoding.problem(['metric'], 'expected the path of a number', `known: ${Object.keys(known).join(', ')}`);
  return false;
}

/** A limit in its metric's unit, which its name ends in; undefined, complained of, where the limit has another. */
function toMetricUnit(
  written: number | string,
  path: readonly string[],
  complain: (expected: string) => void,
): number | undefined {
  if (typeof written === 'number') return written;
  const name = path.at(-1)!;
  const isTime = name.endsWith('Ms') || path.includes('byStage');
  const isSize = name.endsWith('Bytes') || name === 'bytes';
  try {
    if (isTime) return parseDurationMs(written);
    if (isSize) return parseSizeBytes(written);
  } catch (error) {
    if (!(error instanceof UnitError)) throw error;
    complain(error.message);
    return undefined;
  }
  complain(`expected a number: ${name} is no time and no size`);
  return undefined;
}
