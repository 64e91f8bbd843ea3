import { closeSync, openSync, readSync } from 'node:fs';
import type { ReplicationResult } from '../measure/index.js';

/** What a `replications.json` holds. */
export interface ReplicationsFile {
  /** What stands before the list. */
  readonly head: Readonly<Record<string, unknown>>;
  /** In the order of the file. */
  readonly replications: readonly ReplicationResult[];
}

/**
 * Reads a `replications.json` as `formatReplicationsJson` writes it, line by line, as the whole may be longer than a
 * text can be. That the replications have the shape of results is taken on trust.
 * @throws SyntaxError when it is not such a file; what the system says of the file
 */
export function readReplicationsFile(path: string): ReplicationsFile {
  const lines = linesOf(path);
  const first = lines.next();
  const headText = first.done === true ? '' : first.value;
  if (!headText.endsWith(',"replications":[')) throw new SyntaxError(`${path} is no list of replications`);
  const head = JSON.parse(`${headText.slice(0, headText.lastIndexOf(',"replications":['))}}`) as Record<
    string,
    unknown
  >;
  if (head['mailflow'] !== 'replications/1') throw new SyntaxError(`${path} is no list of replications`);
  const replications: ReplicationResult[] = [];
  for (const line of lines) {
    if (line === ']}') return { head, replications };
    const result = JSON.parse(line.endsWith(',') ? line.slice(0, -1) : line) as ReplicationResult | null;
    if (typeof result?.replication !== 'number')
      throw new SyntaxError(`${path} holds what is no replication`);
    replications.push(result);
  }
  throw new SyntaxError(`${path} has no end`);
}

const chunkBytes = 2 ** 20;

function* linesOf(path: string): Generator<string> {
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
