import type { Dice } from '../oracle/dice.js';

/** A whole number from `low` to `high`, each order of magnitude as likely as another. */
export function span(dice: Dice, low: number, high: number): number {
  const share = dice.below(1_000) / 1_000;
  return Math.max(1, Math.round(low * (Math.max(high, low) / low) ** share));
}
