/**
 * Counts of successes in `n` trials that a probability between `low` and `high` may well give: fewer come up in less than 5 %
 * of cases at `low`, more in less than 5 % at `high`.
 * @param low - from 0 to `high`
 * @param high - to 1
 */
export function binomialBounds(n: number, low: number, high: number): { least: number; most: number } {
  let least = 0;
  while (least < n && atMost(least, n, low) < chance) least++;
  let most = n;
  while (most > 0 && 1 - atMost(most - 1, n, high) < chance) most--;
  return { least, most };
}

const chance = 0.05;

/** The probability of at most `k` successes in `n` trials. */
function atMost(k: number, n: number, p: number): number {
  if (k >= n || p === 0) return 1;
  if (k < 0 || p === 1) return 0;
  let logTerm = n * Math.log1p(-p);
  let sum = Math.exp(logTerm);
  for (let i = 1; i <= k; i++) {
    logTerm += Math.log((n - i + 1) / i) + Math.log(p) - Math.log1p(-p);
    sum += Math.exp(logTerm);
  }
  return sum;
}
