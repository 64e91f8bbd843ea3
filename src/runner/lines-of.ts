import { closeSync, openSync, readSync } from 'node:fs';

const chunkBytes = 2 ** 20;

/** The lines of a text file, one after another, as the whole may be longer than a text can be. */
export function* linesOf(path: string): Generator<string> {
  const file = openSync(path, 'r');
  try {
    const chunk = Buffer.alloc(chunkBytes);
    let pieces: Buffer[] = [];
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) {
      let begin = 0;
      for (let end = chunk.indexOf(0x0a); end !== -1 && end < read; end = chunk.indexOf(0x0a, begin)) {
        yield Buffer.concat([...pieces, chunk.subarray(begin, end)]).toString('utf8');
        pieces = [];
        begin = end + 1;
      }
      if (begin < read) pieces.push(Buffer.from(chunk.subarray(begin, read)));
    }
    if (pieces.length > 0) yield Buffer.concat(pieces).toString('utf8');
  } finally {
    closeSync(file);
  }
}
