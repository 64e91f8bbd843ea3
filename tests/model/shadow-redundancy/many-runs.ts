const defaultCount = 100;

/** How many random histories a test has; `npm run swarm:protection` asks for more. */
export const runCount = Number(process.env['MAILFLOW_PROTECTION'] ?? defaultCount);
/** Only that one; null: all. */
const only = process.env['MAILFLOW_PROTECTION_ONLY'];
export const isWhole = only === undefined;

/** The time that so many histories may take, ms. */
export const timeoutMs = 120_000 * Math.ceil(runCount / defaultCount);

/**
 * What random histories break, as text, with what repeats each.
 * @param file - the test's
 * @param numbers - of the histories
 * @param broken - runs one and says what it breaks
 */
export function breachesOf(
  file: string,
  numbers: readonly number[],
  broken: (number: number) => readonly string[],
): string {
  const found: string[] = [];
  for (const number of isWhole ? new Set(numbers) : [Number(only)]) {
    const again = `history ${number}; again: MAILFLOW_PROTECTION_ONLY=${number} npx vitest run ${file}`;
    try {
      const what = broken(number);
      if (what.length > 0) found.push([again, ...(isWhole ? what.slice(0, 3) : what)].join('\n'));
    } catch (error) {
      found.push(`${again}\n${error instanceof Error && !isWhole ? error.stack : String(error)}`);
    }
  }
  return found.join('\n\n');
}

/** The numbers from 0 to `count` - 1. */
export function first(count: number): readonly number[] {
  return Array.from({ length: count }, (_, number) => number);
}
