import { describe, expect, test } from 'vitest';
import type { OrganizationShorthand } from '../../tests/conformance/organization-builder.js';
import { queueOf, RouteReader } from '../../tests/conformance/route-reader.js';
import { noRoute } from './routing-tables.js';

type Connectors = NonNullable<OrganizationShorthand['connectors']>;

/** S1 and S2 in S, B1 in B at 30, C1 in C at 50. */
const place = {
  links: ['S-B 30', 'S-C 50'],
  servers: ['S1@S', 'S2@S', 'B1@B', 'C1@C'],
};

const withConnectors = (...connectors: Connectors) => new RouteReader({ ...place, connectors });

/** The connector chosen, by name. */
const chosen = (read: RouteReader, from: string, address: string, sizeBytes = 1) =>
  read.toOutside(from, address, sizeBytes).destination.name;

describe('the choice of a connector', () => {
  test('CN-01: size comes first: what is too small is dropped', () => {
    const read = withConnectors(
      { name: 'K1', spaces: ['SMTP:partner.example;1'], sourceServers: ['S1'], maxMessageSizeBytes: 100 },
      { name: 'K2', spaces: ['SMTP:partner.example;9'], sourceServers: ['S1'], maxMessageSizeBytes: 200 },
    );
    expect(chosen(read, 'S1', 'partner.example', 100)).toBe('K1');
    expect(chosen(read, 'S1', 'partner.example', 101)).toBe('K2');
  });

  test('CN-02: a message too large for a specific connector leaves by a general one', () => {
    const read = withConnectors(
      { name: 'K1', spaces: ['SMTP:partner.example;1'], sourceServers: ['S1'], maxMessageSizeBytes: 100 },
      { name: 'K2', spaces: ['SMTP:*;1'], sourceServers: ['S1'] },
    );
    expect(chosen(read, 'S1', 'partner.example', 100)).toBe('K1');
    expect(chosen(read, 'S1', 'partner.example', 101)).toBe('K2');
  });

  test('CN-03: exact before the longer *.domain before the shorter before *, whatever the cost', () => {
    const read = withConnectors(
      { name: 'K1', spaces: ['SMTP:*;1'], sourceServers: ['S1'] },
      { name: 'K2', spaces: ['SMTP:*.example;2'], sourceServers: ['S1'] },
      { name: 'K3', spaces: ['SMTP:*.eu.example;3'], sourceServers: ['S1'] },
      { name: 'K4', spaces: ['SMTP:a.eu.example;100'], sourceServers: ['C1'] },
    );
    expect(chosen(read, 'S1', 'a.eu.example')).toBe('K4');
    expect(chosen(read, 'S1', 'b.eu.example')).toBe('K3');
    expect(chosen(read, 'S1', 'x.a.eu.example')).toBe('K3');
    expect(chosen(read, 'S1', 'us.example')).toBe('K2');
    expect(chosen(read, 'S1', 'example')).toBe('K2');
    expect(chosen(read, 'S1', 'myexample')).toBe('K1');
  });

  test('CN-03, CN-05: *.domain covers the domain itself, less closely than its own name', () => {
    const below = { name: 'Below', spaces: ['*.part.example'], sourceServers: ['C1'] };
    const all = { name: 'All', spaces: ['*'], sourceServers: ['S1'] };
    const itself = { name: 'Itself', spaces: ['part.example;100'], sourceServers: ['C1'] };
    expect(chosen(withConnectors(below, all), 'S1', 'part.example')).toBe('Below');
    expect(chosen(withConnectors(below, all), 'S1', 'deep.below.part.example')).toBe('Below');
    expect(chosen(withConnectors(below, all), 'S1', 'counterpart.example')).toBe('All');
    expect(chosen(withConnectors(below, all, itself), 'S1', 'part.example')).toBe('Itself');
  });

  test('CN-05: in spaces of other types * stands for any text, also in the middle, and none of it twice', () => {
    const spaces = ['FAX:12*34*56', 'FAX:12*', 'FAX:*'];
    const read = withConnectors(
      ...spaces.map((space, place) => ({ name: `K${place}`, spaces: [space], sourceServers: ['S1'] })),
    );
    expect(chosen(read, 'S1', 'FAX:12345')).toBe('K1');
    expect(chosen(read, 'S1', 'FAX:123456')).toBe('K0');
    expect(chosen(read, 'S1', 'FAX:12003400056')).toBe('K0');
    expect(chosen(read, 'S1', 'FAX:1200560034')).toBe('K1');
    expect(chosen(read, 'S1', 'FAX:12356')).toBe('K1');
    expect(chosen(read, 'S1', 'FAX:56')).toBe('K2');
    const edge = withConnectors({ name: 'Both', spaces: ['FAX:11*1'], sourceServers: ['S1'] });
    expect(edge.outsideId('S1', 'FAX:111')).toBeGreaterThanOrEqual(0);
    expect(edge.outsideId('S1', 'FAX:11')).toBe(noRoute.noConnectorForType);
  });

  test('QU-06: only SMTP addresses have a queue for each domain', () => {
    const read = withConnectors({ name: 'Odd', spaces: ['FAX:55*'], sourceServers: ['S1'] });
    expect(queueOf(read.toOutside('S1', 'FAX:5512'))).toBe('DnsConnectorDelivery / FAX:55* / Odd');
  });

  test('CN-03: a connector counts by its most specific space, then the cheapest of these', () => {
    const read = withConnectors(
      { name: 'K1', spaces: ['SMTP:*;1', 'SMTP:a.example;60', 'SMTP:A.EXAMPLE;70'], sourceServers: ['S1'] },
      { name: 'K2', spaces: ['SMTP:a.example;61'], sourceServers: ['S1'] },
    );
    expect(chosen(read, 'S1', 'a.example')).toBe('K1');
    expect(read.toOutside('S1', 'a.example').addressSpaceCost).toBe(60);
    expect(read.toOutside('S1', 'b.example').addressSpaceCost).toBe(1);
  });

  test('RT-30, CN-01: the lowest sum of site links and address space wins', () => {
    const read = withConnectors(
      { name: 'K2', spaces: ['SMTP:*;24'], sourceServers: ['B1'] },
      { name: 'K3', spaces: ['SMTP:*;5'], sourceServers: ['C1'] },
    );
    expect(chosen(read, 'S1', 'x.example')).toBe('K2');
    const dearer = withConnectors(
      { name: 'K2', spaces: ['SMTP:*;26'], sourceServers: ['B1'] },
      { name: 'K3', spaces: ['SMTP:*;5'], sourceServers: ['C1'] },
    );
    expect(chosen(dearer, 'S1', 'x.example')).toBe('K3');
    expect(chosen(dearer, 'B1', 'x.example')).toBe('K2');
  });

  test('CN-01: at equal cost this server, then this site, then fewer hops; last the lowest name', () => {
    const all = (near: string, far: string): Connectors => [
      { name: 'K9', spaces: ['SMTP:*;40'], sourceServers: [near] },
      { name: 'K1', spaces: ['SMTP:*;40'], sourceServers: [far] },
    ];
    expect(chosen(withConnectors(...all('S1', 'S2')), 'S1', 'x.example')).toBe('K9');
    expect(chosen(withConnectors(...all('S1', 'S2')), 'S2', 'x.example')).toBe('K1');
    const atB: Connectors = [
      { name: 'K9', spaces: ['SMTP:*;40'], sourceServers: ['S2'] },
      { name: 'K1', spaces: ['SMTP:*;10'], sourceServers: ['B1'] },
    ];
    expect(chosen(withConnectors(...atB), 'S1', 'x.example')).toBe('K9');
    const hops = new RouteReader({
      links: ['S-Y 5', 'Y-A 5', 'S-Z 10'],
      servers: ['S1@S', 'A1@A', 'Z1@Z'],
      connectors: [
        { name: 'K1', spaces: ['SMTP:*;1'], sourceServers: ['A1'] },
        { name: 'K2', spaces: ['SMTP:*;1'], sourceServers: ['Z1'] },
      ],
    });
    expect(chosen(hops, 'S1', 'x.example')).toBe('K2');
    const names = withConnectors(
      { name: 'b', spaces: ['SMTP:*;1'], sourceServers: ['S1'] },
      { name: 'A', spaces: ['SMTP:*;1'], sourceServers: ['S1'] },
    );
    expect(chosen(names, 'S1', 'x.example')).toBe('A');
  });

  test('CN-01: connectors that are not enabled do not count', () => {
    const read = withConnectors(
      { name: 'K1', spaces: ['SMTP:*;1'], sourceServers: ['S1'], enabled: false },
      { name: 'K2', spaces: ['SMTP:*;9'], sourceServers: ['S1'] },
    );
    expect(chosen(read, 'S1', 'x.example')).toBe('K2');
  });

  test('CN-06, DC-11: a scoped connector is seen in the sites of its source servers only', () => {
    const read = withConnectors(
      { name: 'K1', spaces: ['SMTP:*;1'], sourceServers: ['S1'], scoped: true },
      { name: 'K2', spaces: ['SMTP:*;9'], sourceServers: ['C1'] },
    );
    expect(chosen(read, 'S1', 'x.example')).toBe('K1');
    expect(chosen(read, 'S2', 'x.example')).toBe('K1');
    expect(chosen(read, 'B1', 'x.example')).toBe('K2');
  });

  test('CN-04: without a connector SMTP mail is unreachable, other mail is returned', () => {
    const read = withConnectors({
      name: 'K1',
      spaces: ['SMTP:a.example;1', 'FAX:1*'],
      sourceServers: ['S1'],
    });
    expect(read.outsideId('S1', 'b.example')).toBe(noRoute.unreachable);
    expect(read.outsideId('S1', 'TELEX:12')).toBe(noRoute.noConnectorForType);
    expect(read.outsideId('S1', 'FAX:2')).toBe(noRoute.noConnectorForType);
  });

  test('CN-04: when every connector that matches is too small the message is returned', () => {
    const read = withConnectors({
      name: 'K1',
      spaces: ['SMTP:*;1'],
      sourceServers: ['S1'],
      maxMessageSizeBytes: 100,
    });
    expect(read.outsideId('B1', 'x.example', 101)).toBe(noRoute.connectorsTooSmall);
    expect(read.outsideId('B1', 'x.example', 100)).toBeGreaterThanOrEqual(0);
  });

  test('AS-07: a connector is out of reach when its source servers take no mail, but not for themselves', () => {
    const read = new RouteReader({
      ...place,
      inboundMailOff: ['B'],
      connectors: [
        { name: 'K1', spaces: ['SMTP:*;1'], sourceServers: ['B1'] },
        { name: 'K2', spaces: ['SMTP:*;9'], sourceServers: ['C1'] },
      ],
    });
    expect(chosen(read, 'S1', 'x.example')).toBe('K2');
    expect(chosen(read, 'B1', 'x.example')).toBe('K1');
  });

  test('RT-12: other types have connectors of their own; the longer pattern wins', () => {
    const read = withConnectors(
      { name: 'Fax', kind: 'foreign', spaces: ['FAX:*'], sourceServers: ['S1'] },
      { name: 'Fax49', kind: 'foreign', spaces: ['FAX:+49*'], sourceServers: ['S1'] },
      { name: 'FaxEnd', kind: 'foreign', spaces: ['FAX:+49*00'], sourceServers: ['S1'] },
      { name: 'Desk', kind: 'foreign', spaces: ['FAX:+493012345'], sourceServers: ['S1'] },
      { name: 'Mail', spaces: ['SMTP:*;1'], sourceServers: ['S1'] },
    );
    expect(chosen(read, 'S1', 'FAX:+1555')).toBe('Fax');
    expect(chosen(read, 'S1', 'FAX:+4930')).toBe('Fax49');
    expect(chosen(read, 'S1', 'FAX:+49301')).toBe('Fax49');
    expect(chosen(read, 'S1', 'FAX:+493000')).toBe('FaxEnd');
    expect(chosen(read, 'S1', 'FAX:+493012345')).toBe('Desk');
  });
});

test('CN-01: the lowest name decides between equally specific patterns, too', () => {
  const fax = (name: string, space: string) => ({
    name,
    kind: 'foreign' as const,
    spaces: [space],
    sourceServers: ['S1'],
  });
  const read = withConnectors(fax('K1', 'FAX:1*;50'), fax('K2', 'FAX:*9;1'), fax('K3', 'FAX:1*;1'));
  expect(chosen(read, 'B1', 'FAX:19')).toBe('K2');
});

describe('the way to a connector', () => {
  const partner: Connectors[number] = {
    name: 'K',
    spaces: ['SMTP:*.example;7'],
    sourceServers: ['B1', 'C1'],
  };

  test('RT-22, DC-11: who is no source server relays to one; the nearest first, CN-09: the rest as fallback', () => {
    const read = withConnectors(partner);
    const hop = read.toOutside('S1', 'x.example');
    expect([hop.kind, queueOf(hop)]).toEqual(['relay', 'SmtpRelayToConnectorSourceServers / K / K']);
    expect(read.tiers(hop.tiers)).toEqual(['target-servers B: B1', 'other-group-servers C: C1']);
    expect([hop.path.cost, hop.addressSpaceCost]).toEqual([30, 7]);
    expect(hop.destinationGroup).toEqual({ kind: 'connector-source-servers', name: 'K' });
    expect(read.rules(hop)).toEqual(['RT-33', 'RT-37', 'RT-38']);
  });

  test('RT-34: hub sites lie on this way, too', () => {
    const read = new RouteReader({ ...place, hubs: ['S'], connectors: [partner] });
    expect(queueOf(read.toOutside('B1', 'x.example'))).toBe('DnsConnectorDelivery / x.example / K');
    const only = new RouteReader({
      ...place,
      hubs: ['S'],
      connectors: [{ ...partner, sourceServers: ['C1'] }],
    });
    expect(queueOf(only.toOutside('B1', 'x.example'))).toBe('SmtpRelayToRemoteActiveDirectorySite / S / S');
  });

  test('RT-16: a source server hands over itself, also when another is as near', () => {
    const read = withConnectors({ ...partner, sourceServers: ['S1', 'S2', 'B1'] });
    const hop = read.toOutside('S2', 'x.example');
    expect([hop.kind, read.tiers(hop.tiers)]).toEqual(['outside', ['target-servers S: S2']]);
    expect(hop.path).toEqual({ sites: [hop.primarySite], cost: 0, hops: 0 });
  });

  test('QU-06: by DNS each recipient domain has a queue of its own', () => {
    const read = withConnectors({ ...partner, sourceServers: ['S1'] });
    const [a, b, again] = ['a.example', 'b.example', 'A.EXAMPLE'].map((domain) =>
      read.toOutside('S1', domain),
    );
    expect([queueOf(a!), queueOf(b!)]).toEqual([
      'DnsConnectorDelivery / a.example / K',
      'DnsConnectorDelivery / b.example / K',
    ]);
    expect(b!.queue).not.toBe(a!.queue);
    expect(again!.id).toBe(a!.id);
  });

  test('QU-04, RT-07: elsewhere one queue a connector serves all its domains', () => {
    const read = withConnectors(partner);
    const first = read.toOutside('S1', 'a.example');
    expect(read.toOutside('S1', 'b.example').id).toBe(first.id);
    expect(read.toOutside('S2', 'b.example').queue).not.toBe(first.queue);
  });

  test('QU-04: by smart hosts the queue is named by the list, addresses in brackets', () => {
    const read = withConnectors({
      ...partner,
      sourceServers: ['S1'],
      smartHosts: ['192.0.2.70', 'relay.contoso.com', '[192.0.2.8]', '2001:db8::1', '[2001:db8::2]'],
    });
    const hop = read.toOutside('S1', 'a.example');
    const hosts = '[192.0.2.70],relay.contoso.com,[192.0.2.8],[2001:db8::1],[2001:db8::2]';
    expect(queueOf(hop)).toBe(`SmartHostConnectorDelivery / ${hosts} / K`);
    expect(read.toOutside('S1', 'b.example').queue).toBe(hop.queue);
  });

  test('QU-04: Delivery Agent and Foreign connectors have their address space as queue', () => {
    const read = withConnectors(
      { name: 'Agent', kind: 'delivery-agent', spaces: ['MOBILE:*'], sourceServers: ['S1'] },
      { name: 'Fax', kind: 'foreign', spaces: ['FAX:*'], sourceServers: ['S1'] },
    );
    expect(queueOf(read.toOutside('S1', 'MOBILE:555'))).toBe('DeliveryAgent / MOBILE:* / Agent');
    expect(queueOf(read.toOutside('S1', 'FAX:555'))).toBe('NonSmtpGatewayDelivery / FAX:* / Fax');
  });

  test('two address spaces of one connector at different costs are different next hops of one queue', () => {
    const read = withConnectors({
      name: 'K',
      spaces: ['SMTP:a.example;3', 'SMTP:*;4'],
      sourceServers: ['B1'],
    });
    const [a, b] = [read.toOutside('S1', 'a.example'), read.toOutside('S1', 'b.example')];
    expect([a.addressSpaceCost, b.addressSpaceCost]).toEqual([3, 4]);
    expect(b.queue).toBe(a.queue);
  });

  test('domains interned later find their way as those before', () => {
    const read = withConnectors({ ...partner, sourceServers: ['S1'] });
    const domains = Array.from({ length: 100 }, (_, n) => `d${n}.example`);
    const ids = domains.map((domain) => read.outsideId('S1', domain));
    expect(domains.map((domain) => read.outsideId('S1', domain))).toEqual(ids);
    expect(new Set(ids).size).toBe(100);
  });
});

test('CN-01: a source server weighs its own connectors against those elsewhere by the whole cost', () => {
  const read = withConnectors(
    { name: 'Here', spaces: ['SMTP:*;10'], sourceServers: ['S1'] },
    { name: 'There', spaces: ['SMTP:*;5'], sourceServers: ['B1'] },
  );
  expect([chosen(read, 'S1', 'a.example'), chosen(read, 'B1', 'a.example')]).toEqual(['Here', 'There']);
  const nearer = withConnectors(
    { name: 'Here', spaces: ['SMTP:*;40'], sourceServers: ['S1'] },
    { name: 'There', spaces: ['SMTP:*;5'], sourceServers: ['B1'] },
  );
  expect(chosen(nearer, 'S1', 'a.example')).toBe('There');
  const twins = withConnectors(
    { name: 'Kb', spaces: ['SMTP:*;10'], sourceServers: ['S1'] },
    { name: 'Ka', spaces: ['SMTP:*;10'], sourceServers: ['S1'] },
  );
  expect(chosen(twins, 'S1', 'a.example')).toBe('Ka');
});

test("CN-01: of one connector's equal spaces the cheapest counts, at its source as elsewhere", () => {
  for (const spaces of [
    ['SMTP:*;20', 'SMTP:*;5'],
    ['SMTP:*;5', 'SMTP:*;20'],
  ]) {
    const read = withConnectors(
      { name: 'Two', spaces, sourceServers: ['S1'] },
      { name: 'One', spaces: ['SMTP:*;10'], sourceServers: ['S1'] },
    );
    for (const from of ['S1', 'B1']) {
      const { destination, addressSpaceCost } = read.toOutside(from, 'a.example');
      expect([destination.name, addressSpaceCost]).toEqual(['Two', 5]);
    }
    const beside = withConnectors(
      { name: 'Two', spaces, sourceServers: ['S1'] },
      { name: 'Beside', spaces: ['SMTP:*;5'], sourceServers: ['S2'] },
    );
    expect(chosen(beside, 'S1', 'a.example')).toBe('Two');
  }
});

test('RT-12: a type is the same in whatever case', () => {
  const { tables } = withConnectors();
  expect(tables.internDomain('smtp', 'a.example')).toBe(tables.internDomain('SMTP', 'a.example'));
});

test('RT-57, RT-58, AS-07: the site of an Edge relays to it, inbound mail of the site or not, by one queue', () => {
  const read = new RouteReader({ ...place, edges: ['E@S'], inboundMailOff: ['S'] });
  const hop = read.toOutside('S1', 'a.example');
  expect([hop.kind, hop.key.deliveryType]).toEqual(['relay', 'SmtpRelayWithinAdSiteToEdge']);
  expect(read.outsideId('S1', 'b.example')).toBe(hop.id);
  expect(read.outsideId('B1', 'a.example')).toBe(noRoute.unreachable);
});
