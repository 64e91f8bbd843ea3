import { describe, expect, test } from 'vitest';
import { topologyOf } from '../../tests/conformance/organization-builder.js';
import { findByName, type Topology } from '../topology/index.js';
import { compileRoutingTables } from './compile-routing-tables.js';
import type { NextHop, Tier } from './next-hop.js';
import type { RoutingTables } from './routing-tables.js';

const nameOf = (topology: Topology, server: number) => topology.servers[server]!.name;

/** `target-servers P: P1 P2`, one a tier. */
function tiersOf(topology: Topology, tiers: readonly Tier[]): string[] {
  return tiers.map(
    ({ reason, site, servers }) =>
      `${reason} ${topology.sites[site]!.name}: ${servers.map((each) => nameOf(topology, each)).join(' ')}`,
  );
}

function toDatabase(tables: RoutingTables, from: string, database: string): NextHop {
  const { servers, databases } = tables.topology;
  return tables.nextHop(tables.toDatabase(findByName(servers, from), findByName(databases, database)));
}

describe('tiers', () => {
  test('RT-37 to RT-41: nearest site, other members by path cost, rest of the primary site, back-off', () => {
    const topology = topologyOf({
      links: ['S-X 10', 'X-P 10', 'S-Q 50'],
      servers: ['S1@S', 'P1@P', 'P2@P', 'N1@P', 'X1@X', 'Q1@Q'],
      dags: { DAG1: ['P1', 'P2', 'Q1'] },
      databases: { DB1: ['P1', 'P2', 'Q1'] },
    });
    const hop = toDatabase(compileRoutingTables(topology), 'S1', 'DB1');
    expect(tiersOf(topology, hop.tiers)).toEqual([
      'target-servers P: P1 P2',
      'other-group-servers Q: Q1',
      'primary-site-servers P: N1',
      'backoff X: X1',
    ]);
    expect(hop.key).toEqual({
      deliveryType: 'SmtpRelayToDag',
      nextHopDomain: 'DAG1',
      nextHopConnector: 'DAG1',
    });
    expect(hop.rules).toEqual(['RT-33', 'RT-37', 'RT-38', 'RT-40', 'RT-41']);
  });
});
