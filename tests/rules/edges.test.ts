import { expect, test } from 'vitest';
import type { OrganizationShorthand } from '../conformance/organization-builder.js';
import { queueOf, RouteReader } from '../conformance/route-reader.js';

const toInternet = 'EdgeSync - B to Internet';
const inbound = 'EdgeSync - Inbound to B';

/** WE-13: Edges subscribed to B, seen from A and from B. */
const subscribed = {
  links: ['A-B 10'],
  servers: ['A1@A', 'B1@B', 'B2@B 2013 mailbox', 'B3@B 2010', 'C1@B 2013 client-access'],
  edges: ['E1@B', 'E2@B'],
  databases: { DB: ['A1'] },
  acceptedDomains: [
    { name: 'contoso.com', type: 'authoritative' },
    { name: 'relay.example', type: 'internal-relay' },
    { name: 'other.example', type: 'external-relay' },
  ],
} satisfies OrganizationShorthand;

/** `type / name / connector`, the tiers, and the front ends in between. */
function way(read: RouteReader, from: string, domain: string) {
  const hop = read.toOutside(from, domain);
  const proxies = hop.proxyServers?.map((server) => read.topology.servers[server]!.name) ?? null;
  return { queue: queueOf(hop), tiers: read.tiers(hop.tiers), proxies };
}

test('RT-56: an Edge sends mail for outside itself, with a queue for each domain', () => {
  const read = new RouteReader(subscribed);
  for (const domain of ['one.example', 'two.example']) {
    expect(way(read, 'E1', domain)).toEqual({
      queue: `DnsConnectorDelivery / ${domain} / ${toInternet}`,
      tiers: ['target-servers B: E1'],
      proxies: null,
    });
  }
  expect(read.toOutside('E1', 'one.example').kind).toBe('outside');
});

test('RT-57: the servers of the subscribed site relay to the Edges without a connector of their own', () => {
  const read = new RouteReader(subscribed);
  for (const from of ['B1', 'B3']) {
    const { kind, destination } = read.toOutside(from, 'partner.example');
    expect([kind, destination.name]).toEqual(['relay', toInternet]);
    expect(way(read, from, 'partner.example')).toEqual({
      queue: `SmtpRelayWithinAdSiteToEdge / ${toInternet} / ${toInternet}`,
      tiers: ['target-servers B: E1 E2'],
      proxies: null,
    });
  }
  const alone = new RouteReader({ ...subscribed, edges: [] });
  expect(alone.outsideId('B1', 'partner.example')).toBeLessThan(0);
});

test('RT-58: other sites send to the subscribed site first, to any transport server there', () => {
  const read = new RouteReader(subscribed);
  const hop = read.toOutside('A1', 'partner.example');
  expect(hop.destinationGroup).toEqual({ kind: 'ad-site', name: 'B' });
  expect([hop.path.cost, hop.addressSpaceCost]).toEqual([10, 100]);
  expect(way(read, 'A1', 'partner.example')).toEqual({
    queue: 'SmtpRelayToRemoteActiveDirectorySite / B / B',
    tiers: ['target-servers B: B1 B2 B3'],
    proxies: null,
  });
});

test('RT-59: between a Mailbox server and an Edge no front end is passed, and the Edge queues anew', () => {
  const read = new RouteReader(subscribed);
  const { tiers, proxies } = way(read, 'B1', 'partner.example');
  expect(proxies).toBeNull();
  expect(tiers.join()).not.toContain('C1');
  expect(queueOf(read.toOutside('E2', 'partner.example'))).not.toBe(
    queueOf(read.toOutside('B1', 'partner.example')),
  );
});

test('RT-60, DC-13: from an Edge mail enters at the front end of servers with both roles, else at Transport', () => {
  const read = new RouteReader(subscribed);
  // B1 has both roles, B2 Mailbox alone; a 2010 hub has no front end, and a Client Access server no Transport.
  expect(way(read, 'E1', 'contoso.com')).toEqual({
    queue: `SmartHostConnectorDelivery / -- / ${inbound}`,
    tiers: ['target-servers B: B1 B2 B3'],
    proxies: ['B1'],
  });
  const separate = { ...subscribed, servers: subscribed.servers.filter((server) => server !== 'B1@B') };
  expect(way(new RouteReader(separate), 'E1', 'contoso.com').proxies).toBeNull();
});

test('RT-60: a 2007 or 2010 Edge passes no front end', () => {
  for (const version of ['2007', '2010']) {
    const read = new RouteReader({ ...subscribed, edges: [`E1@B ${version}`] });
    expect(way(read, 'E1', 'contoso.com')).toMatchObject({
      tiers: ['target-servers B: B1 B2 B3'],
      proxies: null,
    });
  }
});

test('ES-01: all Edges of a site are sources of the same connectors; those of another site are not', () => {
  const { connectors, servers } = new RouteReader({ ...subscribed, edges: ['E1@B', 'E2@B', 'E3@A'] })
    .topology;
  const sources = connectors.map(
    ({ name, sourceServers }) => `${name}: ${sourceServers.map((each) => servers[each]!.name).join(' ')}`,
  );
  expect(sources).toEqual([
    'EdgeSync - A to Internet: E3',
    'EdgeSync - B to Internet: E1 E2',
    'EdgeSync - Inbound to A: E3',
    'EdgeSync - Inbound to B: E1 E2',
  ]);
});

test('ES-02: out for all domains at 100 by DNS, in for authoritative and internal relay domains at 1', () => {
  const read = new RouteReader(subscribed);
  const costs = (domain: string) => {
    const { destination, addressSpaceCost } = read.toOutside('E1', domain);
    return [destination.name, addressSpaceCost];
  };
  expect(costs('partner.example')).toEqual([toInternet, 100]);
  expect(costs('contoso.com')).toEqual([inbound, 1]);
  expect(costs('relay.example')).toEqual([inbound, 1]);
  expect(costs('other.example')).toEqual([toInternet, 100]);
  // Servers that come later take mail from the Edge without more ado.
  const later = new RouteReader({ ...subscribed, servers: [...subscribed.servers, 'B9@B'] });
  expect(way(later, 'E1', 'contoso.com').tiers).toEqual(['target-servers B: B1 B2 B3 B9']);
});
