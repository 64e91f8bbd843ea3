import { compileRoutingTables, type RoutingTables } from '../routing/index.js';
import type { DecodedOrganization, Scenario } from '../scenario/index.js';
import { buildTopology, type Topology } from '../topology/index.js';

/**
 * Compiles the routing tables of an organization that has been decoded, with the choices of its settings.
 * @param topology - the organization's own, where it has been built already, or with other active copies
 */
export function compileOrganization(
  { organization, settings, serverSettings }: DecodedOrganization,
  topology: Topology = buildTopology(organization),
): RoutingTables {
  return compileWithSettings({ settings, serverSettings }, topology);
}

/** Compiles the routing tables of a scenario's organization, with the choices of its settings. */
export function compileScenario(scenario: Scenario): RoutingTables {
  return compileWithSettings(scenario, buildTopology(scenario.organization));
}

/** The same for an organization that differs from the scenario's in its configuration alone, with the same servers. */
export function compileWithSettings(
  scenario: Pick<Scenario, 'settings' | 'serverSettings'>,
  topology: Topology,
): RoutingTables {
  const settingsOf = (server: number) =>
    scenario.serverSettings.get(topology.servers[server]!.name) ?? scenario.settings;
  return compileRoutingTables(topology, {
    submissionReach: (server) => settingsOf(server).mailboxTransport.submissionReach,
  });
}
