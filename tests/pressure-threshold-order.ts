import { pressureResources, thresholdSettings } from '../src/sim/model/back-pressure/pressure-thresholds.js';

/** Levels of back pressure in the order in which their thresholds have to stand (BP). */
export const orderedLevels = ['normal', 'medium', 'high'] as const;
export type OrderedLevel = (typeof orderedLevels)[number];

/** A setting that is the threshold of a level of a resource, among those of the other levels. */
export interface OrderedThreshold {
  readonly level: OrderedLevel;
  /** The settings that may be no higher, and those that may be no lower; each from Normal upwards. */
  readonly below: readonly string[];
  readonly above: readonly string[];
}

/** Which threshold a setting is; undefined for all other settings, and for where High falls to Medium. */
export function thresholdOf(name: string): OrderedThreshold | undefined {
  for (const resource of pressureResources) {
    const names: readonly string[] = orderedLevels.map((level) => thresholdSettings[resource][level]);
    const place = names.indexOf(name);
    if (place === -1) continue;
    return { level: orderedLevels[place]!, below: names.slice(0, place), above: names.slice(place + 1) };
  }
  return undefined;
}
