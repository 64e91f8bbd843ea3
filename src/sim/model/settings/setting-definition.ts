/** What a setting's value is: decides how a file writes it and what the model gets (ms, bytes, number, text). */
export type SettingUnit = 'duration' | 'size' | 'count' | 'fraction' | 'flag' | 'choice' | 'distribution';

/** The shape of all service times (`hardware.distribution`); the means are settings of their own. */
export type ServiceDistribution =
  | { readonly kind: 'exponential' }
  | { readonly kind: 'deterministic' }
  | { readonly kind: 'lognormal'; readonly cv: number };

export type SettingValue = number | boolean | string | ServiceDistribution;

/** A setting: default, unit, range, source and meaning. */
export interface SettingDefinition {
  readonly unit: SettingUnit;
  /** In ms for durations, bytes for sizes; Infinity where Exchange says unlimited. */
  readonly default: SettingValue;
  /** The default under behaviour "2016", where it differs (DC-05, CAP-20, BP-06). */
  readonly default2016?: SettingValue;
  /** The default on an Edge, where it differs. */
  readonly defaultOnEdge?: SettingValue;
  /** Smallest and largest value, in the unit of `default`. */
  readonly range?: readonly [number, number];
  /** The values of a choice. */
  readonly choices?: readonly string[];
  /** Rule id, or the id of an assumption. */
  readonly source: string;
  readonly meaning: string;
  /** Set while the behaviour is not built: using the setting is then an error that says so. */
  readonly notYetBuilt?: string;
}
export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;
export const kilobyte = 1_024;
export const megabyte = 1_024 * kilobyte;
export const gigabyte = 1_024 * megabyte;

/** A setting that is a time, in ms. */
export function duration(
  defaultMs: number,
  range: readonly [number, number],
  source: string,
  meaning: string,
  more: Partial<SettingDefinition> = {},
): SettingDefinition {
  return { unit: 'duration', default: defaultMs, range, source, meaning, ...more };
}

/** A setting that counts something. */
export function count(
  value: number,
  range: readonly [number, number],
  source: string,
  meaning: string,
  more: Partial<SettingDefinition> = {},
): SettingDefinition {
  return { unit: 'count', default: value, range, source, meaning, ...more };
}

export const anyDuration = [0, 365 * day] as const;
export const largestCount = 1_000_000;
