import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync } from 'node:fs';
import type { Cell } from '../measure/index.js';
import { csvRows } from '../report/index.js';
import { writeWhole } from './write-file.js';

/** Rows kept in memory before they are written. */
const rowsPerBatch = 1_000;

/** Tells whether a file is the one that was written. */
export interface FileSeal {
  readonly bytes: number;
  readonly sha256: string;
}

/** A CSV file whose rows are written in batches. */
export class CsvFile {
  readonly path: string;
  readonly #file: number;
  readonly #hash = createHash('sha256');
  #bytes = 0;
  #rows: (readonly Cell[])[] = [];

  /** @param head - what it begins with: its header, or nothing where it is a part of another file */
  constructor(path: string, head: string) {
    this.path = path;
    this.#file = openSync(path, 'w');
    this.#write(head);
  }

  /** Takes bytes of rows as they stand, from another file of the same table. */
  addBytes(bytes: Uint8Array): void {
    this.#flush();
    this.#writeBytes(bytes);
  }

  add(row: readonly Cell[]): void {
    if (this.#rows.push(row) >= rowsPerBatch) this.#flush();
  }

  /** @param durably - it is on the disk afterwards, so that it outlasts a loss of power, too */
  close(durably: boolean): FileSeal {
    try {
      this.#flush();
      if (durably) fsyncSync(this.#file);
    } finally {
      closeSync(this.#file);
    }
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }

  #flush(): void {
    if (this.#rows.length === 0) return;
    const rows = this.#rows;
    this.#rows = [];
    this.#write(csvRows(rows));
  }

  #write(text: string): void {
    this.#writeBytes(Buffer.from(text, 'utf8'));
  }

  #writeBytes(bytes: Uint8Array): void {
    writeWhole(this.#file, bytes);
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
  }
}
