import { readFileSync } from 'node:fs';

/** The package's version, from its package.json: two folders up from the sources, three from the build. */
export function packageVersion(): string {
  for (const above of ['../../package.json', '../../../package.json']) {
    const found = versionIn(new URL(above, import.meta.url));
    if (found !== undefined) return found;
  }
  return '0.0.0';
}

function versionIn(url: URL): string | undefined {
  try {
    const { name, version } = JSON.parse(readFileSync(url, 'utf8')) as { name?: string; version?: string };
    return name === 'mailflow' ? version : undefined;
  } catch {
    return undefined;
  }
}
