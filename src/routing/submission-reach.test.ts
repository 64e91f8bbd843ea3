import { describe, expect, test } from 'vitest';
import { topologyOf } from '../../tests/conformance/organization-builder.js';
import { findByName } from '../topology/index.js';
import { compileRoutingTables } from './compile-routing-tables.js';
import type { SubmissionReach } from './routing-tables.js';

const topology = topologyOf({
  links: ['A-B 10', 'B-C 10'],
  servers: ['A1@A', 'A2@A', 'A3@A', 'W1@A', 'W2@B', 'B1@B', 'H10@C 2010', 'C1@C'],
  dags: { Wide: ['W1', 'W2'], Near: ['A2', 'A3'] },
  databases: { Own: ['A1'], Far: ['B1'], DbWide: ['W2', 'W1'], DbNear: ['A3'], Old: ['H10'] },
});

/** `reason site: servers` of what submission on a server tries for a database. */
function tries(from: string, database: string, reach?: SubmissionReach, service?: 'front-end'): string[] {
  const tables = compileRoutingTables(topology, reach === undefined ? {} : { submissionReach: () => reach });
  const databases = Int32Array.of(findByName(topology.databases, database));
  const server = findByName(topology.servers, from);
  const { tiers } = tables.selectTransport(service ?? 'submission', server, databases, 1);
  const names = (servers: readonly number[]) => servers.map((each) => topology.servers[each]!.name).join(' ');
  return tiers.map(
    ({ reason, site, servers }) => `${reason} ${topology.sites[site]!.name}: ${names(servers)}`,
  );
}

describe('submission', () => {
  test('RT-52, DC-02: it may leave its site and group, unless the setting says otherwise', () => {
    const leaves = ['target-servers B: B1 W2', 'local-group-servers A: A1 A2 A3 W1'];
    expect(tries('A1', 'Far')).toEqual(leaves);
    expect(tries('A1', 'Far', 'any-site')).toEqual(leaves);
    expect(tries('A1', 'Far', 'own-site')).toEqual(['local-group-servers A: A1 A2 A3 W1']);
  });

  test('DC-02: inside its site the servers of the group that are there come first', () => {
    expect(tries('A1', 'DbWide', 'own-site')).toEqual([
      'target-servers A: W1',
      'local-group-servers A: A1 A2 A3',
    ]);
    expect(tries('A1', 'DbNear', 'own-site')).toEqual([
      'target-servers A: A2 A3',
      'local-group-servers A: A1 W1',
    ]);
    expect(tries('A1', 'Old', 'own-site')).toEqual(['local-group-servers A: A1 A2 A3 W1']);
  });

  test('DC-02: members of a DAG in one site stay, those of a DAG over several do not', () => {
    expect(tries('A2', 'Far', 'own-site')).toEqual(['local-group-servers A: A2 A3']);
    expect(tries('W1', 'Far', 'own-site')).toEqual(tries('W1', 'Far'));
    expect(tries('W1', 'Far')[0]).toBe('target-servers B: B1 W2');
  });

  test('DC-02: the front end is not concerned', () => {
    expect(tries('A1', 'Far', 'own-site', 'front-end')).toEqual(tries('A1', 'Far', undefined, 'front-end'));
  });
});
