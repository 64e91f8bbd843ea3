import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import {
  type DecodedInput,
  type DecodedOrganization,
  type DecodedScenario,
  decodeInput,
  decodeScenario,
  FileError,
  type ReadFile,
  ScenarioError,
} from '../scenario/index.js';
import { whyUnreadable } from './unreadable.js';

/** Where the paths inside a file may lead. */
export interface LoadOptions {
  /**
   * The folder that paths inside files must not leave. Default: the nearest folder above the file that holds
   * `package.json` or `.git`, else the file's own folder.
   */
  readonly root?: string | undefined;
}

/** As `LoadOptions`, with what is changed in the scenario. */
export interface LoadScenarioOptions extends LoadOptions {
  /** `<path>=<value>` each, applied in order (`--set`). */
  readonly set?: readonly string[] | undefined;
}

/**
 * Reads and decodes a scenario with all that it names.
 * @throws ScenarioError with every problem, a file that cannot be read included
 */
export function loadScenario(path: string, { root, set = [] }: LoadScenarioOptions = {}): DecodedScenario {
  const content = readInputFile(path);
  return decodeScenario(content, path, { readFile: readBeside(path, root), set });
}

/**
 * Reads and decodes an organization file, or the organization of a scenario file, for questions that need no simulation:
 * it may hold what the transport model does not have yet.
 * @throws ScenarioError with every problem of the file
 */
export function loadOrganization(path: string, options: LoadOptions = {}): DecodedOrganization {
  return load(path, options, 'routing').organization;
}

/**
 * Reads and decodes an organization or a scenario, whichever the file is.
 * @throws ScenarioError with every problem of the file
 */
export function loadInput(path: string, options: LoadOptions = {}): DecodedInput {
  return load(path, options, 'simulation');
}

function load(path: string, { root }: LoadOptions, purpose: 'routing' | 'simulation'): DecodedInput {
  const content = readInputFile(path);
  return decodeInput(content, path, { readFile: readBeside(path, root), purpose });
}

/** Organizations and scenarios are capped far below; larger tables are not for reading whole. */
const largestBytes = 256 * 1_024 ** 2;

/**
 * Reads a file that the user named.
 * @throws ScenarioError when that cannot be done
 */
export function readInputFile(path: string): Uint8Array {
  try {
    return readRegularFile(path);
  } catch (error) {
    const { message } = asFileError(error);
    throw new ScenarioError([{ file: path, line: 1, column: 1, path: '', message, hint: null }]);
  }
}

/** Reads what the file at `path` names: relative to its folder, under the root, symbolic links resolved. */
function readBeside(path: string, rootOption: string | undefined): ReadFile {
  const folder = realpathSync(dirname(path));
  return (named) => {
    try {
      if (isAbsolute(named)) throw new FileError('expected a path relative to this file');
      const root = rootOption === undefined ? findRoot(folder) : realpathSync(rootOption);
      const wanted = resolve(folder, named);
      // Before asking the disk, so that nobody learns what lies outside; and after, for links that lead there.
      if (!isUnder(wanted, root)) throw outside(root);
      const real = realpathSync(wanted);
      if (!isUnder(real, root)) throw outside(root);
      return { name: join(dirname(path), named), content: readRegularFile(real) };
    } catch (error) {
      throw asFileError(error);
    }
  };
}

function outside(root: string): FileError {
  const shown = relative(process.cwd(), root) || '.';
  return new FileError(`expected a file under the root folder ${shown} (\`--root\` sets it)`);
}

function isUnder(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}

function findRoot(folder: string): string {
  for (let above = folder; ; above = dirname(above)) {
    if (['package.json', '.git'].some((mark) => existsSync(join(above, mark)))) return above;
    if (above === dirname(above)) return folder;
  }
}

function readRegularFile(path: string): Uint8Array {
  const stats = statSync(path);
  if (!stats.isFile()) throw new FileError('expected a file, but this is none');
  if (stats.size > largestBytes) throw new FileError('expected a file of at most 256 MiB');
  return readFileSync(path);
}

/** What to tell the user about a file that could not be read. */
function asFileError(error: unknown): FileError {
  if (error instanceof FileError) return error;
  return new FileError(whyUnreadable(error));
}
