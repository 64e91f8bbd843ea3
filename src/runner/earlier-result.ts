import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint, type ReplicationResult, type RunSummary, type TableName } from '../measure/index.js';
import type { FileSeal } from './csv-file.js';
import { isSealed } from './job-files.js';
import { type ReplicationsFile, readReplicationsFile } from './replications-file.js';
import { fileOf, type ResultDocument, type TableSeals } from './result-folder.js';

/** A complete result whose replications can be gone on from. */
export interface EarlierResult {
  readonly folder: string;
  readonly summary: RunSummary;
  /** From the first on, without gaps. */
  readonly replications: readonly ReplicationResult[];
  readonly hasMessages: boolean;
}

/**
 * The result in a folder, if it is complete, of the same scenario, seed and version, and as it was written.
 * @param key - what its replications must have been run with: `replicationKey`
 * @param tables - those wanted: it must have them as they were written, `messages` only if it is there
 * @param onDamaged - told of the first file that is torn, changed or gone
 */
export function findEarlierResult(
  folder: string,
  key: string,
  tables: readonly TableName[],
  onDamaged: (file: string) => void,
): EarlierResult | undefined {
  const summary = readDocument(folder, 'summary.json') as Partial<RunSummary> | undefined;
  if (summary?.mailflow !== 'run/1' || summary.incomplete === true) return undefined;
  const listPath = join(folder, 'replications.json');
  const list = readList(listPath);
  if (list === undefined) return void onDamaged(listPath);
  const { head, replications } = list;
  if (head['key'] !== key) return undefined;
  // What the warm-up was found to be is believed, too.
  const belongTogether =
    fingerprint(replications) === summary.fingerprint && head['warmUpMs'] === summary.warmUpMs;
  if (!belongTogether) return void onDamaged(listPath);
  const hasMessages = existsSync(join(folder, 'messages.csv'));
  const seals = readTableSeals(folder);
  if (seals === undefined) return void onDamaged(join(folder, 'engine.json'));
  const torn = tables
    .filter((table) => table !== 'messages' || hasMessages)
    .find((table) => !isAsWritten(join(folder, fileOf(table)), seals[table]));
  if (torn !== undefined) return void onDamaged(join(folder, fileOf(torn)));
  return { folder, summary: summary as RunSummary, replications, hasMessages };
}

/** By what the tables of a result can be told from others; undefined where nothing says it. */
export function readTableSeals(folder: string): TableSeals | undefined {
  return (readDocument(folder, 'engine.json') as { readonly tables?: TableSeals } | undefined)?.tables;
}

function isAsWritten(path: string, seal: FileSeal | undefined): boolean {
  return seal !== undefined && isSealed(path, seal);
}

/** Undefined: it is not there, or is none. */
function readDocument(folder: string, name: ResultDocument): unknown {
  try {
    return JSON.parse(readFileSync(join(folder, name), 'utf8')) ?? undefined;
  } catch {
    return undefined;
  }
}

function readList(path: string): ReplicationsFile | undefined {
  try {
    return readReplicationsFile(path);
  } catch {
    return undefined;
  }
}
