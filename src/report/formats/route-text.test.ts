import { expect, test } from 'vitest';
import { formatRouteText } from './route-text.js';

const queue = { deliveryType: 'SmtpRelayToDag', nextHopDomain: 'DAG1' };
const tiers = [
  { reason: 'target-servers', site: 'P', servers: ['P1', 'P2'] },
  { reason: 'backoff', site: 'X', servers: ['X1'] },
];

test('a route reads as a block of labelled lines for each recipient, and the queues they share', () => {
  const text = formatRouteText({
    from: { server: 'S1', service: 'transport', site: 'S' },
    messageSizeBytes: 102_400,
    recipients: [
      {
        address: 'u1@contoso.com',
        expandedFrom: 'all@contoso.com',
        outcome: 'route',
        destination: { kind: 'mailbox-database', name: 'DB1' },
        destinationGroup: { kind: 'routable-dag', name: 'DAG1' },
        nextHopGroup: { kind: 'ad-site', name: 'X' },
        queue,
        path: { sites: ['S', 'X', 'P'], cost: 20, hops: 2 },
        primarySite: 'P',
        hubSite: 'X',
        tiers,
        rules: ['RT-33', 'RT-34'],
        accepted: { server: 'X1', tier: 2 },
        journey: [
          { server: 'S1', queue, accepted: { server: 'X1', tier: 2 } },
          { server: 'X1', queue, accepted: null },
        ],
        end: { outcome: 'retry', server: 'X1' },
      },
    ],
    queues: [{ ...queue, recipients: ['u1@contoso.com'] }],
  });
  expect(text).toBe(`Transport on S1 (site S), message of 100 KB

u1@contoso.com (member of all@contoso.com)
  to        mailbox database DB1
            delivery group DAG1 (routable DAG)
            by way of X (AD site)
  queue     SmtpRelayToDag "DAG1"
  path      S > X > P; cost 20, 2 hops; primary site P, hub X
  tries     1. P1, P2 in P: target servers
            2. X1 in X: back-off along the path
  accepted  X1, try 2
  journey   S1: SmtpRelayToDag "DAG1" -> X1
            X1: SmtpRelayToDag "DAG1" -> nobody, Retry
  end       retry at X1
  rules     RT-33, RT-34

Queues on S1
  SmtpRelayToDag "DAG1": u1@contoso.com
`);
});

test('what has no route says why; an address space adds to the cost; sizes are rounded', () => {
  const nothing = { destination: null, destinationGroup: null, queue: null, path: null, tiers: [] };
  const text = formatRouteText({
    from: { server: 'S1', service: 'transport', site: 'S' },
    messageSizeBytes: 1_600_000,
    recipients: [
      { address: 'a@x', outcome: 'ndr', ndr: { code: '5.1.1', text: '550 5.1.1 not found' }, ...nothing },
      { address: 'b@x', outcome: 'unreachable', ...nothing },
      {
        ...{ address: 'c@x', outcome: 'route', ...nothing },
        path: { sites: ['S'], cost: 0, hops: 0 },
        primarySite: 'S',
        addressSpaceCost: 7,
        accepted: null,
      },
    ],
    queues: [],
  });
  expect(text).toBe(`Transport on S1 (site S), message of 1.53 MB

a@x
  outcome  returned: 550 5.1.1 not found

b@x
  outcome  no route: the message waits in the Unreachable queue

c@x
  path      S; cost 0 + 7 for the address space, 0 hops; primary site S
  accepted  nobody: it stays in Retry
`);
});

test('the choice of a proxy stands before the recipients', () => {
  const text = formatRouteText({
    from: { server: 'A1', service: 'front-end', site: 'A' },
    messageSizeBytes: 1,
    recipients: [
      {
        address: 'b1@contoso.com',
        outcome: 'route',
        destination: { kind: 'mailbox-database', name: 'DB-B' },
        destinationGroup: { kind: 'mailbox-delivery-group', name: 'Site:B;Version:15' },
      },
    ],
    selected: { consideredRecipients: ['b1@contoso.com'], tiers, accepted: null },
  });
  expect(text).toBe(`Front End Transport on A1 (site A), message of 1 B

One server for the message
  chosen by  b1@contoso.com
  tries      1. P1, P2 in P: target servers
             2. X1 in X: back-off along the path
  accepted   nobody

b1@contoso.com
  to  mailbox database DB-B
      delivery group Site:B;Version:15 (mailbox delivery group)
`);
});

test('control characters of an address do not reach the terminal', () => {
  const recipient = { address: 'a\u001b[2J@x', outcome: 'ndr', destination: null, destinationGroup: null };
  const text = formatRouteText({
    from: { server: 'S1', service: 'transport', site: 'S' },
    messageSizeBytes: 1,
    recipients: [recipient],
  });
  expect(text).not.toContain('\u001b');
});

test('names that a terminal would obey are shown, not obeyed', () => {
  const evil = 'x\u001b[2J\u009b1m\u202e\n';
  const evilQueue = { deliveryType: evil, nextHopDomain: evil };
  const text = formatRouteText({
    from: { server: evil, service: evil, site: evil },
    messageSizeBytes: 1,
    selected: { consideredRecipients: [evil], tiers: [{ reason: evil, site: evil, servers: [evil] }] },
    recipients: [
      {
        address: evil,
        expandedFrom: evil,
        outcome: evil,
        destination: { kind: evil, name: evil },
        destinationGroup: { kind: evil, name: evil },
        nextHopGroup: { kind: evil, name: `${evil}2` },
        queue: evilQueue,
        path: { sites: [evil], cost: 0, hops: 0 },
        primarySite: evil,
        hubSite: evil,
        tiers: [{ reason: evil, site: evil, servers: [evil] }],
        rules: [evil],
        accepted: { server: evil, tier: 1 },
        journey: [{ server: evil, queue: evilQueue, accepted: { server: evil, tier: 1 } }],
        end: { outcome: evil, server: evil },
      },
    ],
    queues: [{ ...evilQueue, recipients: [evil] }],
  });
  expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
  expect(text.split('\n')).toHaveLength(22);
});
