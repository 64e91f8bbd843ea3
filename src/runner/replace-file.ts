import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isProcessGone, processTag, processTagPattern } from './living-process.js';
import { ResultFolderError, whyUnwritable } from './result-folder-error.js';
import { shownPath } from './shown-path.js';

const partialName = new RegExp(`^(.+)\\.(${processTagPattern})-[0-9a-f]{8}\\.partial$`);

/** What a file was to become that a killed process left half written; undefined if the name is no such one. */
export function leftHalfWritten(name: string): string | undefined {
  const [, wanted, tag] = partialName.exec(name) ?? [];
  return tag !== undefined && isProcessGone(tag) ? wanted : undefined;
}

/**
 * Writes a file whole or not at all, in the place of an older one. What killed processes left of it half written is
 * removed.
 * @param advice - what to do where it cannot be written
 * @throws ResultFolderError then
 */
export function replaceFile(path: string, text: string, advice: string): void {
  const fail = (why: string) => new ResultFolderError(`cannot write ${shownPath(path)}: ${why}: ${advice}`);
  const exists = existsSync(path);
  if (exists && !statSync(path).isFile()) throw fail('it exists and is no file');
  const target = exists ? realpathSync(path) : path;
  const folder = dirname(target);
  const partial = `${target}.${processTag()}-${randomUUID().slice(0, 8)}.partial`;
  try {
    writeFileSync(partial, text);
    renameSync(partial, target);
    for (const name of readdirSync(folder)) {
      if (leftHalfWritten(name) === basename(target)) rmSync(join(folder, name), { force: true });
    }
  } catch (error) {
    removeQuietly(partial);
    const why = whyUnwritable(error, folder);
    if (why === undefined) throw error;
    throw fail(why);
  }
}

/** What made writing fail may make this fail as well: that is told already. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Told by the caller.
  }
}
