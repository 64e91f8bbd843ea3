import { shownPath } from './shown-path.js';

/** A result, a report or a template that cannot be written where it is wanted; the message says why. */
export class ResultFolderError extends Error {
  override readonly name = 'ResultFolderError';
}

/**
 * What the system says of files becomes an error that can be told.
 * @throws ResultFolderError
 */
export function orFail<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (typeof code !== 'string' || !/^E[A-Z]+$/.test(code)) throw error;
    throw new ResultFolderError(`cannot write ${shownPath(path)}: ${reasons[code] ?? code}`);
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left',
  EDQUOT: 'the quota is used up',
  ENOTDIR: 'a folder on the way to it is a file',
  ENOENT: 'no folder can be made there',
  EEXIST: 'a folder on the way to it is a file',
  ENOTEMPTY: 'something has come in the way meanwhile',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'symbolic links lead in a circle',
};
