/** What a program says of one run. */
export interface Reply {
  readonly operations: number;
  /** Processor time. */
  readonly seconds: number;
  /** What theory knows; or, of a program that has held it against theory itself, what is wrong: null if nothing is. */
  readonly outcome: { readonly answer: number } | { readonly wrong: string | null };
}

/**
 * Reads the line of JSON that a program answers a run with.
 * @throws Error if it is none
 */
export function parseReply(line: string): Reply {
  const fail = () => new Error(`expected a line with operations, seconds and an answer, got ${line.trim()}`);
  let said: unknown;
  try {
    said = JSON.parse(line);
  } catch {
    throw fail();
  }
  if (typeof said !== 'object' || said === null) throw fail();
  const { operations, seconds, answer, wrong } = said as Partial<Record<string, unknown>>;
  if (typeof operations !== 'number' || typeof seconds !== 'number') throw fail();
  if (!(operations > 0) || !(seconds > 0)) throw fail();
  if (typeof answer === 'number') return { operations, seconds, outcome: { answer } };
  if (typeof wrong === 'string' || wrong === null) return { operations, seconds, outcome: { wrong } };
  throw fail();
}
