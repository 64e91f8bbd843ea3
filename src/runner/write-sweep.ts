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
import type { PointDocument, ResultFolder } from './result-folder.js';
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

/** What a sweep says of one of its points, as text. */
export interface PointTexts {
  /** Null of a point that is not whole. */
  readonly summary: RunSummary | null;
  /** In `sweep.json`, without the comma after it. */
  readonly line: string;
  /** In the folder of the point, by name. */
  readonly documents: readonly (readonly [name: PointDocument, text: string | Iterable<string>])[];
}

/** The first line of `sweep.json`. */
export function sweepHead({ plan, shard, incomplete }: SweepFacts, planText: string): string {
  const head = {
    mailflow: 'sweep/1',
    ...(incomplete && { incomplete: true }),
    version: plan.version,
    name: plan.points[0]?.name ?? '',
    plan: planHash(planText),
    ...(shard !== null && { shard }),
  };
  return `${JSON.stringify(head).slice(0, -1)},"points":[`;
}

/**
 * All that is written of a point, which follows from what it came to.
 * @param index - its place in the plan
 * @param ran - undefined if it came to nothing at all
 */
export function pointTexts(
  { plan, shard }: SweepFacts,
  index: number,
  ran: RanPoint | undefined,
): PointTexts {
  const run = plan.points[index]!;
  const facts = ran && factsOf(plan.version, run, ran);
  const isWhole = shard === null && ran?.replications.length === run.replications;
  const summary = isWhole ? summarize(ran.replications, { ...facts!, incomplete: false }) : null;
  const documents: [PointDocument, string | Iterable<string>][] = [];
  if (ran !== undefined && facts !== undefined && ran.replications.length > 0) {
    const list = formatReplicationsJson({ ...facts, key: run.key }, ran.replications);
    documents.push(['replications.json', list]);
    if (summary !== null) documents.push(['summary.json', formatJson(summary)]);
  }
  const line = JSON.stringify({
    set: run.set,
    ...(summary?.deliveryLatency.count === 0 && { noDeliveries: true }),
    summary,
    ...(shard !== null && shardFields(ran)),
  });
  return { summary, line, documents };
}

/**
 * Writes the documents of a sweep point by point, so that it matters little how many there are.
 * @param pointAt - what a point came to; undefined if nothing at all
 * @param onPoint - told of each as it is written
 */
export function writeSweep(
  folder: ResultFolder,
  facts: SweepFacts,
  pointAt: (index: number) => RanPoint | undefined,
  onPoint: (point: SweptPoint) => void,
): void {
  const { points } = facts.plan;
  const planText = formatPlan(facts.plan);
  folder.write('plan.json', planText);

  function* text(): Generator<string> {
    yield `${sweepHead(facts, planText)}\n`;
    for (const [index, { set }] of points.entries()) {
      const { summary, line, documents } = pointTexts(facts, index, pointAt(index));
      for (const [name, content] of documents) folder.writePoint(pointName(index), name, content);
      onPoint({ set, summary });
      yield `${line}${index + 1 < points.length ? ',' : ''}\n`;
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
