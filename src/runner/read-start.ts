import { closeSync, openSync, readSync } from 'node:fs';

/** What a file begins with; the whole may be too long for a text. */
export function readStart(path: string, bytes = 2 ** 16): string {
  const file = openSync(path, 'r');
  try {
    const start = Buffer.alloc(bytes);
    return start.toString('utf8', 0, readSync(file, start));
  } finally {
    closeSync(file);
  }
}
