import {
  type MisorderedThreshold,
  misorderedThresholds,
  type SettingOverrides,
  type Settings,
} from '../sim/model/index.js';
import { defaultMemoryBytes, defaultQueueDiskBytes, type ServerDescription } from '../topology/index.js';
import type { PathSegment } from './source/path.js';
import type { ProblemSink } from './source/problem-list.js';

/** `settings` somewhere in the input. */
export interface SettingsLayer {
  readonly path: readonly PathSegment[];
  readonly settings: SettingOverrides;
}

/** The settings of one server, or of all that have none of their own. */
export interface LayeredSettings {
  /** The weakest first. */
  readonly layers: readonly SettingsLayer[];
  readonly resolved: Settings;
}

/**
 * Notes thresholds of back pressure that are not Normal, Medium, High in this order (BP) when all that is set is put
 * together: where the strongest of it stands. Each of these once, whatever number of servers it is wrong for.
 */
export function checkThresholds(
  servers: readonly ServerDescription[],
  settingsOf: (server: ServerDescription) => LayeredSettings,
  problems: Pick<ProblemSink, 'add'>,
): void {
  const noted = new Set<string>();
  const isSound = new Set<string>();
  for (const server of servers) {
    const { layers, resolved } = settingsOf(server);
    const { memoryBytes: memory = defaultMemoryBytes, queueDiskBytes: queueDisk = defaultQueueDiskBytes } =
      server;
    // Most servers have the settings and the hardware of another one.
    const kind = `${layers.map(({ path }) => path.join('.')).join(' ')} ${memory} ${queueDisk}`;
    if (isSound.has(kind)) continue;
    isSound.add(kind);
    for (const misordered of misorderedThresholds(resolved, { queueDisk, memory })) {
      const { path, isLower } = placeOf(misordered, layers);
      const key = JSON.stringify(path);
      if (noted.has(key)) continue;
      noted.add(key);
      problems.add(path, messageOf(misordered, isLower, server.name));
    }
  }
}

/** The strongest layer that says one of the two thresholds; the lower one, if it says both. */
function placeOf({ lower, upper }: MisorderedThreshold, layers: readonly SettingsLayer[]) {
  for (const { path, settings } of layers.toReversed()) {
    const name = [lower, upper].find((each) => settings['transport']?.[each] !== undefined);
    if (name !== undefined) return { path: [...path, 'transport', name], isLower: name === lower };
  }
  // The defaults are in order, with every formula.
  return { path: layers[0]?.path ?? [], isLower: true };
}

function messageOf(
  { lower, lowerValue, upper, upperValue }: MisorderedThreshold,
  isLower: boolean,
  server: string,
): string {
  const [other, value, bound] = isLower ? [upper, upperValue, 'most'] : [lower, lowerValue, 'least'];
  const shown = value === Number.POSITIVE_INFINITY ? 'unlimited' : String(value);
  return `expected at ${bound} ${other}, which is ${shown} for ${server} (BP): set that, too`;
}
