import { expect, test } from 'vitest';
import { RouteReader } from '../../../tests/conformance/route-reader.js';
import { outcomeLines } from '../../../tests/explanations/outcome-lines.js';
import { resolveMessage, resolveOnEdge } from '../message-recipients.js';

const read = new RouteReader({
  servers: ['S1@S', 'S2@S'],
  edges: ['E1@S'],
  databases: { DB: ['S1'] },
  acceptedDomains: [
    { name: 'relay.example', type: 'internal-relay' },
    { name: 'ext.example', type: 'external-relay' },
  ],
  mailboxDescriptions: [
    { address: 'U1@contoso.com', database: 'DB' },
    { address: 'gone@contoso.com', database: 'DB', forwardTo: 'u1@contoso.com' },
    { address: 'both@contoso.com', database: 'DB', forwardTo: 'u1@contoso.com', deliverAndForward: true },
    { address: 'ring1@contoso.com', database: 'DB', forwardTo: 'ring2@contoso.com' },
    { address: 'ring2@contoso.com', database: 'DB', forwardTo: 'ring1@contoso.com' },
    { address: 'boss@contoso.com', database: 'DB', acceptOnlyFrom: ['u1@contoso.com'] },
    { address: 'away@contoso.com', database: 'DB', forwardTo: 'ext@contoso.com' },
  ],
  contacts: {
    'ext@contoso.com': 'x@partner.example',
    'chain@contoso.com': 'ext@contoso.com',
    'near@contoso.com': 'u1@contoso.com',
    'list@contoso.com': 'far@contoso.com',
    'detour@contoso.com': 'gone@contoso.com',
    'broken@contoso.com': 'nobody@contoso.com',
  },
  groups: [
    { address: 'all@contoso.com', members: ['u1@contoso.com', 'ext@contoso.com'] },
    { address: 'Far@contoso.com', members: ['u1@contoso.com'], expansionServer: 'S2' },
  ],
});

/** What S1 makes of an address, or of mail from a sender. */
function because(address: string, sender?: string): string[] {
  const { topology, tables } = read;
  const server = read.server('S1');
  return resolveMessage(topology, [address], server, sender).flatMap((recipient) =>
    outcomeLines(tables.explainer.recipient(server, recipient)),
  );
}

test('RT-11: of a mailbox there is nothing to say but its database', () => {
  expect(because('u1@contoso.com')).toEqual([]);
  expect(because('boss@contoso.com')).toEqual([]);
});

test('RR-02: a member names the group that this server expands', () => {
  expect(because('all@contoso.com')).toEqual([
    'RR-02 destination: S1 expands all@contoso.com, of which U1@contoso.com is a member',
    'RR-02 destination: S1 expands all@contoso.com, of which ext@contoso.com is a member',
    'RR-07 destination: ext@contoso.com stands for x@partner.example',
    '(RR-08 destination: partner.example is none of the accepted domains: a connector takes it)',
  ]);
});

test('RR-02: a group with an expansion server is not expanded elsewhere, nor by way of a contact', () => {
  expect(because('far@contoso.com')).toEqual([
    'RR-02 destination: Far@contoso.com is expanded on S2, not here',
  ]);
  expect(because('list@contoso.com')).toEqual([
    'RR-07 destination: list@contoso.com stands for Far@contoso.com',
    'RR-02 destination: Far@contoso.com is expanded on S2, not here',
  ]);
});

test('RR-07: forwarding instead of, or besides, keeping', () => {
  expect(because('gone@contoso.com')).toEqual([
    'RR-07 destination: mail for gone@contoso.com goes to U1@contoso.com instead',
  ]);
  expect(because('both@contoso.com')).toEqual([
    'RR-07 destination: both@contoso.com keeps the message and forwards it to U1@contoso.com',
  ]);
  expect(because('away@contoso.com').slice(0, 2)).toEqual([
    'RR-07 destination: mail for away@contoso.com goes to ext@contoso.com instead',
    'RR-07 destination: ext@contoso.com stands for x@partner.example',
  ]);
});

test('RR-07: contacts lead to a mailbox, outside, or through one another', () => {
  expect(because('near@contoso.com')).toEqual([
    'RR-07 destination: near@contoso.com stands for U1@contoso.com',
  ]);
  expect(because('SMTP:near@contoso.com')).toEqual([
    'RR-07 destination: near@contoso.com stands for U1@contoso.com',
  ]);
  expect(because('chain@contoso.com')[0]).toBe(
    'RR-07 destination: chain@contoso.com stands for x@partner.example',
  );
  expect(because('detour@contoso.com')).toEqual([
    'RR-07 destination: mail for detour@contoso.com goes to U1@contoso.com instead',
  ]);
});

test('RR-06: a ring of plain forwards is returned', () => {
  expect(because('ring1@contoso.com')).toEqual([
    'RR-06 destination: ring1@contoso.com is returned: 550 5.4.6 RESOLVER.FWD.Loop; forwarding loop',
  ]);
});

test('RR-08: unknown recipients of the own domain are returned, also where a contact leads to them', () => {
  expect(because('nobody@contoso.com')).toEqual([
    'RR-08 destination: nobody@contoso.com is returned: 550 5.1.1 RESOLVER.ADR.RecipNotFound; not found',
  ]);
  expect(because('broken@contoso.com')).toEqual([
    'RR-08 destination: nobody@contoso.com is returned: 550 5.1.1 RESOLVER.ADR.RecipNotFound; not found',
  ]);
});

test('RR-08: unknown recipients of relay domains are for a connector', () => {
  expect(because('x@relay.example')).toEqual([
    'RR-08 destination: relay.example is internal relay: nobody here has the address, so a connector takes it',
  ]);
  expect(because('x@EXT.example')).toEqual([
    'RR-08 destination: ext.example is external relay: nobody here has the address, so a connector takes it',
  ]);
});

test('RR-08: other domains are none of the accepted ones; other types have none', () => {
  expect(because('x@partner.example')).toEqual([
    '(RR-08 destination: partner.example is none of the accepted domains: a connector takes it)',
  ]);
  expect(because('FAX:5551234')).toEqual([]);
});

test('DS: malformed addresses, and senders that are not accepted', () => {
  expect(because('a b@contoso.com')).toEqual([
    'DS destination: a b@contoso.com is returned: 550 5.1.3 RESOLVER.ADR.InvalidSmtp; malformed address',
  ]);
  expect(because('boss@contoso.com', 'x@partner.example')).toEqual([
    'DS destination: boss@contoso.com is returned: 550 5.7.1 RESOLVER.RST.NotAuthorized; not authorized',
  ]);
});

test('RT-56: an Edge has no directory, and goes by the domain', () => {
  const edge = read.server('E1');
  const onEdge = (address: string) =>
    outcomeLines(read.tables.explainer.recipient(edge, { address, resolved: resolveOnEdge(address) }));
  expect(onEdge('near@contoso.com')).toEqual([
    'RT-56 destination: Edge E1 has no directory: near@contoso.com goes by its domain',
  ]);
  expect(onEdge('a b@contoso.com')).toEqual([
    'DS destination: a b@contoso.com is returned: 550 5.1.3 RESOLVER.ADR.InvalidSmtp; malformed address',
  ]);
});

test('RR-07: a contact is one whoever stands before it in the directory', () => {
  const small = new RouteReader({
    servers: ['S1@S'],
    databases: { DB: ['S1'] },
    mailboxes: { 'u1@contoso.com': 'DB' },
    contacts: { 'near@contoso.com': 'u1@contoso.com' },
  });
  const [recipient] = resolveMessage(small.topology, ['near@contoso.com'], 0);
  expect(outcomeLines(small.tables.explainer.recipient(0, recipient!))[0]).toBe(
    'RR-07 destination: near@contoso.com stands for u1@contoso.com',
  );
});
