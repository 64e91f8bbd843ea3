import { describe, expect, test } from 'vitest';
import { resolveSettings } from '../../src/sim/model/index.js';
import { deterministicHardware, run } from '../model/small-organization.js';

const second = 1_000;
const minute = 60 * second;
const day = 24 * 60 * minute;
const kilobyte = 1_024;
const megabyte = 1_024 * kilobyte;

/** A server with people on it, and a connector to the outside. */
function oneServer(settings = {}) {
  return run(
    {
      servers: { S1: 'A' },
      databases: { DB1: ['S1'] },
      mailboxes: { u1: 'DB1', u2: 'DB1' },
      connectors: [{ name: 'Internet', sourceServers: ['S1'] }],
    },
    { ...deterministicHardware, ...settings },
  );
}

describe('queues', () => {
  test('QU-01: each server has one Unreachable queue; what is in its Submission queue is in no other', () => {
    const { simulation, model, at, send, server } = run({
      servers: { S1: 'A', T1: 'B' },
      links: { 'A-B': 10 },
      databases: { DB1: ['S1'], DB2: ['T1'] },
      mailboxes: { u1: 'DB1', t1: 'DB2' },
    });
    for (const sender of ['u1', 't1']) {
      at(0, () => send(sender, ['x@one.example']));
      at(0, () => send(sender, ['x@two.example']));
    }
    // Accepted at 130 ms, categorized at 205 ms.
    simulation.runUntil(180);
    expect([model.messagesInFlight, model.messagesQueued, model.queueCount]).toEqual([4, 0, 0]);
    simulation.runUntil(10 * minute);
    const queues = [...Array(model.queueCount).keys()].map((queue) => [
      model.queueServer(queue),
      model.queueKey(queue).deliveryType,
      model.queueMessages(queue),
    ]);
    expect(queues).toEqual([
      [server('S1'), 'Unreachable', 2],
      [server('T1'), 'Unreachable', 2],
    ]);
  });

  test('QU-02: a delivery queue is made when a message first needs it; what is delivered leaves it for Safety Net (SN-01)', () => {
    const { simulation, model, recorder, at, send, server } = oneServer();
    simulation.runUntil(second);
    expect(model.queueCount).toBe(0);
    at(2 * second, () => send('u1', ['u2']));
    // Categorized by 2,205 ms, written by 2,295 ms.
    simulation.runUntil(2_250);
    expect(model.queueCount).toBe(1);
    expect(recorder.databaseBytes.get(server('S1'))).toBe(50 * kilobyte);
    at(3 * second, () => send('u1', ['u2']));
    at(3 * second, () => send('u1', ['x@one.example', 'x@two.example']));
    simulation.runUntil(minute);
    expect(model.queueCount).toBe(3);
    // Two messages, and one with a copy in each of two queues: held for two days.
    expect(recorder.databaseBytes.get(server('S1'))).toBe(4 * 50 * kilobyte);
    simulation.runUntil(3 * day);
    expect(recorder.databaseBytes.get(server('S1'))).toBe(0);
  });

  test('QU-07: a queue is Connecting, then Active, then Ready when it is empty; Retry after a failed connection', () => {
    const { simulation, model, recorder, at, send, server } = run(
      {
        links: { 'A-B': 10 },
        servers: { A1: 'A', B1: 'B' },
        databases: { DBA: ['A1'], DBB: ['B1'] },
        mailboxes: { a: 'DBA', b: 'DBB' },
      },
      { ...deterministicHardware, transport: { connectTimeout: 0 } },
    );
    at(0, () => send('a', ['a', 'b']));
    at(minute, () => model.beginServerOutage(server('B1')));
    at(minute + second, () => send('a', ['a', 'b']));
    simulation.runUntil(minute + 30 * second);
    const toB = [...Array(model.queueCount).keys()].find(
      (queue) =>
        model.queueServer(queue) === server('A1') && model.queueKey(queue).nextHopDomain.startsWith('Site:B'),
    );
    const statuses = recorder.statuses.filter(({ queue }) => queue === toB).map(({ status }) => status);
    expect(statuses).toEqual(['Connecting', 'Active', 'Ready', 'Connecting', 'Retry']);
    expect(model.queueStatusNow(toB!)).toBe('Retry');
  });

  test('MI: intervals, counts and ages have the documented defaults', () => {
    const { transport, mailboxTransport } = resolveSettings('2013');
    expect({
      glitch: [transport.queueGlitchRetryCount, transport.queueGlitchRetryInterval],
      transient: [transport.transientFailureRetryCount, transport.transientFailureRetryInterval],
      outbound: transport.outboundConnectionFailureRetryInterval,
      message: transport.messageRetryInterval,
      mailbox: transport.mailboxDeliveryQueueRetryInterval,
      ages: [
        transport.delayNotificationTimeout,
        transport.maxIdleTimeBeforeResubmit,
        transport.messageExpirationTimeout,
      ],
      emptyQueue: transport.queueMaxIdleTime,
      resolver: transport.resolverRetryInterval,
      concurrency: [
        mailboxTransport.maxConcurrentMailboxDeliveries,
        mailboxTransport.maxConcurrentMailboxSubmissions,
      ],
    }).toEqual({
      glitch: [4, minute],
      transient: [6, 5 * minute],
      outbound: 10 * minute,
      message: 15 * minute,
      mailbox: 5 * minute,
      ages: [4 * 60 * minute, 12 * 60 * minute, 48 * 60 * minute],
      emptyQueue: 3 * minute,
      resolver: 30 * minute,
      concurrency: [20, 20],
    });
  });

  test('TH: 20 messages go over one connection, the next one opens another', () => {
    const connections = (limit: object) => {
      const { simulation, recorder, at, send } = oneServer({
        transport: {
          smtpConnectorQueueMessageCountThresholdForConcurrentConnections: 1_000,
          ...limit,
        },
        outside: { acceptTime: second },
      });
      for (let message = 0; message < 60; message++) at(0, () => send('u1', ['x@partner.example']));
      simulation.runUntil(5 * minute);
      expect(recorder.ended_).toHaveLength(60);
      return recorder.ended_.filter(({ stageMs }) => stageMs['connection']! > 0).length;
    };
    expect([connections({}), connections({ smtpMaxMessagesPerConnection: 7 })]).toEqual([3, 9]);
  });

  test('CAP-20: a queue has at most 20 connections, with behavior 2016 at most 40', () => {
    const sentIn10Seconds = (behavior: '2013' | '2016') => {
      const { maxPerDomainOutboundConnections } = resolveSettings(behavior).transport;
      const { simulation, recorder, at, send } = oneServer({
        transport: {
          maxPerDomainOutboundConnections,
          smtpConnectorQueueMessageCountThresholdForConcurrentConnections: 1,
        },
        outside: { acceptTime: 10 * second },
      });
      for (let message = 0; message < 300; message++) at(0, () => send('u1', ['x@partner.example']));
      // Each connection takes 10 s for a message, and all of them have one under way throughout.
      simulation.runUntil(30 * second);
      const before = recorder.ended_.length;
      simulation.runUntil(40 * second);
      return recorder.ended_.length - before;
    };
    expect([sentIn10Seconds('2013'), sentIn10Seconds('2016')]).toEqual([20, 40]);
  });
});

describe('servers that take turns, and one that is out of reach', () => {
  const remote = {
    links: { 'S-X': 10, 'X-P': 10 },
    servers: { S1: 'S', X1: 'X', P1: 'P', P2: 'P', P3: 'P' },
    databases: { DBS: ['S1'], DBP: ['P3'] },
    mailboxes: { s: 'DBS', p: 'DBP' },
  };
  const atOnce = { ...deterministicHardware, transport: { connectTimeout: 0 } };

  test('AS-14, UN-07: connections to the servers of a site go round robin', () => {
    const { simulation, model, at, send, server } = run(remote, atOnce);
    // The database takes nothing: what each server has accepted waits there.
    model.beginServiceOutage(server('P3'), 'mailbox-delivery');
    for (let message = 0; message < 9; message++) at(message * second, () => send('s', ['s', 'p']));
    simulation.runUntil(minute);
    const waiting = ['P1', 'P2', 'P3'].map((name) =>
      [...Array(model.queueCount).keys()]
        .filter((queue) => model.queueServer(queue) === server(name))
        .reduce((sum, queue) => sum + model.queueMessages(queue), 0),
    );
    expect(waiting).toEqual([3, 3, 3]);
  });

  test('AS-10: what cannot reach its site waits, in a queue in Retry, at the server nearest to it that answers', () => {
    const { simulation, model, recorder, at, send, server } = run(remote, atOnce);
    for (const name of ['P1', 'P2', 'P3']) model.beginServerOutage(server(name));
    at(0, () => send('s', ['s', 'p']));
    simulation.runUntil(30 * second);
    expect(recorder.fallbacks).toMatchObject([
      { server: server('S1'), reason: 'backoff', acceptedBy: server('X1') },
    ]);
    const holding = [...Array(model.queueCount).keys()].filter((queue) => model.queueMessages(queue) > 0);
    expect(holding.map((queue) => [model.queueServer(queue), model.queueStatusNow(queue)])).toEqual([
      [server('X1'), 'Retry'],
    ]);
  });
});

describe('notifications', () => {
  /** A group on B1 with a member that nobody is: it is found out where the group is expanded. */
  function groupElsewhere(maxMessageSizeBytes = Number.POSITIVE_INFINITY) {
    return run(
      {
        links: { 'A-B': { cost: 10, maxMessageSizeBytes } },
        servers: { A1: 'A', B1: 'B' },
        databases: { DBA: ['A1'] },
        mailboxes: { a: 'DBA' },
        groups: [{ address: 'g@contoso.com', members: ['nobody@contoso.com'], expansionServer: 'B1' }],
      },
      // The organization's own limit would keep a message above 10 MB from going anywhere.
      { ...deterministicHardware, transport: { maxSendSize: 20 * megabyte } },
    );
  }

  test('NDR-01: the server that has accepted a message reports on it', () => {
    const { simulation, recorder, at, send } = groupElsewhere();
    at(0, () => send('a', ['nobody']));
    at(minute, () => send('a', ['g']));
    simulation.runUntil(2 * minute);
    const reports = recorder.ended_.filter(({ kind }) => kind === 'ndr');
    // Made on A1 it has no Transport service to go to; made on B1 it comes back by that of A1.
    expect(reports.map(({ end, hops }) => [end, hops])).toEqual([
      ['delivered', 0],
      ['delivered', 1],
    ]);
  });

  test('NDR-03: a report has the original attached, up to 10 MB', () => {
    const reportBytes = (sizeBytes: number) => {
      const { simulation, recorder, at, send, link } = groupElsewhere();
      at(0, () => send('a', ['g'], sizeBytes));
      simulation.runUntil(minute);
      expect(recorder.ended_.some(({ kind }) => kind === 'ndr')).toBe(true);
      // Both went over the link: the message to the group, and the report.
      return recorder.linkBytes.get(link('A-B'))! - sizeBytes;
    };
    expect([kilobyte, 10 * megabyte, 10 * megabyte + 1].map(reportBytes)).toEqual([
      11 * kilobyte,
      10 * megabyte + 10 * kilobyte,
      10 * kilobyte,
    ]);
  });

  test('NDR-04: a report is exempt from size limits', () => {
    const { simulation, recorder, at, send } = groupElsewhere(64 * kilobyte);
    // 60 KB pass the link, and so does the report on them, of 70 KB.
    at(0, () => send('a', ['g'], 60 * kilobyte));
    simulation.runUntil(minute);
    expect(recorder.ended_.map(({ kind, end }) => [kind, end])).toEqual([
      ['mail', 'returned'],
      ['ndr', 'delivered'],
    ]);
  });
});
