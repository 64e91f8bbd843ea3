import { randomUUID } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import type { Cell, TableName } from '../measure/index.js';
import { csvHeader } from '../report/index.js';
import { CsvFile, type FileSeal } from './csv-file.js';
import { replicationName } from './job.js';
import { type FinishedReplication, forEachChunk, JobFiles, type JobRecord } from './job-files.js';
import { leftoversIn } from './leftovers.js';
import {
  type AnswerDocument,
  type documents,
  filesOf,
  foreignIn,
  jobsFolder,
  ownerFile,
  type pointDocuments,
  pointsFolder,
  type ResultKind,
  removeFolder,
  resultKindOf,
} from './own-files.js';
import { orFail, ResultFolderError } from './result-folder-error.js';
import { shownPath } from './shown-path.js';
import { makeFolder, writeDurably } from './write-file.js';

export type ResultDocument = (typeof documents)[number];
export type PointDocument = (typeof pointDocuments)[number];

/** Of the tables of a result, each by its name. */
export type TableSeals = { readonly [T in TableName]?: FileSeal };

/** What a run makes of what an interrupted one has finished, and left in the partial folder. */
export interface Claim {
  /** It is gone on from: jobs stay. */
  readonly resumes: boolean;
  /** Whether this run has the same replication to do; it is refused if any that is there is not. */
  isOwn(replication: FinishedReplication): boolean;
  /** So many, finished, are removed. */
  readonly onRemoved?: ((replications: number) => void) | undefined;
}

const nothingClaimed: Claim = { resumes: false, isOwn: () => false };

/**
 * The folder of one result (design section 8). It is written beside its place as `<out>.partial` and moved there when it
 * is whole; until then an older result stays as it is. While the two change places the older one is called
 * `.<out>.replaced`: should the program die in between, the next run for the same folder puts it back.
 */
export class ResultFolder {
  /** Where the result will be. */
  readonly path: string;
  /** Where it is until `commit`. */
  readonly partialPath: string;
  readonly #replacedPath: string;
  readonly #kind: ResultKind;
  readonly #owner = randomUUID();
  /** Those that are open. */
  readonly #tables = new Map<TableName, CsvFile>();
  /** Those that are written. */
  readonly #seals = new Map<TableName, FileSeal>();

  /**
   * Makes the partial folder. What an interrupted run left in it is removed, or gone on from; what one of something else
   * has finished is in the way.
   * @param kind - only a result of the same kind is replaced
   * @param tables - each gets a file with its header, whether rows follow or not
   * @throws ResultFolderError when something else is in the way, or the folder cannot be made
   */
  constructor(
    path: string,
    kind: ResultKind,
    tables: readonly TableName[] = [],
    claim: Claim = nothingClaimed,
  ) {
    this.#kind = kind;
    const absolute = resolve(path);
    this.path = orFail(absolute, () => (existsSync(absolute) ? realpathSync(absolute) : absolute));
    this.partialPath = `${this.path}.partial`;
    this.#replacedPath = join(dirname(this.path), `.${basename(this.path)}.replaced`);
    orFail(this.partialPath, () => {
      this.#recover();
      checkReplaceable(this.path, this.#kind);
      this.#clear(claim);
      makeFolder(this.partialPath);
      writeFileSync(join(this.partialPath, ownerFile), this.#owner);
      for (const name of tables) {
        this.#tables.set(name, new CsvFile(join(this.partialPath, fileOf(name)), csvHeader(name)));
      }
    });
  }

  #clear({ resumes, isOwn, onRemoved }: Claim): void {
    const path = this.partialPath;
    if (!isOurs(path, this.#kind)) return;
    const { finished, resultKey } = leftoversIn(path);
    const result = resultKey === undefined ? [] : [{ name: replicationName(1), key: resultKey }];
    const worthKeeping = [...finished, ...result];
    if (!worthKeeping.every(isOwn)) {
      const foreign = finished.filter((each) => !isOwn(each)).length;
      const what = foreign === 1 ? 'one replication' : `${foreign} replications`;
      // Of a single replication, which is not finished, nothing can be gone on from.
      const goOn =
        finished.length === 0
          ? 'look at it with `mailflow report`, remove the folder, or choose another one with --out'
          : 'go on with that by --resume, remove the folder, or choose another one with --out';
      throw new ResultFolderError(
        `${shownPath(path)} holds ${foreign === 0 ? 'what there is' : what} of an interrupted run of something ` +
          `else, another scenario, seed, version or command, or of more than is wanted now: ${goOn}`,
      );
    }
    if (!resumes && finished.length > 0) onRemoved?.(finished.length);
    removeFolder(path, resumes ? jobsFolder : undefined);
  }

  /** The files of jobs; the folder is made. */
  openJobs(): JobFiles {
    const jobs = new JobFiles(join(this.partialPath, jobsFolder));
    orFail(jobs.folder, () => jobs.open());
    return jobs;
  }

  /** Adds a row to a table. */
  readonly addRow = (table: TableName, row: readonly Cell[]): void => {
    const file = this.#tables.get(table);
    if (file === undefined) throw new RangeError(`no table ${table} was asked for`);
    orFail(file.path, () => file.add(row));
  };

  /** Writes a document, in parts or whole. */
  write(name: ResultDocument | AnswerDocument, text: string | Iterable<string>): void {
    const path = join(this.partialPath, name);
    orFail(path, () => {
      this.#checkOwn();
      writeDurably(path, text);
    });
  }

  /** Writes a document of a point of a sweep. */
  writePoint(point: string, name: PointDocument, text: string | Iterable<string>): void {
    const folder = join(this.partialPath, pointsFolder, point);
    orFail(folder, () => {
      this.#checkOwn();
      mkdirSync(folder, { recursive: true });
      writeDurably(join(folder, name), text);
    });
  }

  /**
   * Writes tables from the rows of jobs, in the order given.
   * @param earlier - a result whose rows come first
   */
  joinTables(
    tables: readonly TableName[],
    jobs: JobFiles,
    records: readonly (Pick<JobRecord, 'tables'> & { readonly name: string })[],
    earlier?: string | undefined,
  ): void {
    for (const table of tables) {
      const path = join(this.partialPath, fileOf(table));
      orFail(path, () => {
        this.#checkOwn();
        const file = new CsvFile(path, earlier === undefined ? csvHeader(table) : '');
        this.#tables.set(table, file);
        const take = (chunk: Uint8Array) => file.addBytes(chunk);
        if (earlier !== undefined) forEachChunk(join(earlier, fileOf(table)), take);
        for (const record of records) {
          if (record.tables.has(table)) jobs.forEachChunkOfRows(record, table, take);
        }
        this.#seal(table, file);
      });
    }
  }

  /** Writes what of the tables is still in memory and closes them; by what each can be told from another or a torn one. */
  sealTables(): TableSeals {
    for (const [table, file] of [...this.#tables]) orFail(file.path, () => this.#seal(table, file));
    return Object.fromEntries(this.#seals);
  }

  #seal(table: TableName, file: CsvFile): void {
    this.#tables.delete(table);
    this.#seals.set(table, file.close(true));
  }

  /** As `sealTables`; the result stays in the partial folder. */
  close(): void {
    this.sealTables();
    if (this.#isOwn()) rmSync(join(this.partialPath, ownerFile));
  }

  /** Takes the partial folder away: there is nothing to write. */
  discard(): void {
    this.#checkOwn();
    this.close();
    orFail(this.partialPath, () => removeOwn(this.partialPath, this.#kind));
  }

  /** As `discard`, after something else has failed, which is to be told: what cannot be taken away stays for the next run. */
  abandon(): void {
    try {
      this.discard();
    } catch (error) {
      if (!(error instanceof ResultFolderError)) throw error;
    }
  }

  /**
   * Closes the folder and moves it into its place.
   * @throws ResultFolderError when something has come in the way meanwhile: the result stays in the partial folder
   */
  commit(): void {
    this.#checkOwn();
    this.close();
    orFail(this.path, () => {
      this.#moveIntoPlace();
      // Only now: were they gone before, a process that dies in between would have all of them run again.
      const jobs = join(this.path, jobsFolder);
      if (existsSync(jobs)) removeFolder(jobs);
    });
  }

  #moveIntoPlace(): void {
    checkReplaceable(this.path, this.#kind, `the new result stays in ${shownPath(this.partialPath)}`);
    if (!existsSync(this.path)) {
      renameSync(this.partialPath, this.path);
      return;
    }
    if (readdirSync(this.path).length === 0) {
      rmdirSync(this.path);
      renameSync(this.partialPath, this.path);
      return;
    }
    renameSync(this.path, this.#replacedPath);
    try {
      renameSync(this.partialPath, this.path);
    } catch (error) {
      renameSync(this.#replacedPath, this.path);
      throw error;
    }
    removeOwn(this.#replacedPath, this.#kind);
  }

  /** Another run for the same folder would have put its own partial folder in the place of this one. */
  #isOwn(): boolean {
    const path = join(this.partialPath, ownerFile);
    return existsSync(path) && readFileSync(path, 'utf8') === this.#owner;
  }

  #checkOwn(): void {
    if (this.#isOwn()) return;
    throw new ResultFolderError(
      `${shownPath(this.partialPath)} has been taken away: does another run write to it?`,
    );
  }

  /** Puts an older result back that a run was replacing when it died, or clears it away when it had been replaced. */
  #recover(): void {
    if (!existsSync(this.path) && resultKindOf(this.#replacedPath) !== undefined)
      renameSync(this.#replacedPath, this.path);
    else removeOwn(this.#replacedPath, this.#kind);
  }
}

/** The file name of a table. */
export function fileOf(table: TableName): string {
  return `${table}.csv`;
}

function nameOf(kind: ResultKind): string {
  if (kind === 'run') return 'the result of a simulation';
  return kind === 'sweep' ? 'the result of a sweep' : `an answer of \`mailflow ${kind}\``;
}

/**
 * Lets through what a result may take the place of: nothing, an empty folder, or an older result of the same kind with
 * nothing of the user's beside it.
 * @param advice - what to do about anything else
 */
function checkReplaceable(path: string, kind: ResultKind, advice = 'choose another folder with --out'): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  const shown = shownPath(path);
  if (found.isSymbolicLink() && !existsSync(path)) {
    throw new ResultFolderError(`${shown} is a symbolic link that leads nowhere: ${advice}`);
  }
  if (!found.isDirectory()) throw new ResultFolderError(`${shown} exists and is no folder: ${advice}`);
  // A result takes the place of a folder as a whole.
  if (found.dev !== lstatSync(dirname(path)).dev) {
    throw new ResultFolderError(
      `${shown} is a volume of its own, which cannot be replaced: choose a folder in it`,
    );
  }
  if (`${process.cwd()}${sep}`.startsWith(`${path}${sep}`)) {
    throw new ResultFolderError(`${shown} is the folder that you are in, and would be replaced: ${advice}`);
  }
  if (readdirSync(path).length === 0) return;
  const there = resultKindOf(path);
  if (there === undefined) {
    throw new ResultFolderError(
      `${shown} exists and holds something else than a result of mailflow: ${advice}`,
    );
  }
  if (there !== kind) {
    throw new ResultFolderError(
      `${shown} holds ${nameOf(there)}, not ${nameOf(kind)} that could be replaced: ${advice}`,
    );
  }
  const foreign = foreignIn(path, filesOf(kind));
  if (foreign !== undefined) {
    throw new ResultFolderError(
      `${shown} holds ${foreign} beside a result of mailflow, and would be replaced: ${advice}`,
    );
  }
}

/** Removes what a run left behind, if there is nothing else in it. */
function removeOwn(path: string, kind: ResultKind): void {
  if (isOurs(path, kind)) removeFolder(path);
}

/**
 * Whether something is there, all of it ours.
 * @throws ResultFolderError when there is something else
 */
function isOurs(path: string, kind: ResultKind): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return false;
  const foreign = found.isDirectory() ? foreignIn(path, filesOf(kind)) : shownPath(path);
  if (foreign === undefined) return true;
  throw new ResultFolderError(
    `${shownPath(path)} is in the way: it holds ${foreign}, which is not ours to remove`,
  );
}

/**
 * A name as a folder can have it on any system: letters, digits and ` ._-` stay, the rest becomes `-`; no dot or space
 * at an end, no device name, at most 64 characters.
 */
export function folderName(name: string): string {
  const safe = name
    .normalize('NFC')
    .replace(/[^\p{L}\p{N} ._-]+/gu, '-')
    .slice(0, 64)
    .replace(/^[. ]+|[. ]+$/g, '');
  if (safe === '') return 'scenario';
  return /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(safe) ? `_${safe}` : safe;
}
