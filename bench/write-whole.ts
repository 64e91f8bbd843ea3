import { renameSync, writeFileSync } from 'node:fs';

/** Writes beside, then renames: a reader finds the old file or the new one, never a part. */
export function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.partial`, text);
  renameSync(`${path}.partial`, path);
}
