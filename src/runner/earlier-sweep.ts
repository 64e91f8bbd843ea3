import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FoundWarmUp, fingerprint, type ReplicationResult, type RunSummary } from '../measure/index.js';
import { isSealed } from './job-files.js';
import type { LeftoverOptions } from './job-run.js';
import { linesOf } from './lines-of.js';
import { pointsFolder } from './own-files.js';
import { readReplicationsFile } from './replications-file.js';
import { formatPlan, type PlannedRun, pointName, type ShardPoint } from './sweep-plan-file.js';
import { type PointTexts, pointTexts, type RanPoint, type SweepFacts, sweepHead } from './write-sweep.js';

/** What a complete sweep, as it lies in a folder, is worth. */
export interface ExaminedSweep {
  /** Every document is as it was written. */
  readonly isWhole: boolean;
  /** Places of the points whose replications are. */
  readonly sound: readonly number[];
}

/**
 * Looks at the files of a complete sweep. All of them follow from the replications, which the fingerprints in `sweep.json`
 * vouch for: so all of them are worked out again, and held against what lies there.
 * @param numbers - the replications that each point must have
 * @param told - of each file that is torn, changed or gone
 */
export function examineSweep(
  folder: string,
  facts: SweepFacts,
  numbers: readonly (readonly number[])[],
  told: Pick<LeftoverOptions, 'onDamaged' | 'onRemade'>,
): ExaminedSweep {
  const damaged = new Map<string, 'point' | 'points' | 'nothing'>();
  const planText = formatPlan(facts.plan);
  const planPath = join(folder, 'plan.json');
  if (!isText(planPath, planText)) damaged.set(planPath, 'nothing');
  const list = new SweepLines(join(folder, 'sweep.json'));
  list.expect(sweepHead(facts, planText));
  const sound: number[] = [];
  for (const [index, run] of facts.plan.points.entries()) {
    const found = list.next();
    const at = (name: string) => join(folder, pointsFolder, pointName(index), name);
    let ran: RanPoint | undefined;
    if (numbers[index]!.length > 0) {
      // A summary vouches for them as well; a shard has none.
      const claim = claimIn(found) ?? claimOfSummary(at('summary.json'));
      const replications = readReplications(at('replications.json'), run, numbers[index]!);
      if (claim === undefined) {
        damaged.set(list.path, 'points');
        continue;
      }
      if (replications === undefined || fingerprint(replications) !== claim.fingerprint) {
        damaged.set(at('replications.json'), 'point');
        continue;
      }
      ran = { replications, foundWarmUp: run.warmUpMs === 'auto' ? claim.foundWarmUp : undefined };
      sound.push(index);
    }
    const { line, documents }: PointTexts = pointTexts(facts, index, ran);
    list.compare(found, `${line}${index + 1 < facts.plan.points.length ? ',' : ''}`);
    for (const [name, text] of documents) {
      if (!isText(at(name), text)) damaged.set(at(name), 'nothing');
    }
  }
  list.expect(']}');
  if (!list.isAsExpected && !damaged.has(list.path)) damaged.set(list.path, 'nothing');
  for (const [file, again] of damaged) {
    if (again === 'nothing') told.onRemade?.(file);
    else told.onDamaged?.(file, again);
  }
  return { isWhole: damaged.size === 0, sound };
}

/** What a point of a complete sweep came to, which was found sound. */
export function replicationsOfPoint(folder: string, index: number): readonly ReplicationResult[] {
  return readReplicationsFile(join(folder, pointsFolder, pointName(index), 'replications.json')).replications;
}

/** The lines of a `sweep.json`, held against what they should be. */
class SweepLines {
  readonly path: string;
  readonly #lines: Iterator<string>;
  #isAsExpected = true;

  constructor(path: string) {
    this.path = path;
    this.#lines = linesOf(path);
  }

  /** Nothing is there that was not, and nothing after it. */
  get isAsExpected(): boolean {
    return this.#isAsExpected && this.next() === undefined;
  }

  /** Undefined: there is none, or none that can be read. */
  next(): string | undefined {
    try {
      const { done, value } = this.#lines.next();
      return done === true ? undefined : value;
    } catch {
      this.#isAsExpected = false;
      return undefined;
    }
  }

  expect(line: string): void {
    this.compare(this.next(), line);
  }

  compare(found: string | undefined, line: string): void {
    if (found !== line) this.#isAsExpected = false;
  }
}

/** What is said of the replications of a point. */
interface Claim {
  readonly fingerprint: unknown;
  readonly foundWarmUp: FoundWarmUp | undefined;
}

/** What a line of `sweep.json` says; undefined where it says nothing. */
function claimIn(line = ''): Claim | undefined {
  try {
    const { summary, ...shard } = JSON.parse(line.replace(/,$/, '')) as Omit<ShardPoint, 'summary'> & {
      readonly summary: RunSummary | null;
    };
    if (summary !== null) return claimFrom(summary);
    const { fingerprint: named, foundWarmUp } = shard;
    return { fingerprint: named, foundWarmUp: foundWarmUp ?? undefined };
  } catch {
    return undefined;
  }
}

function claimOfSummary(path: string): Claim | undefined {
  try {
    return claimFrom(JSON.parse(readFileSync(path, 'utf8')) as RunSummary);
  } catch {
    return undefined;
  }
}

function claimFrom({ fingerprint: named, warmUp, warmUpMs }: RunSummary): Claim {
  return { fingerprint: named, foundWarmUp: warmUp && { ...warmUp, warmUpMs } };
}

/** Undefined: they are not there, or not those of the point. */
function readReplications(
  path: string,
  { key }: PlannedRun,
  numbers: readonly number[],
): readonly ReplicationResult[] | undefined {
  try {
    const { head, replications } = readReplicationsFile(path);
    const isOwn =
      head['key'] === key &&
      replications.length === numbers.length &&
      replications.every(({ replication }, place) => replication === numbers[place]);
    return isOwn ? replications : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a file holds a text, and nothing else. */
function isText(path: string, text: string | Iterable<string>): boolean {
  const hash = createHash('sha256');
  let bytes = 0;
  for (const part of typeof text === 'string' ? [text] : text) {
    hash.update(part, 'utf8');
    bytes += Buffer.byteLength(part);
  }
  return isSealed(path, { bytes, sha256: hash.digest('hex') });
}
