/** A time in whole microseconds, the unit in which times are printed with 3 decimals. */
export function toMicroseconds(timeMs: number): number {
  return Math.round(timeMs * 1_000);
}

/** A time as the tables print it: ms, rounded to 3 decimals. */
export function printedMs(timeMs: number): number {
  return toMicroseconds(timeMs) / 1_000;
}
