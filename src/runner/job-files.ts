import { createHash, randomUUID } from 'node:crypto';
import {
  closeSync,
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
import { writeAtomically } from './write-file.js';

/** Files of ours in a folder of jobs. */
export const jobFilePattern = /^[a-z0-9-]+\.(json|[a-z]+\.csv|json\.[0-9a-f-]+\.tmp)$/;

/** What the first line of a job's record says. */
interface RecordHead extends JobReport {
  readonly mailflow: 'job/1';
  readonly key: string;
  readonly replication: number;
  /** Of the second line: what the job came to. */
  readonly sha256: string;
  /** Its rows, by table; tables without rows have no file. */
  readonly parts: { readonly [T in TableName]?: FileSeal };
}

/** A job whose result is there, whole. */
export interface JobRecord extends JobReport {
  readonly tables: ReadonlySet<TableName>;
  /** What it came to, plain data. */
  readonly result: unknown;
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
      key: job.key,
      replication: job.replication,
      outcome: report.outcome,
      events: report.events,
      sha256: createHash('sha256').update(text).digest('hex'),
      parts,
    };
    const path = this.#recordPath(job);
    writeAtomically(path, `${path}.${randomUUID()}.tmp`, [`${JSON.stringify(head)}\n`, text, '\n']);
  }

  /** The record of a job; undefined if there is none that holds good, in whatever way it does not. */
  read(job: Pick<Job, 'name' | 'key' | 'replication'>, checkRows = false): JobRecord | undefined {
    try {
      const text = readFileSync(this.#recordPath(job));
      const firstEnd = text.indexOf(0x0a);
      const head = JSON.parse(text.toString('utf8', 0, firstEnd)) as RecordHead;
      const result = text.subarray(firstEnd + 1, -1);
      if (head.mailflow !== 'job/1' || head.key !== job.key || head.replication !== job.replication) return;
      if (createHash('sha256').update(result).digest('hex') !== head.sha256) return;
      const parts = Object.entries(head.parts) as [TableName, FileSeal][];
      if (checkRows && !parts.every(([table, seal]) => isSealed(this.#partPath(job, table), seal))) return;
      return {
        outcome: head.outcome,
        events: head.events,
        tables: new Set(parts.map(([table]) => table)),
        result: JSON.parse(result.toString('utf8')) as unknown,
      };
    } catch {
      return undefined;
    }
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

/**
 * Whether a file is the one that was written.
 * @throws what the system says of a file that cannot be read
 */
export function isSealed(path: string, { bytes, sha256 }: FileSeal): boolean {
  if (statSync(path).size !== bytes) return false;
  const hash = createHash('sha256');
  forEachChunk(path, (chunk) => hash.update(chunk));
  return hash.digest('hex') === sha256;
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
