import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ComparedResult } from '../experiment/index.js';
import { fingerprint, type LatencySample, type RunSummary } from '../measure/index.js';
import { ScenarioError } from '../scenario/index.js';
import { readReplicationsFile } from './replications-file.js';
import { isRunSummary } from './result-shapes.js';

/**
 * Reads the folder of a result for a comparison: `summary.json`, `replications.json`, and of a single replication
 * `latency.csv`, if it is there.
 * @throws ScenarioError when the folder holds no complete result of this version, or its replications are not those that
 * the summary is of
 */
export function loadResult(folder: string): ComparedResult {
  const summary = readSummary(folder);
  const path = join(folder, 'replications.json');
  if (!existsSync(path)) throw noResult(folder, 'there is no replications.json in it');
  const { head, replications } = orNoResult(path, () => readReplicationsFile(path));
  if (fingerprint(replications) !== summary.fingerprint) {
    throw noResult(path, 'is not what summary.json says of it: one of them was changed, or cut short');
  }
  const durationMs = head['durationMs'];
  if (typeof durationMs !== 'number') throw noResult(path, 'it was written by another version of mailflow');
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

function readSummary(folder: string): RunSummary {
  const path = join(folder, 'summary.json');
  if (!existsSync(path))
    throw noResult(folder, 'there is no summary.json in it: is this the folder of a result?');
  const summary = orNoResult(path, (): unknown => JSON.parse(readFileSync(path, 'utf8')));
  if (!isRunSummary(summary)) {
    throw noResult(path, 'is not the summary of a run, or of a run of another version');
  }
  if (summary.incomplete === true) throw noResult(folder, 'the run was stopped before its end');
  return summary;
}

/** Numbers only: no cell is quoted. */
function readLatency(folder: string, replication: number): readonly LatencySample[] {
  const path = join(folder, 'latency.csv');
  if (!existsSync(path)) return [];
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
    if (error instanceof Error && 'code' in error) throw noResult(path, `cannot be read: ${error.message}`);
    throw error;
  }
}

function noResult(file: string, message: string): ScenarioError {
  return new ScenarioError([{ file, line: 1, column: 1, path: '', message, hint: null }]);
}
