import { describe, expect, test } from 'vitest';
import type { OrganizationShorthand } from '../../tests/conformance/organization-builder.js';
import { RouteReader } from '../../tests/conformance/route-reader.js';
import { noRoute } from './routing-tables.js';

const organization = {
  links: ['A-B 10'],
  servers: ['A1@A', 'B1@B', 'B2@B 2013 mailbox', 'H10@B 2010'],
  edges: ['E1@B', 'E2@B', 'Old@B 2010'],
  acceptedDomains: [
    { name: 'fabrikam.com', type: 'internal-relay' },
    { name: 'partner.example', type: 'external-relay' },
  ],
} satisfies OrganizationShorthand;
const megabyte = 1_024 ** 2;

/** The connector that takes a domain from an Edge. */
function chosen(read: RouteReader, from: string, domain: string, sizeBytes = 1): string | number {
  const id = read.outsideId(from, domain, sizeBytes);
  return id < 0 ? id : read.tables.nextHop(id).destination.name;
}

describe('from an Edge', () => {
  const read = new RouteReader(organization);

  test('RT-60, ES-02: authoritative and internal relay domains go to the servers of the subscribed site', () => {
    const hop = read.toOutside('E1', 'contoso.com');
    expect([hop.kind, hop.destination.name, hop.destinationGroup, hop.addressSpaceCost]).toEqual([
      'relay',
      'EdgeSync - Inbound to B',
      { kind: 'ad-site', name: 'B' },
      1,
    ]);
    expect(hop.key).toEqual({
      deliveryType: 'SmartHostConnectorDelivery',
      nextHopDomain: '--',
      nextHopConnector: 'EdgeSync - Inbound to B',
    });
    expect(read.tiers(hop.tiers)).toEqual(['target-servers B: B1 B2 H10']);
    expect(chosen(read, 'E1', 'fabrikam.com')).toBe('EdgeSync - Inbound to B');
    expect(chosen(read, 'E1', 'partner.example')).toBe('EdgeSync - B to Internet');
    // As large as it may be: the way in has no limit.
    expect(chosen(read, 'E1', 'contoso.com', 100 * megabyte)).toBe('EdgeSync - Inbound to B');
  });

  test('DC-13, IV-01: a server with both roles takes it at its front end, but not from an older Edge', () => {
    const front = read.toOutside('E1', 'contoso.com').proxyServers;
    expect(front?.map((server) => read.topology.servers[server]!.name)).toEqual(['B1']);
    expect(read.toOutside('Old', 'contoso.com').proxyServers).toBeNull();
    const apart = new RouteReader({ ...organization, servers: ['A1@A', 'B2@B 2013 mailbox'] });
    expect(apart.toOutside('E1', 'contoso.com').proxyServers).toBeNull();
  });

  test('AS-07: where the site takes no mail nobody is tried', () => {
    const deaf = new RouteReader({ ...organization, inboundMailOff: ['B'] });
    expect(deaf.toOutside('E1', 'contoso.com').tiers).toEqual([]);
  });

  test('RT-56: everything else leaves by the Edge itself, a queue for each domain', () => {
    const hop = read.toOutside('E1', 'x.example');
    expect([hop.kind, hop.key.deliveryType, hop.key.nextHopDomain]).toEqual([
      'outside',
      'DnsConnectorDelivery',
      'x.example',
    ]);
    expect(read.tiers(hop.tiers)).toEqual(['target-servers B: E1']);
    expect(read.outsideId('E1', 'x.example')).toBe(hop.id);
    expect(read.outsideId('E2', 'x.example')).not.toBe(hop.id);
  });

  test('RT-56: an Edge knows no databases', () => {
    const withDatabase = new RouteReader({ ...organization, databases: { DB: ['B1'] } });
    expect(withDatabase.databaseId('E1', 'DB')).toBe(noRoute.unreachable);
  });
});

describe('the choice of an Edge', () => {
  const of = (name: string, spaces: string[], sourceServers: string[], more: object = {}) => ({
    name,
    spaces,
    sourceServers,
    ...more,
  });

  test('CN-01, CN-03: the closest space, then the cheapest, then the lowest name, of its own connectors', () => {
    const read = new RouteReader({
      ...organization,
      connectors: [
        of('Close', ['x.example;50'], ['E1']),
        of('Cheap', ['*;10'], ['E1']),
        of('Alike', ['*;10'], ['E1']),
        of('Others', ['x.example;1'], ['E2']),
        of('Inside', ['x.example;1'], ['B1']),
        of('Off', ['x.example;1'], ['E1'], { enabled: false }),
        of('Dear', ['z.example;20'], ['E1']),
        of('Fair', ['z.example;10'], ['E1']),
      ],
    });
    expect(chosen(read, 'E1', 'x.example')).toBe('Close');
    expect(chosen(read, 'E1', 'y.example')).toBe('Alike');
    expect(chosen(read, 'E1', 'z.example')).toBe('Fair');
    expect(chosen(read, 'E2', 'x.example')).toBe('Others');
    expect(chosen(read, 'E2', 'y.example')).toBe('EdgeSync - B to Internet');
  });

  test('CN-01, CN-02, CN-04: size first; all too small returns it', () => {
    const limit = { maxMessageSizeBytes: megabyte };
    const read = new RouteReader({
      ...organization,
      connectors: [of('Small', ['x.example'], ['E1'], limit)],
    });
    expect(chosen(read, 'E1', 'x.example', megabyte)).toBe('Small');
    expect(chosen(read, 'E1', 'x.example', megabyte + 1)).toBe('EdgeSync - B to Internet');
    // DC-04: the connector to the Internet takes 25 MB.
    expect(chosen(read, 'E1', 'x.example', 25 * megabyte)).toBe('EdgeSync - B to Internet');
    expect(chosen(read, 'E1', 'x.example', 25 * megabyte + 1)).toBe(noRoute.connectorsTooSmall);
  });

  test('CN-04, CN-05: an Edge takes SMTP addresses only; one without a subscription has no connectors', () => {
    const read = new RouteReader(organization);
    expect(chosen(read, 'E1', 'FAX:555')).toBe(noRoute.noConnectorForType);
    const topologyOnly = new RouteReader({ ...organization, edges: [], servers: ['B1@B', 'E9@B 2013 edge'] });
    expect(topologyOnly.outsideId('E9', 'x.example')).toBe(noRoute.unreachable);
  });
});

describe('towards Edges', () => {
  test('RT-23, RT-58: in the subscribed site straight to its Edges, also for connectors of their own', () => {
    const connectors = [{ name: 'OfEdge', spaces: ['x.example'], sourceServers: ['E2'] }];
    const read = new RouteReader({ ...organization, connectors });
    const hop = read.toOutside('B1', 'x.example');
    expect([hop.kind, hop.key.deliveryType, hop.key.nextHopDomain]).toEqual([
      'relay',
      'SmtpRelayWithinAdSiteToEdge',
      'OfEdge',
    ]);
    expect(read.tiers(hop.tiers)).toEqual(['target-servers B: E2']);
    expect(read.toOutside('B1', 'y.example').queue).toBe(read.toOutside('B1', 'z.example').queue);
    expect(read.toOutside('A1', 'x.example').key.nextHopDomain).toBe('B');
  });
});

describe('proxied connectors', () => {
  const proxied = {
    links: ['A-B 10'],
    servers: ['S1@A', 'S2@A', 'C1@A 2013 client-access', 'M1@A 2013 mailbox', 'H1@A 2010', 'B1@B'],
    connectors: [{ name: 'K', spaces: ['*'], sourceServers: ['S1', 'H1'], frontEndProxy: true }],
  };

  test('RT-43: out through any front end of the own site; a source server of 2010 knows none', () => {
    const read = new RouteReader(proxied);
    const fronts = read.toOutside('S1', 'x.example').proxyServers;
    expect(fronts?.map((server) => read.topology.servers[server]!.name)).toEqual(['C1', 'S1', 'S2']);
    expect(read.toOutside('H1', 'x.example').proxyServers).toBeNull();
    expect(read.toOutside('M1', 'x.example').proxyServers).toBeNull();
    const plain = new RouteReader({
      ...proxied,
      connectors: [{ ...proxied.connectors[0]!, frontEndProxy: false }],
    });
    expect(plain.toOutside('S1', 'x.example').proxyServers).toBeNull();
  });
});

test('QU-04: of smart hosts the addresses stand in brackets, the names do not', () => {
  const smartHosts = [
    '10.0.0.1',
    'relay.example',
    '[10.0.0.2]',
    '2001:db8::1',
    '110.0.0.1.example',
    'x10.0.0.1',
  ];
  const connectors = [{ name: 'K', spaces: ['*'], sourceServers: ['S1'], smartHosts }];
  const read = new RouteReader({ servers: ['S1@S'], connectors });
  expect(read.toOutside('S1', 'x.example').key.nextHopDomain).toBe(
    '[10.0.0.1],relay.example,[10.0.0.2],[2001:db8::1],110.0.0.1.example,x10.0.0.1',
  );
});
