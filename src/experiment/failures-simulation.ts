import { createHash } from 'node:crypto';
import type { Fault, Scenario } from '../scenario/index.js';
import { type Connector, findByName, type Topology } from '../topology/index.js';
import type { FailureFinding } from './failures-answer.js';

type Failed = FailureFinding['failed'];

/**
 * The faults that stand for a failure, from the start of a run to the end of its new mail: a drain begins with everything
 * repaired. A connector fails with the smart hosts behind it, or, where it has none, with the name service of its source
 * servers, which other connectors without smart hosts on them share.
 * @returns null where a connector has neither: delivery agents, foreign connectors, and the way in from Edges
 */
export function faultsFor(failed: Failed, topology: Topology, durationMs: number): readonly Fault[] | null {
  const span = { beginMs: 0, endMs: durationMs };
  const faults: Fault[] = [];
  for (const { kind, name } of failed) {
    switch (kind) {
      case 'site':
        faults.push({ kind: 'site-outage', ...span, site: name });
        break;
      case 'server':
      case 'edge-server':
        faults.push({ kind: 'server-outage', ...span, server: name, queueDatabase: 'kept' });
        break;
      case 'site-link':
        faults.push({ kind: 'site-link-outage', ...span, link: name });
        break;
      case 'connector': {
        const connector = topology.connectors[findByName(topology.connectors, name)]!;
        const found = faultsOfConnector(connector, topology, span);
        if (found === null) return null;
        faults.push(...found);
      }
    }
  }
  return faults;
}

function faultsOfConnector(
  { kind, origin, smartHosts, sourceServers }: Connector,
  { servers }: Topology,
  span: { readonly beginMs: number; readonly endMs: number },
): readonly Fault[] | null {
  if (kind !== 'send' || origin === 'edge-inbound') return null;
  if (smartHosts.length > 0) {
    return smartHosts.map((domain) => ({ kind: 'remote-domain-outage', ...span, domain, answer: 'silent' }));
  }
  return [{ kind: 'dns-outage', ...span, servers: sourceServers.map((server) => servers[server]!.name) }];
}

/** A scenario with faults on top of its own: another one for whoever asks what its replications depend on. */
export function withFaults(scenario: Scenario, faults: readonly Fault[]): Scenario {
  if (faults.length === 0) return scenario;
  const hash = (sha256: string) =>
    createHash('sha256').update(JSON.stringify({ sha256, faults })).digest('hex');
  return {
    ...scenario,
    faults: [...scenario.faults, ...faults],
    sha256: hash(scenario.sha256),
    replicationSha256: hash(scenario.replicationSha256),
  };
}
