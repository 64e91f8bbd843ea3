import { describe, expect, it, test } from 'vitest';
import { decodeScenario } from '../decode-scenario.js';
import { ScenarioError } from '../problem.js';
import type { workloadKinds } from './index.js';

const organization = `{ organization: contoso.com, sites: [{ name: A }], servers: [{ name: A1, site: A }],
  databases: [{ name: DB1, copies: [A1] }, { name: u1@contoso.com, copies: [A1] }],
  mailboxes: [{ address: "u{n}@contoso.com", count: 2, database: DB1 }] }`;

const table = 'time,from,to,size_bytes\n5000,a@b.example,u1@contoso.com,10\n';

function decode(workload: string, inOrganization = organization) {
  const text = `mailflow: 1\norganization: ${inOrganization}\nduration: 1 h\nworkloads:\n  - { ${workload} }\n`;
  const readFile = (name: string) => ({ name, content: new TextEncoder().encode(table) });
  return decodeScenario(text, 's.yaml', { readFile }).scenario.workloads[0];
}

function problemsOf(workload: string, inOrganization = organization): string[] {
  try {
    decode(workload, inOrganization);
    return [];
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return error.problems.map(({ path, message }) => `${path.replace('staff', '0')}: ${message}`);
  }
}

const hour = { startMs: 0, endMs: 3_600_000 };
const typical = { kind: 'typical' };

/** For each kind: all its keys, and what they become. */
const examples: Readonly<Record<keyof typeof workloadKinds, readonly [string, object]>> = {
  'mailbox-users': [
    'name: staff, start: +1 min, end: +2 min, mailboxes: [u1@contoso.com, db1, a], profile: 150, externalShare: 0.5, ' +
      'shape: two-humps, recipients: { fixed: 2 }, size: { lognormal: { median: 4 KB, p95: 200 KB } }, unknownShare: 0',
    {
      name: 'staff',
      startMs: 60_000,
      endMs: 120_000,
      // An address wins over a database of the same name.
      mailboxes: [
        { kind: 'address', name: 'u1@contoso.com' },
        { kind: 'database', name: 'DB1' },
        { kind: 'site', name: 'A' },
      ],
      sentPerDay: 30,
      receivedPerDay: 120,
      externalShare: 0.5,
      shape: 'two-humps',
      recipients: { kind: 'fixed', count: 2 },
      size: { kind: 'lognormal', medianBytes: 4_096, p95Bytes: 204_800 },
      unknownShare: 0,
    },
  ],
  'internet-inbound': [
    'perMailboxPerDay: 60, shape: office-day, recipients: typical, size: typical, unknownShare: 0.2',
    {
      name: 'internet-inbound',
      ...hour,
      rate: { kind: 'per-mailbox', deliveriesPerMailboxPerDay: 60 },
      shape: 'office-day',
      recipients: typical,
      size: typical,
      unknownShare: 0.2,
    },
  ],
  arrivals: [
    'from: x@outside.example, to: [u1@contoso.com, nobody@contoso.com, "FAX:1"], arrival: deterministic, ' +
      'messagesPerSecond: 2.5, size: { fixed: 50 KB }, priority: high',
    {
      name: 'arrivals',
      ...hour,
      arrival: { kind: 'deterministic', messagesPerSecond: 2.5 },
      from: 'x@outside.example',
      to: ['u1@contoso.com', 'nobody@contoso.com', 'FAX:1'],
      size: { kind: 'fixed', bytes: 51_200 },
      priority: 'high',
    },
  ],
  storm: [
    'at: +1 min, sender: u1@contoso.com, to: all@contoso.com, size: typical, replyAll: { share: 0.05, within: 10 min }',
    {
      name: 'storm',
      ...hour,
      atMs: 60_000,
      sender: 'u1@contoso.com',
      to: 'all@contoso.com',
      size: { kind: 'typical' },
      replyAll: { share: 0.05, withinMs: 600_000 },
    },
  ],
  'ndr-loop': [
    'at: +1 min, sender: u1@contoso.com, messages: 5, domain: partner.example',
    {
      name: 'ndr-loop',
      ...hour,
      atMs: 60_000,
      sender: 'u1@contoso.com',
      messages: 5,
      domain: 'partner.example',
    },
  ],
  pickup: [
    'at: +1 min, server: A1, messages: 5, perMinute: 10, from: u1@contoso.com, to: u2@contoso.com, size: typical, exported: true',
    {
      name: 'pickup',
      ...hour,
      atMs: 60_000,
      server: 'A1',
      messages: 5,
      perMinute: 10,
      from: 'u1@contoso.com',
      to: ['u2@contoso.com'],
      size: typical,
      exported: true,
    },
  ],
  replay: [
    'file: day.csv',
    {
      name: 'replay',
      ...hour,
      file: 'day.csv',
      messages: [{ atMs: 5_000, from: 'a@b.example', to: ['u1@contoso.com'], sizeBytes: 10 }],
    },
  ],
};

describe.each(Object.entries(examples))('%s', (kind, [fields, decoded]) => {
  test('decodes all its keys', () => {
    expect(decode(`kind: ${kind}, ${fields}`)).toEqual({ kind, ...decoded });
  });

  test('is known to the schema by its own name, and has no unknown keys', () => {
    expect(problemsOf(`kind: ${kind}, ${fields}, bogus: 1`)).toContain(
      'workloads.0.bogus: unknown key "bogus"',
    );
  });

  test('sends within the duration only', () => {
    const bare = `kind: ${kind}, ${fields.replace(/start:.*?, end:.*?, /, '')}`;
    expect(decode(`${bare}, end: +9 h`)).toMatchObject({ endMs: 3_600_000 });
    expect(problemsOf(`${bare}, start: +1 h`)).toEqual([
      'workloads.0.start: expected a start within the duration',
    ]);
    expect(problemsOf(`${bare}, start: +2 min, end: +1 min`)).toEqual([
      'workloads.0.end: expected an end after the start',
    ]);
  });
});

test('what a workload leaves out has the defaults of the contract', () => {
  expect(decode('kind: mailbox-users, sentPerDay: 20')).toEqual({
    kind: 'mailbox-users',
    name: 'mailbox-users',
    ...hour,
    mailboxes: 'all',
    sentPerDay: 20,
    receivedPerDay: null,
    externalShare: 0.25,
    shape: 'flat',
    recipients: typical,
    size: typical,
    unknownShare: 0.01,
  });
  expect(decode('kind: internet-inbound, messagesPerSecond: 5')).toMatchObject({
    rate: { kind: 'total', messagesPerSecond: 5 },
    shape: 'flat',
    unknownShare: 0.01,
  });
});

test('CAP-06: of the messages of a profile, one in five is sent and the rest received', () => {
  expect(decode('kind: mailbox-users, profile: 100')).toMatchObject({ sentPerDay: 20, receivedPerDay: 80 });
});

test('arrivals at given times are in order, and have no rate and no window', () => {
  const at = (times: string) => `kind: arrivals, from: u1@contoso.com, to: u2@contoso.com, at: ${times}`;
  expect(decode(at('["+5 min", 00:01, "+0 s"]'))).toMatchObject({
    arrival: { kind: 'at', timesMs: [0, 60_000, 300_000] },
  });
  expect(problemsOf(at('[]'))).toEqual(['workloads.0.at: expected at least one time']);
  expect(problemsOf(at('["+1 h"]'))).toEqual(['workloads.0.at.0: expected a time within the duration']);
  expect(problemsOf(`${at('[00:01]')}, arrival: poisson, end: +2 min`)).toEqual([
    'workloads.0.arrival: `arrival` does not go with `at`',
    'workloads.0.end: `end` does not go with `at`',
  ]);
});

test.each([
  ['arrivals, from: u1@contoso.com, to: u2@contoso.com', ': expected `messagesPerSecond` or `at`'],
  ['arrivals, from: u1@contoso.com, to: [], messagesPerSecond: 1', '.to: expected at least one recipient'],
  [
    'arrivals, from: u1, to: u2@contoso.com, messagesPerSecond: 1',
    '.from: expected an address, such as `u1@contoso.com` (RR-09), got "u1"',
  ],
  [
    'arrivals, from: u1@contoso.com, to: [u2], messagesPerSecond: 1',
    '.to.0: expected an address, such as `u1@contoso.com` or `FAX:5551234` (RR-09), got "u2"',
  ],
  [
    'arrivals, from: u1@contoso.com, to: u2@contoso.com, messagesPerSecond: 0',
    '.messagesPerSecond: expected a number above 0, at most 1000000, got 0',
  ],
  [
    'arrivals, from: u1@contoso.com, to: u2@contoso.com, messagesPerSecond: 1, priority: urgent',
    '.priority: expected one of "low", "normal", "high", got "urgent"',
  ],
  [
    'mailbox-users, profile: 100, sentPerDay: 2',
    '.sentPerDay: expected `profile` or `sentPerDay`, only one of them',
  ],
  [
    'mailbox-users, profile: 100, mailboxes: [u3@contoso.com]',
    '.mailboxes.0: there is no mailbox, database or site "u3@contoso.com"',
  ],
  [
    'mailbox-users, profile: 100, size: { lognormal: { median: 2 MB, p95: 1 MB } }',
    '.size: expected a p95 that is not below the median, got a mapping',
  ],
  [
    'mailbox-users, profile: 100, externalShare: 1.5',
    '.externalShare: expected a number from 0 to 1, got 1.5',
  ],
  [
    'mailbox-users, profile: 100, size: 50 KB',
    '.size: expected `typical`, `{ fixed: 50 KB }` or `{ lognormal: { median: 5 KB, p95: 200 KB } }`, got "50 KB"',
  ],
  [
    'mailbox-users, profile: 100, size: { fixed: 50 }',
    '.size.fixed: expected a size with a unit (B, KB, MB or GB), such as `10 MB`, got 50',
  ],
  ['internet-inbound', ': expected `messagesPerSecond` or `perMailboxPerDay`'],
  [
    'internet-inbound, perMailboxPerDay: 1, unknownShare: 1',
    '.unknownShare: expected a share below 1: nobody would receive what a mailbox is to',
  ],
  [
    'ndr-loop, at: +1 h, sender: u1@contoso.com, messages: 1, domain: partner.example',
    '.at: expected a time within the duration',
  ],
  [
    'ndr-loop, at: +1 s, sender: u1@partner.example, messages: 1, domain: partner.example',
    '.sender: expected an address in a domain of the organization: bounces come to it',
  ],
  [
    'ndr-loop, at: +1 s, sender: gone@contoso.com, messages: 1, domain: Contoso.com',
    '.domain: expected a domain that is not of the organization',
  ],
  [
    'pickup, at: +1 h, server: A1, messages: 1, from: u1@contoso.com, to: u2@contoso.com',
    '.at: expected a time within the duration',
  ],
  [
    'pickup, at: +1 s, server: A2, messages: 1, from: u1@contoso.com, to: u2@contoso.com',
    '.server: there is no server "A2"',
  ],
  [
    'pickup, at: +1 s, server: A1, messages: 1, from: u1@contoso.com, to: []',
    '.to: expected at least one recipient',
  ],
  [
    'pickup, at: +1 s, server: A1, messages: 1, perMinute: 20001, from: u1@contoso.com, to: u2@contoso.com',
    '.perMinute: expected a whole number from 1 to 20000, got 20001',
  ],
  [
    'sotrm, at: 1:00',
    '.kind: expected one of the kinds "mailbox-users", "internet-inbound", "arrivals", "storm", "ndr-loop", "pickup", "replay", got "sotrm"',
  ],
])('%s%s', (workload, expected) => {
  expect(problemsOf(`kind: ${workload}`)).toEqual([`workloads.0${expected}`]);
});

test('people and mail from outside need mailboxes', () => {
  const empty = organization.replace(/,\s+mailboxes:.*\] \}$/, ' }');
  for (const workload of ['mailbox-users, profile: 1', 'internet-inbound, messagesPerSecond: 1']) {
    expect(problemsOf(`kind: ${workload}`, empty)).toEqual([
      'workloads.0.kind: expected an organization with mailboxes',
    ]);
  }
});

test('CAP-20: a Pickup directory takes a file with 100 recipients, and none with more', () => {
  const to = (count: number) => Array.from({ length: count }, (_, n) => `u${n}@partner.example`).join(', ');
  const pickup = (count: number) =>
    `kind: pickup, at: +1 s, server: A1, messages: 1, from: u1@contoso.com, to: [${to(count)}]`;
  expect(decode(pickup(100))).toMatchObject({ perMinute: null });
  expect(problemsOf(pickup(101))).toEqual([
    'workloads.0.to: expected at most 100 recipients: Pickup takes no more (TH)',
  ]);
});

test('MW-03: only a server with the Transport service has a Pickup directory', () => {
  const pickup = 'kind: pickup, at: +1 s, server: A1, messages: 1, from: u1@contoso.com, to: u2@contoso.com';
  const others = organization
    .replace(
      '[{ name: A1, site: A }]',
      '[{ name: A1, site: A, roles: [client-access] }, { name: A2, site: A }]',
    )
    .replaceAll('copies: [A1]', 'copies: [A2]');
  expect(problemsOf(pickup, others)).toEqual(['workloads.0.server: server "A1" has no Transport service']);
  expect(problemsOf(pickup.replace('server: A1', 'server: a2'), others)).toEqual([]);
});

describe('what would send nothing is told', () => {
  it('mailbox-users of no mailboxes', () => {
    expect(problemsOf('kind: mailbox-users, sentPerDay: 1, mailboxes: []')).toEqual([
      'workloads.0.mailboxes: expected at least one address, database or site',
    ]);
  });

  it('rows of a replay after the duration', () => {
    const warnings = (duration: string, window = '') => {
      const text = `mailflow: 1\norganization: ${organization}\nduration: ${duration}\nworkloads: [{ kind: replay, file: f.csv${window} }]\n`;
      const rows = `${table}6000,a@b.example,u1@contoso.com,10\n`;
      const readFile = (name: string) => ({ name, content: new TextEncoder().encode(rows) });
      return decodeScenario(text, 's.yaml', { readFile }).warnings.map(
        ({ path, message }) => `${path}: ${message}`,
      );
    };
    expect(warnings('6001 ms')).toEqual([]);
    expect(warnings('6 s')).toEqual(['workloads.0.file: 1 message lies after the duration: not sent']);
    expect(warnings('5 s')).toEqual(['workloads.0.file: 2 messages lie after the duration: not sent']);
    // Who gives a window means it.
    expect(warnings('10 s', ', end: +1 s')).toEqual([]);
  });
});
