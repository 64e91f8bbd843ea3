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
    const why = whyUnwritable(error);
    if (why === undefined) throw error;
    throw new ResultFolderError(`cannot write ${shownPath(path)}: ${why}: choose another place`);
  }
}

/**
 * Why something cannot be written, for people; undefined if that is not what went wrong.
 * @param folder - where it was to be, if folders are not made on the way
 */
export function whyUnwritable(error: unknown, folder?: string): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (typeof code !== 'string' || !/^E[A-Z]+$/.test(code)) return undefined;
  if (code === 'ENOENT' && folder !== undefined) return `there is no folder ${shownPath(folder)}`;
  return reasons[code] ?? code;
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
  EISDIR: 'it is a folder',
  ENOTEMPTY: 'something has come in the way meanwhile',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'symbolic links lead in a circle',
};
