import { existsSync } from 'node:fs';

/**
 * A file of the package that is not compiled: two folders up from the sources, three from the build.
 * @param path - from the root of the package
 * @throws Error when it is not installed
 */
export function packageFile(path: string): URL {
  const places = ['../..', '../../..'].map((above) => new URL(`${above}/${path}`, import.meta.url));
  const found = places.find((place) => existsSync(place));
  if (found === undefined) throw new Error(`${path} of mailflow is not installed`);
  return found;
}
