import { describe, expect, test } from 'vitest';
import { decodeScenario } from '../decode-scenario.js';
import { ScenarioError } from '../problem.js';
import type { faultKinds } from './index.js';

const organization = `{ organization: contoso.com, sites: [{ name: A }, { name: B }], siteLinks: [{ name: AB, sites: [A, B] }],
  servers: [{ name: A1, site: A }, { name: B1, site: B, roles: [mailbox] }, { name: H, site: B, roles: [client-access] }],
  dags: [{ name: D, members: [A1, B1] }],
  databases: [{ name: DB1, copies: [A1, B1] }, { name: DB2, copies: [A1] }] }`;

function decode(fault: string, described = organization) {
  const text = `mailflow: 1\norganization: ${described}\nduration: 1 h\nfaults:\n  - { ${fault} }\n`;
  const readFile = () => {
    throw new Error('a fault names no file');
  };
  return decodeScenario(text, 's.yaml', { readFile }).scenario.faults[0];
}

function problemsOf(fault: string, described = organization): string[] {
  try {
    decode(fault, described);
    return [];
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return error.problems.map(({ path, message }) => `${path}: ${message}`);
  }
}

/** For each kind: all its keys, and what they become; null where the kind is not built. */
const examples: Readonly<Record<keyof typeof faultKinds, readonly [string, object | null]>> = {
  'server-outage': [
    'at: +1 min, for: 2 s, server: a1, queueDatabase: lost',
    { beginMs: 60_000, endMs: 62_000, server: 'A1', queueDatabase: 'lost' },
  ],
  'service-outage': [
    'at: +1 min, server: A1, service: front-end',
    { beginMs: 60_000, endMs: Number.POSITIVE_INFINITY, server: 'A1', service: 'front-end' },
  ],
  'server-slowdown': [
    'at: +1 min, for: 1 h, server: a1, factor: 2',
    { beginMs: 60_000, endMs: 3_660_000, server: 'A1', factor: 2 },
  ],
  'site-outage': ['at: +1 min, for: 1 h, site: a', { beginMs: 60_000, endMs: 3_660_000, site: 'A' }],
  'site-link-outage': ['at: +1 min, for: 1 h, link: ab', { beginMs: 60_000, endMs: 3_660_000, link: 'AB' }],
  'site-link-slowdown': [
    'at: +1 min, for: 1 h, link: ab, bandwidth: 1 Mbit/s, latency: 5 ms, loss: 0.1',
    {
      beginMs: 60_000,
      endMs: 3_660_000,
      link: 'AB',
      bandwidthBitsPerSecond: 1_000_000,
      latencyMs: 5,
      loss: 0.1,
    },
  ],
  'database-move': [
    'at: +1 min, database: db1, to: b1',
    { beginMs: 60_000, endMs: 90_000, database: 'DB1', to: 'B1' },
  ],
  'database-failover': [
    'at: +1 min, database: db1, to: b1, outage: 3 s, lostWindow: 1 h',
    { beginMs: 60_000, endMs: 63_000, database: 'DB1', to: 'B1', lostWindowMs: 3_600_000 },
  ],
  'database-outage': [
    'at: +1 min, for: 1 s, database: db2',
    { beginMs: 60_000, endMs: 61_000, database: 'DB2' },
  ],
  'remote-domain-outage': [
    'at: +1 min, domain: Partner.example, answer: 4xx',
    { beginMs: 60_000, endMs: Number.POSITIVE_INFINITY, domain: 'Partner.example', answer: '4xx' },
  ],
  'remote-domain-slowdown': [
    'at: +1 min, for: 1 s, domain: partner.example, factor: 3',
    { beginMs: 60_000, endMs: 61_000, domain: 'partner.example', factor: 3 },
  ],
  'dns-outage': ['at: +1 min, for: 1 s, servers: [a1]', { beginMs: 60_000, endMs: 61_000, servers: ['A1'] }],
  'disk-full': [
    'at: +1 min, for: 1 h, server: a1, used: 0.99',
    { beginMs: 60_000, endMs: 3_660_000, server: 'A1', used: 0.99 },
  ],
  drain: [
    'at: +1 min, for: 1 h, server: a1, to: [b1]',
    { beginMs: 60_000, endMs: 3_660_000, server: 'A1', to: ['B1'] },
  ],
  'queue-resubmission': [
    'at: +1 min, server: a1, database: db1',
    { beginMs: 60_000, endMs: 60_000, server: 'A1', queue: { kind: 'database', name: 'DB1' } },
  ],
  'routing-change': [
    'at: +1 min, for: 1 h, set: { siteLinks.ab.cost: 50 }',
    {
      beginMs: 60_000,
      endMs: 3_660_000,
      paths: ['siteLinks.ab.cost'],
      edits: [{ path: ['siteLinks', 0, 'cost'], value: 50 }],
      site: 'A',
    },
  ],
  'random-failures': [
    'at: +1 min, for: 1 h, of: { kind: server-outage, server: any }, meanTimeBetween: 1 d, meanTimeToRepair: 1 h',
    {
      beginMs: 60_000,
      endMs: 3_660_000,
      of: ['A1', 'B1', 'H'].map((server) => ({
        kind: 'server-outage',
        beginMs: 60_000,
        endMs: 3_660_000,
        server,
        queueDatabase: 'kept',
      })),
      meanTimeBetweenMs: 86_400_000,
      meanTimeToRepairMs: 3_600_000,
    },
  ],
};

describe.each(Object.entries(examples))('%s', (kind, [fields, decoded]) => {
  test(decoded === null ? 'is refused by name, as not built yet' : 'decodes all its keys', () => {
    if (decoded === null) {
      expect(problemsOf(`kind: ${kind}, ${fields}`)).toEqual([
        expect.stringMatching(new RegExp(`^faults\\.0\\.kind: \`${kind}\` is not built yet: it comes with`)),
      ]);
    } else expect(decode(`kind: ${kind}, ${fields}`)).toEqual({ kind, ...decoded });
  });

  test('is known to the schema by its own name, and has no unknown keys', () => {
    expect(problemsOf(`kind: ${kind}, ${fields}, bogus: 1`)).toContain('faults.0.bogus: unknown key "bogus"');
  });

  test('says what is missing', () => {
    const key = /^(?:at: \+1 min, )?(?:for: [^,]*, )?(\w+):/.exec(fields)![1]!;
    expect(
      problemsOf(`kind: ${kind}`).some((problem) =>
        problem.startsWith(`faults.0.${key}: "${key}" is missing`),
      ),
    ).toBe(
      // Bandwidth and servers have defaults; of the others one key at least is needed.
      !['servers', 'bandwidth'].includes(key),
    );
  });
});

test('a remote domain that is out is silent, and a DNS outage is that of all servers, unless they say otherwise', () => {
  expect(decode('kind: remote-domain-outage, at: +0 s, domain: x.example')).toMatchObject({
    answer: 'silent',
  });
  expect(decode('kind: dns-outage, at: +0 s')).toMatchObject({ servers: 'all' });
});

test.each(['remote-domain-outage', 'remote-domain-slowdown, factor: 2'])(
  '%s: a smart host may be named by its IP address, in brackets or not',
  (kind) => {
    const given = (domain: string) => `kind: ${kind}, at: +0 s, domain: "${domain}"`;
    for (const domain of ['10.0.0.1', '[10.0.0.1]', '2001:db8::1', '[2001:db8::1]']) {
      expect(decode(given(domain))).toMatchObject({ domain });
    }
    for (const domain of ['[partner.example]', '[10.0.0.1', '[10.0.0.999]', '2001:zz::1']) {
      expect(problemsOf(given(domain))[0]).toContain('expected a domain name or an IP address');
    }
  },
);

test('a database moves with the outage of the fault, 30 s unless it says otherwise', () => {
  expect(decode('kind: database-move, at: +0 s, database: DB1, to: B1, outage: 0 s')).toMatchObject({
    beginMs: 0,
    endMs: 0,
  });
});

test.each([
  ['server-outage, at: +1 s, server: Z1', 'server: there is no server "Z1"'],
  ['dns-outage, at: +1 s, servers: [A1, Z1]', 'servers.1: there is no server "Z1"'],
  ['dns-outage, at: +1 s, servers: []', 'servers: expected at least one server'],
  ['site-link-outage, at: +1 s, link: AZ', 'link: there is no site link "AZ"'],
  ['site-outage, at: +1 s, site: Z', 'site: there is no site "Z"'],
  ['site-link-slowdown, at: +1 s, link: AZ, loss: 0.1', 'link: there is no site link "AZ"'],
  ['site-link-slowdown, at: +1 s, link: AB, loss: 1', 'loss: expected a number from 0 to 0.99, got 1'],
  [
    'site-link-slowdown, at: +1 s, link: AB, bandwidth: 0 Mbit/s',
    'bandwidth: expected at least 1 bit/s, got "0 Mbit/s"',
  ],
  ['database-outage, at: +1 s, database: DB9', 'database: there is no database "DB9"'],
  [
    'database-failover, at: +1 s, database: DB2, to: B1, lostWindow: 1 h',
    'to: server "B1" has no copy of "DB2"',
  ],
  [
    'database-failover, at: +1 s, database: DB1, to: B1, lostWindow: 0 s',
    'lostWindow: expected at least 1 ms, got "0 s"',
  ],
  ['database-move, at: +1 s, database: DB2, to: B1', 'to: server "B1" has no copy of "DB2"'],
  ['database-move, at: +1 s, for: 1 s, database: DB1, to: B1', 'for: unknown key "for"'],
  ['queue-resubmission, at: +1 s, server: A1', ': expected `database` or `nextHopDomain`'],
  [
    'queue-resubmission, at: +1 s, server: A1, database: DB1, nextHopDomain: x',
    'nextHopDomain: expected `database` or `nextHopDomain`, only one of them',
  ],
  [
    'service-outage, at: +1 s, server: B1, service: front-end',
    'service: server "B1" has no front-end service',
  ],
  [
    'service-outage, at: +1 s, server: H, service: mailbox-delivery',
    'service: server "H" has no mailbox-delivery service',
  ],
  ['server-outage, at: +1 s, for: 0 s, server: A1', 'for: expected at least 1 ms, got "0 s"'],
])('%s: %s', (fault, expected) => {
  const path = expected.startsWith(':') ? 'faults.0' : 'faults.0.';
  expect(problemsOf(`kind: ${fault}`)).toEqual([`${path}${expected}`]);
});

test('a service that runs can be stopped: the front end of a client-access server, the mailbox services of a Mailbox server', () => {
  expect(problemsOf('kind: service-outage, at: +1 s, server: H, service: front-end')).toEqual([]);
  expect(problemsOf('kind: service-outage, at: +1 s, server: B1, service: mailbox-submission')).toEqual([]);
});

test.each([
  ['to: []', 'to: expected at least one server'],
  ['to: [Z1]', 'to.0: there is no server "Z1"'],
  ['to: [B1, A1]', 'to.1: expected other servers than the one that is drained'],
  ['to: [B1, b1]', 'to.1: is named twice'],
  ['to: [H]', 'to.0: expected a Mailbox server of Exchange 2013: others cannot redirect messages (QU-12)'],
])('drain %s', (to, expected) => {
  expect(problemsOf(`kind: drain, at: +1 s, server: A1, ${to}`)).toEqual([`faults.0.${expected}`]);
});

test('an Edge has a Transport service alone, an older hub Transport, an older mailbox server submission', () => {
  const mixed = `{ organization: contoso.com, sites: [{ name: A }],
    servers: [{ name: M, site: A }, { name: E, roles: [edge] }, { name: H, site: A, version: "2010", roles: [hub-transport] },
      { name: S, site: A, version: "2007", roles: [mailbox] }],
    edgeSubscriptions: [{ edgeServer: E, site: A }] }`;
  const refused = ['E', 'H', 'S'].map((server) =>
    ['front-end', 'transport', 'mailbox-delivery', 'mailbox-submission'].filter(
      (service) =>
        problemsOf(`kind: service-outage, at: +1 s, server: ${server}, service: ${service}`, mixed).length >
        0,
    ),
  );
  expect(refused).toEqual([
    ['front-end', 'mailbox-delivery', 'mailbox-submission'],
    ['front-end', 'mailbox-delivery', 'mailbox-submission'],
    ['front-end', 'transport', 'mailbox-delivery'],
  ]);
});
