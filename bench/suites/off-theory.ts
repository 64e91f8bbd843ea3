/**
 * The answer check of a workload whose answer theory knows.
 * @param tolerance - how far chance may take this answer: some five standard errors
 * @returns what is wrong, undefined if nothing is
 */
export function offTheory(
  what: string,
  answer: number,
  theory: number,
  tolerance: number,
): string | undefined {
  // Said the other way round, an answer that is no number would pass.
  if (Math.abs(answer - theory) <= tolerance) return undefined;
  return `${what} ${answer}, by theory ${theory} within ${tolerance}`;
}
