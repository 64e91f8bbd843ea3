import { readFileSync, statSync } from 'node:fs';
import { type DecodedOrganization, decodeOrganization, ScenarioError } from '../scenario/index.js';

export interface LoadOptions {
  /**
   * The folder that paths inside files must not leave. Default: the nearest folder above the file that holds
   * `package.json` or `.git`, else the file's own folder.
   */
  readonly root?: string | undefined;
}

/**
 * Reads and decodes an organization file.
 * @throws ScenarioError with every problem of the file
 */
export function loadOrganization(path: string, _options: LoadOptions = {}): DecodedOrganization {
  return decodeOrganization(readNamed(path), path);
}

/** Organizations and scenarios are capped far below; larger files are logs, and not for reading whole. */
const largestBytes = 256 * 1_024 ** 2;

function readNamed(path: string): Uint8Array {
  try {
    return readRegularFile(path);
  } catch (error) {
    const problem = { file: path, line: 1, column: 1, path: '', message: whyUnreadable(error), hint: null };
    throw new ScenarioError([problem]);
  }
}

class NotReadable extends Error {
  override readonly name = 'NotReadable';
}

function readRegularFile(path: string): Uint8Array {
  const stats = statSync(path);
  if (!stats.isFile()) throw new NotReadable('expected a file, but this is none');
  if (stats.size > largestBytes) throw new NotReadable('expected a file of at most 256 MiB');
  return readFileSync(path);
}

/** What to tell the user about a file that could not be read; anything unexpected is thrown on. */
function whyUnreadable(error: unknown): string {
  if (error instanceof NotReadable) return error.message;
  const code = (error as NodeJS.ErrnoException | null)?.code;
  const known: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file',
    ENOTDIR: 'there is no such file',
    EACCES: 'the file may not be read',
    EPERM: 'the file may not be read',
    ELOOP: 'symbolic links lead in a circle',
    ENAMETOOLONG: 'the name is too long for a file',
    ERR_INVALID_ARG_VALUE: 'this is no name of a file',
  };
  if (code === undefined || !Object.hasOwn(known, code)) throw error;
  return known[code]!;
}
