import { expect, test } from 'vitest';
import { drawOrganization } from '../../../bench/organizations.js';
import { RouteReader } from '../../../tests/conformance/route-reader.js';
import { shareOf } from '../../../tests/random-share.js';
import { randomStreams } from '../../sim/kernel/index.js';
import { buildTopology } from '../../topology/index.js';
import { compileRoutingTables } from '../compile-routing-tables.js';

const place = {
  links: ['S-B 30', 'S-C 50'],
  servers: ['S1@S', 'S2@S', 'B1@B', 'C1@C'],
};
const megabyte = 1_024 ** 2;

/** `CN-01: text` of what decided; what did not in brackets. */
function because(read: RouteReader, from: string, domain: string, sizeBytes = 1): readonly string[] {
  const [type, text] = domain.includes(':') ? domain.split(':') : ['SMTP', domain];
  return read.tables.explainer
    .connector(read.server(from), type!, text!, sizeBytes)
    .map(({ rule, decided, text: reason }) => (decided ? `${rule}: ${reason}` : `(${rule}: ${reason})`));
}

const k1 = { name: 'K1', spaces: ['*;1'], sourceServers: ['S1'] };
const k2 = { name: 'K2', spaces: ['partner.example;20'], sourceServers: ['B1'] };
const k3 = { name: 'K3', spaces: ['partner.example;5'], sourceServers: ['C1'] };

test('CN-03, CN-01: what leaves a connector behind is told step by step', () => {
  const read = new RouteReader({ ...place, connectors: [k1, k2, k3] });
  expect(because(read, 'S1', 'partner.example')).toEqual([
    'CN-03: the most specific address space is partner.example: K2, K3',
    'CN-01: lowest aggregate cost: K2 30 + 20 = 50, K3 50 + 5 = 55',
    '(CN-09: one connector a recipient: K2, for partner.example)',
  ]);
  expect(because(read, 'S1', 'other.example')).toEqual(['(CN-09: one connector a recipient: K1, for *)']);
});

test('CN-01: at equal cost the nearer, then the lower name', () => {
  const near = { name: 'Near', spaces: ['*;31'], sourceServers: ['S2'] };
  const far = { name: 'Far', spaces: ['*;1'], sourceServers: ['B1'] };
  const twin = { ...near, name: 'Adjacent' };
  const read = new RouteReader({ ...place, connectors: [near, far, twin] });
  expect(because(read, 'S1', 'x.example')).toEqual([
    'CN-01: nearest at equal cost: Adjacent, Near, in this site',
    'CN-01: lowest name of Adjacent, Near: Adjacent',
    '(CN-09: one connector a recipient: Adjacent, for *)',
  ]);
  expect(because(read, 'S2', 'x.example')[0]).toBe(
    'CN-01: nearest at equal cost: Adjacent, Near, on this server',
  );
  const own = new RouteReader({ ...place, connectors: [near, { ...twin, sourceServers: ['S1'] }] });
  expect(because(own, 'S2', 'x.example')[0]).toBe('CN-01: nearest at equal cost: Near, on this server');
  const hops = new RouteReader({
    links: ['S-B 10', 'S-M 5', 'M-C 5'],
    servers: ['S1@S', 'B1@B', 'C1@C', 'M1@M'],
    connectors: [
      { ...far, name: 'One' },
      { ...far, name: 'Double', sourceServers: ['C1'] },
    ],
  });
  expect(because(hops, 'S1', 'x.example')[0]).toBe('CN-01: nearest at equal cost: One, 1 hop away');
});

test('CN-02: a specific connector that is too small gives way to a less specific one', () => {
  const small = { ...k2, maxMessageSizeBytes: megabyte };
  const read = new RouteReader({ ...place, connectors: [k1, small] });
  expect(because(read, 'S1', 'partner.example', 2 * megabyte)).toEqual([
    'CN-01: too small for 2 MB, so left out first: K2',
    'CN-02: size comes before specificity: * of K1 instead of partner.example',
    '(CN-09: one connector a recipient: K1, for *)',
  ]);
  // Of the same specificity it is the size alone; one that would not have been chosen anyway changes nothing.
  const twin = new RouteReader({ ...place, connectors: [k3, small] });
  expect(because(twin, 'S1', 'partner.example', 2 * megabyte)[0]).toMatch(/^CN-01: too small/);
  expect(because(twin, 'S1', 'partner.example', 2 * megabyte).join()).not.toContain('CN-02');
  const spare = new RouteReader({ ...place, connectors: [k2, { ...k3, maxMessageSizeBytes: megabyte }] });
  expect(because(spare, 'S1', 'partner.example', 2 * megabyte)[0]).toMatch(/^\(CN-01: too small/);
  expect(because(spare, 'S1', 'partner.example', megabyte).join()).not.toContain('too small');
});

test('CN-06: a scoped connector of another site is named, as deciding where it would have been the best', () => {
  const scoped = { ...k2, scoped: true };
  const read = new RouteReader({ ...place, connectors: [scoped, k3] });
  expect(because(read, 'S1', 'partner.example')[0]).toBe(
    'CN-06: scoped, so seen in the site of their source servers only: K2',
  );
  expect(because(read, 'B1', 'partner.example').join()).not.toContain('CN-06');
  const worse = new RouteReader({ ...place, connectors: [k2, { ...k3, scoped: true }] });
  expect(because(worse, 'S1', 'partner.example')[0]).toMatch(/^\(CN-06: /);
});

test('CN-06: where nobody else takes the domain the scope decides, even of one that is too small', () => {
  const scoped = { ...k2, scoped: true };
  const read = new RouteReader({ ...place, connectors: [scoped] });
  expect(because(read, 'S1', 'partner.example')).toEqual([
    'CN-06: scoped, so seen in the site of their source servers only: K2',
    'CN-04: no connector that this server may use takes partner.example: it waits in the Unreachable queue',
  ]);
  const small = new RouteReader({ ...place, connectors: [{ ...scoped, maxMessageSizeBytes: megabyte }] });
  expect(because(small, 'S1', 'partner.example', 2 * megabyte)[0]).toMatch(/^CN-06/);
  const both = [{ ...scoped, maxMessageSizeBytes: megabyte }, k3];
  expect(
    because(new RouteReader({ ...place, connectors: both }), 'S1', 'partner.example', 2 * megabyte),
  ).toEqual([
    '(CN-06: scoped, so seen in the site of their source servers only: K2)',
    '(CN-09: one connector a recipient: K3, for partner.example)',
  ]);
});

test('CN-01: a connector that is disabled is named, as deciding where it would have been the best', () => {
  const best = { ...k2, enabled: false };
  expect(because(new RouteReader({ ...place, connectors: [best, k3] }), 'S1', 'partner.example')).toEqual([
    'CN-01: disabled, so left out: K2',
    '(CN-09: one connector a recipient: K3, for partner.example)',
  ]);
  const worse = { ...k3, enabled: false };
  expect(because(new RouteReader({ ...place, connectors: [k2, worse] }), 'S1', 'partner.example')).toEqual([
    '(CN-01: disabled, so left out: K3)',
    '(CN-09: one connector a recipient: K2, for partner.example)',
  ]);
  expect(because(new RouteReader({ ...place, connectors: [best] }), 'S1', 'partner.example')).toEqual([
    'CN-01: disabled, so left out: K2',
    'CN-04: no connector that this server may use takes partner.example: it waits in the Unreachable queue',
  ]);
  // Out of scope it would not have been seen anyway.
  const hidden = { ...best, scoped: true };
  const read = new RouteReader({ ...place, connectors: [hidden, k3] });
  expect(because(read, 'S1', 'partner.example')).toHaveLength(1);
});

test('CN-01, CN-03: what is left out decides if it would have won: by address space, cost, distance, name', () => {
  const off = (connector: { readonly name: string; readonly spaces: string[] }, source: string) => ({
    ...connector,
    sourceServers: [source],
    enabled: false,
  });
  const on = (name: string, space: string, source: string) => ({
    name,
    spaces: [space],
    sourceServers: [source],
  });
  const first = (...connectors: readonly (typeof k1)[]) =>
    because(new RouteReader({ ...place, connectors }), 'S1', 'partner.example')[0];
  const out = '(CN-01: disabled, so left out: Off)';
  const decided = 'CN-01: disabled, so left out: Off';
  // The more specific space wins at any cost.
  expect(first(off({ name: 'Off', spaces: ['partner.example;90'] }, 'C1'), on('On', '*;1', 'S1'))).toBe(
    decided,
  );
  expect(first(off({ name: 'Off', spaces: ['*;1'] }, 'S1'), on('On', 'partner.example;90', 'C1'))).toBe(out);
  // Then the cost: 30 to B, 50 to C.
  expect(first(off({ name: 'Off', spaces: ['*;5'] }, 'B1'), on('A', '*;1', 'C1'))).toBe(decided);
  expect(first(off({ name: 'Off', spaces: ['*;1'] }, 'C1'), on('Z', '*;5', 'B1'))).toBe(out);
  // Then the distance.
  expect(first(off({ name: 'Off', spaces: ['*;31'] }, 'S1'), on('A', '*;1', 'B1'))).toBe(decided);
  expect(first(off({ name: 'Off', spaces: ['*;1'] }, 'B1'), on('Z', '*;31', 'S1'))).toBe(out);
  // Then the name.
  expect(first(off({ name: 'Off', spaces: ['*;1'] }, 'S1'), on('Z', '*;1', 'S1'))).toBe(decided);
  expect(first(off({ name: 'Off', spaces: ['*;1'] }, 'S1'), on('A', '*;1', 'S1'))).toBe(out);
});

test('CN-01: costs are listed from the lowest, each to the nearest source', () => {
  const links = ['S-B 50', 'S-C 30'];
  const both = { name: 'Zulu', spaces: ['*;1'], sourceServers: ['B1', 'C1'] };
  const dear = { name: 'Alpha', spaces: ['*;1'], sourceServers: ['B1'] };
  const read = new RouteReader({ ...place, links, connectors: [dear, both] });
  expect(because(read, 'S1', 'x.example')[0]).toBe(
    'CN-01: lowest aggregate cost: Zulu 30 + 1 = 31, Alpha 50 + 1 = 51',
  );
});

test('CN-04: a connector whose sources no path leads to takes nothing', () => {
  const read = new RouteReader({ ...place, links: ['S-B 30', 'C-X 5'], connectors: [k3] });
  expect(because(read, 'S1', 'partner.example')[0]).toMatch(/^CN-04/);
  const both = [
    { ...k3, sourceServers: ['C1', 'B1'] },
    { ...k2, spaces: ['partner.example;6'] },
  ];
  const half = new RouteReader({ ...place, links: ['S-B 30', 'C-X 5'], connectors: both });
  expect(because(half, 'S1', 'partner.example')[0]).toBe(
    'CN-01: lowest aggregate cost: K3 30 + 5 = 35, K2 30 + 6 = 36',
  );
});

test('CN-06: a scoped connector with sources in several sites is seen in each of them', () => {
  const scoped = { ...k2, sourceServers: ['B1', 'C1'], scoped: true };
  const read = new RouteReader({ ...place, servers: [...place.servers, 'B2@B'], connectors: [scoped] });
  expect(because(read, 'B2', 'partner.example')).toEqual([
    '(CN-09: one connector a recipient: K2, for partner.example)',
  ]);
  expect(because(read, 'S1', 'partner.example')[0]).toMatch(/^CN-06/);
});

test('ES-02: what brings mail in from an Edge is for the Edge alone, and the site may take none itself', () => {
  const read = new RouteReader({ ...place, edges: ['E1@S'], inboundMailOff: ['S'] });
  // Mail for the own domain does not go back to where it came from: what takes it is the way to the Internet.
  expect(because(read, 'S1', 'contoso.com')[0]).toBe(
    '(CN-09: one connector a recipient: EdgeSync - S to Internet, for *)',
  );
});

test('AS-03: an Exchange cost may make another connector the cheapest', () => {
  const cheap = { name: 'SB', sites: ['S', 'B'], cost: 90, exchangeCost: 30 };
  const read = new RouteReader({ ...place, links: [cheap, 'S-C 50'], connectors: [k2, k3] });
  expect(because(read, 'S1', 'partner.example')).toEqual([
    'CN-01: lowest aggregate cost: K2 30 + 20 = 50, K3 50 + 5 = 55',
    '(CN-09: one connector a recipient: K2, for partner.example)',
    'AS-03: by the costs of Active Directory it would be K3',
  ]);
  const same = new RouteReader({ ...place, links: [{ ...cheap, cost: 31 }, 'S-C 50'], connectors: [k2, k3] });
  expect(because(same, 'S1', 'partner.example').join()).not.toContain('AS-03');
  expect(because(same, 'S1', 'other.example')).toHaveLength(1);
});

test('CN-01: an Edge chooses among the connectors that it is a source of, by address space and name', () => {
  const read = new RouteReader({
    ...place,
    connectors: [k1],
    edges: ['E1@B', 'E2@C'],
  });
  expect(because(read, 'E1', 'x.example')).toEqual([
    '(CN-09: one connector a recipient: EdgeSync - B to Internet, for *)',
    'ES-02: the Edge subscription of B made EdgeSync - B to Internet, for * at 100',
  ]);
  expect(because(read, 'E2', 'contoso.com').join()).toContain('EdgeSync - Inbound to C');
  // Inside the subscribed site the Edge is in the site; a connector of this server is nearer.
  const near = { ...k1, spaces: ['*;100'] };
  const inside = new RouteReader({
    ...place,
    connectors: [{ ...near, sourceServers: ['B1'] }],
    edges: ['E1@B'],
  });
  expect(because(inside, 'B1', 'x.example')[0]).toBe('CN-01: nearest at equal cost: K1, on this server');
  const beside = new RouteReader({ ...place, connectors: [near], edges: ['E1@S'] });
  expect(because(beside, 'S2', 'x.example')[0]).toBe(
    'CN-01: lowest name of EdgeSync - S to Internet, K1: EdgeSync - S to Internet',
  );
});

test('CN-04: without a connector the end is told: Unreachable, or returned', () => {
  const read = new RouteReader({ ...place, connectors: [{ ...k2, maxMessageSizeBytes: megabyte }] });
  expect(because(read, 'S1', 'other.example')).toEqual([
    'CN-04: no connector that this server may use takes other.example: it waits in the Unreachable queue',
  ]);
  expect(because(read, 'S1', 'FAX:5551234')).toEqual([
    'CN-04: no connector that this server may use takes FAX:5551234: it is returned',
  ]);
  expect(because(read, 'S1', 'partner.example', 2 * megabyte)).toEqual([
    'CN-01: too small for 2 MB, so left out first: K2',
    'CN-04: every connector for partner.example is too small for 2 MB: it is returned',
  ]);
});

test('ES-02: a connector that an Edge subscription made says so', () => {
  const read = new RouteReader({ ...place, edges: ['E1@B'] });
  expect(because(read, 'S1', 'x.example')).toEqual([
    '(CN-09: one connector a recipient: EdgeSync - B to Internet, for *)',
    'ES-02: the Edge subscription of B made EdgeSync - B to Internet, for * at 100',
  ]);
});

test('the choice that is explained is the one the compiled tables make', () => {
  const uniform = randomStreams('connectors', 0)('questions');
  const below = (limit: number) => Math.floor(uniform() * limit);
  for (const sites of [2, 5, 8]) {
    const size = { sites, servers: 3 * sites, links: 2 * sites, connectors: 40, databases: 1, mailboxes: 1 };
    const topology = buildTopology(drawOrganization(size));
    const tables = compileRoutingTables(topology);
    for (let question = 0; question < shareOf(500); question++) {
      const server = below(topology.servers.length);
      const domain = [`d${below(60)}.example`, `mail.d${below(60)}.example`, 'elsewhere'][below(3)]!;
      const sizeBytes = below(2) * 26 * megabyte + 1;
      const id = tables.toOutside(server, tables.internDomain('SMTP', domain), sizeBytes);
      const chosen = id < 0 ? -1 : tables.nextHop(id).destination.index;
      expect([domain, chosen]).toEqual([
        domain,
        tables.explainer.chosenConnector(server, 'SMTP', domain, sizeBytes),
      ]);
    }
  }
});

test('CN-04: none is chosen for what is too large for all', () => {
  const small = { name: 'K', spaces: ['SMTP:*;1'], sourceServers: ['S1'], maxMessageSizeBytes: megabyte };
  const read = new RouteReader({ ...place, connectors: [small] });
  const chosen = (sizeBytes: number) =>
    read.tables.explainer.chosenConnector(read.server('B1'), 'SMTP', 'a', sizeBytes);
  expect([chosen(megabyte), chosen(megabyte + 1)]).toEqual([0, -1]);
});
