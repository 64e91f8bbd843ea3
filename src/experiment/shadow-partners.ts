import type { RoutingTables } from '../routing/index.js';
import type { Problem, Scenario } from '../scenario/index.js';
import { shadowPartnersOf } from '../sim/model/index.js';

/**
 * A warning for each server that refuses all mail because nobody is there who could take a shadow copy of it (SH-03, SH-08).
 * @param file - how problems call the scenario's file
 */
export function warnOfMissingPartners(
  { settings, serverSettings }: Scenario,
  { topology }: RoutingTables,
  file: string,
): readonly Problem[] {
  const { servers } = topology;
  const settingsOf = (server: number) => serverSettings.get(servers[server]!.name) ?? settings;
  const partners = shadowPartnersOf(topology, settingsOf);
  return servers.flatMap(({ index, name, isTransport, majorVersion }): Problem[] => {
    const { rejectMessageOnShadowFailure, shadowRedundancyEnabled } = settingsOf(index).transport;
    const isRequired = rejectMessageOnShadowFailure && shadowRedundancyEnabled;
    if (!isRequired || !isTransport || majorVersion !== 15 || partners[index]!.length > 0) return [];
    return [
      {
        file,
        line: 1,
        column: 1,
        path: `organization.servers.${name}`,
        message:
          'it refuses all mail: no other server of its DAG or site can have a shadow copy of what it accepts',
        hint: 'see `transport.rejectMessageOnShadowFailure`',
      },
    ];
  });
}
