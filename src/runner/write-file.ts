import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** Writes all of a text or of bytes to an open file. */
export function writeWhole(file: number, content: string | Uint8Array): void {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
}

/** Writes a file, in parts or whole, and has it on the disk when it returns. */
export function writeDurably(path: string, text: string | Iterable<string>): void {
  const file = openSync(path, 'w');
  try {
    for (const part of typeof text === 'string' ? [text] : text) writeWhole(file, part);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * Writes a file that is there whole or not at all, whenever the process dies.
 * @param temporary - a name in the same folder that nobody else writes to
 */
export function writeAtomically(path: string, temporary: string, parts: Iterable<string>): void {
  const file = openSync(temporary, 'w');
  try {
    for (const part of parts) writeWhole(file, part);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
}

/** Makes a folder and those it is in, one by one: where no folder can be, Node's own way never comes to an end. */
export function makeFolder(path: string): void {
  const parent = dirname(path);
  if (!existsSync(parent) && parent !== path) makeFolder(parent);
  try {
    mkdirSync(path);
  } catch (error) {
    // Another run may have made it meanwhile.
    if (!lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}
