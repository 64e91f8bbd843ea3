import { describe, expect, test } from 'vitest';
import { compileScenario, runReplication } from '../../../src/experiment/index.js';
import { decodeScenario } from '../../../src/scenario/index.js';
import { failOver, hour, minute, numbersOf, rowsOf, running, second } from './watched.js';

/** Three members of a DAG and a server in another site, from which the mail comes. */
const organization = {
  organization: 'contoso.com',
  sites: [{ name: 'A' }, { name: 'B' }],
  siteLinks: [{ name: 'AB', sites: ['A', 'B'], cost: 10 }],
  servers: [
    { name: 'A1', site: 'A' },
    { name: 'B1', site: 'B' },
    { name: 'B2', site: 'B' },
    { name: 'B3', site: 'B' },
  ],
  dags: [{ name: 'D', members: ['B1', 'B2', 'B3'] }],
  databases: [
    { name: 'DA', copies: ['A1'] },
    { name: 'DB', copies: ['B1', 'B2', 'B3'] },
  ],
  mailboxes: [
    { address: 'a@contoso.com', database: 'DA' },
    { address: 'u{n}@contoso.com', count: 300, database: 'DB' },
  ],
  connectors: [
    { name: 'Internet', kind: 'send', addressSpaces: ['SMTP:*'], sourceServers: ['B1', 'B2', 'B3'] },
  ],
};
/** With two members, so that B2 has a shadow copy of all that B1 delivers. */
const pair = {
  ...organization,
  servers: organization.servers.slice(0, 3),
  dags: [{ name: 'D', members: ['B1', 'B2'] }],
  databases: [
    { name: 'DA', copies: ['A1'] },
    { name: 'DB', copies: ['B1', 'B2'] },
  ],
  connectors: [],
};
const users = (count: number) => Array.from({ length: count }, (_, n) => `u${n + 1}@contoso.com`);
/** DB fails over to B2 with all that it was sent, ten minutes in. */
const failover = { kind: 'database-failover', database: 'DB', to: 'B2', at: '+10 min', lostWindow: '1 h' };

async function simulate(fields: Readonly<Record<string, unknown>>) {
  const text = JSON.stringify({
    mailflow: 1,
    name: 'parts and holders',
    organization,
    seed: '1',
    start: '2024-04-02T06:00Z',
    duration: '1 h',
    drain: 'until-empty',
    settings: { hardware: { distribution: 'deterministic' } },
    ...fields,
  });
  const readFile = (): never => {
    throw new Error('no file is named');
  };
  const { scenario } = decodeScenario(text, 'parts-and-holders.json', { readFile });
  const { result } = await runReplication(scenario, compileScenario(scenario), 1, {
    sink: () => {},
    recordMessages: false,
  });
  const { delivered, lost, duplicates, pending } = result.recipients;
  return { delivered, lost, duplicates, pending, dropped: result.protection.duplicatesDropped };
}

describe('SN-03, SN-05: what several parts of a message were, several shadow copies are', () => {
  test('of a group that is expanded in parts (expansionSizeLimit) each part is resubmitted', async () => {
    const withGroup = {
      ...pair,
      distributionGroups: [{ address: 'all@contoso.com', members: users(6) }],
    };
    const found = await simulate({
      organization: withGroup,
      settings: { hardware: { distribution: 'deterministic' }, transport: { expansionSizeLimit: 2 } },
      workloads: [
        {
          kind: 'arrivals',
          at: ['+1 min'],
          from: 'a@contoso.com',
          to: ['all@contoso.com'],
          size: { fixed: '50 KB' },
        },
      ],
      faults: [
        { kind: 'server-outage', server: 'B1', queueDatabase: 'lost', at: '+5 min', for: '2 min' },
        failover,
      ],
    });
    expect(found).toMatchObject({ delivered: 12, lost: 0, pending: 0 });
  });

  test('of mail from outside that comes in parts of 200 each part is resubmitted', async () => {
    const found = await simulate({
      organization: pair,
      workloads: [
        { kind: 'arrivals', at: ['+1 min'], from: 'x@out.example', to: users(300), size: { fixed: '50 KB' } },
      ],
      faults: [
        { kind: 'server-outage', server: 'B1', queueDatabase: 'lost', at: '+5 min', for: '2 min' },
        failover,
      ],
    });
    expect(found).toMatchObject({ delivered: 600, lost: 0, pending: 0 });
  });
});

describe('SN-02, SH-02: what is resubmitted', () => {
  test('has a shadow copy again: the loss of the server that resubmits it loses nothing', async () => {
    const found = await simulate({
      workloads: [
        {
          ...{ kind: 'arrivals', arrival: 'deterministic', messagesPerSecond: 1, end: '+60 s' },
          ...{ from: 'a@contoso.com', to: ['u1@contoso.com'], size: { fixed: '50 KB' } },
        },
      ],
      // B2 has the database from 10 min 30 s on, and is sent all that it lost.
      faults: [
        failover,
        { kind: 'server-outage', server: 'B1', queueDatabase: 'lost', at: '+631 s', for: '2 min' },
      ],
    });
    expect(found).toMatchObject({ delivered: 120, lost: 0, pending: 0, duplicates: 0 });
    // B1 had delivered some, and nobody had heard of it.
    expect(found.dropped).toBeGreaterThan(0);
  });

  test('SN-05: by a holder of shadow copies has one again, too', async () => {
    const found = await simulate({
      // For long enough in the categorizer to be lost there.
      settings: { hardware: { distribution: 'deterministic', categorizerTime: '5 s' } },
      workloads: [
        {
          ...{ kind: 'arrivals', arrival: 'deterministic', messagesPerSecond: 1, end: '+60 s' },
          ...{ from: 'a@contoso.com', to: ['u1@contoso.com'], size: { fixed: '50 KB' } },
        },
      ],
      // B1, which had delivered them, knows of nothing any more: B2 and B3 resubmit what they have shadow copies of.
      faults: [
        { kind: 'server-outage', server: 'B1', queueDatabase: 'lost', at: '+5 min', for: '2 min' },
        failover,
        { kind: 'server-outage', server: 'B3', queueDatabase: 'lost', at: '+632 s', for: '2 min' },
      ],
    });
    expect(found).toMatchObject({ delivered: 120, lost: 0, pending: 0, duplicates: 0 });
  });

  test('is no message whose report alone was lost with the database', async () => {
    const found = await simulate({
      workloads: [
        {
          ...{ kind: 'arrivals', arrival: 'deterministic', messagesPerSecond: 0.1, end: '+100 s' },
          ...{
            from: 'u1@contoso.com',
            to: ['nobody@contoso.com', 'y@out.example'],
            size: { fixed: '50 KB' },
          },
        },
      ],
      faults: [
        { kind: 'server-outage', server: 'B1', queueDatabase: 'lost', at: '+5 min', for: '2 min' },
        failover,
      ],
    });
    expect(found).toMatchObject({ duplicates: 0, dropped: 0, pending: 0 });
    // Reports that B1 had: nobody else has (SH-07 stands for them only while their message is on the way).
    expect(found.lost).toBeGreaterThan(0);
    expect(found.lost).toBeLessThan(10);
  });
});

test('SN-05: a group that two servers had delivered, one for the other, is expanded anew by each that resubmits it', () => {
  const users = ['u1', 'u2', 'u3', 'u4'];
  const names = ['P1', 'P2', 'P3', 'P4'];
  const organization = running(
    {
      servers: Object.fromEntries(names.map((name) => [name, 'A'])),
      dags: { D: names },
      databases: { DB1: names },
      mailboxes: Object.fromEntries(users.map((user) => [user, 'DB1'])),
      groups: [{ address: 'g@contoso.com', members: users.map((user) => `${user}@contoso.com`) }],
    },
    {
      hardware: { distribution: { kind: 'deterministic' }, mailboxDeliveryTime: minute },
      transport: { expansionSizeLimit: 2 },
      mailboxTransport: { deliveriesPerDatabase: 1 },
    },
  );
  const { simulation, model, recorder, server, send, at } = organization;
  // From when the mail is delivered on the deliveries are kept.
  model.safetyNet.expectLoss(0, 3 * hour);
  send('x@out.example', ['g']);
  simulation.runUntil(130 * second);
  expect(recorder.deliveries).toHaveLength(2);
  const primary = recorder.acceptances[0]!.server;
  model.beginServerOutage(primary);
  model.loseQueueDatabase(primary);
  simulation.runUntil(140 * second);
  model.endServerOutage(primary);
  simulation.runUntil(25 * minute);
  // The other two were delivered by whoever had its shadow copy.
  const next = recorder.shadowEnds.find(({ isPromoted }) => isPromoted)!.server;
  expect(recorder.deliveries.map((each) => each.primary)).toEqual([primary, primary, next, next]);
  const third = names.find((name) => ![primary, next].includes(server(name)))!;
  at(29 * minute, () => model.beginServerOutage(next));
  const activeMs = failOver(organization, 'DB1', third, 30 * minute, 30 * minute);
  // The shadow copies of one are asked for at once, of the other after 12 hours.
  at(activeMs + 12 * hour + 20 * second, () => model.endServerOutage(next));
  simulation.runUntil(72 * hour);
  for (const user of users) {
    const { mail, again } = rowsOf(organization, user);
    expect(numbersOf(again)).toEqual(numbersOf(mail));
    expect(again.map(({ end }) => end)).toEqual(['delivered']);
  }
  expect(model.audit()).toMatchObject({ alive: 0, lost: 0 });
});
