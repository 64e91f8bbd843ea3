import { expect, test } from 'vitest';
import { compileScenario, runReplication } from '../../../src/experiment/index.js';
import { decodeScenario } from '../../../src/scenario/index.js';

/** Somebody outside is a contact in two groups, expanded on two servers, and whom a mailbox of one of them forwards to. */
const organization = {
  organization: 'contoso.com',
  sites: [{ name: 'A' }],
  servers: [
    { name: 'S1', site: 'A' },
    { name: 'S2', site: 'A' },
  ],
  dags: [{ name: 'D', members: ['S1', 'S2'] }],
  databases: [
    { name: 'DB1', copies: ['S2', 'S1'] },
    { name: 'DB2', copies: ['S1', 'S2'] },
  ],
  mailboxes: [
    { address: 'u1@contoso.com', database: 'DB1' },
    {
      address: 'u2@contoso.com',
      database: 'DB1',
      forwardTo: 'z@partner.example',
      deliverAndForward: true,
    },
    { address: 'u3@contoso.com', database: 'DB2', forwardTo: 'u1@contoso.com', deliverAndForward: true },
    { address: 'u4@contoso.com', database: 'DB1' },
  ],
  contacts: [{ address: 'c@contoso.com', target: 'z@partner.example' }],
  distributionGroups: [
    {
      address: 'g1@contoso.com',
      members: ['u1', 'u3', 'u4', 'c', 'g2'].map((name) => `${name}@contoso.com`),
      expansionServer: 'S2',
    },
    {
      address: 'g2@contoso.com',
      members: ['u1', 'u4', 'u2', 'c'].map((name) => `${name}@contoso.com`),
      expansionServer: 'S1',
    },
  ],
  connectors: [{ name: 'I', kind: 'send', addressSpaces: ['SMTP:*'], sourceServers: ['S1', 'S2'] }],
};

test('SH-05, SH-08, RR-07: whoever is forwarded to, and met by groups, is one recipient when shadow copies are promoted', async () => {
  const text = JSON.stringify({
    mailflow: 1,
    name: 'forwarded again',
    organization,
    seed: '5',
    start: '2024-04-02T09:00Z',
    duration: '2 h',
    drain: '20 h',
    workloads: [
      {
        kind: 'arrivals',
        arrival: 'deterministic',
        messagesPerSecond: 0.02,
        from: 'u1@contoso.com',
        to: ['g1@contoso.com', 'u2@contoso.com', 'u5@contoso.com'],
        size: { fixed: '75 KB' },
        end: '+20 min',
      },
    ],
    faults: [
      {
        kind: 'remote-domain-outage',
        domain: 'partner.example',
        answer: '4xx',
        at: '+16 min',
        for: '700 min',
      },
      { kind: 'server-outage', server: 'S1', queueDatabase: 'lost', at: '+26 min', for: '10 min' },
    ],
  });
  const readFile = (): never => {
    throw new Error('no file is named');
  };
  const { scenario } = decodeScenario(text, 'forwarded-again.json', { readFile });
  // Conservation is a law of every run: one recipient too few ends it.
  const { outcome, result } = await runReplication(scenario, compileScenario(scenario), 1, {
    sink: () => {},
    recordMessages: false,
  });
  expect(outcome).toBe('complete');
  const { submitted, expanded, generated, delivered, returned, lost, pending } = result.recipients;
  expect({ lost, pending }).toEqual({ lost: 0, pending: 0 });
  expect(delivered + returned).toBe(submitted + expanded + generated);
});
