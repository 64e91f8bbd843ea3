import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { FoundWarmUp, ThresholdDefinition } from '../measure/index.js';
import { readStart } from './read-start.js';

/** What is known of a point before anything has been run. */
export interface PlannedRun {
  readonly set: Readonly<Record<string, unknown>>;
  /** Of its scenario. */
  readonly name: string;
  readonly sha256: string;
  readonly seed: string;
  /** `replicationKey`. */
  readonly key: string;
  readonly replications: number;
  readonly durationMs: number;
  readonly warmUpMs: number | 'auto';
  readonly thresholds: readonly ThresholdDefinition[];
}

/** `plan.json` of a sweep: all that its result depends on. Shards of one sweep have the same. */
export interface SweepPlan {
  readonly mailflow: 'plan/1';
  readonly version: string;
  readonly points: readonly PlannedRun[];
}

/** The text of `plan.json`: a line a point. */
export function formatPlan({ mailflow, version, points }: SweepPlan): string {
  const head = JSON.stringify({ mailflow, version });
  const lines = points.map((point) => JSON.stringify(point)).join(',\n');
  return `${head.slice(0, -1)},"points":[\n${lines}\n]}\n`;
}

/** Names a plan. */
export function planHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** What `sweep.json` says of a point of a shard. */
export interface ShardPoint {
  readonly set: Readonly<Record<string, unknown>>;
  readonly summary: null;
  /** Where its scenario says `warmUp: auto`. */
  readonly foundWarmUp: FoundWarmUp | null;
  /** Of its replications in this shard; null where it has none. */
  readonly fingerprint: string | null;
}

/** `sweep.json` of a shard. */
export interface ShardDocument {
  readonly mailflow: 'sweep/1';
  readonly incomplete?: true;
  readonly version: string;
  readonly plan: string;
  readonly shard?: { readonly index: number; readonly count: number };
  readonly points: readonly ShardPoint[];
}

/** The folder of a point, by its place in the plan. */
export function pointName(index: number): string {
  return String(index + 1).padStart(4, '0');
}

/** The hash of the plan of a complete sweep in a folder, and its shard as `i/n`; undefined if there is none. */
export function sweepIn(
  folder: string,
): { readonly plan: string; readonly shard: string | null } | undefined {
  try {
    const text = readStart(join(folder, 'sweep.json'));
    const head = JSON.parse(`${text.slice(0, text.indexOf(',"points":['))}}`) as ShardDocument;
    if (head.mailflow !== 'sweep/1' || head.incomplete === true) return undefined;
    const { plan, shard } = head;
    return { plan, shard: shard === undefined ? null : `${shard.index}/${shard.count}` };
  } catch {
    return undefined;
  }
}
