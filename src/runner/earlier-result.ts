import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint, type ReplicationResult, type RunSummary, type TableName } from '../measure/index.js';
import type { FileSeal } from './csv-file.js';
import { isSealed } from './job-files.js';
import { readReplicationsFile } from './replications-file.js';
import type { TableSeals } from './result-folder.js';

/** A complete result whose replications can be gone on from. */
export interface EarlierResult {
  readonly folder: string;
  readonly summary: RunSummary;
  /** From the first on, without gaps. */
  readonly replications: readonly ReplicationResult[];
}

/**
 * The result in a folder, if it is complete, of the same scenario, seed and version, and its tables are as they were
 * written.
 * @param key - what its replications must have been run with: `replicationKey`
 * @param tables - that it must have, and no further one
 */
export function findEarlierResult(
  folder: string,
  key: string,
  tables: readonly TableName[],
): EarlierResult | undefined {
  try {
    const summary = JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')) as RunSummary;
    if (summary.mailflow !== 'run/1' || summary.incomplete === true) return undefined;
    const hasMessages = existsSync(join(folder, 'messages.csv'));
    if (hasMessages !== tables.includes('messages')) return undefined;
    const { head, replications } = readReplicationsFile(join(folder, 'replications.json'));
    if (head['key'] !== key || replications.length !== summary.replications) return undefined;
    const engine = JSON.parse(readFileSync(join(folder, 'engine.json'), 'utf8')) as { tables?: TableSeals };
    if (!tables.every((table) => hasTable(folder, table, engine.tables?.[table]))) return undefined;
    if (!replications.every(({ replication }, index) => replication === index + 1)) return undefined;
    return fingerprint(replications) === summary.fingerprint ? { folder, summary, replications } : undefined;
  } catch {
    // A result that cannot be read is none to go on from.
    return undefined;
  }
}

function hasTable(folder: string, table: TableName, seal: FileSeal | undefined): boolean {
  return seal !== undefined && isSealed(join(folder, `${table}.csv`), seal);
}
