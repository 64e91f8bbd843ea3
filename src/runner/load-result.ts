import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ComparedResult } from '../experiment/index.js';
import {
  type Figures,
  figuresOf,
  fingerprint,
  type LatencySample,
  type ReplicationResult,
  type RunSummary,
} from '../measure/index.js';
import { ScenarioError } from '../scenario/index.js';
import { readTableSeals } from './earlier-result.js';
import { isSealed } from './job-files.js';
import { readReplicationsFile } from './replications-file.js';
import { fileOf } from './result-folder.js';
import { isRunSummary } from './result-shapes.js';
import { whyUnreadable } from './unreadable.js';
import { packageVersion } from './version.js';

/**
 * Reads the folder of a result for a comparison: `summary.json`, `replications.json`, and of a single replication
 * `latency.csv`, if it is there.
 * @throws ScenarioError when the folder holds no complete result of this version, its replications are not those that the
 * summary is of, or the table is not as it was written
 */
export function loadResult(folder: string): ComparedResult {
  const summary = readSummary(folder);
  const path = join(folder, 'replications.json');
  if (!existsSync(path)) throw noResult(folder, 'there is no replications.json in it');
  const { head, replications } = orNoResult(path, () => readReplicationsFile(path));
  const durationMs = head['durationMs'];
  if (typeof durationMs !== 'number') throw noResult(path, 'it was written by another version of mailflow');
  if (!belongTogether(summary, head, durationMs, replications)) {
    throw noResult(path, 'is not what summary.json says of it: one of them was changed, or cut short');
  }
  const { version, scenario, seed, warmUpMs } = summary;
  return {
    version,
    scenario,
    seed,
    warmUpMs,
    warmUpFound: summary.warmUp?.found,
    durationMs,
    thresholdMetrics: summary.thresholds.map(({ metric }) => metric),
    replications,
    latency: replications.length === 1 ? readLatency(folder, replications[0]!.replication) : [],
  };
}

/** Whether a summary is of these replications: what both say is the same, and its figures follow from them. */
function belongTogether(
  summary: RunSummary,
  head: Readonly<Record<string, unknown>>,
  durationMs: number,
  replications: readonly ReplicationResult[],
): boolean {
  if (fingerprint(replications) !== summary.fingerprint) return false;
  const { version, scenario, seed, warmUpMs } = summary;
  if (
    !Object.entries({ version, scenario, seed, warmUpMs }).every(([name, value]) => isSame(head[name], value))
  )
    return false;
  // Another version may work them out another way.
  if (version !== packageVersion()) return true;
  return Object.entries(figuresOf(replications, { warmUpMs, durationMs })).every(([name, value]) =>
    isSame(summary[name as keyof Figures], value),
  );
}

/** As files have them. */
function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function readSummary(folder: string): RunSummary {
  const path = join(folder, 'summary.json');
  if (!existsSync(folder)) throw noResult(folder, 'there is no such folder');
  if (!existsSync(path))
    throw noResult(folder, 'there is no summary.json in it: is this the folder of a result?');
  const summary = orNoResult(path, (): unknown => JSON.parse(readFileSync(path, 'utf8')));
  if (!isRunSummary(summary)) {
    throw noResult(path, 'is not the summary of a run, or of a run of another version');
  }
  if (summary.incomplete === true) throw noResult(folder, 'the run was stopped before its end');
  return summary;
}

/** Numbers only: no cell is quoted. None of a result without that table, as a point of a sweep is. */
function readLatency(folder: string, replication: number): readonly LatencySample[] {
  const path = join(folder, fileOf('latency'));
  const seal = readTableSeals(folder)?.latency;
  if (seal === undefined && !existsSync(path)) return [];
  if (seal === undefined || !isSealed(path, seal)) {
    throw noResult(
      path,
      'is not what engine.json says of it: one of them was changed, cut short, or is gone',
    );
  }
  const text = orNoResult(path, () => readFileSync(path, 'utf8'));
  const [header = '', ...rows] = text.trimEnd().split('\n');
  const columns = header.trim().split(',');
  return rows.flatMap((row): LatencySample[] => {
    const cells = row.trim().split(',');
    const cell = (column: string) => Number(cells[columns.indexOf(column)]);
    if (cell('replication') !== replication) return [];
    return [{ timeMs: cell('timeMs'), delivered: cell('delivered'), meanMs: cell('meanMs') }];
  });
}

function orNoResult<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof SyntaxError) throw noResult(path, 'this is no file of a result');
    if (error instanceof Error && 'code' in error)
      throw noResult(path, `cannot be read: ${whyUnreadable(error)}`);
    throw error;
  }
}

function noResult(file: string, message: string): ScenarioError {
  return new ScenarioError([{ file, line: 1, column: 1, path: '', message, hint: null }]);
}
