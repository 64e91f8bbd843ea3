import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import type { Cell } from '../measure/index.js';
import { CsvReader, type FaultRow } from '../report/index.js';

/** A row of the table of faults. */
export function faultOf([, timeMs, kind, subject, phase]: readonly Cell[]): FaultRow {
  return { timeMs: Number(timeMs), kind: String(kind), subject: String(subject), phase: String(phase) };
}

const chunkBytes = 2 ** 16;

/** The faults of the first replication, from a `faults.csv`; none if there is no such file. */
export function readFaults(path: string): readonly FaultRow[] {
  if (!existsSync(path)) return [];
  const faults: FaultRow[] = [];
  let isOver = false;
  const reader = new CsvReader((cells) => {
    if (cells[0] === '1') faults.push(faultOf(cells));
    else if (cells[0] !== 'replication') isOver = true;
  });
  const file = openSync(path, 'r');
  try {
    const decoder = new StringDecoder('utf8');
    const chunk = Buffer.alloc(chunkBytes);
    for (let read = readSync(file, chunk); read > 0 && !isOver; read = readSync(file, chunk)) {
      reader.push(decoder.write(chunk.subarray(0, read)));
    }
  } finally {
    closeSync(file);
  }
  return faults;
}
