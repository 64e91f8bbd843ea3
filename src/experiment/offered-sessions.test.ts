import { expect, it } from 'vitest';
import { decodeScenario } from '../scenario/index.js';
import { compileScenario } from './compile-scenario.js';
import { warnOfOverload } from './offered-load.js';

/** Two sites, 150 ms apart, and two databases on A1; `each` is a workload's rate and recipients. */
function warned(
  each: readonly (readonly [rate: number, to: string])[],
  settings: string,
  more = '',
): string[] {
  const workloads = each.map(
    ([rate, to], n) =>
      `  - { kind: arrivals, name: w${n}, messagesPerSecond: ${rate}, from: a1@contoso.com, to: [${to}] }`,
  );
  const text = `mailflow: 1
duration: 10 min
organization:
  organization: contoso.com
  sites: [{ name: A }, { name: B }]
  siteLinks: [{ name: AB, sites: [A, B], latency: 150 ms }]
  servers: [{ name: A1, site: A }, { name: B1, site: B }]
  databases: [{ name: DA, copies: [A1] }, { name: DC, copies: [A1] }, { name: DB, copies: [B1] }]
  mailboxes:
    - { address: "a{n}@contoso.com", count: 20, database: DA }
    - { address: "c{n}@contoso.com", count: 20, database: DC }
    - { address: b@contoso.com, database: DB }
  connectors:
    - { name: Fax, kind: delivery-agent, addressSpaces: ["FAX:*"], sourceServers: [A1] }
    - { name: Files, kind: foreign, addressSpaces: ["X400:*"], sourceServers: [A1] }
    - { name: Hosts, kind: send, addressSpaces: [hosts.example], sourceServers: [A1], smartHosts: [h1.example, h2.example] }
    - { name: Proxied, kind: send, addressSpaces: [proxied.example], sourceServers: [A1], frontEndProxy: true }
    - { name: Out, kind: send, addressSpaces: ["*"], sourceServers: [A1] }
settings:
  hardware: { cpuPerMessage: 0 ms }
  ${settings}
workloads:
${workloads.join('\n')}
${more}`;
  const readFile = () => {
    throw new Error('no files');
  };
  const { scenario } = decodeScenario(text, 's.yaml', { readFile });
  return warnOfOverload(scenario, compileScenario(scenario), 's.yaml').map(({ message }) =>
    message.replace(/.*capacity: (.*) in the hour.*/, '$1'),
  );
}

const addresses = (name: string, count: number) =>
  Array.from({ length: count }, (_, n) => `${name}${n + 1}@contoso.com`).join(', ');
const manyThreads = 'mailboxTransport: { submissionReach: own-site, recipientThreadLimit: 100 }';

it('CAP-21: sessions to another site take its round trips, too', () => {
  // 20 to send, three ways of 150, 100 to accept, and a twentieth of connecting for 10 and two ways: 585.5 ms.
  expect(warned([[45, 'b@contoso.com']], manyThreads)).toEqual([
    'server A1, queue Site:B;Version:15: 26.3 s of work a second for 20 connections, 132 %',
  ]);
  expect(warned([[34, 'b@contoso.com']], manyThreads)).toEqual([]);
});

it('CAP-20: delivery threads are those of a server, not of its databases alone', () => {
  const to: (rate: number) => [number, string][] = (rate) => [
    [rate, addresses('a', 16)],
    [rate, addresses('c', 16)],
  ];
  const threads = 'mailboxTransport: { recipientThreadLimit: 100, maxConcurrentMailboxDeliveries: 12 }';
  // 5 a second to sixteen each: 6.4 of 8 threads of a database.
  expect(warned(to(5), threads)).toEqual([
    'server A1, mailbox delivery: 12.8 s of work a second for 12 threads, 107 %',
  ]);
  expect(warned(to(4.6), threads)).toEqual([]);
});

it('MD-04: the threads of a database are as many as its health leaves', () => {
  const health = (percent: number) =>
    `mailboxTransport: { recipientThreadLimit: 100, databaseHealth: ${percent} }`;
  expect(warned([[8, addresses('a', 8)]], health(50))).toEqual([
    'server A1, delivery to DA: 5.12 s of work a second for 4 sessions, 128 %',
  ]);
  expect(warned([[8, addresses('a', 8)]], health(65))).toEqual([]);
});

it('MD-03: a mailbox is written to by so many at a time', () => {
  expect(warned([[14, 'a1@contoso.com, a2@contoso.com']], '')).toEqual([
    'server A1, delivery to a1@contoso.com: 1.12 s of work a second for 1 thread, 112 %',
    'server A1, delivery to a2@contoso.com: 1.12 s of work a second for 1 thread, 112 %',
  ]);
  expect(warned([[12, 'a1@contoso.com']], '')).toEqual([]);
  expect(warned([[14, 'a1@contoso.com']], 'mailboxTransport: { recipientThreadLimit: 2 }')).toEqual([]);
  // Each workload by itself is within it.
  const both = warned(
    [
      [7, 'a1@contoso.com'],
      [7, addresses('a', 5)],
    ],
    '',
  );
  expect(both).toEqual([
    'server A1, delivery to a1@contoso.com: 1.12 s of work a second for 1 thread, 112 %',
  ]);
});

it('CN-11: a Delivery Agent has five connections, of 20 messages each', () => {
  const messages = 'transport: { smtpMaxMessagesPerConnection: 1 }';
  // 100 ms to accept, a twentieth of 200 to connect.
  expect(warned([[60, '"FAX:1"']], messages)).toEqual([
    'server A1, queue FAX:*: 6.6 s of work a second for 5 connections, 132 %',
  ]);
  expect(warned([[45, '"FAX:1"']], messages)).toEqual([]);
});

it('CN-10: a file in a Drop directory needs no connecting', () => {
  const settings = 'outside: { connectTime: 10 min }';
  expect(warned([[45, '"X400:c=de"']], settings)).toEqual([]);
});

it('A-remote-limits: a domain takes so many sessions, smart hosts as many each', () => {
  const settings = 'outside: { acceptTime: 1 s, maxSessionsPerDomain: 1 }';
  expect(warned([[2, 'x@out.example']], settings)).toEqual([
    'out.example: 2 s of work a second for 1 session, 200 %',
  ]);
  expect(warned([[2, 'x@hosts.example']], settings)).toEqual([]);
  expect(warned([[3, 'x@hosts.example']], settings)).toEqual([
    'h1.example: 1.5 s of work a second for 1 session, 150 %',
    'h2.example: 1.5 s of work a second for 1 session, 150 %',
  ]);
});

it('A-way-out-by-front-ends: what passes a front end takes its time besides', () => {
  const settings = 'outside: { acceptTime: 800 ms }';
  // 800 ms and a twentieth of 200: 19.6 of 20. With a front end 20 more, and a twentieth of 10.
  expect(warned([[24.2, 'x@out.example']], settings)).toEqual([]);
  expect(warned([[24.2, 'x@proxied.example']], settings)).toEqual([
    'server A1, queue proxied.example: 20.1 s of work a second for 20 connections, 101 %',
  ]);
});

it('TH: connections in all queues of a server together', () => {
  const settings = (most: number) =>
    `transport: { maxOutboundConnections: ${most} }\n  mailboxTransport: { recipientThreadLimit: 100 }`;
  // 80 ms of writing, 5 of a twentieth of 10; 100 and 10.
  const both: [number, string][] = [
    [10, 'a2@contoso.com'],
    [10, 'x@out.example'],
  ];
  expect(warned(both, settings(1))).toEqual([
    'server A1, all queues: 1.91 s of work a second for 1 connection, 191 %',
  ]);
  expect(warned(both, settings(2))).toEqual([]);
});
