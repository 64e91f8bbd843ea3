import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isProcessGone, processTag, processTagPattern } from './living-process.js';
import { foreignIn, jobFiles, removeFolder } from './own-files.js';
import { ResultFolderError, whyUnwritable } from './result-folder-error.js';

/** Who works in such folders. */
export type ScratchPurpose = 'capacity' | 'failures';

const scratchName = new RegExp(`^mailflow-(?:capacity|failures)-(${processTagPattern})-\\w{6}$`);

/**
 * Has work done in a temporary folder for the files of jobs, which is gone afterwards. What killed processes left of such
 * folders is removed first.
 * @throws ResultFolderError when no temporary folder can be made
 */
export async function inScratchFolder<T>(
  purpose: ScratchPurpose,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const parent = tmpdir();
  removeLeftovers(parent);
  const folder = makeFolderIn(parent, purpose);
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function makeFolderIn(parent: string, purpose: ScratchPurpose): string {
  try {
    return mkdtempSync(join(parent, `mailflow-${purpose}-${processTag()}-`));
  } catch (error) {
    const why = whyUnwritable(error, parent);
    if (why === undefined) throw error;
    throw new ResultFolderError(
      `a temporary folder is needed, and cannot be made in ${parent}: ${why} (the environment variable TMPDIR says where)`,
    );
  }
}

/** Of folders that are ours by name, owner and all that is in them, those of processes that are gone. */
function removeLeftovers(parent: string): void {
  for (const name of namesIn(parent)) {
    const tag = scratchName.exec(name)?.[1];
    if (tag === undefined || !isProcessGone(tag)) continue;
    const path = join(parent, name);
    try {
      const found = lstatSync(path);
      const isOwn = found.isDirectory() && found.uid === (process.getuid?.() ?? found.uid);
      if (isOwn && foreignIn(path, jobFiles) === undefined) removeFolder(path);
    } catch {
      // Another run takes it away, too; or it cannot be, and harms nobody.
    }
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
