import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { mostShards, replicationsOfShard } from '../experiment/index.js';
import { fingerprint, type ReplicationResult } from '../measure/index.js';
import { formatJson } from '../report/index.js';
import { ScenarioError } from '../scenario/index.js';
import { engineFacts } from './engine-facts.js';
import { pointsFolder } from './own-files.js';
import { readReplicationsFile } from './replications-file.js';
import { folderName, ResultFolder } from './result-folder.js';
import { formatPlan, planHash, pointName, type ShardDocument, type SweepPlan } from './sweep-plan-file.js';
import { whyUnreadable } from './unreadable.js';
import { type SweptPoint, writeSweep } from './write-sweep.js';

/** Where the merged result is to be. */
export interface MergeOptions {
  /** Default: `results/<scenario name>-sweep`. */
  readonly out?: string | undefined;
}

/** A shard as it was read. */
interface ReadShard {
  readonly folder: string;
  readonly document: ShardDocument;
  readonly planText: string;
  /** Its share of each point's replications. */
  readonly numbers: readonly (readonly number[])[];
}

/**
 * Makes one result of the shards of a sweep: the same bytes as if it had been run as a whole.
 * @param folders - of all shards, in any order
 * @param onPoint - told of each point as it is written, in order
 * @returns the folder of the result
 * @throws ScenarioError when they are not all the shards of one sweep, or the result would replace one of them,
 * ResultFolderError when the result cannot be written
 */
export function merge(
  folders: readonly string[],
  { out }: MergeOptions = {},
  onPoint: (point: SweptPoint) => void = () => undefined,
): string {
  const startedMs = performance.now();
  const first = folders[0];
  if (first === undefined) throw new RangeError('no shards are given');
  const { plan, shards } = readShards(folders, first);
  const target = out ?? join('results', `${folderName(plan.points[0]!.name)}-sweep`);
  const twin = existsSync(target)
    ? folders.find((each) => realpathSync(each) === realpathSync(target))
    : undefined;
  if (twin !== undefined) {
    throw fail(twin, 'is one of the shards, and would be replaced', 'choose another folder with --out');
  }
  const folder = new ResultFolder(target, 'sweep');
  try {
    let delivered = 0;
    writeSweep(
      folder,
      { plan, shard: null, incomplete: false },
      (index) => {
        const shard = shards.find(({ numbers }) => numbers[index]!.length > 0);
        const foundWarmUp = shard?.document.points[index]?.foundWarmUp ?? undefined;
        return { replications: replicationsOf(shards, index), foundWarmUp };
      },
      (point) => {
        delivered += point.summary?.recipients.delivered ?? 0;
        onPoint(point);
      },
    );
    const wallMs = performance.now() - startedMs;
    folder.write('engine.json', formatJson(engineFacts({ events: 0, wallMs, workers: 1 }, delivered, 0)));
    folder.commit();
    return folder.path;
  } finally {
    folder.close();
  }
}

function fail(file: string, message: string, hint: string | null = null): ScenarioError {
  return new ScenarioError([{ file, line: 1, column: 1, path: '', message, hint }]);
}

function readShards(
  folders: readonly string[],
  first: string,
): { readonly plan: SweepPlan; readonly shards: readonly ReadShard[] } {
  const planText = readPlanText(first);
  const plan = parse(first, 'plan.json', planText) as SweepPlan;
  if (plan.mailflow !== 'plan/1' || !isListOfObjects(plan.points) || formatPlan(plan) !== planText) {
    throw fail(first, 'plan.json is none that `mailflow sweep` wrote');
  }
  const shards = folders.map((folder) => readShard(folder, plan, planText, first));
  const { count } = shards[0]!.document.shard!;
  const places = new Map<number, string>();
  for (const { folder, document } of shards) {
    const { index, count: other } = document.shard!;
    if (other !== count) throw fail(folder, `is shard ${index} of ${other}, but ${first} is one of ${count}`);
    const twin = places.get(index);
    if (twin !== undefined) throw fail(folder, `is shard ${index} of ${count}, and so is ${twin}`);
    places.set(index, folder);
  }
  const missing = Array.from({ length: count }, (_, index) => index + 1).filter((each) => !places.has(each));
  if (missing.length > 0) {
    const which = missing.length === 1 ? `shard ${missing[0]} is` : `shards ${missing.join(', ')} are`;
    throw fail(first, `${which} missing of ${count}`);
  }
  return { plan, shards };
}

function isListOfObjects(points: unknown): boolean {
  return (
    Array.isArray(points) &&
    points.length > 0 &&
    points.every((each: unknown) => typeof each === 'object' && each !== null)
  );
}

function readPlanText(folder: string): string {
  if (!existsSync(join(folder, 'sweep.json'))) {
    const partial = `${folder.replace(/[/\\]+$/, '')}.partial`;
    const hint = existsSync(partial) ? `${partial} is not whole: \`--resume\` goes on from it` : null;
    throw fail(folder, 'is no result of `mailflow sweep --shard`', hint);
  }
  return readText(folder, 'plan.json');
}

function readShard(folder: string, plan: SweepPlan, planText: string, first: string): ReadShard {
  const other = readPlanText(folder);
  const document = parse(folder, 'sweep.json', readText(folder, 'sweep.json')) as ShardDocument;
  if (document.mailflow !== 'sweep/1' || !isListOfObjects(document.points)) {
    throw fail(folder, 'sweep.json is none that `mailflow sweep` wrote');
  }
  const { shard, incomplete } = document;
  if (shard === undefined) throw fail(folder, 'is a whole sweep already, and no shard');
  if (incomplete === true) throw fail(folder, 'is not whole', '`--resume` goes on from it');
  if (other !== planText)
    throw fail(folder, `is of another sweep than ${first}: ${differenceOf(other, plan)}`);
  const { index, count } = shard;
  const isShard = [index, count].every(Number.isSafeInteger) && index >= 1 && index <= count;
  if (!isShard || count > mostShards) throw fail(folder, 'sweep.json names a shard that cannot be');
  if (document.plan !== planHash(planText) || document.points.length !== plan.points.length) {
    throw fail(folder, 'sweep.json and plan.json do not belong together');
  }
  const numbers = replicationsOfShard(
    plan.points.map(({ replications }) => replications),
    shard,
  );
  return { folder, document, planText: other, numbers };
}

/** Why two plans are not the same. */
function differenceOf(otherText: string, plan: SweepPlan): string {
  try {
    const other = JSON.parse(otherText) as SweepPlan;
    if (other.version !== plan.version) return `version ${other.version}, not ${plan.version}`;
    if (other.points.length !== plan.points.length) {
      return `${other.points.length} points, not ${plan.points.length}`;
    }
    const index = plan.points.findIndex((point, place) => point.sha256 !== other.points[place]!.sha256);
    const [mine, theirs] = [plan.points[index], other.points[index]];
    if (mine !== undefined && theirs !== undefined) {
      if (mine.seed !== theirs.seed) return `seed ${theirs.seed}, not ${mine.seed}`;
      return `another scenario at point ${index + 1}`;
    }
  } catch {
    return 'its plan.json cannot be read';
  }
  return 'other settings';
}

/** The replications of a point, from all shards, in order. */
function replicationsOf(shards: readonly ReadShard[], index: number): readonly ReplicationResult[] {
  const all = shards.flatMap(({ folder, document, numbers }) => {
    const wanted = numbers[index]!;
    if (wanted.length === 0) return [];
    const name = join(pointsFolder, pointName(index), 'replications.json');
    const replications = readReplications(folder, name);
    const isWhole =
      replications.length === wanted.length &&
      replications.every(({ replication }, place) => replication === wanted[place]) &&
      fingerprint(replications) === document.points[index]!.fingerprint;
    if (!isWhole) throw fail(folder, `${name} is not what sweep.json says of it`);
    return replications;
  });
  return all.sort((a, b) => a.replication - b.replication);
}

function readReplications(folder: string, name: string): readonly ReplicationResult[] {
  try {
    return readReplicationsFile(join(folder, name)).replications;
  } catch (error) {
    throw fail(folder, `${name} cannot be read: ${whyUnreadable(error)}`);
  }
}

function readText(folder: string, name: string): string {
  try {
    return readFileSync(join(folder, name), 'utf8');
  } catch (error) {
    throw fail(folder, `${name} cannot be read: ${whyUnreadable(error)}`);
  }
}

function parse(folder: string, name: string, text: string): unknown {
  try {
    const document: unknown = JSON.parse(text);
    if (typeof document === 'object' && document !== null) return document;
  } catch {
    // Said below.
  }
  throw fail(folder, `${name} is no JSON`);
}
