import type { PlannedPoint, PlannedValue, Variation } from '../scenario/index.js';

/** A sweep of more points than that would not come to an end, and nobody could look at it. */
export const mostPoints = 10_000;
/** Replications of all points. */
export const mostJobs = 100_000;

/** One point of a sweep: what it changes in the scenario. */
export interface SweepPoint {
  /** By path, in the order of the options or of the plan. */
  readonly set: Readonly<Record<string, unknown>>;
  /** The same as `--set` takes them. */
  readonly options: readonly string[];
  /** Where it stands in the plan file; null of a grid, whose values stand in options. */
  readonly place: { readonly line: number; readonly column: number } | null;
}

/** How many points the full grid of variations has. */
export function gridSize(variations: readonly Variation[]): number {
  return variations.reduce((product, { values }) => product * values.length, 1);
}

/** The full grid: every value with every other, the last variation changing fastest. */
export function gridPoints(variations: readonly Variation[]): readonly SweepPoint[] {
  let points: (readonly (readonly [string, PlannedValue])[])[] = [[]];
  for (const { path, values } of variations) {
    points = points.flatMap((point) => values.map((value) => [...point, [path, value] as const]));
  }
  return points.map((entries) => toPoint(entries, null));
}

/** The points of a plan, in its order. */
export function planPoints(planned: readonly PlannedPoint[]): readonly SweepPoint[] {
  return planned.map(({ set, line, column }) => toPoint([...set], { line, column }));
}

function toPoint(
  entries: readonly (readonly [string, PlannedValue])[],
  place: SweepPoint['place'],
): SweepPoint {
  return {
    set: Object.fromEntries(entries.map(([path, { value }]) => [path, value ?? null])),
    options: entries.map(([path, { text }]) => `${path}=${text}`),
    place,
  };
}

/** A part of a sweep's jobs: the `index`-th of `count`, from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** A sweep of more shards than that is none. */
export const mostShards = 1_000;

/**
 * Whether a job is in a shard: jobs are dealt out in turn, so that the shards are equally large, one more or less.
 * @param job - counts all replications of all points from 0, point by point
 */
export function isInShard(job: number, { index, count }: Shard): boolean {
  return job % count === index - 1;
}

/** The replications of each point that are in a shard, in order; counted from 1. */
export function replicationsOfShard(
  replicationsOfPoints: readonly number[],
  shard: Shard | null,
): readonly (readonly number[])[] {
  let job = 0;
  return replicationsOfPoints.map((replications) => {
    const numbers: number[] = [];
    for (let number = 1; number <= replications; number++, job++) {
      if (shard === null || isInShard(job, shard)) numbers.push(number);
    }
    return numbers;
  });
}
