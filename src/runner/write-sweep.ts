import type { Shard } from '../experiment/index.js';
import {
  type FoundWarmUp,
  fingerprint,
  type ReplicationResult,
  type RunFacts,
  type RunSummary,
  summarize,
} from '../measure/index.js';
import { formatJson, formatReplicationsJson } from '../report/index.js';
import type { ResultFolder } from './result-folder.js';
import { formatPlan, type PlannedRun, planHash, pointName, type SweepPlan } from './sweep-plan-file.js';

/** What a point came to. */
export interface RanPoint {
  /** In order. */
  readonly replications: readonly ReplicationResult[];
  /** Where its scenario says `warmUp: auto`. */
  readonly foundWarmUp: FoundWarmUp | undefined;
}

/** A point with what is said of it. */
export interface SweptPoint {
  readonly set: Readonly<Record<string, unknown>>;
  /** Null of a point that is not whole: of a shard, stopped, or failed. */
  readonly summary: RunSummary | null;
}

export interface SweepFacts {
  readonly plan: SweepPlan;
  /** Null of a whole sweep. */
  readonly shard: Shard | null;
  /** Points are missing. */
  readonly incomplete: boolean;
}

/**
 * Writes the documents of a sweep point by point, so that it matters little how many there are.
 * @param pointAt - what a point came to; undefined if nothing at all
 * @param onPoint - told of each as it is written
 */
export function writeSweep(
  folder: ResultFolder,
  { plan, shard, incomplete }: SweepFacts,
  pointAt: (index: number) => RanPoint | undefined,
  onPoint: (point: SweptPoint) => void,
): void {
  const planText = formatPlan(plan);
  folder.write('plan.json', planText);
  const head = {
    mailflow: 'sweep/1',
    ...(incomplete && { incomplete: true }),
    version: plan.version,
    name: plan.points[0]?.name ?? '',
    plan: planHash(planText),
    ...(shard !== null && { shard }),
  };

  function* text(): Generator<string> {
    yield `${JSON.stringify(head).slice(0, -1)},"points":[\n`;
    for (const [index, run] of plan.points.entries()) {
      const end = index + 1 < plan.points.length ? ',\n' : '\n';
      const ran = pointAt(index);
      const isWhole = shard === null && ran?.replications.length === run.replications;
      const facts = ran && factsOf(plan.version, run, ran);
      const summary = isWhole ? summarize(ran.replications, { ...facts!, incomplete: false }) : null;
      if (ran !== undefined && facts !== undefined && ran.replications.length > 0) {
        const list = formatReplicationsJson({ ...facts, key: run.key }, ran.replications);
        folder.writePoint(pointName(index), 'replications.json', list);
        if (summary !== null) folder.writePoint(pointName(index), 'summary.json', formatJson(summary));
      }
      onPoint({ set: run.set, summary });
      yield JSON.stringify({ set: run.set, summary, ...(shard !== null && shardFields(ran)) }) + end;
    }
    yield ']}\n';
  }
  folder.write('sweep.json', text());
}

function factsOf(version: string, run: PlannedRun, { foundWarmUp }: RanPoint): Omit<RunFacts, 'incomplete'> {
  const { name, sha256, seed, durationMs, thresholds, warmUpMs } = run;
  return {
    version,
    scenario: { name, sha256 },
    seed,
    warmUpMs: foundWarmUp?.warmUpMs ?? (warmUpMs === 'auto' ? 0 : warmUpMs),
    foundWarmUp,
    durationMs,
    thresholds,
  };
}

/** What `merge` needs of a point, so that it can tell whether it has it all. */
function shardFields(ran: RanPoint | undefined) {
  return {
    foundWarmUp: ran?.foundWarmUp ?? null,
    fingerprint: ran === undefined || ran.replications.length === 0 ? null : fingerprint(ran.replications),
  };
}
