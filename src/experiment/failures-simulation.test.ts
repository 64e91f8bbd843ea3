import { describe, expect, test } from 'vitest';
import { describeOrganization } from '../../tests/conformance/organization-builder.js';
import { buildTopology } from '../topology/index.js';
import { faultsFor } from './failures-simulation.js';

const topology = buildTopology(
  describeOrganization({
    links: ['A-B 10'],
    servers: ['A1@A', 'B1@B'],
    edges: ['E1@B'],
    connectors: [
      { name: 'Internet', sourceServers: ['A1', 'B1'], spaces: ['*'] },
      {
        name: 'Partner',
        sourceServers: ['B1'],
        spaces: ['p.example'],
        smartHosts: ['gate1.example', 'gate2.example'],
      },
      { name: 'Fax', kind: 'foreign', sourceServers: ['B1'], spaces: ['FAX:*'] },
    ],
  }),
);
const span = { beginMs: 0, endMs: 1_000 };

describe('faultsFor', () => {
  test('has one fault for each component, for as long as new mail arrives', () => {
    const failed = [
      { kind: 'site', name: 'A' },
      { kind: 'edge-server', name: 'E1' },
    ] as const;
    expect(faultsFor(failed, topology, 1_000)).toEqual([
      { kind: 'site-outage', ...span, site: 'A' },
      { kind: 'server-outage', ...span, server: 'E1', queueDatabase: 'kept' },
    ]);
    expect(faultsFor([{ kind: 'site-link', name: 'A-B' }], topology, 1_000)).toEqual([
      { kind: 'site-link-outage', ...span, link: 'A-B' },
    ]);
  });

  test('a connector fails with its smart hosts, or with the name service of its source servers', () => {
    const of = (name: string) => faultsFor([{ kind: 'connector', name }], topology, 1_000);
    expect(of('Partner')).toEqual([
      { kind: 'remote-domain-outage', ...span, domain: 'gate1.example', answer: 'silent' },
      { kind: 'remote-domain-outage', ...span, domain: 'gate2.example', answer: 'silent' },
    ]);
    expect(of('Internet')).toEqual([{ kind: 'dns-outage', ...span, servers: ['A1', 'B1'] }]);
    expect(of('EdgeSync - B to Internet')).toEqual([{ kind: 'dns-outage', ...span, servers: ['E1'] }]);
    expect(of('Fax')).toBeNull();
    expect(of('EdgeSync - Inbound to B')).toBeNull();
  });
});
