import type { ReplicationResult } from '../measure/index.js';
import { linesOf } from './lines-of.js';

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
