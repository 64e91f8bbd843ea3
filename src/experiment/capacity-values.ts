/** A quantity as a scenario takes it: a number, or a number with a unit. */
export interface CapacityValue {
  readonly amount: number;
  /** `s`, `MB`, `Mbit/s`; empty: a plain number. */
  readonly unit: string;
}

/** The values to look among, from the lower to the higher. */
export interface CapacityRange {
  readonly low: number;
  readonly high: number;
  readonly unit: string;
  /** Only whole amounts are taken: counts. */
  readonly isWhole: boolean;
}

/**
 * Reads `40`, `2.5 s`, `100 Mbit/s`.
 * @returns undefined for anything else
 */
export function readCapacityValue(text: string): CapacityValue | undefined {
  const match = /^(\d+(?:\.\d+)?|\.\d+) *([A-Za-z][A-Za-z/]*)?$/.exec(text.trim());
  return match === null ? undefined : { amount: Number(match[1]), unit: match[2] ?? '' };
}

/** As a scenario takes it. */
export function formatCapacityValue({ amount, unit }: CapacityValue): string {
  // Never as 1e-7: no quantity of a scenario is written so.
  const digits = amount !== 0 && Math.abs(amount) < 1e-6 ? amount.toFixed(20) : String(amount);
  return unit === '' ? digits : `${digits} ${unit}`;
}

/** As JSON has it: a plain number stays one. */
export function capacityValueAsJson(value: CapacityValue): number | string {
  return value.unit === '' ? value.amount : formatCapacityValue(value);
}

/**
 * The value between two to try next: halfway, by ratio where the higher is several times the lower. It is rounded to few
 * digits, as people write values.
 * @returns undefined where nothing worth trying lies between
 */
export function between(
  { isWhole }: Pick<CapacityRange, 'isWhole'>,
  low: number,
  high: number,
  precision: number,
): number | undefined {
  const gap = high - low;
  // To the last bit: 0.1 % of 1 is not to be undercut by a rounding.
  if (gap <= precision * Math.max(Math.abs(low), Math.abs(high)) * (1 + 1e-9)) return undefined;
  const middle = low > 0 && high > farApart * low ? Math.sqrt(low * high) : low + gap / 2;
  if (isWhole) return gap <= 1 ? undefined : Math.min(high - 1, Math.max(low + 1, Math.round(middle)));
  const step = 10 ** (Math.floor(Math.log10(gap)) - 2);
  const rounded = Number((Math.round(middle / step) * step).toPrecision(12));
  return rounded > low && rounded < high ? rounded : middle;
}

const farApart = 4;
