import { cpSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/**
 * Copies a build and changes one file of the copy.
 * @param dist - the folder with the compiled code
 * @param folder - where the copy is to be; made anew
 * @param file - the compiled file, from `dist`
 * @param change - gives the file's new code
 * @returns the copy's `dist`
 */
export function copyBuild(
  dist: string,
  folder: string,
  file: string,
  change: (code: string) => string,
): string {
  rmSync(folder, { recursive: true, force: true });
  const copy = join(folder, 'dist');
  cpSync(dist, copy, { recursive: true });
  for (const name of ['package.json', 'node_modules']) {
    const own = join(dirname(dist), name);
    symlinkSync(existsSync(own) ? own : resolve(name), join(folder, name));
  }
  const path = join(copy, file);
  writeFileSync(path, change(readFileSync(path, 'utf8')));
  return copy;
}
