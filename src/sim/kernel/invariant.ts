/** A bug of our own, never bad input: something that the program holds to be true is not. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/**
 * States what must be true here, whatever the input.
 * @param message - what is broken, with names and simulated time; a function is called only on failure.
 *   Paths that run for every event pass a constant text, or test first: building a text or a closure costs
 *   more than the event.
 * @throws InvariantError if the condition is false
 */
export function invariant(condition: boolean, message: string | (() => string)): asserts condition {
  if (!condition) throw new InvariantError(typeof message === 'string' ? message : message());
}
