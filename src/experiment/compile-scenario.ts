import { compileRoutingTables, type RoutingTables } from '../routing/index.js';
import type { Scenario } from '../scenario/index.js';
import { buildTopology, type Topology } from '../topology/index.js';

/** Compiles the routing tables of a scenario's organization, with the choices of its settings. */
export function compileScenario(scenario: Scenario): RoutingTables {
  return compileWithSettings(scenario, buildTopology(scenario.organization));
}

/** The same for an organization that differs from the scenario's in its configuration alone, with the same servers. */
export function compileWithSettings(scenario: Scenario, topology: Topology): RoutingTables {
  const settingsOf = (server: number) =>
    scenario.serverSettings.get(topology.servers[server]!.name) ?? scenario.settings;
  return compileRoutingTables(topology, {
    submissionReach: (server) => settingsOf(server).mailboxTransport.submissionReach,
  });
}
