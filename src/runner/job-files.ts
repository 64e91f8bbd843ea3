import { createHash, randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Cell, TableName } from '../measure/index.js';
import { CsvFile, type FileSeal } from './csv-file.js';
import type { Job, JobReport } from './job.js';
import { readStart } from './read-start.js';
import { writeAtomically } from './write-file.js';

/** Files of ours in a folder of jobs. */
export const jobFilePattern = /^[a-z0-9-]+\.(json|[a-z]+\.csv|json\.[0-9a-f-]+\.tmp)$/;

/** What the first line of a job's record says. */
interface RecordHead extends JobReport {
  readonly mailflow: 'job/1';
  readonly kind: Job['kind'];
  readonly key: string;
  readonly replication: number;
  /** Of the second line: what the job came to. */
  readonly sha256: string;
  /** Tables whose rows were kept, whether there were any or not. */
  readonly kept: readonly TableName[];
  /** Its rows, by table; tables without rows have no file. */
  readonly parts: { readonly [T in TableName]?: FileSeal };
}

/** What a job is found by. */
type JobId = Pick<Job, 'name' | 'key' | 'replication'>;

/** A job whose result is there, whole. */
export interface JobRecord extends JobReport {
  /** Tables whose rows were kept. */
  readonly kept: ReadonlySet<TableName>;
  /** Those of them that have rows. */
  readonly tables: ReadonlySet<TableName>;
  /** What it came to, plain data. */
  readonly result: unknown;
}

interface ReadRecord extends JobRecord {
  readonly parts: RecordHead['parts'];
}

/** A replication that has been run, of whatever. */
export interface FinishedReplication {
  /** Of its job. */
  readonly name: string;
  /** `replicationKey` of its scenario. */
  readonly key: string;
}

/**
 * The files of jobs in one folder: a record for each, which is there whole or not at all, and its rows, table by table.
 * A job whose record does not hold good, or whose rows are not those that the record tells of, has not been run.
 */
export class JobFiles {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Makes the folder, if it is not there. */
  open(): void {
    mkdirSync(this.folder, { recursive: true });
  }

  /** Takes the rows of a job that is to be run. */
  openRows(job: Pick<Job, 'name'>): JobRows {
    return new JobRows((table) => this.#partPath(job, table));
  }

  /** Writes the record of a job, its rows being complete. */
  write(job: Job, report: JobReport, parts: RecordHead['parts'], result: unknown): void {
    const text = JSON.stringify(result);
    const head: RecordHead = {
      mailflow: 'job/1',
      kind: job.kind,
      key: job.key,
      replication: job.replication,
      outcome: report.outcome,
      events: report.events,
      sha256: createHash('sha256').update(text).digest('hex'),
      kept: job.kind === 'replication' ? job.tables : [],
      parts,
    };
    const path = this.#recordPath(job);
    writeAtomically(path, `${path}.${randomUUID()}.tmp`, [`${JSON.stringify(head)}\n`, text, '\n']);
  }

  /** The record of a job; undefined if there is none that holds good, in whatever way it does not. */
  read(job: JobId): JobRecord | undefined {
    const found = this.#look(job);
    return typeof found === 'object' ? found : undefined;
  }

  /**
   * The same, with its rows held against their checksums.
   * @param onDamaged - told of the file, if the job has been run and its record or its rows are not as they were written
   */
  readWhole(job: JobId, onDamaged: (file: string) => void): JobRecord | undefined {
    const found = this.#look(job);
    const damaged = typeof found === 'object' ? this.#damagedPart(job, found) : found;
    if (damaged !== undefined) onDamaged(damaged);
    return typeof found === 'object' && damaged === undefined ? found : undefined;
  }

  /** The replications that have been run to their end, as their records say. */
  finishedReplications(): readonly FinishedReplication[] {
    return readdirSync(this.folder).flatMap((file) => {
      if (!file.endsWith('.json')) return [];
      const head = parseHead(firstLineOf(readStart(join(this.folder, file))));
      if (head?.outcome !== 'complete' || head.kind !== 'replication') return [];
      return [{ name: file.slice(0, -'.json'.length), key: head.key }];
    });
  }

  /** The record of a job as it says; the file where it is not as it was written; undefined where there is none of it. */
  #look(job: JobId): ReadRecord | string | undefined {
    const path = this.#recordPath(job);
    if (!existsSync(path)) return undefined;
    try {
      const text = readFileSync(path);
      const firstEnd = text.indexOf(0x0a);
      const head = parseHead(text.toString('utf8', 0, firstEnd));
      if (head === undefined) return path;
      if (head.key !== job.key) return undefined;
      const result = text.subarray(firstEnd + 1, -1);
      const isWhole = createHash('sha256').update(result).digest('hex') === head.sha256;
      if (!isWhole || head.replication !== job.replication) return path;
      const { outcome, events, parts } = head;
      return {
        outcome,
        events,
        parts,
        kept: new Set(head.kept),
        tables: new Set(Object.keys(parts) as TableName[]),
        result: JSON.parse(result.toString('utf8')) as unknown,
      };
    } catch {
      return path;
    }
  }

  #damagedPart(job: JobId, { parts }: ReadRecord): string | undefined {
    return (Object.entries(parts) as [TableName, FileSeal][])
      .map(([table, seal]) => ({ path: this.#partPath(job, table), seal }))
      .find(({ path, seal }) => !isSealed(path, seal))?.path;
  }

  /** Hands the rows that a job has of a table over, in pieces. */
  forEachChunkOfRows(job: Pick<Job, 'name'>, table: TableName, take: (chunk: Uint8Array) => void): void {
    forEachChunk(this.#partPath(job, table), take);
  }

  /** Removes what jobs left that are not among `names`, and what was left half written. */
  keepOnly(names: ReadonlySet<string>): void {
    for (const file of readdirSync(this.folder)) {
      const name = file.slice(0, file.indexOf('.'));
      if (!names.has(name) || file.endsWith('.tmp')) rmSync(join(this.folder, file));
    }
  }

  #recordPath({ name }: Pick<Job, 'name'>): string {
    return join(this.folder, `${name}.json`);
  }

  #partPath({ name }: Pick<Job, 'name'>, table: TableName): string {
    return join(this.folder, `${name}.${table}.csv`);
  }
}

/** The rows of one job while it runs: a file for each table that has any. */
export class JobRows {
  readonly #pathOf: (table: TableName) => string;
  readonly #files = new Map<TableName, CsvFile>();

  constructor(pathOf: (table: TableName) => string) {
    this.#pathOf = pathOf;
  }

  add(table: TableName, row: readonly Cell[]): void {
    let file = this.#files.get(table);
    if (file === undefined) {
      file = new CsvFile(this.#pathOf(table), '');
      this.#files.set(table, file);
    }
    file.add(row);
  }

  close(): RecordHead['parts'] {
    return Object.fromEntries([...this.#files].map(([table, file]) => [table, file.close(false)]));
  }
}

/** Undefined: it is none. */
function parseHead(text: string): RecordHead | undefined {
  try {
    const head = JSON.parse(text) as RecordHead | null;
    return head?.mailflow === 'job/1' ? head : undefined;
  } catch {
    return undefined;
  }
}

function firstLineOf(text: string): string {
  return text.slice(0, text.indexOf('\n'));
}

/** Whether a file is there, can be read, and is the one that was written. */
export function isSealed(path: string, { bytes, sha256 }: FileSeal): boolean {
  try {
    if (statSync(path).size !== bytes) return false;
    const hash = createHash('sha256');
    forEachChunk(path, (chunk) => hash.update(chunk));
    return hash.digest('hex') === sha256;
  } catch {
    return false;
  }
}

const chunkBytes = 2 ** 20;

/** Reads a file in pieces. */
export function forEachChunk(path: string, take: (chunk: Uint8Array) => void): void {
  const file = openSync(path, 'r');
  try {
    const chunk = new Uint8Array(chunkBytes);
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk))
      take(chunk.subarray(0, read));
  } finally {
    closeSync(file);
  }
}
