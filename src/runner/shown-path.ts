import { isAbsolute, relative, sep } from 'node:path';

/** A path for people: from the folder that the program was called in, where it lies in that; else as it is. */
export function shownPath(path: string): string {
  const inside = relative(process.cwd(), path);
  const isInside = inside !== '' && inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside);
  return isInside ? inside : path;
}
