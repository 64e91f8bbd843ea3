import type { Server } from '../../../topology/index.js';
import type { Settings } from '../settings.js';
import { nextLevel, type PressureLevel, pressureLevels } from './pressure-thresholds.js';
import { watchOf } from './pressure-watch.js';

/** A resource of a server that is short before any mail has come: of the others there is nothing then. */
export interface PressureAtRest {
  readonly resource: 'queue-disk' | 'log-disk' | 'process-memory' | 'all-memory';
  readonly level: Exclude<PressureLevel, 'normal'>;
  /** Bytes that are used, and from where on the level stands. */
  readonly reading: number;
  readonly threshold: number;
}

/** The resources of a server that are above Normal when it has nothing to do (BP): disks first. */
export function pressureAtRest(
  server: Server,
  settings: Settings,
  behavior: '2013' | '2016',
): readonly PressureAtRest[] {
  const watch = watchOf(server, settings, behavior === '2016');
  if (watch === null) return [];
  const { foreignBytes, transportMemory, otherMemory, thresholds } = watch;
  const readings = [
    ['queue-disk', foreignBytes],
    ['log-disk', foreignBytes],
    ['process-memory', transportMemory],
    ['all-memory', transportMemory + otherMemory],
  ] as const;
  return readings.flatMap(([resource, reading]) => {
    const level = pressureLevels[nextLevel(0, reading, thresholds[resource])]!;
    if (level === 'normal') return [];
    const { toHigh, toMedium } = thresholds[resource];
    return [{ resource, level, reading, threshold: level === 'high' ? toHigh : toMedium }];
  });
}
