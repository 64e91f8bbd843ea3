import type { RoutingTables } from '../routing/index.js';
import type { Problem, Scenario } from '../scenario/index.js';
import { type PressureAtRest, pressureAtRest } from '../sim/model/index.js';

/** What to look at. */
const keys: Readonly<Record<PressureAtRest['resource'], string>> = {
  'queue-disk': '`queueDisk` and `queueDiskUsed`',
  'log-disk': '`queueDisk` and `queueDiskUsed`',
  'process-memory': '`memory` and `hardware.transportMemory`',
  'all-memory': '`memory` and `hardware.otherMemory`',
};

/**
 * A warning for each resource of a server that back pressure finds short before any mail has come (BP): from the start on
 * mail is refused.
 * @param file - how problems call the scenario's file
 */
export function warnOfPressure(
  { settings, serverSettings }: Scenario,
  { topology }: RoutingTables,
  file: string,
): readonly Problem[] {
  const { behavior, servers } = topology;
  return servers.flatMap((server) => {
    const own = serverSettings.get(server.name) ?? settings;
    return pressureAtRest(server, own, behavior).map(({ resource, level, reading, threshold }): Problem => {
      const total = resource.endsWith('-disk') ? server.queueDiskBytes : server.memoryBytes;
      const percent = (bytes: number) => `${Math.round((100 * bytes) / total)} %`;
      const spelled = level === 'high' ? 'High' : 'Medium';
      return {
        file,
        line: 1,
        column: 1,
        path: `organization.servers.${server.name}`,
        message:
          `${resource} is at ${spelled} before any mail has come: ${percent(reading)} are used, ` +
          `${spelled} begins at ${percent(threshold)}`,
        hint: `see ${keys[resource]}`,
      };
    });
  });
}
