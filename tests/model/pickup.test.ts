import { describe, expect, it, test } from 'vitest';
import { startWorkload } from '../../src/scenario/index.js';
import type { PickupWorkload } from '../../src/scenario/workloads/pickup.js';
import { randomStreams } from '../../src/sim/kernel/index.js';
import type { SettingOverrides } from '../../src/sim/model/index.js';
import type { Organization } from '../../src/topology/index.js';
import { deterministicHardware, domain, type RunningOrganization, run, way } from './small-organization.js';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
/** `hardware.commitTime`; with a shadow copy it would be 130 ms. */
const commitMs = 100;

/** Mail from inside or outside would be taken by either of two servers, and have a shadow copy on the other. */
function organization(settings: SettingOverrides = {}): RunningOrganization {
  return run(
    {
      servers: { A1: 'A', A2: 'A' },
      edges: { E1: {} },
      databases: { DB1: ['A2'] },
      mailboxes: { u1: 'DB1', u2: 'DB1' },
    },
    { ...settings, ...deterministicHardware },
  );
}

function pickup(organization: RunningOrganization, change: Partial<PickupWorkload> = {}): void {
  startWorkload(
    {
      kind: 'pickup',
      name: 'pickup',
      startMs: 0,
      endMs: 600 * minute,
      atMs: 0,
      server: 'A1',
      messages: 10_000,
      perMinute: null,
      from: `u1@${domain}`,
      to: [`u2@${domain}`],
      size: { kind: 'fixed', bytes: 50 * 1_024 },
      exported: false,
      ...change,
    },
    { model: organization.model, startUtcMs: 0, streams: randomStreams('1', 1) },
  );
}

/** When each message was taken from its directory, in that order. */
function takenMs({ recorder }: RunningOrganization): readonly number[] {
  return recorder.ended_
    .map(({ submittedMs, stageMs }) => submittedMs + stageMs['submission']!)
    .sort((a, b) => a - b);
}

describe('CAP-69: mail that is replayed', () => {
  it('CAP-69: 10,000 messages at 100 a minute take 100 minutes', () => {
    const replayed = organization();
    pickup(replayed);
    replayed.simulation.runUntil(50 * minute);
    // 600 polls: 5,000 messages are taken, those of the poll at this instant are still being stored.
    replayed.model.audit();
    expect(replayed.recorder.submitted_).toHaveLength(10_000);
    expect(replayed.recorder.submitted_.every(({ atMs }) => atMs === 0)).toBe(true);
    replayed.simulation.runUntil(101 * minute);
    replayed.model.audit();
    expect(replayed.model.messagesInFlight).toBe(0);
    const taken = takenMs(replayed);
    expect(taken).toHaveLength(10_000);
    for (let passed = 1; passed <= 100; passed++) {
      expect(taken.filter((atMs) => atMs <= passed * minute)).toHaveLength(passed * 100);
    }
    expect(taken.at(-1)).toBe(100 * minute);
    // Latency counts from the beginning: the last one had to wait for all the others.
    const last = replayed.recorder.ended_.find(({ stageMs }) => stageMs['submission'] === 100 * minute)!;
    expect(last.submittedMs).toBe(0);
    expect(last.atMs).toBeGreaterThan(100 * minute);
    expect(last.atMs).toBe(Object.values(last.stageMs).reduce((sum, ms) => sum + ms, 0));
  });
});

describe('CAP-69: messages that were exported after everybody had had them', () => {
  const outside = 'x@partner.example';
  const withWayOut = () =>
    run(
      {
        servers: { A1: 'A' },
        databases: { DB1: ['A1'] },
        mailboxes: { u1: 'DB1', u2: 'DB1', full: { database: 'DB1', quotaExceeded: true } },
        connectors: [{ name: 'Internet', sourceServers: ['A1'] }],
      },
      deterministicHardware,
    );

  it('CAP-69: those outside get them twice, the store drops them; nothing else counts them', () => {
    const replayed = withWayOut();
    replayed.send('u1', ['u2', outside]);
    replayed.at(minute, () =>
      pickup(replayed, { messages: 30, to: [`u2@${domain}`, outside], exported: true, atMs: minute }),
    );
    replayed.simulation.runUntil(10 * minute);
    const { duplicates, ended_, submitted_ } = replayed.recorder;
    expect(duplicates.filter(({ isDropped }) => isDropped)).toHaveLength(30);
    expect(duplicates.filter(({ isDropped }) => !isDropped)).toHaveLength(30);
    expect(ended_).toHaveLength(2);
    expect(submitted_).toHaveLength(31);
    expect(replayed.model.audit()).toMatchObject({ delivered: 2, alive: 0 });
    expect(replayed.model.messagesInFlight).toBe(0);
  });

  it('CAP-69: of one that fails nobody is told', () => {
    const replayed = withWayOut();
    pickup(replayed, { messages: 3, to: [`full@${domain}`, `nobody@${domain}`, outside], exported: true });
    replayed.simulation.runUntil(10 * minute);
    expect(replayed.recorder.ended_).toEqual([]);
    expect(replayed.recorder.duplicates).toHaveLength(3);
    expect(replayed.recorder.submitted_.filter(({ kind }) => kind !== 'mail')).toEqual([]);
    expect(replayed.model.audit()).toMatchObject({ alive: 0 });
  });
});

test('MW-03: the directory is looked at every 5 seconds, and gives a twelfth of the minute each time', () => {
  const replayed = organization();
  pickup(replayed, { messages: 100, atMs: 7 * second });
  replayed.simulation.runUntil(2 * minute);
  const counts = new Map<number, number>();
  for (const atMs of takenMs(replayed)) counts.set(atMs / second, (counts.get(atMs / second) ?? 0) + 1);
  // 100 / 12 = 8 1/3: the third, sixth, … poll since the server's start takes 9. That at 10 s is the second.
  expect([...counts]).toEqual([
    ...[
      [10, 8],
      [15, 9],
      [20, 8],
      [25, 8],
      [30, 9],
      [35, 8],
    ],
    ...[
      [40, 8],
      [45, 9],
      [50, 8],
      [55, 8],
      [60, 9],
      [65, 8],
    ],
  ]);
});

test('MW-03: mail from Pickup comes without session and front end, stored by its server alone', () => {
  const replayed = organization();
  pickup(replayed, { messages: 1, from: 'somebody@outside.example', perMinute: 12 });
  replayed.simulation.runUntil(minute);
  expect(replayed.recorder.ended_).toHaveLength(1);
  expect(replayed.recorder.ended_[0]).toMatchObject({
    end: 'delivered',
    // 5 s until the poll, then stored, categorized (CAP-64) and written to the mailbox on A2.
    atMs: 5 * second + commitMs + 75 + 10 + 80,
    hops: 1,
    stageMs: { submission: 5 * second, accept: commitMs },
  });
});

test('CAP-20: the rate is that of the setting, or that of the workload where it is lower', () => {
  const rate = (setting: number, perMinute: number | null) => {
    const replayed = organization({
      transport: { pickupDirectoryMaxMessagesPerMinute: setting },
    });
    pickup(replayed, { messages: 1_000, perMinute });
    replayed.simulation.runUntil(3 * minute);
    return takenMs(replayed).filter((atMs) => atMs <= 2 * minute).length;
  };
  expect(rate(30, null)).toBe(60);
  expect(rate(30, 50)).toBe(60);
  expect(rate(30, 20)).toBe(40);
  expect(rate(300, 1)).toBe(2);
});

test('CAP-20: each directory has a rate of its own, and one that is lower ends with the files it came with', () => {
  const replayed = organization();
  pickup(replayed, { name: 'slow', messages: 12, perMinute: 12 });
  pickup(replayed, { name: 'fast', messages: 100, atMs: 2 * minute });
  pickup(replayed, { name: 'other', server: 'A2', messages: 100 });
  pickup(replayed, { name: 'edge', server: 'E1', messages: 100, to: ['x@partner.example'] });
  replayed.simulation.runUntil(4 * minute);
  const until = (atMs: number) => takenMs(replayed).filter((each) => each <= atMs).length;
  // E1 has no connector: its mail waits in the Unreachable queue.
  expect(until(minute)).toBe(12 + 100);
  expect(until(2 * minute)).toBe(12 + 100);
  expect(until(3 * minute)).toBe(12 + 200);
  expect(replayed.model.messagesInFlight).toBe(100);
  replayed.model.audit();
});

test('MW-03: a Transport service that is stopped takes nothing; from its start on polls count anew', () => {
  const replayed = organization();
  pickup(replayed, { messages: 300 });
  const a1 = replayed.server('A1');
  // The poll at 60 s is the twelfth. It takes 9 files, which the stop finds while they are being stored.
  replayed.at(minute + 4, () => replayed.model.beginServiceOutage(a1, 'transport'));
  replayed.at(minute + 5, () => replayed.model.audit());
  replayed.at(10 * minute + 3 * second, () => replayed.model.endServiceOutage(a1, 'transport'));
  replayed.simulation.runUntil(15 * minute);
  replayed.model.audit();
  const { ended_ } = replayed.recorder;
  expect(ended_).toHaveLength(300);
  expect(ended_.every(({ end }) => end === 'delivered')).toBe(true);
  // 91 were stored before; 209 are left: 200 in two minutes, then 8, and the last one.
  const storedMs = ended_
    .map(({ stageMs }) => stageMs['submission']! + stageMs['accept']!)
    .sort((a, b) => a - b);
  const restartMs = 10 * minute + 3 * second;
  expect(storedMs.filter((ms) => ms < 10 * minute)).toHaveLength(91);
  expect(storedMs.filter((ms) => ms <= restartMs + 2 * minute + commitMs)).toHaveLength(291);
  expect(storedMs[91]).toBe(restartMs + 5 * second + commitMs);
  expect(storedMs[298]).toBe(restartMs + 2 * minute + 5 * second + commitMs);
  expect(storedMs[299]).toBe(restartMs + 2 * minute + 10 * second + commitMs);
  for (const { atMs, stageMs } of ended_) {
    expect(Object.values(stageMs).reduce((sum, ms) => sum + ms, 0)).toBe(atMs);
  }
  // The nine that were broken off have spent 4 ms more on being stored, and that is not lost from sight.
  expect(ended_.filter(({ stageMs }) => stageMs['accept'] === commitMs + 4)).toHaveLength(9);
});

test('QU-12: a server that is drained takes nothing from its Pickup directory', () => {
  const replayed = organization();
  pickup(replayed, { messages: 200 });
  const drain = { subject: 'A1', server: replayed.server('A1'), to: [replayed.server('A2')] };
  replayed.at(minute + second, () => replayed.model.drains.begin(drain));
  replayed.at(5 * minute + second, () => replayed.model.drains.end(drain));
  replayed.simulation.runUntil(4 * minute);
  replayed.model.audit();
  expect(takenMs(replayed)).toHaveLength(100);
  replayed.simulation.runUntil(10 * minute);
  expect(takenMs(replayed).filter((atMs) => atMs <= 5 * minute)).toHaveLength(100);
  expect(takenMs(replayed).at(-1)).toBe(6 * minute);
});

/** The queues that hold something: server, type, next hop, status, messages. */
function queued({ model }: RunningOrganization): string[] {
  return Array.from({ length: model.queueCount }, (_, queue) => queue)
    .filter((queue) => model.queueMessages(queue) > 0)
    .map((queue) => {
      const { deliveryType, nextHopDomain } = model.queueKey(queue);
      const { name } = model.topology.servers[model.queueServer(queue)]!;
      return `${name} ${deliveryType} ${nextHopDomain} ${model.queueStatusNow(queue)} ${model.queueMessages(queue)}`;
    });
}

describe('the Pickup directory of an Edge', () => {
  /** Old hubs beside a Client Access server of 2013; nobody there has both roles (DC-13). */
  function subscribed(inboundMail: boolean): RunningOrganization {
    const hub = { site: 'B', version: '2010', roles: ['hub-transport', 'mailbox'] } as const;
    return run({
      sites: [{ name: 'B', inboundMail }],
      servers: { C1: { site: 'B', roles: ['client-access'] }, H1: hub, H2: hub },
      edges: { E1: 'B' },
      databases: { DB: ['H1'] },
      mailboxes: { u1: 'DB', u2: 'DB' },
    });
  }

  /** One message at each of the first polls, to somebody inside and to somebody outside. */
  const mixed = { server: 'E1', perMinute: 12, to: [`u2@${domain}`, 'x@partner.example'] };

  test('RT-14, RT-60: what is for the inside goes to the hubs of the site by turns, not to the Client Access server', () => {
    const organization = subscribed(true);
    pickup(organization, { ...mixed, messages: 6 });
    organization.simulation.runUntil(minute);
    expect(way(organization)).toEqual([...Array(3)].flatMap(() => ['E1 > H1', 'E1 > H2']));
    expect(organization.recorder.ended_.map(({ end }) => end)).toEqual(Array(12).fill('delivered'));
    expect(organization.model.audit()).toMatchObject({ delivered: 12, alive: 0 });
  });

  test('AS-07, MI-05: where the site takes no mail it waits in the queue inwards until it expires, two days old', () => {
    const organization = subscribed(false);
    const { simulation, model, recorder } = organization;
    pickup(organization, { ...mixed, messages: 3 });
    // With three delay notices for the sender, who is inside too; at 48 h three NDRs follow.
    simulation.runUntil(47 * hour);
    expect(queued(organization)).toEqual(['E1 SmartHostConnectorDelivery -- Retry 6']);
    expect(model.audit()).toMatchObject({ delivered: 3, expired: 0 });
    simulation.runUntil(49 * hour);
    const mail = recorder.ended_.filter(({ kind, end }) => kind === 'mail' && end !== 'delivered');
    expect(mail.map(({ end, code, atMs }) => [end, code, atMs])).toEqual(
      Array(3).fill(['expired', '4.4.7', 48 * hour]),
    );
    expect(queued(organization)).toEqual(['E1 SmartHostConnectorDelivery -- Retry 6']);
    model.audit();
    expect(recorder.hops).toEqual([]);
  });

  test('AS-07: from when the Edge has learned that its site takes mail again everything goes in', () => {
    const organization = subscribed(false);
    const { at, simulation, model, recorder } = organization;
    pickup(organization, { ...mixed, messages: 3 });
    const change = {
      subject: 'sites.B.inboundMail',
      site: 0,
      apply: (base: Organization): Organization => ({
        ...base,
        sites: base.sites.map((site) => ({ ...site, inboundMail: true })),
      }),
    };
    at(30 * minute, () => model.routingChanges.begin(change));
    simulation.runUntil(31 * minute - 1);
    expect(queued(organization)).toEqual(['E1 SmartHostConnectorDelivery -- Retry 3']);
    simulation.runUntil(hour);
    expect(model.audit()).toMatchObject({ delivered: 6, alive: 0 });
    // First tried when the first message was stored and categorized, then four times a minute apart, then each 10 min
    // (MI-01): the first attempt after 31 min. One session of 10 ms; a relay takes 20 ms, storing 100 ms.
    const triedMs = 5 * second + commitMs + 75 + 4 * minute + 3 * 10 * minute;
    expect(recorder.hops.map(({ atMs }) => atMs - triedMs)).toEqual([130, 250, 370]);
  });
});
